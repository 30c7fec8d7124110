package dev.everwire.session.transport;

import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * One event loop: a single thread of control that owns its connections and everything bound to
 * them. Tasks run one at a time, in the order they were given. {@link #execute} is safe from any
 * thread, the rest as said; nothing that runs here may block.
 *
 * <p>What is written to a connection during one pass of the loop leaves in one flush at the end of
 * the pass, whoever wrote it; earlier only where the queue would otherwise get more than half full,
 * or where a lot was written in answer to one read.
 *
 * <p>A loop ends with its {@link Listener.Listening} or {@link Dialer}; from then on it rejects
 * tasks with a {@link java.util.concurrent.RejectedExecutionException}.
 */
public interface Loop extends Executor {

  /** Whether the caller already runs on this loop. Safe from any thread. */
  boolean inLoop();

  /**
   * Whether the caller runs on this loop or another of its kind, where it must not wait for
   * anything either. Safe from any thread.
   */
  default boolean inAnyLoop() {
    return inLoop();
  }

  /** Nanoseconds that only grow; meaningful as differences. Safe from any thread. */
  long now();

  /** The wall clock. Safe from any thread. */
  Instant wallTime();

  /**
   * Runs a task on the loop, once, after a delay. Coarse on purpose (up to 100 ms late, never
   * early): all timers of a loop share one wheel. Safe from any thread.
   *
   * @param delayNanos 0 or less runs it with the next pass
   */
  Timer schedule(long delayNanos, Runnable task);

  /** A task that waits for its time. */
  interface Timer {
    /** Forgets the task unless it already ran. Safe from any thread, idempotent. */
    void cancel();
  }
}
