package dev.everwire.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.session.Peer;
import dev.everwire.session.SessionLimits;
import dev.everwire.testkit.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Calls in both directions, nested, slow, cancelled and late, over a network that cuts. Whatever
 * happens: every call ends once, by its deadline and truly; its handler runs at most once, and not
 * at all where that was said; answers belong to their requests; notifications come in order; and in
 * the end nothing is left, in no table, on no loop and no worker.
 */
class CallSimulation {
  private static final int STEPS = 60;
  private static final String[] PLAIN = {"refuse", "broken", "missing"};
  private static final SessionLimits TIGHT =
      new SessionLimits(200, 100, 2, 5, 8, 7, Duration.ofSeconds(10));

  @Test
  void everyCallEndsOnceAndTruly() {
    Seeds.forEach(
        500,
        seed -> {
          SplittableRandom random = new SplittableRandom(seed);
          boolean oneWay = random.nextInt(4) == 0;
          SessionLimits limits = random.nextInt(4) == 0 ? TIGHT : SessionLimits.DEFAULT;
          CallWorld world = new CallWorld(random.split(), limits, oneWay);
          if (random.nextInt(4) == 0) {
            world.window(400);
          }
          switch (random.nextInt(3)) {
            case 0 -> world.faults(Faults.latency(Duration.ofMillis(random.nextInt(50))));
            case 1 -> world.faults(Faults.seeded(seed, 20_000));
            default -> world.faults(Faults.seeded(seed, 3_000));
          }
          new Play(world, random.split(), oneWay).run();
        });
  }

  /** One run of a world. */
  private static final class Play {
    private final CallWorld world;
    private final SplittableRandom random;
    private final boolean oneWay;
    private final List<CallBook.Entry> made = new ArrayList<>();

    Play(CallWorld world, SplittableRandom random, boolean oneWay) {
      this.world = world;
      this.random = random;
      this.oneWay = oneWay;
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        try {
          step();
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError("step " + step + ": " + e.getMessage(), e);
        }
      }
      world.faults(Faults.none());
      world.plain.forEach(PlainPeer::close); // half-open ones would never know
      comeToRest();
      PlainPeer plain = world.newPlainPeer();
      world.pass(Duration.ofMillis(100));
      repeat(6, plain::batch);
      repeat(3, plain::cancelOne);
      everythingWorks();
      comeToRest();
      world.checkOpenLines();
      world.plain.forEach(PlainPeer::close);
      while (!world.pairs.isEmpty()) {
        world.closeClient(world.pairs.getFirst());
      }
      world.pass(Duration.ofMinutes(1)); // one may be half open
      world.checkNothingIsLeft();
    }

    /** Connections of the bad time may still be cut, each once; heartbeats find half-open ones. */
    private void comeToRest() {
      int minutes = 0;
      do {
        world.pass(Duration.ofMinutes(1));
      } while (!world.quiet() && ++minutes < 10);
      world.checkOpenLines();
      assertThat(world.quiet()).as("%s", world).isTrue();
    }

    /** Also over connections of the bad time, unless they are cut just then: each once. */
    private void everythingWorks() {
      for (CallWorld.Pair pair : world.pairs) {
        CallBook.Entry there;
        CallBook.Entry nested;
        int attempts = 0;
        do {
          comeToRest();
          there = world.deeds.echo(pair.client(), pair.name, Duration.ofSeconds(5));
          nested = world.deeds.call(pair.client(), "nest", Duration.ofSeconds(5), 4, 5_000);
          world.pass(Duration.ofSeconds(6));
        } while (!(there.answered() && nested.answered()) && ++attempts < 5);
        assertThat(there.answered()).as("%s", there).isTrue();
        assertThat(nested.answered()).as("%s", nested).isTrue();
      }
    }

    private void plainly() {
      if (world.plain.size() < 2) {
        PlainPeer unused = world.newPlainPeer();
        world.pass(Duration.ofMillis(random.nextInt(200)));
      }
      PlainPeer peer = world.plain.get(random.nextInt(world.plain.size()));
      switch (random.nextInt(4)) {
        case 0 -> peer.single();
        case 1 -> peer.cancelOne();
        default -> repeat(1 + random.nextInt(4), peer::batch);
      }
      world.plain.removeIf(PlainPeer::over);
    }

