package dev.everwire.protocol.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One complete, valid JSON value as the UTF-8 text it arrived in or will be sent as. Immutable;
 * safe from any thread; equal when the bytes are equal.
 */
public final class RawJson {
  /** Deepest nesting that {@code parse} takes. A codec has its own limit. */
  public static final int MAX_DEPTH = 1_000;

  public static final RawJson NULL = parse("null");
  public static final RawJson TRUE = parse("true");
  public static final RawJson FALSE = parse("false");

  private final byte[] bytes;

  private RawJson(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Checks the whole text; whitespace around the value is dropped.
   *
   * @throws JsonException if it is not exactly one JSON value
   */
  public static RawJson parse(String json) {
    ByteBuffer utf8;
    try {
      // An encoder, because getBytes would turn a lone surrogate into a question mark.
      utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(json));
    } catch (CharacterCodingException e) {
      throw new JsonException("expected no lone surrogate");
    }
    return parse(utf8.array(), utf8.arrayOffset() + utf8.position(), utf8.remaining());
  }

  /**
   * Checks the whole text and copies it; whitespace around the value is dropped.
   *
   * @throws JsonException if not exactly one JSON value
   */
  public static RawJson parse(byte[] utf8) {
    return parse(utf8, 0, utf8.length);
  }

  /**
   * Takes over bytes that the caller has produced or checked as one JSON value with no whitespace
   * around it; not copied, so the caller must not change them any more.
   */
  public static RawJson trusted(byte[] utf8) {
    return new RawJson(utf8);
  }

  /** A JSON string with this content. */
  public static RawJson string(String content) {
    return new JsonWriter().value(content).toRawJson();
  }

  public static RawJson number(long value) {
    return new RawJson(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
  }

  public Kind kind() {
    return switch (bytes[0]) {
      case '{' -> Kind.OBJECT;
      case '[' -> Kind.ARRAY;
      case '"' -> Kind.STRING;
      case 't', 'f' -> Kind.BOOLEAN;
      case 'n' -> Kind.NULL;
      default -> Kind.NUMBER;
    };
  }

  public boolean isNull() {
    return bytes[0] == 'n';
  }

  /** Length in bytes. */
  public int length() {
    return bytes.length;
  }

  /**
   * The members of an object.
   *
   * @throws JsonException if this is no object or has a member twice
   */
  public JsonMembers members() {
    return JsonMembers.of(bytes, 0, bytes.length);
  }

  /**
   * The elements of an array, not modifiable.
   *
   * @throws JsonException if this is no array
   */
  public List<RawJson> elements() {
    List<RawJson> elements = new ArrayList<>();
    // The text was checked before, so no depth is too deep.
    JsonScanner scanner = new JsonScanner(bytes, 0, bytes.length, Integer.MAX_VALUE);
    if (bytes[0] != '[') {
      throw new JsonException("expected an array");
    }
    scanner.beginArray();
    while (scanner.element()) {
      int from = scanner.position();
      scanner.skipValue();
      elements.add(slice(bytes, from, scanner.position()));
    }
    return List.copyOf(elements);
  }

  /**
   * The content of a string, unescaped.
   *
   * @throws JsonException if this is no string
   */
  public String asString() {
    if (bytes[0] != '"') {
      throw new JsonException("expected a string");
    }
    return JsonScanner.decode(bytes, 1, bytes.length - 1);
  }

  /**
   * The value of a number written as an integer: {@code 1.0} and {@code 1e3} are none.
   *
   * @throws JsonException if this is no integer that fits a long
   */
  public long asLong() {
    return integer(bytes, 0, bytes.length);
  }

  /**
   * @throws JsonException if this is no boolean
   */
  public boolean asBoolean() {
    if (bytes[0] != 't' && bytes[0] != 'f') {
      throw new JsonException("expected a boolean");
    }
    return bytes[0] == 't';
  }

  /** A copy of the text as bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawJson that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The JSON text itself. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The bytes themselves, for this package to read. */
  byte[] bytes() {
    return bytes;
  }

  /** A copy of a part that was checked before. */
  static RawJson slice(byte[] utf8, int from, int to) {
    return new RawJson(Arrays.copyOfRange(utf8, from, to));
  }

  /** The integer that fills this part of a checked text. */
  static long integer(byte[] utf8, int from, int to) {
    boolean negative = utf8[from] == '-';
    int digits = negative ? from + 1 : from;
    // Counted down from zero, because only the negative side holds Long.MIN_VALUE.
    long value = 0;
    boolean fits = digits < to;
    for (int i = digits; i < to && fits; i++) {
      int digit = utf8[i] - '0';
      fits =
          digit >= 0
              && digit <= 9
              && (value > Long.MIN_VALUE / 10
                  || (value == Long.MIN_VALUE / 10 && digit <= (negative ? 8 : 7)));
      value = value * 10 - digit;
    }
    if (!fits) {
      throw new JsonException("expected an integer");
    }
    return negative ? value : -value;
  }

  private static RawJson parse(byte[] utf8, int offset, int length) {
    JsonScanner scanner = new JsonScanner(utf8, offset, offset + length, MAX_DEPTH);
    scanner.peek();
    int from = scanner.position();
    scanner.skipValue();
    int to = scanner.position();
    scanner.end();
    return slice(utf8, from, to);
  }

  /** The kind of a value, told by its first byte. */
  public enum Kind {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    BOOLEAN,
    NULL
  }
}
