package dev.everwire.contract;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.testkit.MemoryNetwork;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** In memory, where time passes at its usual pace. */
class TypedCallsInMemoryTest extends TypedCalls {
  private static final int TICK_MILLIS = 5;

  private final MemoryNetwork network = new MemoryNetwork();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("clock").unstarted(task));

  TypedCallsInMemoryTest() {
    clock.scheduleAtFixedRate(
        () -> network.advance(Duration.ofMillis(TICK_MILLIS)),
        TICK_MILLIS,
        TICK_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  @Override
  ServerBuilder serverThere() {
    return Server.builder().listen(network.listener("server")).values(JacksonValues.create());
  }

  @Override
  ClientBuilder clientThere(Server server) {
    return Client.builder(URI.create("ws://server/ws"))
        .ownDialer(network::dialer)
        .values(JacksonValues.create());
  }

  @Override
  void closeNetwork() {
    clock.shutdownNow();
  }
}
