package dev.everwire.netty.internal.frame;

import java.nio.ByteBuffer;

/**
 * The masking of RFC 6455 section 5.3, eight bytes at a time. Buffers are little-endian here, and
 * so is a mask: its lowest byte belongs to the first byte of the payload.
 */
final class Masking {
  private static final int WORD = Long.BYTES;
  private static final int BLOCK = 4 * WORD;

  private Masking() {}

  /**
   * Applies a mask in place.
   *
   * @return the bits that are set in any byte of the result, wherever they stand in the word
   */
  static long apply(ByteBuffer bytes, int from, int to, int mask) {
    long wide = (mask & 0xFFFF_FFFFL) | ((long) mask << 32);
    long seen = 0;
    int at = from;
    for (int blocks = to - BLOCK; at <= blocks; at += BLOCK) {
      long a = bytes.getLong(at) ^ wide;
      long b = bytes.getLong(at + WORD) ^ wide;
      long c = bytes.getLong(at + 2 * WORD) ^ wide;
      long d = bytes.getLong(at + 3 * WORD) ^ wide;
      bytes.putLong(at, a);
      bytes.putLong(at + WORD, b);
      bytes.putLong(at + 2 * WORD, c);
      bytes.putLong(at + 3 * WORD, d);
      seen |= (a | b) | (c | d);
    }
    for (int words = to - WORD; at <= words; at += WORD) {
      long a = bytes.getLong(at) ^ wide;
      bytes.putLong(at, a);
      seen |= a;
    }
    for (int rest = mask; at < to; at++, rest = Integer.rotateRight(rest, 8)) {
      byte b = (byte) (bytes.get(at) ^ rest);
      bytes.put(at, b);
      seen |= b & 0xFF;
    }
    return seen;
  }

  /** The mask for what follows so many bytes. */
  static int advance(int mask, int bytes) {
    return Integer.rotateRight(mask, (bytes & 3) * 8);
  }
}
