package dev.everwire.it.interop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.exceptions.UpgradeException;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.jspecify.annotations.Nullable;

/** Jetty's client. */
final class JettyPeer implements RealClient {
  private static final long MOST = 128 * 1024 * 1024;

  private final List<WebSocketClient> clients = new ArrayList<>();

  @Override
  public Link connect(Ask ask) throws Exception {
    WebSocketClient client = client(ask.trust());
    var request = new ClientUpgradeRequest(ask.uri());
    ask.headers().forEach(request::setHeader);
    switch (ask.deflate()) {
      case OFF -> {}
      case PLAIN -> request.addExtensions("permessage-deflate");
      case NO_TAKEOVER ->
          request.addExtensions(
              "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
      case SMALL_WINDOW -> request.addExtensions("permessage-deflate; server_max_window_bits=9");
    }
    var link = new Jetty();
    try {
      link.session = client.connect(link.ear(), request).get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof UpgradeException refused
          ? new Refused(refused.getResponseStatusCode())
          : e;
    }
    return link;
  }

  @Override
  public void close() {
    for (WebSocketClient client : clients) {
      try {
        client.close();
      } catch (Exception e) {
        throw new IllegalStateException("Jetty's client does not stop", e);
      }
    }
  }

  private WebSocketClient client(@Nullable Path trust) throws Exception {
    if (trust == null && !clients.isEmpty()) {
      return clients.getFirst();
    }
    var http = new HttpClient();
    if (trust != null) {
      var tls = new SslContextFactory.Client();
      tls.setSslContext(Trust.only(trust).context());
      http.setSslContextFactory(tls);
    }
    var client = new WebSocketClient(http);
    client.setMaxTextMessageSize(MOST);
    client.setMaxBinaryMessageSize(MOST);
    client.start();
    if (trust == null) {
      clients.addFirst(client);
    } else {
      clients.addLast(client);
    }
    return client;
  }

  private static final class Jetty extends Link {
    private @Nullable Session session; // set before it is handed out

    Ear ear() {
      return new Ear(this::hear);
    }

    private Session session() {
      if (session == null) {
        throw new IllegalStateException("not open");
      }
      return session;
    }

    @Override
    String extensions() {
      String agreed = session().getUpgradeResponse().getHeader("Sec-WebSocket-Extensions");
      return agreed == null ? "" : agreed;
    }

    @Override
    void text(String text) throws Exception {
      sent(done -> session().sendText(text, done));
    }

    @Override
    void binary(byte[] bytes) throws Exception {
      sent(done -> session().sendBinary(ByteBuffer.wrap(bytes), done));
    }

    @Override
    void fragments(List<String> texts) throws Exception {
      for (int at = 0; at < texts.size(); at++) {
        String text = texts.get(at);
        boolean last = at == texts.size() - 1;
        sent(done -> session().sendPartialText(text, last, done));
      }
    }

    @Override
    void ping(byte[] payload) throws Exception {
      sent(done -> session().sendPing(ByteBuffer.wrap(payload), done));
    }

    @Override
    void close(int code, String reason) {
      session().close(code, reason, Callback.NOOP); // fails where the answer is faster than it
    }

    private static void sent(Consumer<Callback> sending) throws Exception {
      var sent = new CompletableFuture<Void>();
      sending.accept(Callback.from(() -> sent.complete(null), sent::completeExceptionally));
      try {
        sent.get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof IOException)) { // the end of the connection is heard
          throw e;
        }
      }
    }
  }

  /** Public, for Jetty calls it through a public lookup. */
  public static final class Ear extends Session.Listener.AbstractAutoDemanding {
    private final Consumer<Heard> hear;

    Ear(Consumer<Heard> hear) {
      this.hear = hear;
    }

    @Override
    public void onWebSocketText(String text) {
      hear.accept(new Heard.Text(text));
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
      hear.accept(new Heard.Binary(bytes(payload)));
      callback.succeed();
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
      hear.accept(new Heard.Pong(bytes(payload)));
    }

    @Override
    public void onWebSocketError(Throwable cause) {} // onWebSocketClose follows

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
      hear.accept(new Heard.Closed(code, reason == null ? "" : reason));
      callback.succeed();
    }

    private static byte[] bytes(ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    }
  }
}
