package dev.everwire.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the user every status, one at a time and in order, away from the loop. Without a bound,
 * because none may be dropped: a slow listener costs one small object for each dial meanwhile. Safe
 * from any thread.
 */
final class StatusMailbox {
  private static final Logger LOG = System.getLogger(StatusMailbox.class.getName());

  private final Consumer<Status> listener;
  private final Executor workers;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Status> waiting = new ArrayDeque<>(); // guarded by lock
  private boolean draining; // guarded by lock
  private volatile @Nullable Thread teller; // written by the one that drains, read by anybody

  StatusMailbox(Consumer<Status> listener, Executor workers) {
    this.listener = listener;
    this.workers = workers;
  }

  void tell(Status status) {
    lock.lock();
    try {
      waiting.add(status);
      if (draining) {
        return;
      }
      draining = true;
    } finally {
      lock.unlock();
    }
    try {
      workers.execute(this::drain);
    } catch (RejectedExecutionException e) {
      Thread.ofVirtual().name("everwire-status").start(this::drain); // the last word must be heard
    }
  }

  /** Done when the listener was told {@link Status.Closed}. */
  CompletableFuture<Void> closed() {
    return closed;
  }

  /** Whether the caller is the listener, being told. */
  boolean telling() {
    return Thread.currentThread().equals(teller);
  }

  private void drain() {
    teller = Thread.currentThread();
    for (Status next = take(); next != null; next = take()) {
      try {
        listener.accept(next);
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "status listener failed status=" + next, e);
      }
      if (next instanceof Status.Closed) {
        closed.complete(null);
      }
    }
  }

  private @Nullable Status take() {
    lock.lock();
    try {
      Status next = waiting.poll();
      if (next == null) {
        draining = false;
        teller = null;
      }
      return next;
    } finally {
      lock.unlock();
    }
  }
}
