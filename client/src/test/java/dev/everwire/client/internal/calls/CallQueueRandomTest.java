package dev.everwire.client.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.WhenFull;
import dev.everwire.client.link.WhileAway;
import dev.everwire.protocol.Offer;
import dev.everwire.session.CallOptions;
import dev.everwire.session.internal.Outgoing;
import dev.everwire.session.internal.rpc.CallOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Links that come, go, lie and linger, while calls are made and given up. Whatever happens: every
 * call ends exactly once, nothing is sent for which nobody waits, nothing but an idempotent call is
 * sent twice, who comes later does not overtake, no more is on the wire or waits than may.
 */
class CallQueueRandomTest {
  private static final int SEEDS = 400;
  private static final int STEPS = 300;

  private record Kind(CallOptions options, boolean limited) {}

  private static final class Walk {
    final SplittableRandom random;
    final int inflight;
    final int most;
    final WhileAway away;
    final QueueByHand h;
    final Map<String, Outgoing.Running> running = new HashMap<>();
    final Map<String, Kind> kinds = new HashMap<>();
    final Set<String> left = new HashSet<>(); // calls that were on some wire
    final List<FakeWire> former = new ArrayList<>();
    @Nullable FakeWire wire;
    int newest = -1; // of the calls without limiter that were on some wire
    int calls;

    Walk(int seed) {
      random = new SplittableRandom(seed);
      inflight = 1 + random.nextInt(6);
      most = 1 + random.nextInt(60);
      WhileAway queueing = WhileAway.queue(most, 4_000, Duration.ofSeconds(10));
      away =
          switch (random.nextInt(4)) {
            case 0 -> WhileAway.FAIL_FAST;
            case 1 -> queueing.whenFull(WhenFull.DROP_OLDEST);
            default -> queueing;
          };
      h = new QueueByHand(away, 40);
      h.limiters.add("slow", 2, 1);
    }

    void step() {
      switch (random.nextInt(16)) {
        case 0, 1, 2, 3 -> call();
        case 4 -> batch();
        case 5, 6 -> tell();
        case 7 -> online();
        case 8 -> lose();
        case 9 -> letGo();
        case 10, 11, 12 -> answer();
        case 13 -> cancel();
        case 14 -> trouble();
        default -> h.at((double) h.now / QueueByHand.SECOND + random.nextDouble() * 3);
      }
      check();
    }

    private CallOptions options(boolean batched) {
      CallOptions options =
          random.nextInt(3) == 0
              ? CallOptions.withoutDeadline()
              : CallOptions.within(Duration.ofMillis(500 + random.nextInt(20_000)));
      options = random.nextInt(3) == 0 ? options.idempotent() : options;
      options = random.nextInt(6) == 0 ? options.failFast() : options;
      if (!batched && random.nextInt(5) == 0) {
        options =
            random.nextBoolean() ? options.limitedBy("slow") : options.limitedOrRefused("slow");
      }
      return options;
    }

    private String name(CallOptions options) {
      String name = "m" + calls++;
      kinds.put(name, new Kind(options, options.limit().isPresent()));
      return name;
    }

    private void call() {
      CallOptions options = options(false);
      String name = name(options);
      running.put(name, h.call(name, options));
    }

    private void batch() {
      List<Outgoing.Member> members = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        CallOptions options = options(true);
        String name = name(options);
        names.add(name);
        members.add(new Outgoing.Member.Called(h.outbound(name, options, null)));
        if (random.nextInt(3) == 0) {
          members.add(new Outgoing.Member.Told("note", null));
        }
      }
      List<Outgoing.Running> all = h.queue.batch(members);
      assertThat(all).hasSameSizeAs(names);
      for (int i = 0; i < names.size(); i++) {
        running.put(names.get(i), all.get(i));
      }
    }

    private void tell() {
      if (random.nextBoolean()) {
        Offer offer = h.queue.tell("note", null);
        if (wire == null && !away.queues()) {
          assertThat(offer).isEqualTo(Offer.CLOSED);
        }
      } else {
        boolean taken = h.room.take(1, Item.size("noted", null), 2); // as on another thread
        if (taken || wire != null) {
          h.queue.told("noted", null, taken);
        }
      }
    }

