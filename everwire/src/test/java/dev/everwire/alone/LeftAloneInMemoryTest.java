package dev.everwire.alone;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.testkit.MemoryNetwork;
import dev.everwire.testkit.mock.MockServer;
import java.time.Duration;
import java.util.function.BooleanSupplier;

class LeftAloneInMemoryTest extends LeftAloneContract {
  private static final Duration STEP = Duration.ofMillis(5);

  private final MemoryNetwork network = new MemoryNetwork();
  private final MockServer server = MockServer.in(network, "server");

  @Override
  MockServer server() {
    return server;
  }

  @Override
  ClientBuilder builder() {
    return Client.builder(server.uri())
        .dialer(network.dialer())
        .values(JacksonValues.create())
        .workers(Runnable::run);
  }

  /** A moment passes each time it is not so, as it would anywhere. */
  @Override
  void until(BooleanSupplier condition) {
    network.runUntilIdle();
    for (int i = 0; !condition.getAsBoolean() && i < 2_000; i++) {
      network.advance(STEP);
    }
    network.runUntil(condition, Duration.ofSeconds(1));
  }

  @Override
  void pass(Duration time) {
    network.advance(time);
  }

  @Override
  void end() {}
}
