package dev.everwire.it.interop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code java.net.http}; compression it has none. */
final class JdkPeer implements RealClient {
  private final List<HttpClient> clients = new ArrayList<>();

  @Override
  public Link connect(Ask ask) throws Exception {
    return connect(ask, HttpClient.newBuilder());
  }

  /** From this address of this machine. */
  Link connect(Ask ask, InetAddress from) throws Exception {
    return connect(ask, HttpClient.newBuilder().localAddress(from));
  }

  private Link connect(Ask ask, HttpClient.Builder client) throws Exception {
    Path trust = ask.trust();
    if (trust != null) {
      client.sslContext(Trust.only(trust).context());
    }
    HttpClient http = client.build();
    clients.add(http);
    WebSocket.Builder builder = http.newWebSocketBuilder();
    ask.headers().forEach(builder::header);
    var link = new Jdk();
    try {
      link.socket = builder.buildAsync(ask.uri(), link.ear()).get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof WebSocketHandshakeException refused
          ? new Refused(refused.getResponse().statusCode())
          : e;
    }
    return link;
  }

  @Override
  public void close() {
    clients.forEach(HttpClient::shutdownNow);
  }

  private static final class Jdk extends Link {
    private @Nullable WebSocket socket; // set before it is handed out

    WebSocket.Listener ear() {
      return new Ear();
    }

    private WebSocket socket() {
      if (socket == null) {
        throw new IllegalStateException("not open");
      }
      return socket;
    }

    @Override
    String extensions() {
      return "";
    }

    @Override
    void text(String text) throws Exception {
      sent(socket().sendText(text, true));
    }

    @Override
    void binary(byte[] bytes) throws Exception {
      sent(socket().sendBinary(ByteBuffer.wrap(bytes), true));
    }

    @Override
    void fragments(List<String> texts) throws Exception {
      for (int at = 0; at < texts.size(); at++) {
        sent(socket().sendText(texts.get(at), at == texts.size() - 1));
      }
    }

    @Override
    void ping(byte[] payload) throws Exception {
      sent(socket().sendPing(ByteBuffer.wrap(payload)));
    }

    @Override
    void close(int code, String reason) throws Exception {
      sent(socket().sendClose(code, reason));
    }

    private static void sent(CompletableFuture<WebSocket> sending) throws Exception {
      try {
        WebSocket unused = sending.get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof IOException)) { // the end of the connection is heard
          throw e;
        }
      }
    }

    private final class Ear implements WebSocket.Listener {
      private final StringBuilder text = new StringBuilder();
      private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

      @Override
      public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
          hear(new Heard.Text(text.toString()));
          text.setLength(0);
        }
        from.request(1);
        return null;
      }

      @Override
      public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
        binary.writeBytes(bytes(part));
        if (last) {
          hear(new Heard.Binary(binary.toByteArray()));
          binary.reset();
        }
        from.request(1);
        return null;
      }

      @Override
      public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer payload) {
        hear(new Heard.Pong(bytes(payload)));
        from.request(1);
        return null;
      }

      @Override
      public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        hear(new Heard.Closed(code, reason));
        return null;
      }

      @Override
      public void onError(WebSocket from, Throwable error) {
        hear(new Heard.Closed(1006, String.valueOf(error)));
      }

      private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
      }
    }
  }
}
