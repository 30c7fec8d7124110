package dev.everwire.netty.internal.frame;

import dev.everwire.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads WebSocket frames (RFC 6455 section 5) out of bytes as they come, however they are cut:
 * checks, unmasks and inflates them in place, joins fragments and hands over messages and control
 * frames, with no object per frame. One thread at a time.
 *
 * <p>Begins between two frames and remembers where it stopped. What breaks a rule is answered once;
 * nothing may be read after that.
 */
public final class FrameReader {
  private static final int FINAL = 0x80;
  private static final int RSV1 = 0x40;
  private static final int RSV2_3 = 0x30;
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7F;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;
  private static final int MAX_CONTROL_BYTES = 125;
  private static final int MAX_HEAD_BYTES = 14;

  /**
   * Takes what was read, in the order it came. Buffers are valid until the method returns. May
   * {@link #discard} inside, but not read; must not throw.
   */
  public interface Sink {
    /** A whole text message, which is UTF-8. */
    void text(ByteBuffer utf8);

    /** A whole binary message. */
    void binary(ByteBuffer bytes);

    void ping(ByteBuffer payload);

    void pong();

    /**
     * The peer's Close frame. Nothing comes behind it.
     *
     * @param code 1005 if it carried none
     */
    void closed(int code, String reason);

    /** Whether to stop before the next frame. */
    boolean paused();
  }

  private final boolean masked;
  private final Sink sink;
  private final MessageReader message;

  private byte @Nullable [] head; // what came of a head that is not complete
  private int headBytes;
  private boolean inPayload;
  private int opcode;
  private boolean last; // frame of its message
  private int mask; // for the next byte of payload
  private int left; // of the payload
  private byte @Nullable [] control; // what came of a control frame's payload, unmasked
  private boolean over;
  private @Nullable Breach breach;

  /**
   * @param masked whether the peer has to mask its frames: it is a client
   * @param maxMessageBytes longest message, joined and inflated
   * @param inflation undoes the compression that was agreed on, or null
   */
  public FrameReader(
      boolean masked,
      int maxMessageBytes,
      ByteBufAllocator alloc,
      @Nullable Inflation inflation,
      Sink sink) {
    this.masked = masked;
    this.sink = sink;
    this.message = new MessageReader(maxMessageBytes, alloc, inflation, sink);
  }

  /** See {@link dev.everwire.session.transport.Transport#limitMessages}. */
  public void limitMessages(int maxBytes) {
    message.limit(maxBytes);
  }

  /**
   * Reads from the buffer's position to its limit, or until the sink is paused; the position says
   * how far. Overwrites what it reads and sets the byte order.
   *
   * @param view another buffer over the same memory, whose bounds are set to show messages
   * @return what the peer did wrong, or null
   */
  public @Nullable Breach read(ByteBuffer in, ByteBuffer view) {
    in.order(ByteOrder.LITTLE_ENDIAN);
    int at = in.position();
    int end = in.limit();
    while (breach == null && !over) {
      if (!inPayload) {
        at = head(in, at, end);
        if (!inPayload) {
          break;
        }
      }
      int piece = Math.min(left, end - at);
      payload(in, view, at, at + piece);
      at += piece;
      if (inPayload || sink.paused()) {
        break;
      }
    }
    in.position(over ? end : at);
    return breach;
  }

  /**
   * Where the next read should go if it is to save a copy, or null. To be filled at once, if at
   * all, and given to {@link #readTarget}.
   */
  public @Nullable ByteBuf target() {
    return inPayload && !Opcode.isControl(opcode) ? message.target(left) : null;
  }

  public boolean isTarget(ByteBuf read) {
    return message.isTarget(read);
  }

  /** As {@link #read}, for bytes that went to the {@link #target}. */
  public @Nullable Breach readTarget() {
    ByteBuffer piece = message.targetBytes();
    int length = piece.limit();
    long seen = unmask(piece, 0, length);
    left -= length;
    inPayload = left > 0;
    breach = message.tookTarget(piece, seen, last && left == 0);
    return breach;
  }

  /** From now on only the peer's Close frame is of interest; messages are dropped. */
  public void discard() {
    message.discard();
  }

  /** Frees what it holds, and the inflation. Nothing may be read any more; to be called once. */
  public void release() {
    over = true;
    control = null;
    message.end();
  }

  private int head(ByteBuffer in, int from, int end) {
    int at = from;
    byte[] begun = head;
    if (begun == null) {
      if (end - at >= 2) {
        int first = in.get(at) & 0xFF;
        int second = in.get(at + 1) & 0xFF;
        breach = check(first, second);
        int length = headLength(second);
        if (breach != null) {
          return at;
        }
        if (end - at >= length) {
          begin(in, at, first, second);
          return at + length;
        }
      } else if (at == end) {
        return at;
      }
      begun = new byte[MAX_HEAD_BYTES];
      head = begun;
      headBytes = 0;
    }
    while (at < end) {
      begun[headBytes++] = in.get(at++);
      if (headBytes == 2) {
        breach = check(begun[0] & 0xFF, begun[1] & 0xFF);
        if (breach != null) {
          return at;
        }
      }
      if (headBytes >= 2 && headBytes == headLength(begun[1] & 0xFF)) {
        head = null;
        var whole = ByteBuffer.wrap(begun).order(ByteOrder.LITTLE_ENDIAN);
        begin(whole, 0, begun[0] & 0xFF, begun[1] & 0xFF);
        return at;
      }
    }
    return at;
  }

