package dev.everwire.client.internal.calls;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Tells the user on a worker what has changed between yes and no: always the other than before, one
 * at a time, and in the end what is true. Safe from any thread.
 */
public final class Bell {
  private static final Logger LOG = System.getLogger(Bell.class.getName());

  private final BooleanSupplier truth;
  private final Consumer<Boolean> listener;
  private final Executor workers;
  private final ReentrantLock lock = new ReentrantLock();

  // guarded by lock
  private boolean told;
  private boolean telling;

  /**
   * @param truth from any thread
   */
  public Bell(BooleanSupplier truth, Consumer<Boolean> listener, Executor workers) {
    this.truth = truth;
    this.listener = listener;
    this.workers = workers;
  }

  /** It may have changed. */
  public void ring() {
    lock.lock();
    try {
      if (telling || told == truth.getAsBoolean()) {
        return;
      }
      telling = true;
    } finally {
      lock.unlock();
    }
    try {
      workers.execute(this::tell);
    } catch (RejectedExecutionException e) {
      Thread.ofVirtual().name("everwire-pressure").start(this::tell); // never on the loop
    }
  }

  private void tell() {
    while (next()) {
      try {
        listener.accept(told);
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "pressure listener failed", e);
      }
    }
  }

  private boolean next() {
    lock.lock();
    try {
      boolean now = truth.getAsBoolean();
      telling = told != now;
      told = now;
      return telling;
    } finally {
      lock.unlock();
    }
  }
}
