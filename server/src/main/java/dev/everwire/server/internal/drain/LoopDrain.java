package dev.everwire.server.internal.drain;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.wire.Goaway;
import dev.everwire.server.drain.DrainPlan;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Transport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a drain does on one loop. Event loop only. */
final class LoopDrain {
  static final String REASON = "server shutdown";

  private record Guest(Transport transport, Member member) {}

  private final Loop loop;
  private final Crowd crowd;
  private final DrainPlan plan;
  private final RandomGenerator random;
  private final Set<Transport> told = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Transport> closing = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<Transport, Integer> waiting = new HashMap<>(); // to be flushed
  private @Nullable ArrayDeque<Guest> toClose; // null until the closing begins

  LoopDrain(Loop loop, Crowd crowd, DrainPlan plan, RandomGenerator random) {
    this.loop = loop;
    this.crowd = crowd;
    this.plan = plan;
    this.random = random;
  }

  /** Safe from any thread. */
  Loop loop() {
    return loop;
  }

  View look() {
    var count =
        new Object() {
          int sessions;
          int untold;
          int calls;
        };
    crowd.each(
        loop,
        (transport, member) -> {
          if (member.session()) {
            count.sessions++;
            count.untold += told.contains(transport) ? 0 : 1;
          }
          count.calls += member.inboundCalls();
          waiting.computeIfPresent(
              transport, (same, before) -> positive(Math.min(before, unsent(transport, member))));
        });
    long left = waiting.values().stream().mapToLong(Integer::intValue).sum();
    return new View(count.sessions, count.untold, count.calls, left);
  }

  private static int unsent(Transport transport, Member member) {
    return member.heldBack() + transport.queuedMessages();
  }

  private static @Nullable Integer positive(int messages) {
    return messages > 0 ? messages : null;
  }

  /** Tells so many sessions that do not know it yet to move, each at a moment of its own. */
  void tell(int most, Duration jitter, Duration closeIn) {
    var left =
        new Object() {
          int number = most;
        };
    crowd.each(
        loop,
        (transport, member) -> {
          if (left.number > 0 && member.session() && told.add(transport)) {
            left.number--;
            Duration in = Duration.ofMillis(random.nextLong(jitter.toMillis() + 1));
            member.tell(new Goaway(plan.reason(), in, closeIn, plan.url()));
          }
        });
  }

  /** What waits from now on counts as what is to be flushed; what comes later does not. */
  void refuseCalls() {
    crowd.each(
        loop,
        (transport, member) -> {
          member.refuseCalls();
          int unsent = unsent(transport, member);
          if (unsent > 0) {
            waiting.put(transport, unsent);
          }
        });
  }

  /** What became of wanting to close some. */
  record Begun(int closes, long dropped) {}

  /** Begins to close so many more; fewer only if there are no more. */
  Begun close(int most) {
    ArrayDeque<Guest> queue = toClose;
    if (queue == null) {
      ArrayDeque<Guest> all = new ArrayDeque<>();
      crowd.each(loop, (transport, member) -> all.add(new Guest(transport, member)));
      toClose = queue = all;
    }
    int begun = 0;
    long dropped = 0;
    while (begun < most) {
      Guest next = queue.poll();
      if (next == null) {
        break;
      }
      if (next.transport().open() && closing.add(next.transport())) {
        begun++;
        dropped += next.member().heldBack();
        CloseCode code = next.member().session() ? CloseCode.DRAIN : CloseCode.GOING_AWAY;
        next.transport().close(code.value(), REASON);
      }
    }
    return new Begun(begun, dropped);
  }

  /** What became of cutting the rest. */
  record Cut(int failed, long dropped) {}

  Cut cut() {
    var count =
        new Object() {
          int failed;
          long dropped;
        };
    crowd.each(
        loop,
        (transport, member) -> {
          count.failed++;
          count.dropped +=
              transport.queuedMessages() + (closing.contains(transport) ? 0 : member.heldBack());
          transport.abort();
        });
    return new Cut(count.failed, count.dropped);
  }

  /** Somebody has left. True if it was asked to close. */
  boolean left(Transport transport) {
    told.remove(transport);
    waiting.remove(transport);
    return closing.remove(transport);
  }
}
