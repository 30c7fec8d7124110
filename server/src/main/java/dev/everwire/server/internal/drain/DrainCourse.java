package dev.everwire.server.internal.drain;

import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.drain.DrainReport;
import java.time.Duration;

/**
 * The order in which a server goes away: sessions are told and leave, new calls are refused, what
 * waits is sent, calls end, everybody is closed, whoever is left is cut. Each phase ends when there
 * is nothing more to wait for, or with its time. Immutable; times are nanoseconds of one loop.
 *
 * <pre>{@code
 * 0        40 %        70 %       80 % (or 5 s before)   95 %      100 %
 * |-- tell --|          |           |                     |          |
 * |--------- leave -----|           |                     |          |
 *             |- refuse, flush, wait for calls -|- close --|- hurry --| cut
 * }</pre>
 *
 * <p>A loop that hangs is waited for no longer than until the closing begins.
 */
final class DrainCourse {
  static final Duration LEAST = Duration.ofMillis(250);
  private static final Duration MOST_FOR_CLOSING = Duration.ofSeconds(5);
  private static final double CLOSING_SHARE = 0.2;
  private static final double HURRY_SHARE = 0.25; // of the time for closing
  private static final double TELL_SHARE = 0.4;
  private static final double LEAVE_SHARE = 0.7;
  private static final long LONGEST_PAUSE = Duration.ofMillis(100).toNanos();
  private static final long LOOK_EVERY = Duration.ofMillis(20).toNanos();
  private static final long LOOK_AT_ONE = 2_000; // a look may take a tenth of the time
  private static final long STALLED_AFTER = Duration.ofMillis(500).toNanos();
  private static final long CUT_WITHIN = Duration.ofMillis(200).toNanos();

  private final DrainPlan plan;
  private final long begin;
  private final long end;
  private final long closeAt;
  private final long hurryAt;

  DrainCourse(DrainPlan plan, long begin) {
    this.plan = plan;
    this.begin = begin;
    long all = Math.max(LEAST.toNanos(), plan.within().toNanos());
    long closing =
        Math.max(
            LEAST.toNanos(), Math.min(MOST_FOR_CLOSING.toNanos(), (long) (all * CLOSING_SHARE)));
    this.end = begin + all;
    this.closeAt = end - closing;
    this.hurryAt = end - (long) (closing * HURRY_SHARE);
  }

  Duration atMost() {
    return Duration.ofNanos(end - begin + CUT_WITHIN);
  }

  Step begin() {
    return Step.to(
        new Phase.Beginning(),
        new Effect.WakeAt(closeAt),
        new Effect.WakeAt(end),
        new Effect.LookAt(begin));
  }

  Step step(Phase phase, Input input, long now) {
    return switch (phase) {
      case Phase.Done done -> Step.to(done);
      case Phase.Cutting cutting -> cutting(cutting, input, now);
      default -> {
        if (input.tally().open() == 0) {
          yield done(flushed(phase), 0, input.tally(), now);
        }
        yield now - end >= 0 ? cut(flushed(phase), input.tally(), now) : inTime(phase, input, now);
      }
    };
  }

  private Step inTime(Phase phase, Input input, long now) {
    if (phase instanceof Phase.Closing closing) {
      return closing(closing, input, now);
    }
    if (now - closeAt >= 0) {
      return close(flushed(phase), now);
    }
    if (!(input instanceof Input.Looked(Tally tally, View view))) {
      return Step.to(phase);
    }
    long next = now + Math.max(LOOK_EVERY, tally.open() * LOOK_AT_ONE);
    return switch (phase) {
      case Phase.Beginning() -> tell(new Phase.Telling(view.untold(), 0), view, now, next);
      case Phase.Telling telling -> tell(telling, view, now, next);
      case Phase.Leaving leaving -> leave(leaving, view, now, next);
      case Phase.Flushing flushing -> flush(flushing, view, now, next);
      case Phase.Finishing finishing ->
          view.calls() == 0
              ? close(finishing.flushed(), now)
              : Step.to(finishing, new Effect.LookAt(next));
      case Phase.Closing closing -> Step.to(closing);
      case Phase.Cutting cutting -> Step.to(cutting);
      case Phase.Done done -> Step.to(done);
    };
  }

  // ---- sessions move

  private Step tell(Phase.Telling telling, View view, long now, long next) {
    int all = telling.all();
    if (view.untold() == 0) {
      return leave(new Phase.Leaving(leaveUntil(now)), view, now, next);
    }
    long pause = pause(all);
    int target = pause == 0 ? all : (int) Math.min(all, plan.batch() * (1 + (now - begin) / pause));
    if (target == telling.told()) {
      return Step.to(telling, new Effect.LookAt(next));
    }
    Effect tell = asking(target - telling.told(), now);
    return target == all
        ? Step.to(new Phase.Leaving(leaveUntil(now)), tell, new Effect.LookAt(next))
        : Step.to(
            new Phase.Telling(all, target), tell, new Effect.LookAt(Math.max(next, now + pause)));
  }

