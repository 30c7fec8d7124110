package dev.everwire.session.flow;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps from trying what fails again and again. Closed, everything may pass; after too many
 * failures it is open and nothing may; after a while it is half-open and a few trials may, whose
 * success closes it and whose failure opens it again. One breaker stands before one target; several
 * clients may share it. Safe from any thread.
 *
 * <p>By default: 5 failures in a row open it, 60 s later at most 3 trials run at once, and 2
 * successes close it.
 *
 * <p>Each {@code now} is nanoseconds of one clock that only grows, the same for all who share it.
 */
public final class CircuitBreaker {
  private static final Logger LOG = System.getLogger(CircuitBreaker.class.getName());
  private static final int MOST_UNTOLD = 64;

  public enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  /**
   * Is told each change in order, one at a time, on the thread of whoever caused it: must not
   * block. What it throws is logged.
   */
  @FunctionalInterface
  public interface Listener {
    void changed(State from, State to);
  }

  private record Change(State from, State to) {}

  private final BreakerBuilder settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Tally tally; // guarded by lock, as all that follows

  private State state = State.CLOSED;
  private long since; // of this state, while it is not closed
  private long generation; // grows with each change, so that old results count for nothing
  private int trials; // that run, while half-open
  private int successes; // while half-open
  private final ArrayDeque<Change> untold = new ArrayDeque<>();
  private boolean telling;

  CircuitBreaker(BreakerBuilder settings) {
    this.settings = settings;
    this.tally = settings.tally();
  }

  /** With the defaults. */
  public static CircuitBreaker create() {
    return builder().build();
  }

  public static BreakerBuilder builder() {
    return new BreakerBuilder();
  }

  /** Leave to try once. The first word about how it went counts; one of them has to be said. */
  public final class Permit {
    private final long given;
    private boolean used; // guarded by lock

    private Permit(long given) {
      this.given = given;
    }

    public void succeeded(long now) {
      settle(this, true, now);
    }

    public void failed(long now) {
      settle(this, false, now);
    }

    /** It was not tried after all. */
    public void unused(long now) {
      settle(this, null, now);
    }
  }

  /** Asks for leave to try; empty while it is open, or half-open with all its trials running. */
  public Optional<Permit> enter(long now) {
    lock.lock();
    try {
      advance(now);
      if (state == State.OPEN || (state == State.HALF_OPEN && trials >= settings.trials)) {
        return Optional.empty();
      }
      trials += state == State.HALF_OPEN ? 1 : 0;
      return Optional.of(new Permit(generation));
    } finally {
      lock.unlock();
      tell();
    }
  }

  public State state(long now) {
    lock.lock();
    try {
      advance(now);
      return state;
    } finally {
      lock.unlock();
      tell();
    }
  }

  /** How long until {@link #enter} may be answered again; zero if it is now. */
  public Duration untilTrial(long now) {
    lock.lock();
    try {
      advance(now);
      boolean free =
          state == State.CLOSED || (state == State.HALF_OPEN && trials < settings.trials);
      return free ? Duration.ZERO : Duration.ofNanos(since + settings.openNanos() - now);
    } finally {
      lock.unlock();
      tell();
    }
  }

  /** Closed again, with a clean record. */
  public void reset(long now) {
    lock.lock();
    try {
      become(State.CLOSED, now);
    } finally {
      lock.unlock();
      tell();
    }
  }

  private void advance(long now) {
    if (state == State.CLOSED || now - since < settings.openNanos()) {
      return;
    }
    if (state == State.OPEN) {
      become(State.HALF_OPEN, now);
    } else if (trials >= settings.trials) {
      // Nobody said how the trials went: they must not keep it half-open for ever.
      generation++;
      trials = 0;
      since = now;
    }
  }

  private void settle(Permit permit, @Nullable Boolean success, long now) {
    lock.lock();
    try {
      if (permit.used || permit.given != generation) {
        return;
      }
      permit.used = true;
      if (state == State.HALF_OPEN) {
        trials--;
        if (success != null) {
          trialEnded(success, now);
        }
      } else if (success != null && tally.add(success)) {
        become(State.OPEN, now);
      }
    } finally {
      lock.unlock();
      tell();
    }
  }

  private void trialEnded(boolean success, long now) {
    if (!success) {
      become(State.OPEN, now);
    } else if (++successes >= settings.successes) {
      become(State.CLOSED, now);
    }
  }

  private void become(State next, long now) {
    if (untold.size() >= MOST_UNTOLD) {
      untold.remove(); // a listener that blocks misses the oldest
    }
    if (next != state) {
      untold.add(new Change(state, next));
    }
    state = next;
    since = now;
    generation++;
    trials = 0;
    successes = 0;
    tally.clear();
  }

  private void tell() {
    for (Change next = nextUntold(); next != null; next = nextUntold()) {
      try {
        settings.listener.changed(next.from(), next.to());
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "breaker listener failed from=" + next.from() + " to=" + next.to(), e);
      } finally {
        told();
      }
    }
  }

  private @Nullable Change nextUntold() {
    lock.lock();
    try {
      if (telling || untold.isEmpty()) {
        return null;
      }
      telling = true;
      return untold.remove();
    } finally {
      lock.unlock();
    }
  }

  private void told() {
    lock.lock();
    try {
      telling = false;
    } finally {
      lock.unlock();
    }
  }
}
