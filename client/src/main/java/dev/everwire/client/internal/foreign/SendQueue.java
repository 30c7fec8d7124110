package dev.everwire.client.internal.foreign;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait to be written: for a connection, for room in it, or for their rate limiter.
 * Bounded in number, bytes and age; one is always admitted to an empty queue. Those of one lane
 * keep their order; a lane that has to wait holds up no other. Safe from any thread; tells nobody
 * anything while it is locked.
 *
 * @param <M> a message
 */
public final class SendQueue<M> {

  /** What became of a message. */
  public enum Admission {
    QUEUED,
    FULL,
    CLOSED
  }

  /** A message that waits. Equal only to itself. */
  public static final class Waiting<M> {
    private final M message;
    private final long bytes;
    private final String lane;
    private final long since;
    private volatile boolean unwanted; // set by whoever waits for it, from any thread

    /**
     * @param lane which rate limiter it has to pass, empty for none
     * @param since now, in nanoseconds of the loop
     */
    public Waiting(M message, long bytes, String lane, long since) {
      this.message = message;
      this.bytes = bytes;
      this.lane = lane;
      this.since = since;
    }

    public M message() {
      return message;
    }

    public String lane() {
      return lane;
    }

    /** Nobody waits for it any more: it is not going to be written. */
    public void forget() {
      unwanted = true;
    }
  }

  private final boolean dropOldest;
  private final long age;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private final Map<String, Deque<Waiting<M>>> lanes = new LinkedHashMap<>();
  private int maxMessages;
  private long maxBytes;
  private int size;
  private long bytes;
  private boolean pressed;
  private boolean closed;

  /**
   * Takes nothing until {@link #bounds} are set.
   *
   * @param dropOldest when it is full the oldest give way, else what comes is not taken
   * @param age how long each may wait
   */
  public SendQueue(boolean dropOldest, Duration age) {
    this.dropOldest = dropOldest;
    this.age = age.toNanos();
  }

  /** How much may wait from now on; what waits already stays. 0 messages: nothing is taken. */
  public void bounds(int messages, long bytes) {
    lock.lock();
    try {
      maxMessages = messages;
      maxBytes = bytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a message.
   *
   * @param gaveWay takes those that were thrown away for it
   */
  public Admission add(Waiting<M> message, List<Waiting<M>> gaveWay) {
    lock.lock();
    try {
      if (closed || maxMessages == 0) {
        return Admission.CLOSED;
      }
      if (!fits(message)) {
        removeUnwanted();
      }
      while (!fits(message)) {
        Waiting<M> oldest = dropOldest ? oldest() : null;
        if (oldest == null) {
          return Admission.FULL;
        }
        remove(oldest);
        gaveWay.add(oldest);
      }
      lanes.computeIfAbsent(message.lane, name -> new ArrayDeque<>()).addLast(message);
      size++;
      bytes += message.bytes;
      return Admission.QUEUED;
    } finally {
      lock.unlock();
    }
  }

  /** Puts back what was taken out last and could not be written: it is the next again. */
  public void putBack(Waiting<M> message) {
    lock.lock();
    try {
      lanes.computeIfAbsent(message.lane, name -> new ArrayDeque<>()).addFirst(message);
      size++;
      bytes += message.bytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes out the next that may be written now.
   *
   * @param passes asks a lane's limiter, once for each message that waits for it
   * @return null if there is none
   */
  public @Nullable Waiting<M> poll(Predicate<String> passes) {
    lock.lock();
    try {
      for (Deque<Waiting<M>> lane : lanes.values()) {
        Waiting<M> first = lane.peek();
        while (first != null && first.unwanted) {
          remove(first);
          first = lane.peek();
        }
        if (first != null && (first.lane.isEmpty() || passes.test(first.lane))) {
          remove(first);
          return first;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes out what is too old.
   *
   * @param from ages are counted from then on at the earliest
   */
  public List<Waiting<M>> expired(long now, long from) {
    List<Waiting<M>> expired = new ArrayList<>();
    lock.lock();
    try {
      for (Deque<Waiting<M>> lane : lanes.values()) {
        for (Waiting<M> first = lane.peek();
            first != null && (first.unwanted || now - begin(first, from) >= age);
            first = lane.peek()) {
          remove(first);
          if (!first.unwanted) {
            expired.add(first);
          }
        }
      }
    } finally {
      lock.unlock();
    }
    return expired;
  }

  /** Nanoseconds until something is too old, {@link Long#MAX_VALUE} if nothing waits. */
  public long untilNext(long now, long from) {
    lock.lock();
    try {
      Waiting<M> oldest = oldest();
      return oldest == null ? Long.MAX_VALUE : begin(oldest, from) + age - now;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out what fits this. */
  public List<Waiting<M>> take(Predicate<M> which) {
    return removeAll(waiting -> which.test(waiting.message));
  }

  /** Takes no more; what waits is taken out. */
  public List<Waiting<M>> close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    return removeAll(message -> true);
  }

  /** Whether more than half of the bounds is taken, until it is less than a quarter. */
  public boolean pressed() {
    lock.lock();
    try {
      boolean high = size * 2L > maxMessages || bytes * 2 > maxBytes;
      boolean low = size * 4L < maxMessages && bytes * 4 < maxBytes;
      pressed = size > 0 && (pressed ? !low : high);
      return pressed;
    } finally {
      lock.unlock();
    }
  }

  /** Messages that wait. */
  public int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that wait. */
  public long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** How long the oldest has waited, in nanoseconds; 0 if nothing waits. */
  public long oldestAge(long now) {
    lock.lock();
    try {
      Waiting<M> oldest = oldest();
      return oldest == null ? 0 : now - oldest.since;
    } finally {
      lock.unlock();
    }
  }

  private static long begin(Waiting<?> message, long from) {
    return message.since - from < 0 ? from : message.since;
  }

  private boolean fits(Waiting<M> message) {
    return size == 0 || (size < maxMessages && bytes + message.bytes <= maxBytes);
  }

  private @Nullable Waiting<M> oldest() {
    Waiting<M> oldest = null;
    for (Deque<Waiting<M>> lane : lanes.values()) {
      Waiting<M> first = lane.peek();
      if (first != null && (oldest == null || first.since - oldest.since < 0)) {
        oldest = first;
      }
    }
    return oldest;
  }

  private void removeUnwanted() {
    var unused = removeIf(message -> message.unwanted);
  }

  private List<Waiting<M>> removeAll(Predicate<Waiting<M>> which) {
    lock.lock();
    try {
      return removeIf(which);
    } finally {
      lock.unlock();
    }
  }

  private List<Waiting<M>> removeIf(Predicate<Waiting<M>> which) {
    List<Waiting<M>> removed = new ArrayList<>();
    for (Deque<Waiting<M>> lane : lanes.values()) {
      for (Iterator<Waiting<M>> each = lane.iterator(); each.hasNext(); ) {
        Waiting<M> message = each.next();
        if (which.test(message)) {
          each.remove();
          size--;
          bytes -= message.bytes;
          if (!message.unwanted) {
            removed.add(message);
          }
        }
      }
    }
    return removed;
  }

  private void remove(Waiting<M> message) {
    Deque<Waiting<M>> lane = lanes.get(message.lane);
    if (lane != null && lane.remove(message)) {
      size--;
      bytes -= message.bytes;
    }
  }
}