  /** Between two batches. */
  private long pause(int all) {
    long batches = (all + plan.batch() - 1L) / plan.batch();
    long spread = Math.min(plan.spread().toNanos(), share(TELL_SHARE));
    return batches <= 1 ? 0 : Math.min(LONGEST_PAUSE, spread / (batches - 1));
  }

  private Effect asking(int most, long now) {
    long jitter = Math.min(plan.jitter().toNanos(), Math.max(0, begin + share(LEAVE_SHARE) - now));
    return new Effect.Tell(most, Duration.ofNanos(jitter), Duration.ofNanos(closeAt - now));
  }

  private long leaveUntil(long now) {
    long wanted = now + plan.jitter().toNanos() + plan.patience().toNanos();
    return Math.min(wanted, begin + share(LEAVE_SHARE));
  }

  private Step leave(Phase.Leaving leaving, View view, long now, long next) {
    if (view.sessions() == 0 || now - leaving.until() >= 0) {
      long most = Math.min(plan.flushWithin().toNanos(), (long) ((end - now) * plan.flushShare()));
      return Step.to(
          new Phase.Flushing(now + most, -1, 0), new Effect.Refuse(), new Effect.LookAt(now));
    }
    return view.untold() == 0
        ? Step.to(leaving, new Effect.LookAt(next))
        : Step.to(leaving, asking(view.untold(), now), new Effect.LookAt(next)); // hello came late
  }

  // ---- what is left to do

  private static Step flush(Phase.Flushing flushing, View view, long now, long next) {
    long waited = flushing.waited() < 0 ? view.waiting() : flushing.waited();
    if (view.waiting() == 0 || now - flushing.until() >= 0) {
      return Step.to(
          new Phase.Finishing(Math.max(0, waited - view.waiting())), new Effect.LookAt(now));
    }
    return Step.to(
        new Phase.Flushing(flushing.until(), waited, view.waiting()), new Effect.LookAt(next));
  }

  // ---- the end

  private Step close(long flushed, long now) {
    return Step.to(
        new Phase.Closing(flushed, 0, now + STALLED_AFTER, false),
        new Effect.Refuse(), // where the time was over before
        new Effect.Close(plan.closesAtOnce()),
        new Effect.WakeAt(now + STALLED_AFTER),
        new Effect.WakeAt(hurryAt));
  }

  private Step closing(Phase.Closing closing, Input input, long now) {
    long flushed = closing.flushed();
    if (closing.hurried()) {
      return Step.to(closing);
    }
    if (now - hurryAt >= 0) { // at least they hear why
      return Step.to(new Phase.Closing(flushed, 0, now, true), new Effect.Close(Integer.MAX_VALUE));
    }
    long askAt = now + STALLED_AFTER;
    return switch (input) {
      case Input.Left(Tally tally, int answered) when answered > 0 ->
          Step.to(
              new Phase.Closing(flushed, closing.answered() + answered, closing.askAt(), false),
              new Effect.Close(answered));
      case Input.Wake wake when now - closing.askAt() < 0 -> Step.to(closing); // meant for another
      case Input.Wake wake when closing.answered() < plan.closesAtOnce() -> // they do not answer
          Step.to(
              new Phase.Closing(flushed, 0, askAt, false),
              new Effect.Close(plan.closesAtOnce()),
              new Effect.WakeAt(askAt));
      case Input.Wake wake ->
          Step.to(
              new Phase.Closing(flushed, 0, askAt, false), new Effect.WakeAt(now + STALLED_AFTER));
      default -> Step.to(closing);
    };
  }

  private static Step cut(long flushed, Tally before, long now) {
    long until = now + CUT_WITHIN;
    return Step.to(
        new Phase.Cutting(flushed, before, until), new Effect.Cut(), new Effect.WakeAt(until));
  }

  private Step cutting(Phase.Cutting cutting, Input input, long now) {
    if (input instanceof Input.Cut(Tally tally, int failed)) {
      return done(cutting, failed, tally, now);
    }
    return now - cutting.until() >= 0
        ? done(cutting, cutting.before().open(), input.tally(), now)
        : Step.to(cutting);
  }

  private Step done(Phase.Cutting cutting, int failed, Tally tally, long now) {
    Tally before = cutting.before();
    int closed = Math.max(0, before.gone() + before.open() - failed);
    return done(cutting.flushed(), failed, new Tally(0, closed, tally.dropped()), now);
  }

  private Step done(long flushed, int failed, Tally tally, long now) {
    return Step.to(
        new Phase.Done(
            new DrainReport(
                tally.gone(), failed, flushed, tally.dropped(), Duration.ofNanos(now - begin))));
  }

  private static long flushed(Phase phase) {
    return switch (phase) {
      case Phase.Finishing finishing -> finishing.flushed();
      case Phase.Closing closing -> closing.flushed();
      case Phase.Cutting cutting -> cutting.flushed();
      case Phase.Flushing flushing -> Math.max(0, flushing.waited() - flushing.left());
      case Phase.Beginning beginning -> 0;
      case Phase.Telling telling -> 0;
      case Phase.Leaving leaving -> 0;
      case Phase.Done done -> done.report().flushed();
    };
  }

  private long share(double of) {
    return (long) ((closeAt - begin) * of);
  }
}
