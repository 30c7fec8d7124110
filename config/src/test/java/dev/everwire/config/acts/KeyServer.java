package dev.everwire.config.acts;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves a set of keys, and counts how often it is asked. */
final class KeyServer implements AutoCloseable {
  private final HttpServer server;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean down; // set by the test, read by the server's thread

  KeyServer(String keys) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] body = keys.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          try (exchange) {
            exchange.sendResponseHeaders(down ? 503 : 200, down ? -1 : body.length);
            if (!down) {
              exchange.getResponseBody().write(body);
            }
          }
        });
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  int asked() {
    return asked.get();
  }

  void goDown() {
    down = true;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
