package dev.everwire.client.internal.calls;

import dev.everwire.client.internal.calls.Item.Call;
import dev.everwire.session.internal.rpc.CallOutcome;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends what waits, in order, until nothing may go: nothing waits, the server takes no more, the
 * limiters have no tokens, or the connection has enough to do. Event loop only.
 */
final class Pump {
  private final Waiting waiting;
  private final OnWire out;
  private final LimiterGate limits;
  private final BiConsumer<Call, CallOutcome> finish;
  private final LongSupplier clock; // the loop's
  private boolean running;
  private boolean stalled; // the connection had enough to do

  Pump(
      Waiting waiting,
      OnWire out,
      LimiterGate limits,
      BiConsumer<Call, CallOutcome> finish,
      LongSupplier clock) {
    this.waiting = waiting;
    this.out = out;
    this.limits = limits;
    this.finish = finish;
    this.clock = clock;
  }

  /** Nothing, if it is at it already. */
  void run() {
    if (running) {
      return;
    }
    running = true;
    stalled = false;
    try {
      for (Item next = next(); next != null && !stalled; next = next()) {
        stalled = out.busy();
        if (!stalled) {
          pass(next, clock.getAsLong());
        }
      }
    } finally {
      running = false;
    }
  }

  /** Lets something else go first; what is made meanwhile waits. */
  void behind(Runnable first) {
    running = true;
    try {
      first.run();
    } finally {
      running = false;
    }
    run();
  }

  /** Whether what comes now has to wait its turn. */
  boolean running() {
    return running;
  }

  /** Whether what waits should be looked at soon. */
  boolean stalled() {
    return stalled;
  }

  private @Nullable Item next() {
    Item next = out.working() == null ? null : waiting.next(clock.getAsLong());
    return next != null && out.takes(next.calls()) ? next : null;
  }

  private void pass(Item next, long now) {
    switch (limits.ask(next, waiting, now)) {
      case LimiterGate.Answer.Go() -> {
        waiting.remove(next);
        out.send(next, true, now);
      }
      case LimiterGate.Answer.Wait(long until) -> waiting.dry(next, until);
      case LimiterGate.Answer.Refuse(CallOutcome outcome) -> {
        waiting.remove(next);
        next.callsInIt().forEach(call -> finish.accept(call, outcome));
      }
    }
  }
}
