package dev.everwire.session.internal;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.internal.rpc.CallOutcome;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tells one call's progress to its listener: on workers, one value at a time, in order, and the end
 * of the call behind them. Values that come faster than the listener takes them push out the
 * oldest. Safe from any thread.
 */
final class ProgressTeller {
  private static final Logger LOG = System.getLogger(ProgressTeller.class.getName());
  private static final int MOST_WAITING = 100;
  private static final long MOST_BYTES = 1024 * 1024; // one value always may wait

  private final CallOptions.Progress wanted;
  private final ValueCodec values;
  private final Executor workers;
  private final ReentrantLock lock = new ReentrantLock();
  // guarded by lock
  private final ArrayDeque<RawJson> waiting = new ArrayDeque<>();
  private long bytes; // of what waits
  private @Nullable Runnable end;
  private boolean telling;

  ProgressTeller(CallOptions.Progress wanted, ValueCodec values, Executor workers) {
    this.wanted = wanted;
    this.values = values;
    this.workers = workers;
  }

  void tell(RawJson value) {
    lock.lock();
    try {
      if (end != null) {
        return;
      }
      waiting.add(value);
      bytes += value.length();
      while (waiting.size() > MOST_WAITING || (bytes > MOST_BYTES && waiting.size() > 1)) {
        bytes -= waiting.remove().length();
      }
      if (telling) {
        return;
      }
      telling = true;
    } finally {
      lock.unlock();
    }
    start();
  }

  /**
   * The call has ended. An answer comes behind what was told before it; any other end waits for no
   * listener, and what waits is dropped.
   *
   * @param then run when nothing more will be told; here and now unless it is an answer behind
   *     something that is being told
   */
  void end(CallOutcome outcome, Runnable then) {
    boolean answer =
        outcome instanceof CallOutcome.Answered || outcome instanceof CallOutcome.Refused;
    boolean now;
    lock.lock();
    try {
      now = !telling || !answer;
      end = now ? () -> {} : then;
      if (now) {
        waiting.clear();
        bytes = 0;
      }
    } finally {
      lock.unlock();
    }
    if (now) {
      then.run();
    }
  }

  private void start() {
    try {
      workers.execute(this::run);
    } catch (RejectedExecutionException e) {
      drop();
    }
  }

  /** The end of everything: nobody is left to tell. */
  private void drop() {
    lock.lock();
    try {
      waiting.clear();
      bytes = 0;
    } finally {
      lock.unlock();
    }
    var unused = next();
  }

  private void run() {
    for (RawJson next = next(); next != null; next = next()) {
      try {
        wanted.listener().accept(bound(next));
      } catch (Throwable e) { // the listener's own trouble must not cost the call its end
        LOG.log(Level.DEBUG, "progress was not taken", e);
      }
    }
  }

  private @Nullable Object bound(RawJson value) {
    return wanted.type() == RawJson.class ? value : values.decode(value, wanted.type());
  }

  /** Null, once, when there is nothing more to tell for now. */
  private @Nullable RawJson next() {
    Runnable then;
    lock.lock();
    try {
      RawJson next = waiting.poll();
      if (next != null) {
        bytes -= next.length();
        return next;
      }
      telling = false;
      then = end;
    } finally {
      lock.unlock();
    }
    if (then != null) {
      then.run();
    }
    return null;
  }
}
