package dev.everwire.server.internal.registry;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the connections of one loop have done. Added to on the loop only, as cheaply as to a plain
 * field; read from any thread.
 */
public final class LoopCounts {

  public enum Count {
    /** Open now. */
    SESSIONS(0),
    MESSAGES_IN(1),
    /** Those that were queued. */
    MESSAGES_OUT(2),
    /** Of payload. */
    BYTES_IN(3),
    /** Of payload that was queued. */
    BYTES_OUT(4);

    private final int slot;

    Count(int slot) {
      this.slot = slot;
    }
  }

  private static final int SLOTS = 16; // so that two loops never write to one cache line

  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

  void add(Count count, long n) {
    slots.setOpaque(count.slot, slots.getPlain(count.slot) + n); // one writer: nothing is lost
  }

  long get(Count count) {
    return slots.getOpaque(count.slot);
  }
}
