package dev.everwire.client.internal.foreign;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for their answer, or for being sent at all. Each is registered before it is
 * sent and ends exactly once: whoever takes it out ends it. Never longer than its capacity. Event
 * loop only; times are nanoseconds of the loop.
 *
 * @param <A> what an answer is
 */
public final class PendingRequests<A> {

  /** What became of a registration. */
  public enum Admission {
    ADDED,
    /** As many wait as may. */
    FULL,
    /** A request of this id waits already. */
    DUPLICATE,
    /** No request is taken any more. */
    CLOSED
  }

  /** How a request ended. */
  public sealed interface Outcome<A> {

    record Answered<A>(A answer) implements Outcome<A> {}

    record Expired<A>() implements Outcome<A> {}

    /**
     * @param maybeExecuted whether it had been sent
     */
    record Lost<A>(boolean maybeExecuted, String reason) implements Outcome<A> {}
  }

  /** Is told the end. Must not block. */
  public interface Waiter<A> {
    void ended(Outcome<A> outcome);
  }

  private static final class Entry<A> {
    final String id;
    final long deadline;
    final long serial;
    final boolean repeatable;
    final Waiter<A> waiter;
    boolean sent; // on the present connection
    boolean everSent;

    Entry(String id, long deadline, long serial, boolean repeatable, Waiter<A> waiter) {
      this.id = id;
      this.deadline = deadline;
      this.serial = serial;
      this.repeatable = repeatable;
      this.waiter = waiter;
    }

    long until(long now) {
      return deadline - now;
    }
  }

  private final int capacity;
  private final Map<String, Entry<A>> entries = new HashMap<>();
  // Deadlines are compared as differences: System.nanoTime may wrap.
  private final TreeSet<Entry<A>> byDeadline =
      new TreeSet<>((one, other) -> {
        int later = Long.signum(one.deadline - other.deadline);
        return later != 0 ? later : Long.compare(one.serial, other.serial);
      });
  private long serial;
  private @Nullable String closed;

  public PendingRequests(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity: " + capacity + " (expected: >= 1)");
    }
    this.capacity = capacity;
  }

  /**
   * Registers a request; its waiter is told only if it was added.
   *
   * @param deadline covers what it waits before it is sent, too
   * @param repeatable may be sent again on another connection, so it outlives the loss of one
   */
  public Admission add(String id, long deadline, boolean repeatable, Waiter<A> waiter) {
    if (closed != null) {
      return Admission.CLOSED;
    }
    if (entries.containsKey(id)) {
      return Admission.DUPLICATE;
    }
    if (entries.size() >= capacity) {
      return Admission.FULL;
    }
    Entry<A> entry = new Entry<>(id, deadline, ++serial, repeatable, waiter);
    entries.put(id, entry);
    byDeadline.add(entry);
    return Admission.ADDED;
  }

  /** Whether somebody waits for this id. What nobody waits for is not sent. */
  public boolean waits(String id) {
    return entries.containsKey(id);
  }

  /** It was given to a connection. */
  public void sent(String id) {
    Entry<A> entry = entries.get(id);
    if (entry != null) {
      entry.sent = true;
      entry.everSent = true;
    }
  }

  /** Ends a request with its answer. False if none of this id was sent: late, or another's. */
  public boolean answer(String id, A answer) {
    Entry<A> entry = entries.get(id);
    return entry != null && entry.sent && end(id, new Outcome.Answered<>(answer));
  }

  /** Takes a request out without telling its waiter, who does not want it any more. */
  public boolean forget(String id) {
    return take(id) != null;
  }

  /** Ends what is not going to be sent, or not again. */
  public boolean drop(String id, String reason) {
    Entry<A> entry = entries.get(id);
    return entry != null && end(id, new Outcome.Lost<>(entry.everSent, reason));
  }

  /** Ends what is past its deadline. */
  public void expire(long now) {
    while (!byDeadline.isEmpty() && byDeadline.first().until(now) <= 0) {
      end(byDeadline.first().id, new Outcome.Expired<>());
    }
  }

  /** Nanoseconds until the first deadline, {@link Long#MAX_VALUE} if nothing waits. */
  public long untilNext(long now) {
    return byDeadline.isEmpty() ? Long.MAX_VALUE : byDeadline.first().until(now);
  }

  /**
   * The connection is gone. What was sent on it ends, unless it may be repeated.
   *
   * @return ids to be sent again on the next connection, oldest first
   */
  public List<String> lost(String reason) {
    List<String> again = new ArrayList<>();
    for (Entry<A> entry : oldestFirst()) {
      if (entry.sent && entry.repeatable) {
        entry.sent = false;
        again.add(entry.id);
      } else if (entry.sent) {
        end(entry.id, new Outcome.Lost<>(true, reason));
      }
    }
    return again;
  }

  /** Ends everything; what comes later is not taken. */
  public void close(String reason) {
    closed = reason;
    for (Entry<A> entry : oldestFirst()) {
      end(entry.id, new Outcome.Lost<>(entry.everSent, reason));
    }
  }

  public int size() {
    return entries.size();
  }

  private List<Entry<A>> oldestFirst() {
    List<Entry<A>> all = new ArrayList<>(entries.values());
    all.sort(Comparator.comparingLong(entry -> entry.serial));
    return all;
  }

  private boolean end(String id, Outcome<A> outcome) {
    Entry<A> entry = take(id);
    if (entry == null) {
      return false;
    }
    entry.waiter.ended(outcome);
    return true;
  }

  private @Nullable Entry<A> take(String id) {
    Entry<A> entry = entries.remove(id);
    if (entry != null) {
      byDeadline.remove(entry);
    }
    return entry;
  }
}
