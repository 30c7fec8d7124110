package dev.everwire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.Client;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.server.Server;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Lifetime;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client whose server ends connections that are old. */
class MovingOverTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SOON = Duration.ofSeconds(10);

  private final MemoryNetwork network = new MemoryNetwork();
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final List<ClientEvent> events = new CopyOnWriteArrayList<>();
  private Server server;
  private Client client;

  @BeforeEach
  void start() throws IOException {
    server =
        Server.builder()
            .listen(network.listener("server"))
            .values(JacksonValues.create())
            .lifetime(Lifetime.UNLIMITED.maxAge(LONG).grace(Duration.ofMinutes(1)))
            .method(
                "slow",
                call -> {
                  started.countDown();
                  release.await();
                  return 7;
                })
            .start();
    client =
        Client.builder(URI.create("ws://server/ws"))
            .dialer(network.dialer())
            .values(JacksonValues.create())
            .workers(Runnable::run)
            .random(new SplittableRandom(7))
            .reconnect(ReconnectPolicy.fixed(Duration.ofSeconds(1)))
            .onEvent(events::add)
            .start();
    network.runUntilIdle();
  }

  @AfterEach
  void end() {
    release.countDown();
    var driving = network.drive();
    client.close();
    server.close();
    driving.close();
  }

  @Test
  void aClientMovesToAnotherConnectionByItselfAndIsNeverAway() {
    for (int minute = 0; minute < 120; minute++) {
      network.advance(Duration.ofMinutes(1));
      assertThat(client.status()).isInstanceOf(Status.Ready.class);
      assertThat(server.connections()).isBetween(1, 2);
    }
    assertThat(client.epoch()).isGreaterThan(10);
    assertThat(events)
        .noneMatch(event ->
            event instanceof ClientEvent.StatusChanged changed
                && changed.status() instanceof Status.Reconnecting);
  }

  @Test
  void aCallThatRunsMeanwhileIsAnswered() throws InterruptedException {
    network.advance(LONG.minusMinutes(2));
    CompletableFuture<?> call = client.callAsync("slow", null, int.class, CallOptions.within(LONG));
    network.runUntil(() -> started.getCount() == 0, SOON);
    network.advance(Duration.ofSeconds(130));
    assertThat(client.epoch()).isEqualTo(2);
    assertThat(call).isNotDone();
    release.countDown();
    network.runUntil(call::isDone, SOON);
    assertThat(call.join()).isEqualTo(7);
    network.advance(Duration.ofSeconds(1));
    assertThat(server.connections()).isEqualTo(1);
  }
}
