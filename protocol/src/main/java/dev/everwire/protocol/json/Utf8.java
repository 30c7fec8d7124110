package dev.everwire.protocol.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Tells whether bytes are well-formed UTF-8 (Unicode 3.9, table 3-7): no overlong form, no
 * surrogate, nothing beyond U+10FFFF, no sequence cut off. For text that came in a frame nobody has
 * checked, a binary one for instance; a transport checks its text frames itself.
 *
 * <p>A codec that reads with a {@link JsonScanner} needs no call of this: the scanner takes no
 * other bytes.
 */
public final class Utf8 {
  private static final VarHandle WORDS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long HIGH_BITS = 0x8080808080808080L;

  private Utf8() {}

  /** Whether the bytes between position and limit are UTF-8; the buffer is left as it was. */
  public static boolean valid(ByteBuffer bytes) {
    int limit = bytes.limit();
    int p = bytes.position();
    while (p < limit) {
      if (bytes.get(p) >= 0) {
        p = ascii(bytes, p + 1, limit);
        continue;
      }
      int lead = bytes.get(p) & 0xff;
      int end = p + length(lead);
      if (end == p || end > limit || !second(lead, bytes.get(p + 1) & 0xff)) {
        return false;
      }
      for (int i = p + 2; i < end; i++) {
        if (!continues(bytes.get(i))) {
          return false;
        }
      }
      p = end;
    }
    return true;
  }

  /** The first byte from here on that may not be ASCII. */
  private static int ascii(ByteBuffer bytes, int from, int limit) {
    int p = from;
    while (limit - p >= Long.BYTES && ((long) WORDS.get(bytes, p) & HIGH_BITS) == 0) {
      p += Long.BYTES;
    }
    return p;
  }

  /** Bytes of a sequence that begins with this one, which is not ASCII; 0 if none does. */
  static int length(int lead) {
    return lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  }

  /** Whether this byte may be the second of a sequence. */
  static boolean second(int lead, int second) {
    return switch (lead) {
      case 0xe0 -> second >= 0xa0 && second <= 0xbf; // less would be overlong
      case 0xed -> second >= 0x80 && second <= 0x9f; // more would be a surrogate
      case 0xf0 -> second >= 0x90 && second <= 0xbf; // less would be overlong
      case 0xf4 -> second >= 0x80 && second <= 0x8f; // more would be beyond U+10FFFF
      default -> second >= 0x80 && second <= 0xbf;
    };
  }

  /** Whether this byte may be a third or fourth of a sequence. */
  static boolean continues(byte b) {
    return (b & 0xc0) == 0x80;
  }
}
