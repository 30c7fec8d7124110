package dev.everwire.it.access;

import dev.everwire.protocol.json.RawJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Speaks JSON-RPC by hand through the JDK's WebSocket, one call after the other. */
final class PlainPeer implements AutoCloseable {
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private int calls;

  private PlainPeer(HttpClient http, URI uri, @Nullable String token) {
    WebSocket.Builder builder = http.newWebSocketBuilder();
    if (token != null) {
      builder.header("Authorization", "Bearer " + token);
    }
    this.socket = builder.buildAsync(uri, new Listening()).join();
  }

  /** What came of an upgrade: 101, or the status that refused it. */
  static int knock(HttpClient http, URI uri, @Nullable String token) {
    try {
      new PlainPeer(http, uri, token).close();
      return 101;
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  static PlainPeer connect(HttpClient http, URI uri, @Nullable String token) {
    return new PlainPeer(http, uri, token);
  }

  /** {@code ok}, or the code of the error. */
  String call(String method, String params) throws InterruptedException {
    int id = ++calls;
    socket
        .sendText(
            "{\"jsonrpc\":\"2.0\",\"id\":"
                + id
                + ",\"method\":\""
                + method
                + "\",\"params\":"
                + params
                + "}",
            true)
        .join();
    while (true) {
      String text = heard.poll(20, TimeUnit.SECONDS);
      if (text == null) {
        throw new AssertionError("no answer to " + method);
      }
      var members = RawJson.parse(text).members();
      RawJson answered = members.get("id");
      if (answered != null && answered.toString().equals(Integer.toString(id))) {
        var error = members.object("error");
        return error == null ? "ok" : Long.toString(error.integer("code"));
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
  }

  private final class Listening implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        heard.add(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }
}
