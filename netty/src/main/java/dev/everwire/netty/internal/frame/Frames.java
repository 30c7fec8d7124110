package dev.everwire.netty.internal.frame;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Writes WebSocket frames (RFC 6455 section 5.2). A client masks what it sends, a server does not.
 * One thread at a time.
 */
public final class Frames {
  public static final int TEXT = 0x1;
  public static final int BINARY = 0x2;
  public static final int CLOSE = 0x8;
  public static final int PING = 0x9;
  public static final int PONG = 0xA;

  /** Has no state. */
  public static final Frames SERVER = new Frames(null);

  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int MASKS_AT_ONCE = 64;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final @Nullable MaskKeys masks; // null: a server

  private Frames(@Nullable MaskKeys masks) {
    this.masks = masks;
  }

  public static Frames client() {
    return new Frames(new MaskKeys());
  }

  public boolean masking() {
    return masks != null;
  }

  /** Length of a frame with its header. */
  public int length(int payload) {
    int header = payload < 126 ? 2 : payload < 65_536 ? 4 : 10;
    return Math.addExact(payload, masks == null ? header : header + Integer.BYTES);
  }

  /** Appends one whole frame. Leaves the payload's position as it is. */
  public void write(ByteBuf out, int opcode, ByteBuffer payload) {
    int length = payload.remaining();
    int maskBit = masks == null ? 0 : MASKED;
    out.writeByte(FINAL | opcode);
    if (length < 126) {
      out.writeByte(maskBit | length);
    } else if (length < 65_536) {
      out.writeByte(maskBit | 126).writeShort(length);
    } else {
      out.writeByte(maskBit | 127).writeLong(length);
    }
    int mask = 0;
    if (masks != null) {
      mask = masks.next();
      out.writeInt(mask);
    }
    int from = out.writerIndex();
    int position = payload.position();
    out.writeBytes(payload);
    payload.position(position);
    if (masks != null) {
      mask(out, from, mask);
    }
  }

  private static void mask(ByteBuf out, int from, int mask) {
    long wide = ((long) mask << 32) | (mask & 0xFFFF_FFFFL);
    int at = from;
    int end = out.writerIndex();
    for (; at + 8 <= end; at += 8) {
      out.setLong(at, out.getLong(at) ^ wide);
    }
    for (int i = 0; at < end; at++, i++) {
      out.setByte(at, out.getByte(at) ^ (mask >>> (24 - 8 * (i & 3))));
    }
  }

  /** Unpredictable keys (RFC 6455 section 5.3), drawn many at a time. */
  private static final class MaskKeys {
    private final byte[] bytes = new byte[MASKS_AT_ONCE * Integer.BYTES];
    private final ByteBuffer left = ByteBuffer.wrap(bytes).limit(0);

    int next() {
      if (!left.hasRemaining()) {
        RANDOM.nextBytes(bytes);
        left.clear();
      }
      return left.getInt();
    }
  }
}
