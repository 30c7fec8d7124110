package dev.everwire.server.internal.registry;

import dev.everwire.server.connection.ConnectionHooks;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls {@link ConnectionHooks} on workers, for one connection one after the other. Each method is
 * called on the connection's loop.
 */
public final class HookCalls {
  private static final Logger LOG = System.getLogger(HookCalls.class.getName());
  private static final int CONNECT = 1;
  private static final int AUTHENTICATED = 2;
  private static final int RESUMED = 4;
  private static final int DISCONNECTED = 8;

  private interface Hook {
    void call(ConnectionHooks hooks);
  }

  private final @Nullable ConnectionHooks hooks;
  private final Executor workers;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private int running; // guarded by lock

  /**
   * @param hooks null if nobody wants to be told
   */
  public HookCalls(@Nullable ConnectionHooks hooks, Executor workers) {
    this.hooks = hooks;
    this.workers = workers;
  }

  void connected(Entry entry) {
    once(entry, CONNECT, to -> to.onConnect(entry));
  }

  void authenticated(Entry entry) {
    once(entry, AUTHENTICATED, to -> to.onAuthenticated(entry));
  }

  void resumed(Entry entry) {
    once(entry, RESUMED, to -> to.onResumed(entry));
  }

  /** Says nothing of a connection that was never there. */
  void disconnected(Entry entry, String reason, int code, Duration duration) {
    if (!entry.first(CONNECT)) {
      once(entry, DISCONNECTED, to -> to.onDisconnected(entry, reason, code, duration));
    }
  }

  /** On the caller's thread if there are no workers any more. */
  public void onWorker(Runnable task) {
    try {
      workers.execute(task);
    } catch (RuntimeException e) { // shutting down: who waits for this must not wait for ever
      task.run();
    }
  }

  /** Waits until no hook runs or is about to, or the time is over. */
  public void awaitIdle(Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (running > 0 && left > 0) {
        left = idle.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Runs something on a worker that {@link #awaitIdle} waits for. */
  public void tell(Runnable task) {
    count(1);
    try {
      workers.execute(() -> counted(task));
    } catch (RuntimeException e) {
      count(-1);
      LOG.log(Level.DEBUG, "nobody told, shutting down");
    }
  }

  private void counted(Runnable task) {
    try {
      task.run();
    } finally {
      count(-1);
    }
  }

  private void count(int more) {
    lock.lock();
    try {
      running += more;
      if (running == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void once(Entry entry, int hook, Hook called) {
    ConnectionHooks to = hooks;
    if (!entry.first(hook) || to == null) {
      return;
    }
    Runnable task = () -> run(to, entry, called);
    CompletableFuture<Void> before = entry.told();
    CompletableFuture<Void> done = new CompletableFuture<>();
    entry.told(done);
    Runnable next =
        () ->
            tell(() -> {
              try {
                task.run();
              } finally {
                done.complete(null);
              }
            });
    if (before == null || before.isDone()) {
      next.run();
    } else {
      count(1); // it is about to run
      var unused =
          before.whenComplete((nothing, failure) -> {
            next.run();
            count(-1);
          });
    }
  }

  /** On a worker. */
  private static void run(ConnectionHooks to, Entry entry, Hook called) {
    try {
      called.call(to);
    } catch (Throwable e) { // theirs, and nobody else's
      LOG.log(Level.ERROR, "hook failed connection=" + entry.connectionId(), e);
      if (entry.failedBefore()) {
        return;
      }
      try {
        to.onError(entry, e);
      } catch (Throwable again) {
        LOG.log(Level.ERROR, "onError failed connection=" + entry.connectionId(), again);
      }
    }
  }
}
