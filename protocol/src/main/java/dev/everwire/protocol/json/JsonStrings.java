package dev.everwire.protocol.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What stands between two quotes: its check, where most bytes of a message are, and its content.
 */
final class JsonStrings {
  // Eight bytes are looked at together; little-endian puts the first byte lowest.
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long SPACES = 0x2020202020202020L;
  private static final long QUOTES = 0x2222222222222222L;
  private static final long BACKSLASHES = 0x5c5c5c5c5c5c5c5cL;

  private JsonStrings() {}

  /**
   * Checks a string and finds its end.
   *
   * @param from where the whole text begins; faults count from there
   * @param quote index of the opening quote
   * @param limit where the whole text ends
   * @return index behind the closing quote
   */
  static int skip(byte[] utf8, int from, int quote, int limit) {
    int p = quote + 1;
    while (true) {
      p = plain(utf8, p, limit);
      if (p == limit) {
        throw JsonScanner.expected(from, p, "'\"'");
      }
      byte c = utf8[p];
      if (c == '"') {
        return p + 1;
      } else if (c == '\\') {
        p = escape(utf8, from, p, limit);
      } else if (c >= 0) {
        throw JsonScanner.expected(from, p, "no control character");
      } else {
        // Letters beyond ASCII tend to stand together.
        do {
          p = sequence(utf8, from, p, limit);
        } while (p < limit && utf8[p] < 0);
      }
    }
  }

  /** Skips what needs no look: ASCII but for the quote, the backslash and control characters. */
  private static int plain(byte[] utf8, int start, int limit) {
    int p = start;
    for (; limit - p >= Long.BYTES; p += Long.BYTES) {
      long word = (long) WORDS.get(utf8, p);
      // Has the high bit of each byte that is not plain: set already beyond ASCII, else by the
      // borrow of a subtraction that goes below zero. Such a borrow may spoil the bytes after it,
      // so only the first is used.
      long special =
          (word | (word - SPACES) | ((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES))
              & HIGH_BITS;
      if (special != 0) {
        return p + (Long.numberOfTrailingZeros(special) >> 3);
      }
    }
    while (p < limit && utf8[p] >= ' ' && utf8[p] != '"' && utf8[p] != '\\') {
      p++;
    }
    return p;
  }

  private static int escape(byte[] utf8, int from, int backslash, int limit) {
    int p = backslash + 1;
    if (p < limit) {
      switch (utf8[p]) {
        case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
          return p + 1;
        }
        case 'u' -> {
          for (int i = p + 1; i <= p + 4; i++) {
            if (i >= limit || Character.digit(utf8[i], 16) < 0) {
              throw JsonScanner.expected(from, i, "a hex digit");
            }
          }
          return p + 5;
        }
        default -> {}
      }
    }
    throw JsonScanner.expected(from, p, "an escape");
  }

  /** Checks one UTF-8 sequence. */
  private static int sequence(byte[] utf8, int from, int p, int limit) {
    int lead = utf8[p] & 0xff;
    int end = p + Utf8.length(lead);
    if (end == p) {
      throw JsonScanner.expected(from, p, "UTF-8");
    }
    if (end > limit) {
      throw JsonScanner.expected(from, limit, "UTF-8");
    }
    if (!Utf8.second(lead, utf8[p + 1] & 0xff)) {
      throw JsonScanner.expected(from, p + 1, "UTF-8");
    }
    for (int i = p + 2; i < end; i++) {
      if (!Utf8.continues(utf8[i])) {
        throw JsonScanner.expected(from, i, "UTF-8");
      }
    }
    return end;
  }

  /** The content of a checked string; the range is what stands between its quotes. */
  static String decode(byte[] utf8, int from, int to) {
    return escaped(utf8, from, to)
        ? unescape(utf8, from, to)
        : new String(utf8, from, to - from, StandardCharsets.UTF_8);
  }

  static boolean escaped(byte[] utf8, int from, int to) {
    for (int i = from; i < to; i++) {
      if (utf8[i] == '\\') {
        return true;
      }
    }
    return false;
  }

  private static String unescape(byte[] utf8, int from, int to) {
    StringBuilder content = new StringBuilder(to - from);
    int run = from;
    int p = from;
    while (p < to) {
      if (utf8[p] != '\\') {
        p++;
        continue;
      }
      content.append(new String(utf8, run, p - run, StandardCharsets.UTF_8));
      byte c = utf8[p + 1];
      p += 2;
      switch (c) {
        case 'b' -> content.append('\b');
        case 'f' -> content.append('\f');
        case 'n' -> content.append('\n');
        case 'r' -> content.append('\r');
        case 't' -> content.append('\t');
        case 'u' -> {
          int unit = 0;
          for (int i = 0; i < 4; i++) {
            unit = (unit << 4) | Character.digit(utf8[p + i], 16);
          }
          content.append((char) unit);
          p += 4;
        }
        default -> content.append((char) c);
      }
      run = p;
    }
    return content.append(new String(utf8, run, to - run, StandardCharsets.UTF_8)).toString();
  }
}
