package dev.everwire.protocol.json;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON text into a growing byte array that can be used again after {@link #reset()}. Commas
 * are put by the writer; nesting is the caller's care. One thread at a time.
 *
 * <pre>{@code
 * writer.beginObject().name("topic").value("prices/eur").name("offset").value(125).endObject();
 * }</pre>
 */
public final class JsonWriter {
  private static final int FIRST_SIZE = 256;
  private static final int KEPT_SIZE = 64 * 1024;
  private static final int MOST_PER_CHAR = 6; // an escape; a pair of surrogates takes four
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};
  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
  private static final byte[] REPLACEMENT = {'\\', 'u', 'f', 'f', 'f', 'd'};
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  // What an ASCII character needs in a string: 0 nothing, 'u' six bytes, else the escape's letter.
  private static final byte[] ESCAPE = escapes();

  private byte[] bytes = new byte[FIRST_SIZE];
  private int length;
  private boolean comma; // a value stands before, so the next one is set apart

  public JsonWriter() {}

  public JsonWriter beginObject() {
    return begin('{');
  }

  public JsonWriter endObject() {
    return end('}');
  }

  public JsonWriter beginArray() {
    return begin('[');
  }

  public JsonWriter endArray() {
    return end(']');
  }

  public JsonWriter name(String name) {
    separate();
    text(name);
    grow(1);
    bytes[length++] = ':';
    comma = false;
    return this;
  }

  /**
   * Escapes only what has to be. A lone surrogate, which UTF-8 cannot hold, becomes {@code \ufffd};
   * null becomes {@code null}.
   */
  public JsonWriter value(@Nullable String value) {
    if (value == null) {
      return literal(NULL);
    }
    separate();
    text(value);
    comma = true;
    return this;
  }

  public JsonWriter value(long value) {
    separate();
    grow(20);
    if (value < 0) {
      bytes[length++] = '-';
    }
    int digits = 1;
    for (long rest = value / 10; rest != 0; rest /= 10) {
      digits++;
    }
    length += digits;
    long rest = value;
    for (int i = 1; i <= digits; i++) {
      bytes[length - i] = (byte) ('0' + Math.abs(rest % 10));
      rest /= 10;
    }
    comma = true;
    return this;
  }

  public JsonWriter value(boolean value) {
    return literal(value ? TRUE : FALSE);
  }

  public JsonWriter value(RawJson value) {
    separate();
    put(value.array(), value.offset(), value.length());
    comma = true;
    return this;
  }

  /**
   * Puts bytes as they are, no comma before or after them: {@code ,"params":} for instance. The
   * caller answers for what comes of it.
   */
  public JsonWriter raw(byte[] utf8) {
    put(utf8, 0, utf8.length);
    comma = false;
    return this;
  }

  /** Puts one value that is JSON text already. The caller answers for it being one. */
  public JsonWriter literal(String json) {
    separate();
    int to = json.length();
    for (int i = 0; i < to; i++) {
      char c = json.charAt(i);
      grow(MOST_PER_CHAR);
      if (c < 0x80) {
        bytes[length++] = (byte) c;
      } else {
        i += encode(json, i);
      }
    }
    comma = true;
    return this;
  }

  /** Forgets what was written, keeps the array unless it grew past 64 KiB. */
  public JsonWriter reset() {
    if (bytes.length > KEPT_SIZE) {
      bytes = new byte[FIRST_SIZE];
    }
    length = 0;
    comma = false;
    return this;
  }

  public int length() {
    return length;
  }

  /** A view of what was written, valid until the next write or reset. Has an array. */
  public ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes, 0, length);
  }

  /** A copy of what was written. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** What was written as one value. The caller answers for it being one. */
  public RawJson toRawJson() {
    return RawJson.trusted(toBytes());
  }

  private JsonWriter begin(char opening) {
    separate();
    grow(1);
    bytes[length++] = (byte) opening;
    comma = false;
    return this;
  }

  private JsonWriter end(char closing) {
    grow(1);
    bytes[length++] = (byte) closing;
    comma = true;
    return this;
  }

  private JsonWriter literal(byte[] utf8) {
    separate();
    put(utf8, 0, utf8.length);
    comma = true;
    return this;
  }

  private void put(byte[] utf8, int from, int count) {
    grow(count);
    System.arraycopy(utf8, from, bytes, length, count);
    length += count;
  }

  private void separate() {
    if (comma) {
      grow(1);
      bytes[length++] = ',';
    }
  }

  private void text(String content) {
    int to = content.length();
    grow(to + 2);
    bytes[length++] = '"';
    int i = 0;
    while (i < to) {
      char c = content.charAt(i);
      if (c >= 0x80 || ESCAPE[c] != 0) {
        break;
      }
      bytes[length++] = (byte) c;
      i++;
    }
    for (; i < to; i++) {
      char c = content.charAt(i);
      grow(MOST_PER_CHAR + 1);
      if (c >= 0x80) {
        i += encode(content, i);
      } else if (ESCAPE[c] == 0) {
        bytes[length++] = (byte) c;
      } else {
        escape(c);
      }
    }
    bytes[length++] = '"';
  }

  private void escape(char c) {
    bytes[length++] = '\\';
    bytes[length++] = ESCAPE[c];
    if (ESCAPE[c] == 'u') {
      for (int shift = 12; shift >= 0; shift -= 4) {
        bytes[length++] = HEX[(c >> shift) & 15];
      }
    }
  }

  /** Writes what stands at the index and tells how many characters more than one it took. */
  private int encode(String content, int i) {
    char c = content.charAt(i);
    if (c < 0x800) {
      bytes[length++] = (byte) (0xc0 | (c >> 6));
      bytes[length++] = (byte) (0x80 | (c & 0x3f));
      return 0;
    }
    if (!Character.isSurrogate(c)) {
      bytes[length++] = (byte) (0xe0 | (c >> 12));
      bytes[length++] = (byte) (0x80 | ((c >> 6) & 0x3f));
      bytes[length++] = (byte) (0x80 | (c & 0x3f));
      return 0;
    }
    int point = content.codePointAt(i);
    if (point == c) {
      raw(REPLACEMENT);
      return 0;
    }
    bytes[length++] = (byte) (0xf0 | (point >> 18));
    bytes[length++] = (byte) (0x80 | ((point >> 12) & 0x3f));
    bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3f));
    bytes[length++] = (byte) (0x80 | (point & 0x3f));
    return 1;
  }

  private void grow(int more) {
    if (more > bytes.length - length) {
      int least = Math.addExact(length, more);
      bytes = Arrays.copyOf(bytes, Math.max(least, (int) Math.min(2L * bytes.length, 1 << 30)));
    }
  }

  private static byte[] escapes() {
    byte[] table = new byte[128];
    Arrays.fill(table, 0, 0x20, (byte) 'u');
    table['"'] = '"';
    table['\\'] = '\\';
    table['\b'] = 'b';
    table['\f'] = 'f';
    table['\n'] = 'n';
    table['\r'] = 'r';
    table['\t'] = 't';
    return table;
  }
}
