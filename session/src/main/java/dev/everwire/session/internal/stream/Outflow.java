package dev.everwire.session.internal.stream;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Items;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where the items of one stream wait to be sent: a thread puts them, as far as the consumer has
 * granted and there is room; the loop takes them and never waits. Safe from any thread.
 */
public final class Outflow {
  private static final long MOST_CREDITS = Long.MAX_VALUE / 2; // so that adding never overflows
  private static final long ROOM = 64 * 1024; // bytes that wait here; one item always may
  private static final int OVERHEAD = 32; // bytes that an item costs beyond its text, about

  private final RequestId id;
  private final int arg;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // guarded by lock
  private final ArrayDeque<RawJson> items = new ArrayDeque<>();
  private Runnable ready = () -> {};
  private Runnable onClose = () -> {};
  private long mostItemBytes = Long.MAX_VALUE;
  private long credits;
  private long bytes; // of what waits, with overhead
  private long sent;
  private boolean told; // the loop knows that something waits
  private boolean closed;

  /**
   * @param arg which argument of the call; 0 for its result
   * @param credits granted with the call
   */
  public Outflow(RequestId id, int arg, long credits) {
    this.id = id;
    this.arg = arg;
    this.credits = Math.min(credits, MOST_CREDITS);
  }

  public RequestId id() {
    return id;
  }

  public int arg() {
    return arg;
  }

  /**
   * Gets ready for {@link #put}.
   *
   * @param ready makes the loop {@link #poll}; called on the producer's thread
   * @param mostItemBytes the peer takes no larger ones
   */
  public void open(Runnable ready, long mostItemBytes) {
    lock.lock();
    try {
      this.ready = ready;
      this.mostItemBytes = mostItemBytes;
    } finally {
      lock.unlock();
    }
  }

  /** Does something when it is closed; at once if it is. */
  public void onClose(Runnable then) {
    lock.lock();
    try {
      if (!closed) {
        onClose = then;
        return;
      }
    } finally {
      lock.unlock();
    }
    then.run();
  }

  public boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** The consumer takes so many more, at least 1. */
  public void grant(long n) {
    lock.lock();
    try {
      credits = Math.min(credits + Math.min(n, MOST_CREDITS), MOST_CREDITS);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for credit and room, then leaves the item to the loop.
   *
   * @throws FaultException nobody wants it any more, or it is larger than the peer takes
   */
  public void put(RawJson item) throws InterruptedException {
    Runnable tell;
    lock.lockInterruptibly();
    try {
      if (item.length() > mostItemBytes) {
        throw new FaultException(
            FaultCode.TOO_LARGE, "an item of the stream is larger than the peer takes");
      }
      long room = Math.min(ROOM, mostItemBytes); // all that waits leaves in one message
      while (!closed && (credits == 0 || (bytes > 0 && bytes + item.length() + OVERHEAD > room))) {
        changed.await();
      }
      refuseIfClosed();
      credits--;
      items.add(item);
      bytes += item.length() + OVERHEAD;
      tell = told ? null : ready;
      told = true;
    } finally {
      lock.unlock();
    }
    if (tell != null) {
      tell.run();
    }
  }

  /** Waits until all that was put has been taken by the loop. */
  public void finish() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && !items.isEmpty()) {
        changed.await();
      }
      refuseIfClosed();
    } finally {
      lock.unlock();
    }
  }

  private void refuseIfClosed() {
    if (closed) {
      throw new FaultException(FaultCode.CANCELLED, "nobody waits for the items any more");
    }
  }

  /**
   * All that waits, to be sent: as much as fits a message of ordinary size, or one item that does
   * not; null if nothing does. The loop is told again of what is put later. On the loop.
   */
  public @Nullable Items poll() {
    lock.lock();
    try {
      told = false;
      if (items.isEmpty()) {
        return null;
      }
      List<RawJson> next = new ArrayList<>(items.size());
      next.addAll(items); // never more than ROOM, but for one that is larger by itself
      items.clear();
      bytes = 0;
      long first = sent + 1;
      sent += next.size();
      changed.signalAll();
      return new Items(id, arg, first, next);
    } finally {
      lock.unlock();
    }
  }

  /** Nobody wants the items any more: what waits is thrown away, who puts is told. Idempotent. */
  public void close() {
    Runnable then;
    lock.lock();
    try {
      closed = true;
      items.clear();
      bytes = 0;
      changed.signalAll();
      then = onClose;
      onClose = () -> {};
    } finally {
      lock.unlock();
    }
    then.run();
  }
}
