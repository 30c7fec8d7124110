package dev.everwire.session.transport;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A bounded HTTP answer; the transport adds length, date and connection headers. Over a network it
 * also adds what keeps browsers from running, framing, guessing at, keeping or embedding an answer,
 * where the answer does not name that header itself: a page has to bring a {@code
 * content-security-policy} of its own. An answer 304 is left as it is.
 *
 * @param body handed over, not copied
 */
@SuppressWarnings("ArrayRecordComponent") // handed over whole; nobody compares two of them
public record HttpReply(int status, Map<String, String> headers, byte[] body) {
  public HttpReply {
    headers = Map.copyOf(headers);
  }

  public static HttpReply text(int status, String text) {
    return of(status, "text/plain; charset=utf-8", text);
  }

  public static HttpReply json(int status, String json) {
    return of(status, "application/json", json);
  }

  public static HttpReply html(int status, String html) {
    return of(status, "text/html; charset=utf-8", html);
  }

  private static HttpReply of(int status, String type, String text) {
    return new HttpReply(
        status, Map.of("content-type", type), text.getBytes(StandardCharsets.UTF_8));
  }
}
