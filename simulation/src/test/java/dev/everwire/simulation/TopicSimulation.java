package dev.everwire.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.Client;
import dev.everwire.testkit.Faults;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/**
 * Random clients, topics, calls and cuts. Whatever happens: offsets grow by one, nothing is missing
 * that no gap names, every event is what was published, every call ends once, and when the network
 * is good again everybody catches up.
 */
class TopicSimulation {
  private static final String[] TOPICS = {"a", "b/1", "c:d"};
  private static final int STEPS = 120;
  private static final int SEEDS = Integer.getInteger("everwire.seeds", 150);

  @Test
  void nothingIsLostOrDoubledUnderCuts() {
    forEachSeed(seed -> {
      World world = new World(new SplittableRandom(seed), 10_000);
      world.faults(Faults.seeded(seed, 3_000));
      play(world, new SplittableRandom(seed + 1), false);
      assertThat(world.followers).allSatisfy(follower -> assertThat(follower.gaps()).isZero());
    });
  }

  @Test
  void whatIsLostByARestartOrAShortHistoryIsSaid() {
    forEachSeed(seed -> {
      World world = new World(new SplittableRandom(seed), 5);
      world.faults(Faults.seeded(seed, 3_000));
      play(world, new SplittableRandom(seed + 1), true);
    });
  }

  private static void play(World world, SplittableRandom random, boolean crashes) {
    for (int step = 0; step < STEPS; step++) {
      try {
        step(world, random, crashes);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("step " + step + ": " + e.getMessage(), e);
      }
    }
    world.faults(Faults.none());
    for (String topic : TOPICS) {
      world.publish(topic);
    }
    // Connections of the bad time may still be cut, each once; half-open ones are found by
    // heartbeat.
    int minutes = 0;
    do {
      world.pass(Duration.ofMinutes(1));
    } while (!settled(world) && ++minutes < 10);
    assertThat(world.followers).allMatch(Follower::caughtUp, "has caught up");
    assertThat(world.connections()).isEqualTo(world.clients.size());
    world.checkCalls();
    while (!world.clients.isEmpty()) {
      world.closeClient(world.clients.getFirst());
    }
    world.pass(Duration.ofMinutes(1)); // one may be half open
    assertThat(world.connections()).isZero();
  }

  private static boolean settled(World world) {
    return world.connections() == world.clients.size()
        && world.followers.stream().allMatch(Follower::caughtUp);
  }

  private static void step(World world, SplittableRandom random, boolean crashes) {
    String topic = TOPICS[random.nextInt(TOPICS.length)];
    Client client =
        world.clients.isEmpty()
            ? world.newClient()
            : world.clients.get(random.nextInt(world.clients.size()));
    switch (random.nextInt(20)) {
      case 0, 1 -> {
        if (world.clients.size() < 5) {
          world.follow(world.newClient(), topic);
        }
      }
      case 2, 3 -> world.follow(client, topic);
      case 4 -> {
        if (!world.followers.isEmpty()) {
          world.followers.remove(random.nextInt(world.followers.size())).close();
        }
      }
      case 5, 6, 7 -> world.call(client);
      case 8, 9 -> world.publish(client, topic);
      case 10 -> world.pass(Duration.ofSeconds(random.nextInt(40)));
      case 11 -> {
        if (crashes && random.nextInt(3) == 0) {
          world.crash();
        }
      }
      default -> {
        int burst = 1 + random.nextInt(random.nextInt(20) == 0 ? 600 : 5);
        for (int i = 0; i < burst; i++) {
          world.publish(topic);
        }
      }
    }
    world.pass(Duration.ofMillis(random.nextInt(4) * 100L));
    world.settle();
  }

  private static void forEachSeed(LongConsumer play) {
    Long only = Long.getLong("everwire.seed");
    long first = only == null ? 1 : only;
    long last = only == null ? SEEDS : only;
    for (long seed = first; seed <= last; seed++) {
      try {
        play.accept(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ", " + e.getMessage(), e);
      }
    }
  }
}
