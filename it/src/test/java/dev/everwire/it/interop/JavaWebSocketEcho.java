package dev.everwire.it.interop;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.enums.Opcode;
import org.java_websocket.framing.Framedata;
import org.java_websocket.framing.PingFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/** Java-WebSocket's server. */
final class JavaWebSocketEcho implements EchoServer {
  private final Echo echo;

  JavaWebSocketEcho(Deflate deflate) throws InterruptedException {
    echo = new Echo(deflate);
    echo.setConnectionLostTimeout(0);
    echo.start();
    if (!echo.started.await(Link.WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("did not start");
    }
  }

  @Override
  public URI uri() {
    return EchoServer.at("ws", echo.getPort());
  }

  @Override
  public void close() {
    try {
      echo.stop(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static final class Echo extends WebSocketServer {
    private final CountDownLatch started = new CountDownLatch(1);

    Echo(Deflate deflate) {
      super(new InetSocketAddress("127.0.0.1", 0), List.of(JavaWebSocketPeer.draft(deflate)));
    }

    @Override
    public void onStart() {
      started.countDown();
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake request) {}

    @Override
    public void onMessage(WebSocket socket, String text) {
      switch (text) {
        case "!fragments" -> {
          for (String part : List.of("gr", "ü", "", "n")) {
            socket.sendFragmentedFrame(Opcode.TEXT, utf8(part), false);
          }
          socket.sendFragmentedFrame(Opcode.TEXT, utf8("😀"), true);
        }
        case "!ping" -> {
          var ping = new PingFrame();
          ping.setPayload(utf8("beat"));
          socket.sendFrame(ping);
        }
        case "!close" -> socket.close(4001, "tschüß");
        case "!cut" -> socket.closeConnection(1006, "");
        default -> socket.send(text);
      }
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer bytes) {
      socket.send(bytes);
    }

    @Override
    public void onWebsocketPong(WebSocket socket, Framedata pong) {
      socket.send("pong " + StandardCharsets.UTF_8.decode(pong.getPayloadData().duplicate()));
    }

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean remote) {}

    @Override
    public void onError(@Nullable WebSocket socket, Exception e) {}

    private static ByteBuffer utf8(String text) {
      return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
