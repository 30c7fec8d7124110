package dev.everwire.netty.internal.frame;

import java.nio.ByteBuffer;

/** Checks that bytes are UTF-8 (RFC 3629), piece by piece. One thread at a time. */
public final class Utf8Check {
  private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

  private int missing; // continuation bytes still to come
  private int low = 0x80; // bounds of the next continuation byte
  private int high = 0xBF;

  /** Looks at the next piece, without moving its position. False: it can no more be UTF-8. */
  public boolean accept(ByteBuffer piece) {
    int at = piece.position();
    int end = piece.limit();
    while (at < end) {
      if (missing == 0) {
        while (at + 8 <= end && (piece.getLong(at) & NOT_ASCII) == 0) {
          at += 8;
        }
        if (at == end) {
          return true;
        }
      }
      if (!next(piece.get(at++) & 0xFF)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the text may end here. */
  public boolean complete() {
    return missing == 0;
  }

  public void reset() {
    missing = 0;
    low = 0x80;
    high = 0xBF;
  }

  private boolean next(int b) {
    if (missing > 0) {
      if (b < low || b > high) {
        return false;
      }
      low = 0x80;
      high = 0xBF;
      missing--;
      return true;
    }
    if (b < 0x80) {
      return true;
    }
    if (b < 0xC2 || b > 0xF4) { // stray, overlong, or beyond U+10FFFF
      return false;
    }
    if (b < 0xE0) {
      missing = 1;
    } else if (b < 0xF0) {
      missing = 2;
      low = b == 0xE0 ? 0xA0 : 0x80; // overlong
      high = b == 0xED ? 0x9F : 0xBF; // surrogates
    } else {
      missing = 3;
      low = b == 0xF0 ? 0x90 : 0x80; // overlong
      high = b == 0xF4 ? 0x8F : 0xBF; // beyond U+10FFFF
    }
    return true;
  }
}
