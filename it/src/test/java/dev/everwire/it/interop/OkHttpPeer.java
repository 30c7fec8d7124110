package dev.everwire.it.interop;

import dev.everwire.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okhttp3.internal.ws.RealWebSocket;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** OkHttp, which pings by itself and always offers compression. */
final class OkHttpPeer implements RealClient {
  private final List<OkHttpClient> clients = new ArrayList<>();

  @Override
  public Link connect(Ask ask) throws Exception {
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .pingInterval(Duration.ofSeconds(1))
            .readTimeout(Link.WITHIN)
            .minWebSocketMessageToCompress(0);
    Path trusted = ask.trust();
    if (trusted != null) {
      Trust trust = Trust.only(trusted);
      builder.sslSocketFactory(trust.context().getSocketFactory(), trust.manager());
    }
    OkHttpClient client = builder.build();
    clients.add(client);
    Request.Builder request = new Request.Builder().url(ask.uri().toString());
    ask.headers().forEach(request::header);
    var link = new OkHttp();
    link.socket = (RealWebSocket) client.newWebSocket(request.build(), link.ear());
    try {
      link.extensions = link.opened.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Refused refused ? refused : e;
    }
    return link;
  }

  @Override
  public void close() {
    for (OkHttpClient client : clients) {
      client.dispatcher().cancelAll();
      client.dispatcher().executorService().shutdownNow();
      client.connectionPool().evictAll();
    }
  }

  private static final class OkHttp extends Link {
    private final CompletableFuture<String> opened = new CompletableFuture<>();
    private @Nullable RealWebSocket socket; // set before it is handed out
    private String extensions = ""; // as socket

    WebSocketListener ear() {
      return new Ear();
    }

    private RealWebSocket socket() {
      if (socket == null) {
        throw new IllegalStateException("not open");
      }
      return socket;
    }

    @Override
    String extensions() {
      return extensions;
    }

    @Override
    void text(String text) {
      accepted(socket().send(text));
    }

    @Override
    void binary(byte[] bytes) {
      accepted(socket().send(ByteString.of(bytes)));
    }

    /** Waits for the next of those that it sends by itself. */
    @Override
    void ping(byte[] payload) {
      int before = socket().receivedPongCount();
      Await.until(() -> socket().receivedPongCount() > before, WITHIN);
      hear(new Heard.Pong(new byte[0]));
    }

    @Override
    void close(int code, String reason) {
      accepted(socket().close(code, reason));
    }

    private static void accepted(boolean accepted) {
      if (!accepted) {
        throw new IllegalStateException("closing, or the queue is full");
      }
    }

    private final class Ear extends WebSocketListener {
      @Override
      public void onOpen(WebSocket from, Response response) {
        opened.complete(response.header("Sec-WebSocket-Extensions", ""));
      }

      @Override
      public void onMessage(WebSocket from, String text) {
        hear(new Heard.Text(text));
      }

      @Override
      public void onMessage(WebSocket from, ByteString bytes) {
        hear(new Heard.Binary(bytes.toByteArray()));
      }

      @Override
      public void onClosing(WebSocket from, int code, String reason) {
        from.close(1000, null); // completes the handshake if the server began it
      }

      @Override
      public void onClosed(WebSocket from, int code, String reason) {
        hear(new Heard.Closed(code, reason));
      }

      @Override
      public void onFailure(WebSocket from, Throwable failure, @Nullable Response response) {
        opened.completeExceptionally(new Refused(response == null ? 0 : response.code()));
        hear(new Heard.Closed(1006, String.valueOf(failure)));
      }
    }
  }
}