    private void online() {
      if (wire != null) {
        if (random.nextInt(3) > 0) {
          return;
        }
        former.add(wire); // another takes its place
      }
      FakeWire next = new FakeWire();
      next.onSend = method -> sent(next, method);
      next.full = random.nextInt(5) == 0;
      wire = next;
      h.queue.online(next, inflight, Resumption.NONE, () -> {});
    }

    private void sent(FakeWire on, String method) {
      Kind kind = kinds.get(method);
      assertThat(h.outcomes).as("sent though it had ended").doesNotContainKey(method);
      boolean first = left.add(method);
      assertThat(first || (kind.options().repeatable() && !kind.options().failsFast()))
          .as("%s is sent twice", method)
          .isTrue();
      int number = Integer.parseInt(method.substring(1));
      if (first && !kind.limited()) {
        assertThat(number).as("overtakes").isGreaterThan(newest);
        newest = number;
      }
      assertThat(on).isSameAs(wire);
    }

    private void lose() {
      FakeWire lost = wire;
      if (lost != null) {
        wire = null;
        h.lose(lost);
      }
    }

    /** The queue is told first, the calls end later. */
    private void letGo() {
      FakeWire old = wire;
      if (old != null) {
        former.add(old);
        wire = null;
        h.queue.offline();
      }
    }

    private void answer() {
      FakeWire from =
          former.isEmpty() || (wire != null && random.nextInt(3) > 0)
              ? wire
              : former.get(random.nextInt(former.size()));
      if (from != null && from.open.size() > 0) {
        List<String> open = List.copyOf(from.open.keySet());
        from.answer(open.get(random.nextInt(open.size())));
      } else if (from != null && from != wire) {
        former.remove(from);
      }
    }

    private void cancel() {
      List<String> waiting =
          running.keySet().stream().filter(name -> !h.outcomes.containsKey(name)).sorted().toList();
      if (!waiting.isEmpty()) {
        running.get(waiting.get(random.nextInt(waiting.size()))).cancel();
      }
    }

    private void trouble() {
      FakeWire present = wire;
      if (present != null) {
        switch (random.nextInt(4)) {
          case 0 -> present.full = !present.full;
          case 1 -> present.unsent = present.unsent == 0 ? 1 << 20 : 0;
          case 2 -> {
            present.dead = true; // and nobody has been told
            call();
            tell();
            if (random.nextBoolean()) {
              lose();
            }
          }
          default -> lingering();
        }
      }
    }

    private void lingering() {
      if (!former.isEmpty()) {
        former.remove(random.nextInt(former.size())).lose();
      }
    }

    private void check() {
      int batchAlone = 4;
      if (wire != null) {
        assertThat(wire.open.size()).isLessThanOrEqualTo(Math.max(inflight, batchAlone));
      }
      assertThat(h.queue.pending()).isBetween(0, 40);
      assertThat(h.queue.pending()).isEqualTo(calls - h.outcomes.size());
      assertThat(h.room.messages()).isNotNegative();
      assertThat(h.room.bytes()).isNotNegative();
      if (h.queue.oldestSince() == Item.NEVER) {
        assertThat(h.room.messages()).isZero();
        assertThat(h.room.bytes()).isZero();
      }
    }

    void finish() {
      switch (random.nextInt(3)) {
        case 0 -> h.queue.end("closed");
        case 1 -> lose();
        default -> letGo();
      }
      former.forEach(FakeWire::lose);
      if (wire != null) {
        wire.lose();
      }
      h.queue.end("closed");
      assertThat(h.outcomes).hasSize(calls);
      h.outcomes.forEach((name, outcome) -> {
        if (outcome instanceof CallOutcome.Lost(boolean maybeExecuted, var why)) {
          assertThat(maybeExecuted).as("%s %s", name, why).isEqualTo(left.contains(name));
        }
      });
      h.assertExhausted();
    }
  }

  @Test
  void whateverHappensEveryCallEndsOnceAndTheRulesAreKept() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Walk walk = new Walk(seed);
      int step = 0;
      try {
        for (; step < STEPS; step++) {
          walk.step();
        }
        walk.finish();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ", step " + step + ": " + e.getMessage(), e);
      }
    }
  }
}
