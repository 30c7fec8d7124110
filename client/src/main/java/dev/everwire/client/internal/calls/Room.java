package dev.everwire.client.internal.calls;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How much waits and how much may. Safe from any thread, so that a caller need not wait for the
 * loop to know whether its message fits.
 */
final class Room {
  private final Runnable pressure;
  private final ReentrantLock lock = new ReentrantLock();

  private final AtomicInteger messages = new AtomicInteger(); // written under lock, read by anybody

  // guarded by lock
  private long bytes;
  private int mostMessages;
  private long mostBytes;
  private boolean pressed;

  /**
   * @param pressure is told that {@link #pressed} changed
   */
  Room(Runnable pressure) {
    this.pressure = pressure;
  }

  /** What fits from now on; what is in stays. Nothing fits where no message does. */
  void bounds(int newMessages, long newBytes) {
    boolean changed;
    lock.lock();
    try {
      mostMessages = newMessages;
      mostBytes = newBytes;
      changed = look();
    } finally {
      lock.unlock();
    }
    tell(changed);
  }

  /** Takes room if there is. One message is always admitted to an empty queue. */
  boolean take(int count, long size) {
    return take(count, size, 1);
  }

  /**
   * As the other where others will be dropped for it: up to so many times the bounds until then.
   */
  boolean take(int count, long size, int times) {
    boolean changed;
    lock.lock();
    try {
      boolean fits =
          messages.get() + count <= (long) mostMessages * times
              && bytes + size <= mostBytes * times;
      if (mostMessages == 0 || (messages.get() > 0 && !fits)) {
        return false;
      }
      changed = add(count, size);
    } finally {
      lock.unlock();
    }
    tell(changed);
    return true;
  }

  /** Takes room for what was accepted before. */
  void force(int count, long size) {
    boolean changed;
    lock.lock();
    try {
      changed = add(count, size);
    } finally {
      lock.unlock();
    }
    tell(changed);
  }

  void give(int count, long size) {
    force(-count, -size);
  }

  /** Whether more than half is taken, until it is less than a quarter. */
  boolean pressed() {
    lock.lock();
    try {
      return pressed;
    } finally {
      lock.unlock();
    }
  }

  /** Whether more is in than fits, so that something has to give way. */
  boolean over() {
    lock.lock();
    try {
      return messages.get() > 1 && (messages.get() > mostMessages || bytes > mostBytes);
    } finally {
      lock.unlock();
    }
  }

  int messages() {
    return messages.get();
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  private boolean add(int count, long size) {
    messages.addAndGet(count);
    bytes += size;
    return look();
  }

  private boolean look() {
    int in = messages.get();
    boolean high = in * 2L > mostMessages || bytes * 2 > mostBytes;
    boolean low = in * 4L < mostMessages && bytes * 4 < mostBytes;
    boolean now = in > 0 && (pressed ? !low : high);
    boolean changed = now != pressed;
    pressed = now;
    return changed;
  }

  /** Without the lock. */
  private void tell(boolean changed) {
    if (changed) {
      pressure.run();
    }
  }
}
