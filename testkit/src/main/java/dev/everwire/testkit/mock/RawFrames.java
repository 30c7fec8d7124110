package dev.everwire.testkit.mock;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes of frames as RFC 6455 has them and as it has not, for a {@link RawServer} to write. */
public final class RawFrames {
  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;

  private RawFrames() {}

  /** A good text message. */
  public static byte[] text(String text) {
    return frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A whole frame with any opcode, 3…7 and 11…15 are none. */
  public static byte[] frame(int opcode, byte[] payload) {
    return frame(FINAL | opcode, payload.length, payload);
  }

  /** A frame that is not the last of its message. */
  public static byte[] fragment(int opcode, byte[] payload) {
    return frame(opcode, payload.length, payload);
  }

  /** A text with reserved bits, of which 4 is RSV1, 2 is RSV2 and 1 is RSV3. */
  public static byte[] reservedBits(int bits, String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    return frame(FINAL | bits << 4 | TEXT, payload.length, payload);
  }

  /** A text masked with zeros, as no server may send it. */
  public static byte[] masked(String text) {
    byte[] plain = text(text);
    int header = headerLength(plain);
    byte[] masked = new byte[plain.length + 4];
    System.arraycopy(plain, 0, masked, 0, header);
    System.arraycopy(plain, header, masked, header + 4, plain.length - header);
    masked[1] |= (byte) MASKED;
    return masked;
  }

  /** A text message that is no UTF-8. */
  public static byte[] badUtf8() {
    return frame(TEXT, new byte[] {'a', (byte) 0xC3, 'b'});
  }

  /** The beginning of a binary message of that length, which may be beyond what anybody takes. */
  public static byte[] announcing(long length, byte[] beginning) {
    return frame(FINAL | BINARY, length, beginning);
  }

  /** The first half of a good text message. */
  public static byte[] truncated(String text) {
    byte[] whole = text(text);
    return ByteBuffer.allocate(whole.length / 2).put(whole, 0, whole.length / 2).array();
  }

  public static byte[] close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    return frame(
        CLOSE, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
  }

  private static byte[] frame(int first, long length, byte[] payload) {
    ByteBuffer out = ByteBuffer.allocate(10 + payload.length);
    out.put((byte) first);
    if (length < 126) {
      out.put((byte) length);
    } else if (length < 65_536) {
      out.put((byte) 126).putShort((short) length);
    } else {
      out.put((byte) 127).putLong(length);
    }
    out.put(payload);
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  private static int headerLength(byte[] frame) {
    return switch (frame[1] & 0x7F) {
      case 126 -> 4;
      case 127 -> 10;
      default -> 2;
    };
  }
}
