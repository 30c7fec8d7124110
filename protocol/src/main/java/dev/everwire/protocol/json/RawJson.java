package dev.everwire.protocol.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
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

  // An array that is not much larger than this is rather kept whole than copied in part.
  private static final int SMALL = 1024;

  private final byte[] bytes; // the text is from..to of it
  private final int from;
  private final int to;

  private RawJson(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
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
   * Checks the whole text and takes it over: it is not copied, so the caller must not change it any
   * more.
   *
   * @throws JsonException if not exactly one JSON value
   */
  public static RawJson checked(byte[] utf8) {
    return value(utf8, 0, utf8.length);
  }

  /**
   * Takes over bytes that the caller has produced or checked as one JSON value with no whitespace
   * around it; not copied, so the caller must not change them any more.
   */
  public static RawJson trusted(byte[] utf8) {
    return new RawJson(utf8, 0, utf8.length);
  }

  /**
   * As {@link #trusted(byte[])} for the part {@code from} (inclusive) to {@code to} (exclusive). It
   * is copied if it would keep an array alive that is large and twice its length or more.
   */
  public static RawJson trusted(byte[] utf8, int from, int to) {
    return utf8.length <= SMALL || utf8.length < 2L * (to - from)
        ? new RawJson(utf8, Objects.checkFromToIndex(from, to, utf8.length), to)
        : slice(utf8, from, to);
  }

  /** A JSON string with this content. */
  public static RawJson string(String content) {
    return new JsonWriter().value(content).toRawJson();
  }

  public static RawJson number(long value) {
    return trusted(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
  }

  public Kind kind() {
    return switch (bytes[from]) {
      case '{' -> Kind.OBJECT;
      case '[' -> Kind.ARRAY;
      case '"' -> Kind.STRING;
      case 't', 'f' -> Kind.BOOLEAN;
      case 'n' -> Kind.NULL;
      default -> Kind.NUMBER;
    };
  }

  public boolean isNull() {
    return bytes[from] == 'n';
  }

  /** Length in bytes. */
  public int length() {
    return to - from;
  }

  /**
   * The members of an object.
   *
   * @throws JsonException if this is no object or has a member twice
   */
  public JsonMembers members() {
    return JsonMembers.of(bytes, from, to);
  }

  /**
   * The elements of an array, not modifiable.
   *
   * @throws JsonException if this is no array
   */
  public List<RawJson> elements() {
    return elements(Integer.MAX_VALUE);
  }

  /**
   * As {@link #elements()}, of an array that may be longer than anybody wants to look at.
   *
   * @throws JsonException if this is no array, or as soon as one more than {@code most} is seen
   */
  public List<RawJson> elements(int most) {
    if (bytes[from] != '[') {
      throw new JsonException("expected an array");
    }
    List<RawJson> elements = new ArrayList<>();
    // The text was checked before, so no depth is too deep.
    JsonScanner scanner = new JsonScanner(bytes, from, to, Integer.MAX_VALUE);
    scanner.beginArray();
    while (scanner.element()) {
      if (elements.size() == most) {
        throw new JsonException("expected at most " + most + " elements");
      }
      int begin = scanner.position();
      scanner.skipValue();
      elements.add(trusted(bytes, begin, scanner.position()));
    }
    return Collections.unmodifiableList(elements);
  }

  /**
   * The content of a string, unescaped.
   *
   * @throws JsonException if this is no string
   */
  public String asString() {
    if (bytes[from] != '"') {
      throw new JsonException("expected a string");
    }
    return JsonScanner.decode(bytes, from + 1, to - 1);
  }

  /**
   * The value of a number written as an integer: {@code 1.0} and {@code 1e3} are none.
   *
   * @throws JsonException if this is no integer that fits a long
   */
  public long asLong() {
    return integer(bytes, from, to);
  }

  /**
   * @throws JsonException if this is no boolean
   */
  public boolean asBoolean() {
    if (bytes[from] != 't' && bytes[from] != 'f') {
      throw new JsonException("expected a boolean");
    }
    return bytes[from] == 't';
  }

  /**
   * The same value in an array of exactly its length: for what is kept, so that it keeps nothing
   * else alive. This one if it is so already, else a copy.
   */
  public RawJson compact() {
    return bytes.length == length() ? this : slice(bytes, from, to);
  }

  /** A copy of the text as bytes. */
  public byte[] toBytes() {
    return Arrays.copyOfRange(bytes, from, to);
  }

  /**
   * The array in which the text stands, from {@link #offset()} on for {@link #length()} bytes. Not
   * a copy, for parsers that read arrays: whoever asks for it must not change it.
   */
  public byte[] array() {
    return bytes;
  }

  /** Where in {@link #array()} the text begins. */
  public int offset() {
    return from;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawJson that
        && Arrays.equals(bytes, from, to, that.bytes, that.from, that.to);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }

  /** The JSON text itself. */
  @Override
  public String toString() {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** A copy of a part that was checked before. */
  static RawJson slice(byte[] utf8, int from, int to) {
    return trusted(Arrays.copyOfRange(utf8, from, to));
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
    RawJson found = value(utf8, offset, length);
    return slice(utf8, found.from, found.to);
  }

  /** Finds the only value in a text; its array is that of the text. */
  private static RawJson value(byte[] utf8, int offset, int length) {
    JsonScanner scanner = new JsonScanner(utf8, offset, offset + length, MAX_DEPTH);
    scanner.peek();
    int from = scanner.position();
    scanner.skipValue();
    int to = scanner.position();
    scanner.end();
    return new RawJson(utf8, from, to);
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
