package dev.everwire.it.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** A server in a process of its own. */
final class DrivenServer implements EchoServer {
  private final Driver driver;
  private final CompletableFuture<Integer> listening = new CompletableFuture<>();
  private final int number;
  private final boolean tls;

  private DrivenServer(Driver driver, boolean tls) {
    this.driver = driver;
    this.tls = tls;
    this.number = driver.link(this::heard);
  }

  static DrivenServer start(Driver driver, Deflate deflate, Certificate... tls) throws Exception {
    var server = new DrivenServer(driver, tls.length > 0);
    Map<String, Object> order = new HashMap<>();
    order.put("do", "serve");
    order.put("link", server.number);
    order.put("deflate", deflate.word());
    for (Certificate certificate : tls) {
      order.put("cert", certificate.chain().toAbsolutePath().toString());
      order.put("key", certificate.key().toAbsolutePath().toString());
    }
    driver.tell(order);
    int unused = server.port();
    return server;
  }

  @Override
  public URI uri() {
    return EchoServer.at(tls ? "wss" : "ws", listening.join());
  }

  @Override
  public void close() {
    try {
      driver.tell(Map.of("do", "stop", "link", number));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int port() throws Exception {
    return listening.get(Link.WITHIN.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void heard(JsonNode line) {
    if (line.path("heard").asString().equals("listening")) {
      listening.complete(line.path("port").asInt());
    } else {
      listening.completeExceptionally(new IOException(line.toString()));
    }
  }
}
