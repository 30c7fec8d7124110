package dev.everwire.client.foreign;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Makes ids of requests. Time and chance are passed in, so that a run can be repeated. One thread
 * at a time.
 */
public final class RequestIds {
  private static final char[] BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
  private static final int TIME_CHARS = 10;
  private static final int CHANCE_CHARS = 16;
  private static final int BITS = 5;
  private static final long HIGH = 0xffff; // 80 bits of chance: 16 here
  private static final long NOTHING_YET = -1;

  private final RandomGenerator random;
  private final LongSupplier wallMillis;
  private long lastMillis = NOTHING_YET;
  private long high; // of the last id's chance
  private long low;
  private long count;

  /**
   * @param wallMillis milliseconds since 1970
   */
  public RequestIds(RandomGenerator random, LongSupplier wallMillis) {
    this.random = random;
    this.wallMillis = wallMillis;
  }

  /**
   * A ULID: 26 characters, 48 bits of time and 80 of chance. Each is greater than the one before,
   * also within a millisecond and when the clock was set back.
   */
  public String ulid() {
    long now = wallMillis.getAsLong();
    if (now > lastMillis) {
      lastMillis = now;
      high = random.nextLong() & (HIGH >> 1); // half of the room is left to count in
      low = random.nextLong();
    } else if (++low == 0) {
      high++;
    }
    char[] text = new char[TIME_CHARS + CHANCE_CHARS];
    write(text, 0, TIME_CHARS, lastMillis);
    long top = (high << 24) | (low >>> 40); // 40 bits each
    write(text, TIME_CHARS, CHANCE_CHARS / 2, top);
    write(text, TIME_CHARS + CHANCE_CHARS / 2, CHANCE_CHARS / 2, low);
    return new String(text);
  }

  /** 1, 2, 3 … in decimal, for services that want numbers. */
  public String number() {
    count++;
    return Long.toString(count);
  }

  private static void write(char[] text, int from, int chars, long value) {
    for (int i = 0; i < chars; i++) {
      text[from + i] = BASE32[(int) (value >>> (BITS * (chars - 1 - i))) & 31];
    }
  }
}
