package dev.everwire.netty.internal.loop;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hashed timer wheel: adding and cancelling cost the same however many timers wait. It has no
 * clock and no thread; its owner says what time it is. All times are nanoseconds as of {@link
 * System#nanoTime()}. One thread at a time.
 *
 * <p>Example with ticks of 50 ms: a timer for 120 ms waits in slot 3 (150 ms) and is due when the
 * wheel is moved to 150 ms or later, so it is up to one tick late and never early.
 */
public final class TimerWheel {
  static final long TICK_NANOS = 50_000_000;

  private static final int SLOTS = 512; // a power of two; once around is 25.6 s

  /** A place in the wheel; what waits extends it. */
  abstract static class Node {
    private @Nullable Node previous;
    private @Nullable Node next;
    private long deadline;
    private long dueTick;
    private boolean linked;

    /** Whether it still waits in a wheel. */
    boolean linked() {
      return linked;
    }
  }

  private final long start;
  private final @Nullable Node[] heads = new @Nullable Node[SLOTS];
  private final @Nullable Node[] tails = new @Nullable Node[SLOTS];
  private long tick; // all ticks up to this one are over
  private int size;

  TimerWheel(long now) {
    this.start = now;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** When the wheel has to be moved next. */
  long nextTickAt() {
    return start + (tick + 1) * TICK_NANOS;
  }

  void add(Node node, long deadline, long now) {
    if (size == 0) {
      tick = Math.max(tick, (now - start) / TICK_NANOS);
    }
    node.deadline = deadline;
    node.dueTick = Math.max(tick + 1, Math.ceilDiv(deadline - start, TICK_NANOS));
    int slot = slot(node);
    Node tail = tails[slot];
    node.previous = tail;
    node.next = null;
    if (tail == null) {
      heads[slot] = node;
    } else {
      tail.next = node;
    }
    tails[slot] = node;
    node.linked = true;
    size++;
  }

  void remove(Node node) {
    if (!node.linked) {
      return;
    }
    int slot = slot(node);
    Node previous = node.previous;
    Node next = node.next;
    if (previous == null) {
      heads[slot] = next;
    } else {
      previous.next = next;
    }
    if (next == null) {
      tails[slot] = previous;
    } else {
      next.previous = previous;
    }
    node.previous = null;
    node.next = null;
    node.linked = false;
    size--;
  }

  /** Takes out what is due, earliest deadline first; equal deadlines in the order of adding. */
  List<Node> advance(long now) {
    long target = (now - start) / TICK_NANOS;
    if (target <= tick || size == 0) {
      tick = Math.max(tick, target);
      return List.of();
    }
    List<Node> due = new ArrayList<>();
    long first = Math.max(tick + 1, target - SLOTS + 1); // each slot at most once
    for (long t = first; t <= target; t++) {
      collect((int) (t & (SLOTS - 1)), target, due);
    }
    tick = target;
    if (due.size() > 1) {
      due.sort(Comparator.comparingLong(node -> node.deadline - start));
    }
    return due;
  }

  private void collect(int slot, long target, List<Node> due) {
    Node node = heads[slot];
    while (node != null) {
      Node next = node.next;
      if (node.dueTick <= target) {
        remove(node);
        due.add(node);
      }
      node = next;
    }
  }

  private static int slot(Node node) {
    return (int) (node.dueTick & (SLOTS - 1));
  }
}
