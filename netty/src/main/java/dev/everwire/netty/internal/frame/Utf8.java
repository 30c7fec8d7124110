package dev.everwire.netty.internal.frame;

import java.nio.ByteBuffer;

/**
 * Checks that bytes are UTF-8 (RFC 3629), piece by piece. What has to be remembered between two
 * pieces is one number, so that nobody needs an object for it.
 */
final class Utf8 {
  /** Between two characters: at the beginning, and where a text may end. */
  static final int BOUNDARY = 0;

  /** It can no more be UTF-8. */
  static final int BAD = -1;

  /** Set in some byte of a word that is not all ASCII. */
  static final long NOT_ASCII = 0x8080_8080_8080_8080L;

  private static final int ANY = 0x80 << 8 | 0xBF << 16; // bounds of a continuation byte

  private Utf8() {}

  /**
   * Looks at the next piece.
   *
   * @param state {@link #BOUNDARY} at first, then what the call before answered
   * @return the state behind this piece, or {@link #BAD}
   */
  static int check(int state, ByteBuffer bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (state == BOUNDARY) {
        while (to - at >= Long.BYTES && (bytes.getLong(at) & NOT_ASCII) == 0) {
          at += Long.BYTES;
        }
        if (at == to) {
          return BOUNDARY;
        }
      }
      state = next(state, bytes.get(at++) & 0xFF);
      if (state == BAD) {
        return BAD;
      }
    }
    return state;
  }

  /** A state holds the bytes still missing and the bounds of the next one: 8 bits each. */
  private static int next(int state, int b) {
    int missing = state & 0xFF;
    if (missing > 0) {
      boolean good = b >= (state >>> 8 & 0xFF) && b <= (state >>> 16);
      return good ? (missing == 1 ? BOUNDARY : ANY | missing - 1) : BAD;
    }
    if (b < 0x80) {
      return BOUNDARY;
    }
    if (b < 0xC2 || b > 0xF4) { // stray, overlong, or beyond U+10FFFF
      return BAD;
    }
    if (b < 0xE0) {
      return ANY | 1;
    }
    return switch (b) {
      case 0xE0 -> state(2, 0xA0, 0xBF); // overlong below
      case 0xED -> state(2, 0x80, 0x9F); // surrogates above
      case 0xF0 -> state(3, 0x90, 0xBF); // overlong below
      case 0xF4 -> state(3, 0x80, 0x8F); // beyond U+10FFFF above
      default -> ANY | (b < 0xF0 ? 2 : 3);
    };
  }

  private static int state(int missing, int low, int high) {
    return missing | low << 8 | high << 16;
  }
}
