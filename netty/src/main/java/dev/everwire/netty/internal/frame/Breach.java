package dev.everwire.netty.internal.frame;

import dev.everwire.protocol.CloseCode;

/**
 * What a peer did that ends the connection.
 *
 * @param reason for the Close frame: says which rule, never what was in the message
 */
public record Breach(CloseCode code, String reason) {
  static final Breach NOT_UTF8 = new Breach(CloseCode.INVALID_TEXT, "text is not UTF-8");
  static final Breach NOT_DEFLATE =
      new Breach(CloseCode.INVALID_TEXT, "compressed data is not valid");
  static final Breach TOO_MANY_FRAGMENTS =
      new Breach(CloseCode.POLICY, "message in too many fragments");

  static Breach protocol(String reason) {
    return new Breach(CloseCode.PROTOCOL_ERROR, reason);
  }

  static Breach tooLarge(int maxMessageBytes) {
    return new Breach(CloseCode.TOO_LARGE, "message longer than " + maxMessageBytes + " bytes");
  }
}
