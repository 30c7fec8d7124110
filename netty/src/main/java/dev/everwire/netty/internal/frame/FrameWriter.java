package dev.everwire.netty.internal.frame;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Writes WebSocket frames (RFC 6455 section 5.2), each a whole message or a control frame. A client
 * masks what it sends, a server does not. One thread at a time; {@link #SERVER} from any.
 */
public final class FrameWriter {
  /** Has no state. */
  public static final FrameWriter SERVER = new FrameWriter(null);

  /** To be added to the opcode of a message that is compressed (RFC 7692 section 6). */
  public static final int COMPRESSED = 0x40;

  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;

  private final @Nullable MaskKeys masks; // null: a server

  private FrameWriter(@Nullable MaskKeys masks) {
    this.masks = masks;
  }

  /** May be shared by all clients of a thread. */
  public static FrameWriter client() {
    return new FrameWriter(new MaskKeys());
  }

  public boolean masking() {
    return masks != null;
  }

  /**
   * Length of a frame with its header.
   *
   * @throws ArithmeticException if it is longer than a buffer can be
   */
  public int length(int payload) {
    int header = payload < 126 ? 2 : payload < 65_536 ? 4 : 10;
    return Math.addExact(payload, masks == null ? header : header + Integer.BYTES);
  }

  /** Appends one whole frame. Leaves the payload's position as it is. */
  public void write(ByteBuf out, int opcode, ByteBuffer payload) {
    int mask = head(out, opcode, payload.remaining());
    if (masks == null) {
      int position = payload.position();
      out.writeBytes(payload);
      payload.position(position);
    } else {
      masked(out, payload, mask);
    }
  }

  /** Appends one whole frame. */
  public void write(ByteBuf out, int opcode, byte[] payload) {
    if (masks == null) {
      head(out, opcode, payload.length);
      out.writeBytes(payload);
    } else {
      write(out, opcode, ByteBuffer.wrap(payload));
    }
  }

  /** Appends one whole frame. Leaves the payload's reader index as it is. */
  public void write(ByteBuf out, int opcode, ByteBuf payload) {
    if (masks == null) {
      head(out, opcode, payload.readableBytes());
      out.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
    } else {
      write(out, opcode, payload.nioBuffer());
    }
  }

  /** Answers the mask, if there is one. */
  private int head(ByteBuf out, int opcode, int length) {
    int maskBit = masks == null ? 0 : MASKED;
    int first = (FINAL | opcode) << 8;
    if (length < 126) {
      out.writeShort(first | maskBit | length);
    } else if (length < 65_536) {
      out.writeInt((first | maskBit | 126) << 16 | length);
    } else {
      out.writeShort(first | maskBit | 127).writeLong(length);
    }
    if (masks == null) {
      return 0;
    }
    int mask = masks.next();
    out.writeInt(mask);
    return mask;
  }

  private static void masked(ByteBuf out, ByteBuffer payload, int mask) {
    ByteBuffer from =
        payload.order() == ByteOrder.BIG_ENDIAN ? payload : payload.duplicate(); // is big-endian
    long wide = ((long) mask << 32) | (mask & 0xFFFF_FFFFL);
    out.ensureWritable(payload.remaining());
    int at = from.position();
    int end = from.limit();
    int to = out.writerIndex();
    for (; end - at >= Long.BYTES; at += Long.BYTES, to += Long.BYTES) {
      out.setLong(to, from.getLong(at) ^ wide);
    }
    for (int key = mask; at < end; at++, to++, key = Integer.rotateLeft(key, 8)) {
      out.setByte(to, from.get(at) ^ (key >>> 24));
    }
    out.writerIndex(to);
  }

  /** Unpredictable keys (RFC 6455 section 5.3), drawn many at a time. */
  private static final class MaskKeys {
    private static final int AT_ONCE = 256;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ByteBuffer left = ByteBuffer.allocate(AT_ONCE * Integer.BYTES).limit(0);

    int next() {
      if (!left.hasRemaining()) {
        RANDOM.nextBytes(left.array());
        left.clear();
      }
      return left.getInt();
    }
  }
}
