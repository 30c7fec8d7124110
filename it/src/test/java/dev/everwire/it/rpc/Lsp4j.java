package dev.everwire.it.rpc;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/** LSP4J's JSON-RPC over Java-WebSocket. */
final class Lsp4j implements Theirs {
  private final Agreed agreed = new Agreed();

  @Override
  public Client connect(URI uri) throws Exception {
    var side = new AtomicReference<Lsp4jSide>();
    Opened socket =
        open(
            uri,
            out -> {
              side.set(new Lsp4jSide(out, agreed));
              return side.get().wire();
            });
    return new Connected(side.get(), socket);
  }

  /**
   * @param wire is given what sends a text
   */
  static Opened open(URI uri, Function<Consumer<String>, Lsp4jWire> wire) throws Exception {
    var socket = new Opened(uri, wire);
    if (!socket.connectBlocking(30, TimeUnit.SECONDS)) {
      throw new AssertionError("did not connect to " + uri);
    }
    return socket;
  }

  @Override
  public Server serve() throws Exception {
    var server = new Served(agreed);
    server.start();
    if (!server.started.await(30, TimeUnit.SECONDS)) {
      throw new AssertionError("did not start");
    }
    return server;
  }

  private record Connected(Lsp4jSide side, Opened socket) implements Client {
    @Override
    public void cut() {
      socket.cut();
    }
  }

  static final class Opened extends WebSocketClient {
    private final Lsp4jWire wire;

    Opened(URI uri, Function<Consumer<String>, Lsp4jWire> wire) {
      super(uri);
      setConnectionLostTimeout(0);
      this.wire = wire.apply(this::send);
    }

    Lsp4jWire wire() {
      return wire;
    }

    void cut() {
      closeConnection(1006, "");
    }

    @Override
    public void onOpen(ServerHandshake answer) {}

    @Override
    public void onMessage(String text) {
      wire.receive(text);
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {}

    @Override
    public void onError(Exception e) {} // onClose follows
  }

  private static final class Served extends WebSocketServer implements Server {
    private final CountDownLatch started = new CountDownLatch(1);
    private final AtomicReference<CompletableFuture<Lsp4jSide>> latest =
        new AtomicReference<>(new CompletableFuture<>());
    private final Agreed agreed;

    Served(Agreed agreed) {
      super(new InetSocketAddress("127.0.0.1", 0));
      this.agreed = agreed;
      setConnectionLostTimeout(0);
    }

    @Override
    public URI uri() {
      return URI.create("ws://127.0.0.1:" + getPort() + "/rpc");
    }

    @Override
    public Side side() {
      return latest.get().orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Override
    public void cut() {
      latest.set(new CompletableFuture<>());
      getConnections().forEach(socket -> socket.closeConnection(1006, ""));
    }

    @Override
    public void onStart() {
      started.countDown();
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake request) {
      var side = new Lsp4jSide(socket::send, agreed);
      socket.setAttachment(side);
      if (!latest.get().complete(side)) {
        latest.set(CompletableFuture.completedFuture(side));
      }
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
      socket.<Lsp4jSide>getAttachment().wire().receive(text);
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer bytes) {}

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean remote) {}

    @Override
    public void onError(@Nullable WebSocket socket, Exception e) {}
  }
}
