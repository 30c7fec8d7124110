package dev.everwire.app.bench;

import java.nio.ByteBuffer;

/**
 * Sixteen hexadecimal digits that make a message unlike any other: its number, then its connection,
 * lowest digit first, so that a message too short for all of them keeps those that change most.
 */
final class Marker {
  static final int LENGTH = 16;
  static final int NONE = -1;

  private static final int DIGITS = 8;

  private Marker() {}

  /** Writes as many digits as there is room for. */
  static void put(ByteBuffer to, int at, int room, int connection, long number) {
    int length = Math.min(LENGTH, room);
    long digits = (number & 0xFFFF_FFFFL) | ((long) connection << (4 * DIGITS));
    for (int i = 0; i < length; i++, digits >>>= 4) {
      int digit = (int) digits & 0xF;
      to.put(at + i, (byte) (digit < 10 ? '0' + digit : 'a' - 10 + digit));
    }
  }

  /**
   * The message number that stands here, near the one given (the digits hold its low 32 bits), or
   * {@link #NONE} if it is no marker of this connection.
   */
  static long number(ByteBuffer from, int at, int connection, long near) {
    if (from.limit() - at < LENGTH || digits(from, at + DIGITS) != connection) {
      return NONE;
    }
    long low = digits(from, at);
    return low < 0 ? NONE : near + (int) (low - near); // the int is the signed distance
  }

  private static long digits(ByteBuffer from, int at) {
    long value = 0;
    for (int i = DIGITS - 1; i >= 0; i--) {
      int digit = Character.digit(from.get(at + i), 16);
      if (digit < 0) {
        return NONE;
      }
      value = value << 4 | digit;
    }
    return value;
  }
}
