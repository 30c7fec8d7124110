package dev.everwire.session.internal;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of a handler that can be interrupted without hitting what its thread does next. Safe from
 * any thread; run once.
 */
final class Serving implements Runnable {
  private final Consumer<Boolean> body;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Thread thread; // guarded by lock; while the body runs
  private boolean interrupted; // guarded by lock

  /**
   * @param body told false if it was interrupted before it began; runs exactly once either way
   */
  Serving(Consumer<Boolean> body) {
    this.body = body;
  }

  @Override
  public void run() {
    try {
      body.accept(begin());
    } finally {
      end();
    }
  }

  void interrupt() {
    lock.lock();
    try {
      interrupted = true;
      if (thread != null) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean begin() {
    lock.lock();
    try {
      thread = Thread.currentThread();
      return !interrupted;
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      thread = null;
      if (interrupted) {
        var unused = Thread.interrupted(); // a pooled worker goes on clean
      }
    } finally {
      lock.unlock();
    }
  }
}
