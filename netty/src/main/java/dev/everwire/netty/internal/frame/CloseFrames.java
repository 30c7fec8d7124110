package dev.everwire.netty.internal.frame;

import dev.everwire.protocol.CloseCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What Close frames carry (RFC 6455 section 5.5.1). */
public final class CloseFrames {
  private static final int MAX_REASON_BYTES = 123;

  private CloseFrames() {}

  /**
   * Whether a peer may send this code: assigned ones, and those left to libraries and applications
   * (RFC 6455 section 7.4 and what was registered since).
   */
  static boolean mayCarry(int code) {
    return code >= CloseCode.NORMAL.value() && code <= 4999 && new CloseCode(code).sendable();
  }

  /** A longer reason is cut at a character. */
  public static ByteBuffer payload(int code, String reason) {
    byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(utf8.length, MAX_REASON_BYTES);
    while (length < utf8.length && length > 0 && (utf8[length] & 0xC0) == 0x80) {
      length--;
    }
    return ByteBuffer.allocate(Short.BYTES + length)
        .putShort((short) code)
        .put(utf8, 0, length)
        .flip();
  }
}
