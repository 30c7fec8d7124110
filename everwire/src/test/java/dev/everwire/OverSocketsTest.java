package dev.everwire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.server.ServerBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Through Netty and a proxy that can be cut. */
class OverSocketsTest extends WholeContract {
  private final int port;
  private final CuttingProxy proxy;

  OverSocketsTest() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    proxy = new CuttingProxy(port);
  }

  @Override
  void closeNetwork() {
    proxy.close();
  }

  @Override
  ServerBuilder serverThere() {
    return Everwire.server(port);
  }

  @Override
  ClientBuilder clientThere() {
    return client("/ws");
  }

  @Override
  ClientBuilder clientElsewhere() {
    return client("/elsewhere");
  }

  @Override
  void cut() {
    proxy.cut();
  }

  @Override
  void reachable(boolean on) {
    proxy.reachable(on);
  }

  private ClientBuilder client(String path) {
    return Everwire.client(URI.create("ws://127.0.0.1:" + proxy.port() + path))
        .reconnect(ReconnectPolicy.fixed(Duration.ofMillis(20)));
  }

  @Test
  void noThreadOfAClosedClientIsLeft() throws InterruptedException {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    for (int i = 0; i < 3; i++) {
      Client client = clientThere().start();
      client.close();
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!before.contains(thread) && thread.getName().contains("everwire")) {
        assertThat(thread.join(Duration.ofSeconds(1))).as(thread.getName()).isTrue();
      }
    }
  }
}
