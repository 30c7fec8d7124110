package dev.everwire.netty.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts what a peer sends into lines that end with CR LF (RFC 9112 section 2.2), however it comes in
 * pieces. A CR or LF on its own ends nothing: it is refused, as is every other control character
 * except the tab, as soon as it is seen.
 *
 * <p>Keeps a copy of a line only while it is not whole.
 */
final class LineCutter {
  private static final byte[] NONE = {};

  enum Cut {
    /** A line is between {@link #from()} and {@link #to()} of {@link #bytes()}. */
    LINE,
    MORE_NEEDED,
    TOO_LONG,
    BAD
  }

  private byte[] held = NONE; // the beginning of a line, with its CR
  private int length; // of what is held
  private byte[] bytes = NONE;
  private int from;
  private int to;

  /**
   * @param in has an array; is read up to the end of the line
   * @param max the longest line, its end included
   */
  Cut next(ByteBuffer in, int max) {
    byte[] a = in.array();
    int begin = in.arrayOffset() + in.position();
    int end = in.arrayOffset() + in.limit();
    int stop = Math.min(end, begin + max - length);
    boolean cr = length > 0 && held[length - 1] == '\r';
    for (int i = begin; i < stop; i++) {
      byte b = a[i];
      if (cr) {
        if (b != '\n') {
          return Cut.BAD;
        }
        in.position(i + 1 - in.arrayOffset());
        take(a, begin, i + 1);
        return Cut.LINE;
      }
      if ((b & 0xE0) == 0 || b == 0x7F) {
        if (b == '\r') {
          cr = true;
        } else if (b != '\t') {
          return Cut.BAD;
        }
      }
    }
    if (length + stop - begin >= max) {
      return Cut.TOO_LONG;
    }
    hold(a, begin, end);
    in.position(in.limit());
    return Cut.MORE_NEEDED;
  }

  byte[] bytes() {
    return bytes;
  }

  int from() {
    return from;
  }

  /** Where the line ends, CR LF not included. */
  int to() {
    return to;
  }

  /** Where a character first is in the line, or -1. */
  int indexOf(char c) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == c) {
        return i;
      }
    }
    return -1;
  }

  /** The rest of the line without the blanks around it. */
  String trimmed(int begin) {
    int first = begin;
    int end = to;
    while (first < end && isBlank(bytes[first])) {
      first++;
    }
    while (end > first && isBlank(bytes[end - 1])) {
      end--;
    }
    return new String(bytes, first, end - first, ISO_8859_1);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private void take(byte[] a, int begin, int end) {
    if (length == 0) {
      bytes = a;
      from = begin;
      to = end - 2;
      return;
    }
    hold(a, begin, end);
    bytes = held;
    from = 0;
    to = length - 2;
    held = NONE;
    length = 0;
  }

  private void hold(byte[] a, int begin, int end) {
    int more = end - begin;
    if (held.length < length + more) {
      held = Arrays.copyOf(held, Math.max(length + more, 2 * held.length));
    }
    System.arraycopy(a, begin, held, length, more);
    length += more;
  }
}