    private void step() {
      if (world.pairs.isEmpty()) {
        world.newClient();
        world.pass(Duration.ofMillis(random.nextInt(300)));
      }
      CallWorld.Pair pair = world.pairs.get(random.nextInt(world.pairs.size()));
      switch (random.nextInt(30)) {
        case 0 -> {
          if (world.pairs.size() < 4) {
            world.newClient();
          }
        }
        case 1 -> rarely(4, () -> world.closeClient(pair));
        case 2 -> rarely(4, world::crash);
        case 3 -> rarely(3, world::drain);
        case 4 -> world.pass(Duration.ofSeconds(random.nextInt(30)));
        case 5 -> rarely(8, () -> repeat(300, () -> call(pair)));
        case 6, 7, 8, 9 -> repeat(1 + random.nextInt(8), () -> tell(pair));
        case 10, 11 -> cancelSome();
        case 12, 13 -> plainly();
        case 14, 15, 16, 17 -> repeat(1 + random.nextInt(3), () -> stream(pair));
        case 18, 19 -> chat(pair);
        default -> repeat(1 + random.nextInt(6), () -> call(pair));
      }
      world.pass(Duration.ofMillis(random.nextInt(4) * 20L));
    }

    private void call(CallWorld.Pair pair) {
      Peer back = pair.back();
      boolean toServer = oneWay || back == null || random.nextBoolean();
      Peer peer = toServer ? pair.client() : back;
      String sender = pair.name + (toServer ? "" : " back");
      Duration within = Duration.ofMillis(1 + random.nextInt(1 << (2 + random.nextInt(14))));
      made.add(
          switch (random.nextInt(14)) {
            case 0, 1, 2 -> world.deeds.echo(peer, sender, within);
            case 3, 4 -> world.deeds.call(peer, "slow", within, millis());
            case 5 -> world.deeds.call(peer, "deaf", within, millis());
            case 6, 7, 8 ->
                oneWay
                    ? world.deeds.call(peer, "slow", within, 0)
                    : world.deeds.call(peer, "nest", within, random.nextInt(6), millis() + 1);
            case 9 -> world.deeds.call(peer, "now", within);
            case 10, 11 -> world.deeds.turn(peer, sender, within, millis() / 4);
            case 12 ->
                oneWay
                    ? world.deeds.echo(peer, sender, within)
                    : world.deeds.call(peer, "nestInTurn", within, random.nextInt(4), millis() + 1);
            default -> world.deeds.call(peer, PLAIN[random.nextInt(PLAIN.length)], within);
          });
    }

    private void stream(CallWorld.Pair pair) {
      Peer back = pair.back();
      Peer peer = oneWay || back == null || random.nextBoolean() ? pair.client() : back;
      Duration within = Duration.ofMillis(1 + random.nextInt(1 << (4 + random.nextInt(12))));
      if (oneWay || random.nextBoolean()) { // a handler that reads an argument waits for its peer
        world.streamDeeds.read(peer, within);
      } else {
        made.add(world.streamDeeds.send(peer, within));
      }
    }

    private void chat(CallWorld.Pair pair) {
      Peer back = pair.back();
      Peer peer = oneWay || back == null || random.nextBoolean() ? pair.client() : back;
      Duration within = Duration.ofMillis(1 + random.nextInt(1 << (4 + random.nextInt(12))));
      if (random.nextBoolean()) {
        made.add(world.chatter.steps(peer, within));
      } else {
        made.addAll(world.chatter.batch(peer, within));
      }
    }

    private void tell(CallWorld.Pair pair) {
      Peer back = pair.back();
      int millis = random.nextInt(8) == 0 ? millis() : 0;
      if (back == null || random.nextBoolean()) {
        world.deeds.tell(pair.client(), pair.name, millis);
      } else {
        world.deeds.tell(back, pair.name + " back", millis);
      }
    }

    private void cancelSome() {
      for (int i = 0; i < 3 && !made.isEmpty(); i++) {
        made.remove(random.nextInt(made.size())).cancel();
      }
      made.removeIf(CallBook.Entry::over);
    }

    private int millis() {
      return random.nextInt(1 << random.nextInt(16));
    }

    private void rarely(int one, Runnable deed) {
      if (random.nextInt(one) == 0) {
        deed.run();
      }
    }

    private static void repeat(int times, Runnable deed) {
      for (int i = 0; i < times; i++) {
        deed.run();
      }
    }
  }
}
