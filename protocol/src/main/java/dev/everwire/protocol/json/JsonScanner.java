package dev.everwire.protocol.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Checks JSON text strictly (RFC 8259) in one pass and finds where values begin and end. A cursor
 * over bytes that it neither copies nor changes; for codecs, which look at a few members and keep
 * the rest as slices. One thread at a time.
 *
 * <p>Nothing recurses, so the depth limit may be any number. Strings are checked as UTF-8. Every
 * method throws {@link JsonException} where the text is not what it asks for, and the scanner is of
 * no use afterwards.
 *
 * <pre>{@code
 * scanner.beginObject();
 * while (scanner.member()) {
 *   if (scanner.nameAmong(NAMES) == ID) {
 *     int from = scanner.position();
 *     scanner.skipValue(); // the value is the bytes from..position()
 *   } else {
 *     scanner.skipValue();
 *   }
 * }
 * scanner.end();
 * }</pre>
 */
public final class JsonScanner {
  private static final long[] NOT_DEEP = {};
  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  private final byte[] bytes;
  private final int from;
  private final int limit;
  private final int maxDepth;

  private int at;
  private int depth;
  // Kinds of the open containers, innermost in bit 0, 1 for an object. Holds at most 64 levels:
  // each full word moves to spilled, so that ordinary depths need no array.
  private long kinds;
  private long[] spilled = NOT_DEEP;
  private boolean first; // no member or element of the innermost container was read yet
  private int nameFrom;
  private int nameTo;

  /**
   * Reads {@code utf8} from {@code from} (inclusive) to {@code to} (exclusive).
   *
   * @param maxDepth most containers open at once
   */
  public JsonScanner(byte[] utf8, int from, int to, int maxDepth) {
    this.bytes = utf8;
    this.from = from;
    this.limit = to;
    this.maxDepth = maxDepth;
    this.at = from;
  }

  /** Index into the array of the next byte to be read. */
  public int position() {
    return at;
  }

  /** Skips whitespace and tells the next byte without reading it, or −1 at the end. */
  public int peek() {
    at = space(at);
    return at < limit ? bytes[at] & 0xff : -1;
  }

  /** Reads one value of any kind and stops right behind it; its first byte is what peek told. */
  public void skipValue() {
    at = value(at);
  }

  /** Reads the opening brace; {@link #member()} goes on. */
  public void beginObject() {
    begin('{', true);
  }

  /** Reads the opening bracket; {@link #element()} goes on. */
  public void beginArray() {
    begin('[', false);
  }

  /**
   * Reads the next member's name and colon and stops at its value, or reads the closing brace and
   * returns false.
   */
  public boolean member() {
    int p = separator('}');
    if (p < 0) {
      return false;
    }
    at = space(name(p));
    return true;
  }

  /** Stops at the next element, or reads the closing bracket and returns false. */
  public boolean element() {
    int p = separator(']');
    if (p < 0) {
      return false;
    }
    at = p;
    return true;
  }

  /**
   * Which of these names the member read last has, or −1; escapes in the text make no difference.
   * Call it before the value is read.
   */
  public int nameAmong(byte[][] utf8) {
    int found = among(utf8, bytes, nameFrom, nameTo);
    if (found < 0 && JsonStrings.escaped(bytes, nameFrom, nameTo)) {
      byte[] plain = name().getBytes(StandardCharsets.UTF_8);
      found = among(utf8, plain, 0, plain.length);
    }
    return found;
  }

  /** The name of the member read last. Call it before the value is read. */
  public String name() {
    return decode(bytes, nameFrom, nameTo);
  }

  /** Reads a string and returns its content, unescaped. */
  public String string() {
    int start = space(at);
    if (start == limit || bytes[start] != '"') {
      throw expected(start, "a string");
    }
    at = JsonStrings.skip(bytes, from, start, limit);
    return decode(bytes, start + 1, at - 1);
  }

  /** Requires that nothing but whitespace is left. */
  public void end() {
    at = space(at);
    if (at < limit) {
      throw expected(at, "the end");
    }
  }

  /** Checks that the bytes are one value with nothing around it but whitespace. */
  static void check(byte[] utf8, int maxDepth) {
    JsonScanner scanner = new JsonScanner(utf8, 0, utf8.length, maxDepth);
    scanner.skipValue();
    scanner.end();
  }

  /** The content of a string that was read before; the range is what stands between its quotes. */
  public static String decode(byte[] utf8, int from, int to) {
    return JsonStrings.decode(utf8, from, to);
  }

  static JsonException expected(int from, int at, String what) {
    return new JsonException("byte " + (at - from) + ": expected " + what);
  }

