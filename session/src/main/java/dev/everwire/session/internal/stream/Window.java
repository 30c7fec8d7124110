package dev.everwire.session.internal.stream;

/**
 * What a consumer has granted, got and used, and so what it grants next: so many items ahead of
 * itself, fewer when they are large. Counts are of items, from the beginning. Not thread-safe.
 *
 * <p>Example for a window of 64 small items: 4 are granted with the call; when 1 of them was used,
 * 61 more are, and from then on 32 each time that only 32 are left ahead.
 */
final class Window {
  /** What to make of items that came. */
  enum Verdict {
    FINE,
    /** Not the numbers that are due. */
    OUT_OF_ORDER,
    /** More than was granted. */
    NOT_GRANTED,
    /** More bytes than we keep for anybody. */
    TOO_LARGE
  }

  /** Granted before it is known how large items are. */
  static final int FIRST = 4;

  private final int items;
  private final long bytes;
  private final long mostBytes;
  private long granted;
  private long received;
  private long used;
  private long waitingBytes; // of what was received and not used
  private long size; // of an item, about

  /**
   * @param items most that are granted ahead, at least 1
   * @param bytes from here on nothing more is granted until some were used
   * @param mostBytes beyond this nothing is taken, unless nothing else waits
   */
  Window(int items, long bytes, long mostBytes) {
    this.items = items;
    this.bytes = bytes;
    this.mostBytes = mostBytes;
  }

  /** Grants the first items; once. */
  int first() {
    int first = Math.min(FIRST, items);
    granted = first;
    return first;
  }

  /**
   * Items came. Nothing changes unless the verdict is FINE.
   *
   * @param seq the number of the first of them, from 1
   * @param length bytes of all of them
   */
  Verdict receive(long seq, int count, long length) {
    if (seq != received + 1) {
      return Verdict.OUT_OF_ORDER;
    }
    if (count > granted - received) {
      return Verdict.NOT_GRANTED;
    }
    if (waitingBytes > 0 && waitingBytes + length > mostBytes) {
      return Verdict.TOO_LARGE;
    }
    received += count;
    waitingBytes += length;
    if (count > 0) {
      long mean = length / count;
      size = Math.max(mean, (3 * size + mean) / 4); // grows at once, shrinks by and by
    }
    return Verdict.FINE;
  }

  /**
   * One item was used.
   *
   * @return how many more to grant now, mostly 0
   */
  int use(long length) {
    used++;
    waitingBytes -= length;
    long ahead = granted - used;
    long wanted = Math.clamp(bytes / Math.max(1, size), 1, items);
    if (waitingBytes >= bytes || ahead > wanted / 2) {
      return 0;
    }
    granted += wanted - ahead;
    return (int) (wanted - ahead);
  }

  /** Items that may still come. */
  long open() {
    return granted - received;
  }

  boolean begun() {
    return received > 0;
  }
}
