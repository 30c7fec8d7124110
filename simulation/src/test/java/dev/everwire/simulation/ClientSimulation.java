package dev.everwire.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.session.CallOptions;
import dev.everwire.testkit.Faults;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Clients whose users do anything at any moment, over a network that cuts, delays, goes silent and
 * doubles connections, to a server that restarts, refuses and sends them away. Whatever happens:
 * statuses follow each other as the table says and end once; no topic is subscribed twice on a
 * connection; a call ends once, in time and truly, and is sent once unless it may be repeated; a
 * closed client does nothing more and leaves nothing behind; and when the bad time is over,
 * everybody is connected and nothing is missing.
 *
 * <p>Run 1 to 100 by default; {@code -Deverwire.seeds=5000} runs more, {@code -Deverwire.seed=42}
 * only that one.
 */
class ClientSimulation {
  private static final String[] TOPICS = {"a", "b/1", "c:d"};
  private static final int[] GOING_AWAY = {1001, 1011, 1012, 1013, 4000, 4002, 4004, 4200};
  private static final int STEPS = 100;

  @Test
  void aClientCanBeLeftAlone() {
    Seeds.forEach(
        100,
        seed -> {
          SplittableRandom random = new SplittableRandom(seed);
          ClientWorld world = new ClientWorld(random.split());
          world.faults(
              switch (random.nextInt(3)) {
                case 0 -> Faults.seeded(seed, 5_000);
                case 1 -> Faults.hostile(seed, 20_000);
                default -> Faults.hostile(seed, 3_000);
              });
          new Play(world, random.split()).run();
        });
  }

  /** One run of a world. */
  private static final class Play {
    private final ClientWorld world;
    private final SplittableRandom random;
    private int rotations;

    Play(ClientWorld world, SplittableRandom random) {
      this.world = world;
      this.random = random;
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        try {
          step();
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError("step " + step + ": " + e.getMessage(), e);
        }
      }
      comeToRest();
      everythingWorks();
      while (!world.clients.isEmpty()) {
        world.close(world.clients.getFirst());
      }
      world.checkNothingIsLeft();
    }

    private void step() {
      if (world.clients.isEmpty()) {
        world.newClient();
      }
      ClientLife life = world.clients.get(random.nextInt(world.clients.size()));
      String topic = TOPICS[random.nextInt(TOPICS.length)];
      switch (random.nextInt(40)) {
        case 0, 1 -> {
          if (world.clients.size() < 4) {
            world.newClient();
          }
        }
        case 2 -> rarely(3, () -> world.close(life));
        case 3 -> rarely(2, world::down);
        case 4, 5 -> world.up();
        case 6, 7 -> onALine(Meddler.Line::cut);
        case 8, 9 -> onALine(line -> line.close(GOING_AWAY[random.nextInt(GOING_AWAY.length)]));
        case 10, 11 ->
            onALine(line -> line.goaway(millis(9_000), millis(20_000), random.nextBoolean()));
        case 12 -> onALine(line -> line.authExpiring(millis(60_000)));
        case 13 -> {
          if (rotations < 2) { // a client gives up after three refusals
            rotations++;
            world.meddler.rotate();
            if (world.authenticates() && random.nextBoolean()) {
              onALine(line -> line.close(4101));
            }
          }
        }
        case 14, 15, 16 -> life.follow(topic);
        case 17, 18 -> {
          if (!life.followers.isEmpty()) {
            life.followers.remove(random.nextInt(life.followers.size())).close();
          }
        }
        case 19, 20 -> world.publish(life, topic);
        case 21, 22, 23 -> repeat(() -> world.publish(topic));
        case 24, 25, 26 ->
            repeat(() -> {
              int unused = life.tell();
            });
        case 27, 28 -> world.pass(Duration.ofSeconds(random.nextInt(40)));
        default -> repeat(() -> call(life));
      }
      world.pass(Duration.ofMillis(random.nextInt(5) * 100L));
      world.settle();
    }

    private void call(ClientLife life) {
      Duration within = Duration.ofMillis(1 + random.nextInt(40_000));
      CallOptions options = CallOptions.within(within);
      boolean idempotent = random.nextInt(3) == 0;
      if (idempotent) {
        options = options.idempotent();
      }
      if (random.nextInt(4) == 0) {
        options = options.failFast();
      }
      CommandBook.Entry unused = life.call(options, idempotent, within);
    }

    private void comeToRest() {
      world.faults(Faults.none());
      world.meddler.calm();
      world.up();
      for (String topic : TOPICS) {
        world.publish(topic);
      }
      // Connections of the bad time may still be cut, each once.
      int minutes = 0;
      do {
        world.pass(Duration.ofMinutes(1));
      } while (!world.settled() && ++minutes < 15);
      assertThat(world.settled()).as("%s", world).isTrue();
    }

    /** Also over connections of the bad time, unless they are cut just then: each once. */
    private void everythingWorks() {
      for (ClientLife life : world.clients) {
        boolean works;
        int attempts = 0;
        do {
          Duration within = Duration.ofSeconds(5);
          CommandBook.Entry call = life.call(CallOptions.within(within), false, within);
          int note = life.tell();
          world.pass(Duration.ofSeconds(6));
          works = call.answered() && note > 0 && world.book.came(note);
          if (!works) {
            comeToRest();
          }
        } while (!works && ++attempts < 8);
        assertThat(works).as("%s", life).isTrue();
      }
    }

    private void onALine(Consumer<Meddler.Line> deed) {
      if (!world.meddler.lines.isEmpty()) {
        deed.accept(world.meddler.lines.get(random.nextInt(world.meddler.lines.size())));
      }
    }

    private void repeat(Runnable deed) {
      int times = 1 + random.nextInt(4);
      for (int i = 0; i < times; i++) {
        deed.run();
      }
    }

    private void rarely(int one, Runnable deed) {
      if (random.nextInt(one) == 0) {
        deed.run();
      }
    }

    private Duration millis(int most) {
      return Duration.ofMillis(random.nextInt(most));
    }
  }
}