  private static int among(byte[][] names, byte[] text, int from, int to) {
    int length = to - from;
    for (int i = 0; i < names.length; i++) {
      byte[] name = names[i];
      // Most differ in their length or first letter already.
      if (name.length == length
          && (length == 0 || name[0] == text[from])
          && Arrays.equals(name, 0, length, text, from, to)) {
        return i;
      }
    }
    return -1;
  }

  private void begin(char opening, boolean object) {
    int p = space(at);
    if (p == limit || bytes[p] != opening) {
      throw expected(p, object ? "an object" : "an array");
    }
    push(p, object);
    at = p + 1;
    first = true;
  }

  /** Reads the comma before a member or element, or the closing byte: then −1. */
  private int separator(char closing) {
    int p = space(at);
    if (p < limit && bytes[p] == closing) {
      at = p + 1;
      pop();
      first = false;
      return -1;
    }
    if (first) {
      first = false;
      return p;
    }
    if (p == limit || bytes[p] != ',') {
      throw expected(p, closing == '}' ? "',' or '}'" : "',' or ']'");
    }
    return space(p + 1);
  }

  /** Reads a member's name and colon. */
  private int name(int p) {
    if (p == limit || bytes[p] != '"') {
      throw expected(p, "a member name");
    }
    int end = JsonStrings.skip(bytes, from, p, limit);
    nameFrom = p + 1;
    nameTo = end - 1;
    end = space(end);
    if (end == limit || bytes[end] != ':') {
      throw expected(end, "':'");
    }
    return end + 1;
  }

  private int value(int start) {
    byte[] b = bytes;
    int end = limit;
    int outside = depth;
    int p = start;
    while (true) {
      p = space(p);
      if (p == end) {
        throw expected(p, "a value");
      }
      switch (b[p]) {
        case '"' -> p = JsonStrings.skip(b, from, p, end);
        case '{' -> {
          push(p, true);
          p = space(p + 1);
          if (p == end || b[p] != '}') {
            p = name(p);
            continue;
          }
          pop();
          p++;
        }
        case '[' -> {
          push(p, false);
          p = space(p + 1);
          if (p == end || b[p] != ']') {
            continue;
          }
          pop();
          p++;
        }
        case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> p = number(p);
        case 't' -> p = literal(p, TRUE);
        case 'f' -> p = literal(p, FALSE);
        case 'n' -> p = literal(p, NULL);
        default -> throw expected(p, "a value");
      }
      while (true) {
        if (depth == outside) {
          return p;
        }
        p = space(p);
        boolean object = (kinds & 1) != 0;
        if (p < end && b[p] == ',') {
          p = object ? name(space(p + 1)) : p + 1;
          break;
        }
        if (p == end || b[p] != (object ? '}' : ']')) {
          throw expected(p, object ? "',' or '}'" : "',' or ']'");
        }
        pop();
        p++;
      }
    }
  }

  private void push(int p, boolean object) {
    if (depth >= maxDepth) {
      at = p;
      throw new JsonException("nested deeper than " + maxDepth + " levels");
    }
    if ((depth & 63) == 0 && depth > 0) {
      int word = (depth >> 6) - 1;
      if (word == spilled.length) {
        spilled = Arrays.copyOf(spilled, 2 * word + 4);
      }
      spilled[word] = kinds;
    }
    kinds = (kinds << 1) | (object ? 1 : 0);
    depth++;
  }

  private void pop() {
    depth--;
    if ((depth & 63) == 0 && depth > 0) {
      kinds = spilled[(depth >> 6) - 1];
    } else {
      kinds >>>= 1;
    }
  }

  private int space(int start) {
    byte[] b = bytes;
    int end = limit;
    int p = start;
    while (p < end) {
      byte c = b[p];
      if (c > ' ' || (c != ' ' && c != '\n' && c != '\r' && c != '\t')) {
        break;
      }
      p++;
    }
    return p;
  }

  private int number(int start) {
    int p = bytes[start] == '-' ? start + 1 : start;
    if (p < limit && bytes[p] == '0') {
      p++;
    } else {
      p = digits(p);
    }
    if (p < limit && bytes[p] == '.') {
      p = digits(p + 1);
    }
    if (p < limit && (bytes[p] == 'e' || bytes[p] == 'E')) {
      p++;
      if (p < limit && (bytes[p] == '+' || bytes[p] == '-')) {
        p++;
      }
      p = digits(p);
    }
    return p;
  }

  private int digits(int start) {
    int p = start;
    while (p < limit && bytes[p] >= '0' && bytes[p] <= '9') {
      p++;
    }
    if (p == start) {
      throw expected(p, "a digit");
    }
    return p;
  }

  private int literal(int start, byte[] word) {
    int end = start + word.length;
    if (end > limit || !Arrays.equals(bytes, start, end, word, 0, word.length)) {
      throw expected(start, "a value");
    }
    return end;
  }

  private JsonException expected(int p, String what) {
    return expected(from, p, what);
  }
}
