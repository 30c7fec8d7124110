package dev.everwire.simulation;

import dev.everwire.testkit.Faults;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Clients that lose, replace, leave and take up their connections at any moment, over a network
 * that cuts, delays, goes silent and doubles connections, to a server on several loops that is
 * killed, drained and started again. Whatever happens: of the connections of one session only the
 * newest is answered on; each call ends once and is executed once at most unless it may be
 * repeated; what is said to be new was never executed, and what is said to be done never is again;
 * and when everybody has left, nothing is kept of anybody.
 *
 * <p>Run 1 to 100 by default; {@code -Deverwire.seeds=5000} runs more, {@code -Deverwire.seed=42}
 * only that one.
 */
class SessionSimulation {
  private static final int STEPS = 150;
  private static final int THOROUGHLY = 10; // one seed in so many

  @Test
  void aSessionHasOneConnectionAndACallOneEnd() {
    Seeds.forEach(
        100,
        seed -> {
          SplittableRandom random = new SplittableRandom(seed);
          SessionWorld world = new SessionWorld(random.split(), 1 + random.nextInt(4));
          world.faults(
              switch (random.nextInt(3)) {
                case 0 -> Faults.none();
                case 1 -> Faults.seeded(seed, 10_000);
                default -> Faults.hostile(seed, 5_000);
              });
          new Play(world, random.split()).run(seed % THOROUGHLY == 0);
        });
  }

  /** One run of a world. */
  private record Play(SessionWorld world, SplittableRandom random) {

    void run(boolean thoroughly) {
      for (int step = 0; step < STEPS; step++) {
        try {
          step();
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError("step " + step + ": " + e.getMessage(), e);
        }
      }
      comeToRest();
      world.peers.forEach(ReturningPeer::cutFormer);
      for (ReturningPeer peer : world.peers) {
        if (random.nextBoolean()) {
          peer.leave();
        } else {
          peer.cut();
        }
      }
      world.peers.clear();
      world.checkNothingIsLeft(thoroughly);
    }

    private void step() {
      ReturningPeer peer = world.peers.get(random.nextInt(world.peers.size()));
      switch (random.nextInt(40)) {
        case 0 -> rarely(5, world::down);
        case 1 -> rarely(8, world::drain);
        case 2, 3 -> world.up();
        case 4, 5, 6 -> peer.cut();
        case 7, 8 -> peer.connect();
        case 9 -> rarely(3, peer::startOver);
        case 10 -> rarely(3, peer::leave);
        case 11 -> rarely(3, peer::leaveWithToken);
        case 12, 13 -> peer.acknowledge();
        case 14, 15, 16 -> peer.haunt();
        case 17 -> peer.reading(random.nextBoolean());
        case 18 -> peer.cutFormer();
        case 19, 20 -> world.pass(Duration.ofMillis(random.nextInt(4_000)));
        case 21 -> rarely(3, () -> world.pass(SessionWorld.WITHIN.plusSeconds(1)));
        case 22, 23, 24, 25, 26 -> {
          if (peer.away()) {
            peer.connect();
          }
        }
        default -> {
          for (int i = random.nextInt(4); i >= 0; i--) {
            peer.call();
          }
        }
      }
      world.settle();
    }

    private void comeToRest() {
      world.faults(Faults.none());
      world.up();
      int minutes = 0;
      do {
        for (ReturningPeer peer : world.peers) {
          peer.reading(true);
          if (minutes > 0 && !peer.content()) {
            peer.cut(); // the line may be dead, and only the server looks
            world.pass(Duration.ofMillis(100));
          }
          if (peer.away()) {
            peer.connect();
          }
        }
        world.pass(Duration.ofMinutes(1));
      } while (!world.peers.stream().allMatch(ReturningPeer::content) && ++minutes < 15);
      if (minutes == 15) {
        throw new AssertionError("not at rest: " + world);
      }
    }

    private void rarely(int one, Runnable deed) {
      if (random.nextInt(one) == 0) {
        deed.run();
      }
    }
  }
}
