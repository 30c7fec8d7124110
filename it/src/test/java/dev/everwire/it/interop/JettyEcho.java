package dev.everwire.it.interop;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.ExtensionConfig;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Jetty's server. Compresses if it is asked to. */
final class JettyEcho implements EchoServer {
  private static final long MOST = 128 * 1024 * 1024;

  private final Server server = new Server(new InetSocketAddress("127.0.0.1", 0));

  JettyEcho() throws Exception {
    var context = new ContextHandler("/");
    context.setHandler(
        WebSocketUpgradeHandler.from(
            server,
            context,
            container -> {
              container.setMaxTextMessageSize(MOST);
              container.setMaxBinaryMessageSize(MOST);
              container.addMapping("/*", (request, response, callback) -> new Echo());
            }));
    server.setHandler(context);
    server.start();
  }

  @Override
  public URI uri() {
    return EchoServer.at("ws", ((ServerConnector) server.getConnectors()[0]).getLocalPort());
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("Jetty's server does not stop", e);
    }
  }

  /** Public, for Jetty calls it through a public lookup. */
  public static final class Echo extends Session.Listener.AbstractAutoDemanding {
    @Override
    public void onWebSocketText(String text) {
      Session session = getSession();
      switch (text) {
        case "!fragments" -> {
          for (String part : new String[] {"gr", "ü", "", "n"}) {
            session.sendPartialText(part, false, Callback.NOOP);
          }
          session.sendPartialText("😀", true, Callback.NOOP);
        }
        case "!ping" ->
            session.sendPing(
                ByteBuffer.wrap("beat".getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
        case "!close" -> session.close(4001, "tschüß", Callback.NOOP);
        case "!cut" -> session.disconnect();
        case "!extensions" -> {
          List<String> agreed =
              session.getUpgradeResponse().getExtensions().stream()
                  .map(ExtensionConfig::getParameterizedName)
                  .toList();
          session.sendText(String.join(", ", agreed), Callback.NOOP);
        }
        default -> session.sendText(text, Callback.NOOP);
      }
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
      getSession().sendBinary(payload, callback);
    }

    @Override
    public void onWebSocketError(Throwable cause) {} // a cut, as asked for

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
      getSession().sendText("pong " + StandardCharsets.UTF_8.decode(payload), Callback.NOOP);
    }
  }
}
