package dev.everwire.netty.internal.dial;

import dev.everwire.netty.internal.http.HttpConnection;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;

/**
 * Reads what a server answers. A status is three digits (RFC 9112 section 4): {@code 0101}, which a
 * number would not show, is none.
 */
final class Answers extends HttpResponseDecoder {
  private static final int STATUS_DIGITS = 3;

  Answers() {
    super(
        HttpConnection.MAX_HEADER_BYTES,
        HttpConnection.MAX_HEADER_BYTES,
        HttpConnection.MAX_HEADER_BYTES);
  }

  @Override
  protected HttpMessage createMessage(String[] statusLine) {
    if (!isStatus(statusLine[1])) {
      throw new IllegalArgumentException("the status is not three digits");
    }
    return super.createMessage(statusLine);
  }

  private static boolean isStatus(String text) {
    return text.length() == STATUS_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
