package dev.everwire.netty.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.everwire.netty.internal.http.Step.More;
import dev.everwire.netty.internal.http.Step.Refusal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests from the bytes of one connection, however they come in pieces: the head, and then
 * the body where there is one. Knows no channel and no clock.
 *
 * <p>Strict where two readers of the same bytes could come to different requests (RFC 9112 sections
 * 2 to 7 and 11): what a lenient server would repair is refused. Speaks HTTP/1.1 and nothing else.
 * A request is refused at the first byte that makes it wrong, or at the end of that byte's line.
 */
final class RequestReader {
  /** Request line and headers together. */
  static final int MAX_HEAD_BYTES = 8 * 1024;

  static final int MAX_HEADERS = 100;

  private static final int MAX_METHOD_BYTES = 32;
  private static final int LINE_END = 2;
  private static final byte[] VERSION = "HTTP/1.1".getBytes(ISO_8859_1);
  private static final String[] USUAL_METHODS = {"GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE"};

  private final LineCutter lines = new LineCutter();
  private boolean forgiven; // an empty line before this request
  private boolean refused;
  private int headLeft = MAX_HEAD_BYTES;
  private @Nullable Line line; // from its end to the end of the head
  private @Nullable BodyReader body;

  private record Line(String method, RequestTarget target, Fields fields) {}

  /**
   * Goes on reading.
   *
   * @param in has an array; is read up to the end of the step
   * @return the head, then the body if the head says that there is one, then the next head; a
   *     refusal is the last step
   */
  Step read(ByteBuffer in) {
    Step step = body == null ? head(in) : body.read(in);
    switch (step) {
      case More more -> {}
      case RequestHead head -> {
        begin();
        if (head.hasBody()) {
          body = new BodyReader(lines, head.contentLength());
        }
      }
      case Step.Body whole -> begin();
      case Refusal refusal -> {
        begin();
        refused = true;
      }
    }
    return step;
  }

  private void begin() {
    forgiven = false;
    headLeft = MAX_HEAD_BYTES;
    line = null;
    body = null;
  }

  private Step head(ByteBuffer in) {
    if (refused) {
      throw new IllegalStateException("refused already");
    }
    while (true) {
      Line asked = line;
      switch (lines.next(in, headLeft)) {
        case MORE_NEEDED -> {
          return More.NEEDED;
        }
        case BAD -> {
          return asked == null ? Refusal.BAD_REQUEST_LINE : Refusal.BAD_HEADER;
        }
        case TOO_LONG -> {
          return asked == null ? Refusal.TARGET_TOO_LONG : Refusal.HEADERS_TOO_LARGE;
        }
        case LINE -> {
          boolean empty = lines.from() == lines.to();
          headLeft -= lines.to() - lines.from() + LINE_END;
          if (empty && asked != null) {
            return HeadRules.check(asked.method(), asked.target(), asked.fields());
          }
          Refusal refusal = empty ? emptyLine() : asked == null ? requestLine() : header(asked);
          if (refusal != null) {
            return refusal;
          }
        }
      }
    }
  }

  /** One is forgiven before a request (RFC 9112 section 2.2). */
  private @Nullable Refusal emptyLine() {
    if (forgiven) {
      return Refusal.BAD_REQUEST_LINE;
    }
    forgiven = true;
    return null;
  }

  private @Nullable Refusal requestLine() {
    byte[] bytes = lines.bytes();
    int from = lines.from();
    int to = lines.to();
    int space = from;
    while (space < to && FieldNames.isTokenByte(bytes[space])) {
      space++;
    }
    int end = space + 1;
    while (end < to && isTargetByte(bytes[end])) {
      end++;
    }
    if (space == from || end >= to || bytes[space] != ' ' || bytes[end] != ' ') {
      return Refusal.BAD_REQUEST_LINE;
    }
    if (!Arrays.equals(bytes, end + 1, to, VERSION, 0, VERSION.length)) {
      return isVersion(bytes, end + 1, to) ? Refusal.WRONG_VERSION : Refusal.BAD_REQUEST_LINE;
    }
    if (space - from > MAX_METHOD_BYTES) {
      return Refusal.UNKNOWN_METHOD;
    }
    String method = method(bytes, from, space);
    if (method.equals("CONNECT")) {
      return Refusal.UNKNOWN_METHOD; // this is no proxy
    }
    String text = new String(bytes, space + 1, end - space - 1, ISO_8859_1);
    RequestTarget target = RequestTarget.parse(method, text);
    if (target == null) {
      return Refusal.BAD_TARGET;
    }
    line = new Line(method, target, new Fields());
    return null;
  }

  private @Nullable Refusal header(Line line) {
    int colon = lines.indexOf(':');
    String name = colon < 0 ? null : FieldNames.lowerCase(lines.bytes(), lines.from(), colon);
    if (name == null) { // also one that begins or ends with a blank
      return Refusal.BAD_HEADER;
    }
    if (line.fields().count() == MAX_HEADERS) {
      return Refusal.HEADERS_TOO_LARGE;
    }
    line.fields().add(name, lines.trimmed(colon + 1));
    return null;
  }

  /** Visible ASCII, but not what even lenient browsers escape (RFC 3986 section 2). */
  private static boolean isTargetByte(byte b) {
    return b > ' ' && b < 0x7F && b != '"' && b != '#' && b != '<' && b != '>';
  }

  private static boolean isVersion(byte[] line, int from, int to) {
    return to - from == VERSION.length
        && Arrays.equals(line, from, from + 5, VERSION, 0, 5)
        && isDigit(line[from + 5])
        && line[from + 6] == '.'
        && isDigit(line[from + 7]);
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean isText(String text, byte[] line, int from, int to) {
    int length = to - from;
    for (int i = 0; i < length && length == text.length(); i++) {
      if (text.charAt(i) != line[from + i]) {
        return false;
      }
    }
    return length == text.length();
  }

  private static String method(byte[] line, int from, int to) {
    for (String usual : USUAL_METHODS) {
      if (isText(usual, line, from, to)) {
        return usual;
      }
    }
    return new String(line, from, to - from, ISO_8859_1);
  }
}
