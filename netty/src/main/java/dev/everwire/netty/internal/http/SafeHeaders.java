package dev.everwire.netty.internal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;

/**
 * What every answer says to a browser unless whoever answers says it otherwise: that this is no
 * page to run, to frame, to guess the type of, to keep, to embed elsewhere or to tell others of.
 */
final class SafeHeaders {
  @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
  private record Header(String name, byte[] line) {
    static Header of(String name, String value) {
      return new Header(name, (name + ": " + value + "\r\n").getBytes(ISO_8859_1));
    }
  }

  private static final List<Header> ALL =
      List.of(
          Header.of("cache-control", "no-store"),
          Header.of("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
          Header.of("cross-origin-resource-policy", "same-origin"),
          Header.of("referrer-policy", "no-referrer"),
          Header.of("x-content-type-options", "nosniff"),
          Header.of("x-frame-options", "DENY"));

  private static final String STRICT = "strict-transport-security";

  private SafeHeaders() {}

  /**
   * Writes those that are not among the answer's own.
   *
   * @param strictSeconds how long a browser is to come by TLS only; 0 to say nothing of it
   */
  static void write(ByteBuf out, Map<String, String> own, long strictSeconds) {
    for (Header header : ALL) {
      if (!has(own, header.name())) {
        out.writeBytes(header.line());
      }
    }
    if (strictSeconds > 0 && !has(own, STRICT)) {
      out.writeCharSequence(STRICT + ": max-age=" + strictSeconds + "\r\n", ISO_8859_1);
    }
  }

  private static boolean has(Map<String, String> own, String name) {
    for (String given : own.keySet()) {
      if (given.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
