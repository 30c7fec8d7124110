package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.PoolStrategy;
import dev.everwire.protocol.Position;
import dev.everwire.testkit.MemoryNetwork;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many threads that subscribe, read and close, all at once, through the public API. */
class SubscriptionConcurrencyTest {
  private static final Duration AT_MOST = Duration.ofSeconds(30);

  private final MemoryNetwork network = new MemoryNetwork();
  private final TopicServer server = new TopicServer(network, "server");
  private final Client client =
      Client.builder(URI.create("ws://server/ws"))
          .dialer(network.dialer())
          .values(new TextValues())
          .reconnect((failures, random) -> Optional.of(Duration.ofMillis(500)))
          .start();

  @AfterEach
  void nothingIsLeft() {
    CompletableFuture<Void> ended = client.closeAsync();
    network.advance(Duration.ofSeconds(1));
    assertThat(ended).isCompleted();
    assertThat(network.timers()).isZero();
    assertThat(server.wrongs()).isEmpty();
  }

  @Test
  void ofManyFirstSubscribersExactlyOneSubscribes() throws Exception {
    CyclicBarrier together = new CyclicBarrier(24);
    for (int round = 1; round <= 20; round++) {
      List<Subscription<String>> all = new ArrayList<>();
      MemoryNetwork.Driving driving = network.drive();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Subscription<String>>> made = new ArrayList<>();
        for (int i = 0; i < together.getParties(); i++) {
          made.add(
              threads.submit(() -> {
                together.await();
                return client.subscribe("t", String.class);
              }));
        }
        for (Future<Subscription<String>> next : made) {
          Subscription<String> subscription = next.get();
          var unused = subscription.confirmed().get(10, TimeUnit.SECONDS);
          all.add(subscription);
        }
        for (Subscription<String> subscription : all.subList(1, all.size())) {
          threads.execute(subscription::close);
        }
      } finally {
        driving.close();
      }
      network.runUntilIdle();
      assertThat(server.subscribes()).isEqualTo(round);
      assertThat(server.subscriptions()).hasSize(1);
      assertThat(server.subscriptions().getFirst()).containsExactly("t"); // by the one that is left

      all.getFirst().close();
      network.runUntilIdle();
      assertThat(server.subscriptions().getFirst()).isEmpty();
    }
  }

  @Test
  void whateverHappensAtOnceEachReadsWithoutAHoleAndNothingIsLeft() throws Exception {
    for (int seed = 0; seed < 6; seed++) {
      try {
        runAtOnce(seed, 0, topic -> client.subscribe(topic, String.class));
      } catch (AssertionError | Exception e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void inAPoolTopicsMoveMeanwhileAndStillNothingIsMissedOrLeft() throws Exception {
    for (int seed = 0; seed < 10; seed++) {
      SplittableRandom delays = new SplittableRandom(seed);
      ClientPool pool =
          ClientPool.builder(i ->
                  Client.builder(URI.create("ws://server/ws"))
                      .dialer(network.dialer())
                      .values(new TextValues())
                      .reconnect((failures, random) ->
                          Optional.of(Duration.ofMillis(delays.nextBoolean() ? 50 : 2_000))))
              .size(5)
              .strategy(PoolStrategy.values()[seed % 3])
              .moveAfter(Duration.ofMillis(200))
              .start();
      try {
        runAtOnce(seed, 3, topic -> pool.subscribe(topic, String.class));
      } catch (AssertionError | Exception e) {
        throw new AssertionError("seed " + seed, e);
      }
      assertThat(pool.topics()).containsOnly(0);
      CompletableFuture<Void> ended = pool.closeAsync();
      network.advance(Duration.ofSeconds(1));
      assertThat(ended).isCompleted();
    }
  }

  /**
   * @param endings how many connections are refused for good
   */
  private void runAtOnce(int seed, int endings, Function<String, Subscription<String>> subscribe)
      throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      MemoryNetwork.Driving driving = network.drive();
      try {
        for (int i = 0; i < 8; i++) {
          running.add(threads.submit(new User(random.split(), subscribe)));
        }
        SplittableRandom publishing = random.split();
        running.add(
            threads.submit(() -> {
              for (int i = 0; i < 1_000; i++) {
                server.publish("t" + publishing.nextInt(4), "\"x\"");
                Thread.yield();
              }
            }));
        int ended = 0;
        long deadline = System.nanoTime() + AT_MOST.toNanos();
        while (running.stream().anyMatch(task -> !task.isDone())) {
          assertThat(System.nanoTime() - deadline).isNegative();
          if (random.nextInt(4) == 0) {
            server.cut(random.nextInt(6));
          } else if (ended < endings && random.nextInt(20) == 0) {
            ended++;
            server.close(1 + random.nextInt(5), 4403); // the first is the client's own
          }
          network.advance(Duration.ofMillis(random.nextInt(400)));
        }
        for (Future<?> task : running) {
          task.get();
        }
      } finally {
        driving.close();
      }
    }
    network.advance(Duration.ofSeconds(5));
    assertThat(server.wrongs()).isEmpty();
    assertThat(server.subscriptions()).allMatch(topics -> topics.isEmpty());
  }

  /** Subscribes, reads and closes at random, and at last closes all. */
  private static final class User implements Callable<@Nullable Void> {
    private final SplittableRandom random;
    private final Function<String, Subscription<String>> subscribe;
    private final List<Reading> readings = new ArrayList<>();

    User(SplittableRandom random, Function<String, Subscription<String>> subscribe) {
      this.random = random;
      this.subscribe = subscribe;
    }

    @Override
    public @Nullable Void call() {
      for (int i = 0; i < 400; i++) {
        switch (random.nextInt(8)) {
          case 0, 1 -> {
            if (readings.size() < 12) {
              String topic = "t" + random.nextInt(4);
              readings.add(new Reading(subscribe.apply(topic)));
            }
          }
          case 2 -> {
            if (!readings.isEmpty()) {
              readings.remove(random.nextInt(readings.size())).subscription.close();
            }
          }
          case 3 -> Thread.yield();
          default -> readings.forEach(Reading::read);
        }
      }
      readings.forEach(reading -> reading.subscription.close());
      return null;
    }
  }

  private static final class Reading {
    private final Subscription<String> subscription;
    private @Nullable Position at;

    Reading(Subscription<String> subscription) {
      this.subscription = subscription;
    }

    void read() {
      if (at == null) {
        at = subscription.position().orElse(null);
      }
      for (var next = subscription.poll(); next.isPresent(); next = subscription.poll()) {
        Event<String> event = next.get();
        assertThat(event).isInstanceOf(Event.Item.class); // this server forgets nothing
        Position position = ((Event.Item<String>) event).position();
        if (at != null) {
          assertThat(position).isEqualTo(new Position(at.epoch(), at.offset() + 1));
        }
        at = position;
      }
    }
  }
}
