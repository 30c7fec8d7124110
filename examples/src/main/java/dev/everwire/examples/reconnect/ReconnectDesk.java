package dev.everwire.examples.reconnect;

import dev.everwire.Everwire;
import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.memory.MemoryNonceStore;
import dev.everwire.server.reconnect.ReconnectTokens;
import dev.everwire.server.reconnect.Reconnection;
import dev.everwire.server.resume.ResumeKeys;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Desks connect at {@code /desks/<id>} and are given a token; who comes back with it says so and is
 * restored. A token of another desk, or one that was used, is told as an error and ends with 1008.
 *
 * <p>The protocol is the application's own: nothing of Everwire's is spoken on these paths.
 */
public final class ReconnectDesk {
  private static final List<String> DESKS = List.of("desk.7", "desk.8"); // an id may hold dots

  private ReconnectDesk() {}

  public static void main(String[] arguments) throws Exception {
    run(System.out::println);
  }

  static void run(Consumer<String> out) throws IOException, InterruptedException {
    try (MemoryNonceStore nonces = new MemoryNonceStore();
        Server server = start(nonces);
        HttpClient http = HttpClient.newHttpClient()) {
      String token = come(http, server, "desk.7", null, out).substring("token ".length());
      come(http, server, "desk.8", token, out); // of another desk; used up all the same
      come(http, server, "desk.7", token, out);
      String another = come(http, server, "desk.7", null, out).substring("token ".length());
      come(http, server, "desk.7", another, out);
      come(http, server, "desk.7", another + "0", out);
    }
  }

  private static Server start(MemoryNonceStore nonces) throws IOException {
    // Shared by all nodes and kept over restarts, in earnest.
    ResumeKeys keys = ResumeKeys.random(new SecureRandom());
    ReconnectTokens tokens = new ReconnectTokens(keys, nonces);
    ServerBuilder server = Everwire.server(0);
    for (String desk : DESKS) {
      server.raw(
          "/desks/" + desk, TransportLimits.SERVER, transport -> new Desk(desk, transport, tokens));
    }
    return server.start();
  }

  /** One desk's connection, on its loop. */
  private static final class Desk implements Receiver {
    private final String id;
    private final Transport transport;
    private final ReconnectTokens tokens;

    Desk(String id, Transport transport, ReconnectTokens tokens) {
      this.id = id;
      this.transport = transport;
      this.tokens = tokens;
    }

    @Override
    public void onText(ByteBuffer utf8) {
      byte[] text = new byte[utf8.remaining()];
      utf8.get(text);
      String type;
      String token;
      try {
        var message = RawJson.parse(text).members();
        type = message.string("type");
        token = message.stringOrNull("token");
      } catch (JsonException e) {
        refuse("not understood");
        return;
      }
      if (type.equals("reconnect") && token != null) {
        // A store may answer on a thread of its own.
        var unused =
            tokens
                .validate(token)
                .thenAccept(answer -> transport.loop().execute(() -> answered(answer)));
      } else {
        say("token", tokens.issue(id));
      }
    }

    private void answered(Reconnection answer) {
      switch (answer) {
        case Reconnection.Accepted(String clientId) when clientId.equals(id) ->
            say("restored", null);
        case Reconnection.Accepted another -> refuse("the token is another desk's");
        case Reconnection.Refused(Reconnection.Kind kind) -> refuse("the token is " + kind);
      }
    }

    private void refuse(String why) {
      say("error", why);
      transport.close(CloseCode.POLICY.value(), why);
    }

    private void say(String type, @Nullable String content) {
      JsonWriter out = new JsonWriter().beginObject().name("type").value(type);
      if (content != null) {
        out.name(type.equals("token") ? "token" : "message").value(content);
      }
      var unused = transport.sendText(ByteBuffer.wrap(out.endObject().toBytes()));
    }

    @Override
    public void onBinary(ByteBuffer bytes) {
      refuse("not understood");
    }

    @Override
    public void onClosed(int code, String reason) {}
  }

  // ---- a desk

  /** Comes with a token or asks for one; what it hears is shown and answered. */
  private static String come(
      HttpClient http, Server server, String desk, @Nullable String token, Consumer<String> out)
      throws InterruptedException {
    Heard heard = new Heard();
    URI uri = URI.create("ws://127.0.0.1:" + server.port() + "/desks/" + desk);
    WebSocket socket = http.newWebSocketBuilder().buildAsync(uri, heard).join();
    JsonWriter hello = new JsonWriter().beginObject().name("type");
    hello.value(token == null ? "hello" : "reconnect");
    if (token != null) {
      hello.name("token").value(token);
    }
    socket.sendText(hello.endObject().toRawJson().toString(), true).join();
    var message = RawJson.parse(heard.next()).members();
    String type = message.string("type");
    String said =
        switch (type) {
          case "token" -> "token " + message.string("token");
          case "error" -> "error, " + message.string("message") + ", " + heard.next();
          default -> type;
        };
    out.accept(desk + ": " + (type.equals("token") ? "a token" : said));
    socket.abort();
    return said;
  }

  private static final class Heard implements WebSocket.Listener {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

    String next() throws InterruptedException {
      String next = messages.poll(20, TimeUnit.SECONDS);
      return next == null ? "{\"type\":\"nothing\"}" : next;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      messages.add(data.toString());
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      messages.add("closed with " + code);
      return CompletableFuture.completedStage(null);
    }
  }
}
