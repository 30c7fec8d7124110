package dev.everwire.client.internal.calls;

import dev.everwire.client.internal.calls.Item.Call;
import dev.everwire.session.CallOptions;
import dev.everwire.session.flow.RateLimiters;
import dev.everwire.session.internal.rpc.CallOutcome;

/** Asks the limiters whether what waits may go. */
final class LimiterGate {

  /** What is answered. */
  sealed interface Answer {
    record Go() implements Answer {}

    /** Not before then. */
    record Wait(long until) implements Answer {}

    record Refuse(CallOutcome outcome) implements Answer {}
  }

  private static final Answer GO = new Answer.Go();

  private final RateLimiters limiters;

  LimiterGate(RateLimiters limiters) {
    this.limiters = limiters;
  }

  /** Takes a token if it needs one. */
  Answer ask(Item next, Waiting waiting, long now) {
    CallOptions.Limit limit =
        next instanceof Call call ? call.asked.options().limit().orElse(null) : null;
    if (limit == null) {
      return GO;
    }
    String name = limit.name();
    boolean othersFirst = !limit.waits() && waiting.any(name);
    if (!othersFirst && limiters.tryAcquire(name)) {
      return GO;
    }
    return limit.waits()
        ? new Answer.Wait(now + Math.max(1, limiters.timeUntilAvailable(name).toNanos()))
        : new Answer.Refuse(new CallOutcome.Refused(limiters.refusal(name)));
  }
}