  private static int headLength(int second) {
    int length = second & LENGTH;
    int extended = length < TWO_BYTES ? 0 : length == TWO_BYTES ? Short.BYTES : Long.BYTES;
    return 2 + extended + ((second & MASKED) == 0 ? 0 : Integer.BYTES);
  }

  /** What the first two bytes of a frame can do wrong. */
  private @Nullable Breach check(int first, int second) {
    int code = first & 0xF;
    if (!Opcode.isKnown(code)) {
      return Breach.protocol("opcode " + code + " is reserved");
    }
    boolean control = Opcode.isControl(code);
    if ((first & RSV2_3) != 0) {
      return Breach.protocol("reserved bit is set");
    }
    if ((first & RSV1) != 0
        && (control || code == Opcode.CONTINUATION || !message.mayBeCompressed())) {
      return Breach.protocol("reserved bit is set");
    }
    if (((second & MASKED) != 0) != masked) {
      return Breach.protocol(masked ? "frame is not masked" : "frame is masked");
    }
    if (control && (first & FINAL) == 0) {
      return Breach.protocol("control frame in fragments");
    }
    if (control && (second & LENGTH) > MAX_CONTROL_BYTES) {
      return Breach.protocol("control frame longer than 125 bytes");
    }
    return control ? null : message.check(code);
  }

  /** A whole head is there. */
  private void begin(ByteBuffer in, int from, int first, int second) {
    int at = from + 2;
    long length = second & LENGTH;
    if (length == TWO_BYTES) {
      length = Short.reverseBytes(in.getShort(at)) & 0xFFFF;
      at += Short.BYTES;
      if (length < TWO_BYTES) {
        breach = Breach.protocol("length is not written the shortest way");
        return;
      }
    } else if (length == EIGHT_BYTES) {
      length = Long.reverseBytes(in.getLong(at));
      at += Long.BYTES;
      if (length >= 0 && length <= 0xFFFF) {
        breach = Breach.protocol("length is not written the shortest way");
        return;
      }
      if (length < 0) {
        breach = Breach.protocol("length is negative");
        return;
      }
    }
    opcode = first & 0xF;
    last = (first & FINAL) != 0;
    mask = masked ? in.getInt(at) : 0;
    if (!Opcode.isControl(opcode)) {
      breach = message.begin(opcode, (first & RSV1) != 0, length);
      if (breach != null) {
        return;
      }
    }
    left = (int) length; // bounded by now
    inPayload = true;
  }

  private void payload(ByteBuffer in, ByteBuffer view, int from, int to) {
    left -= to - from;
    inPayload = left > 0;
    if (Opcode.isControl(opcode)) {
      unmask(in, from, to);
      control(view.limit(to).position(from));
    } else {
      long seen = message.discarding() ? 0 : unmask(in, from, to);
      breach = message.take(in, view, from, to, seen, left, last && left == 0);
    }
  }

  private long unmask(ByteBuffer in, int from, int to) {
    if (!masked) {
      return Utf8.NOT_ASCII; // nothing is known of it
    }
    long seen = Masking.apply(in, from, to, mask);
    mask = Masking.advance(mask, to - from);
    return seen;
  }

  private void control(ByteBuffer piece) {
    byte[] begun = control;
    if (begun == null && left == 0) {
      control(opcode, piece);
      return;
    }
    if (begun == null) {
      begun = new byte[piece.remaining() + left];
      control = begun;
    }
    int length = piece.remaining();
    piece.get(begun, begun.length - left - length, length);
    if (left == 0) {
      control = null;
      control(opcode, ByteBuffer.wrap(begun));
    }
  }

  private void control(int kind, ByteBuffer payload) {
    switch (kind) {
      case Opcode.PING -> sink.ping(payload);
      case Opcode.PONG -> sink.pong();
      default -> close(payload.order(ByteOrder.BIG_ENDIAN));
    }
  }

  private void close(ByteBuffer payload) {
    int length = payload.remaining();
    if (length == 1) {
      breach = Breach.protocol("close with half a code");
      return;
    }
    int code = length == 0 ? CloseCode.NO_STATUS.value() : payload.getShort() & 0xFFFF;
    if (length > 0 && !CloseFrames.mayCarry(code)) {
      breach = Breach.protocol("close with code " + code);
      return;
    }
    int from = payload.position();
    if (Utf8.check(Utf8.BOUNDARY, payload, from, payload.limit()) != Utf8.BOUNDARY) {
      breach = new Breach(CloseCode.INVALID_TEXT, "close reason is not UTF-8");
      return;
    }
    over = true;
    sink.closed(code, StandardCharsets.UTF_8.decode(payload).toString());
  }
}
