package dev.everwire.client.internal.topic;

import dev.everwire.protocol.Position;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where the events of one subscription wait for its reader; a {@link Backlog} decides what gives
 * way when they are too many. Safe from any thread; the loop fills it and never waits.
 */
public final class EventBuffer {
  private final Runnable overflowed;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All guarded by lock.
  private final Backlog backlog;
  private @Nullable Ending ending;

  /**
   * @param overflowed called once if there was no room and so the stream ended here, where {@link
   *     #piece} was called
   */
  public EventBuffer(Room room, Runnable overflowed) {
    this.backlog = new Backlog(room);
    this.overflowed = overflowed;
  }

  public void begin(Position position) {
    lock.lock();
    try {
      backlog.begin(position);
    } finally {
      lock.unlock();
    }
  }

  /** Answers whether its reader has begun to miss events by this one. */
  public boolean piece(Piece piece) {
    boolean full = false;
    boolean lags = false;
    lock.lock();
    try {
      if (ending == null) {
        long before = backlog.lags();
        full = !backlog.add(piece);
        lags = full || backlog.lags() > before;
        if (full) {
          ending = new Ending.Overflowed("no room for " + piece.position());
          changed.signalAll();
        } else {
          changed.signal();
        }
      }
    } finally {
      lock.unlock();
    }
    if (full) {
      overflowed.run();
    }
    return lags;
  }

  /** What waits can still be taken. */
  public void end(Ending why) {
    lock.lock();
    try {
      if (ending == null) {
        ending = why;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends at once; what waits is thrown away. False if it had ended this way before. */
  public boolean discard(Ending.Closed why) {
    lock.lock();
    try {
      boolean first = !(ending instanceof Ending.Closed);
      ending = first ? why : ending;
      backlog.clear();
      changed.signalAll();
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next. Null when there is none and none will come: see {@link #ending}. */
  public @Nullable Piece take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Piece piece = backlog.remove();
      while (piece == null && ending == null) {
        changed.await();
        piece = backlog.remove();
      }
      return piece;
    } finally {
      lock.unlock();
    }
  }

  /** The next, waiting for at most so long; null if there is none. */
  public @Nullable Piece poll(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      Piece piece = backlog.remove();
      while (piece == null && ending == null && left > 0) {
        left = changed.awaitNanos(left);
        piece = backlog.remove();
      }
      return piece;
    } finally {
      lock.unlock();
    }
  }

  /** The next if it is here. */
  public @Nullable Piece poll() {
    lock.lock();
    try {
      return backlog.remove();
    } finally {
      lock.unlock();
    }
  }

  /** Where the stream began; null until that is known. */
  public @Nullable Position began() {
    lock.lock();
    try {
      return backlog.began();
    } finally {
      lock.unlock();
    }
  }

  /** Behind what came last, or where the stream began; null until that is known. */
  public @Nullable Position last() {
    lock.lock();
    try {
      return backlog.last();
    } finally {
      lock.unlock();
    }
  }

  /** Why nothing more comes in; null while it may. */
  public @Nullable Ending ending() {
    lock.lock();
    try {
      return ending;
    } finally {
      lock.unlock();
    }
  }

  /** Events and gaps that wait. */
  public int waiting() {
    lock.lock();
    try {
      return backlog.size();
    } finally {
      lock.unlock();
    }
  }

  /** Events for which there was no room, ever. */
  public long dropped() {
    lock.lock();
    try {
      return backlog.dropped();
    } finally {
      lock.unlock();
    }
  }

  /** Events that gave way to a later one of their key, ever. */
  public long conflated() {
    lock.lock();
    try {
      return backlog.conflated();
    } finally {
      lock.unlock();
    }
  }
}
