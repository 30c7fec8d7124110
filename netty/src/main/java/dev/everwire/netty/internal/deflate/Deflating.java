package dev.everwire.netty.internal.deflate;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Makes deflate data (RFC 1951) of one message, in the form of RFC 7692 section 7.2.1: flushed to a
 * byte, without the last four bytes.
 *
 * <p>The JDK's zlib always looks back 32 KiB. For less, the message is cut in segments of half the
 * window. Each is a stream of its own that may refer to the half window before it, which it is told
 * as its dictionary, so no distance can exceed the window. Streams that end at a byte without a
 * final block can simply stand behind each other. With a window of 256 bytes:
 *
 * <pre>
 *   message    0 ....... 128 ....... 256 ....... 384
 *   segment 2            |-----------|               at most 128 bytes
 *   it knows   |---------|                           the 128 before: no distance above 255
 * </pre>
 */
final class Deflating {
  static final int FULL_WINDOW = 15;

  /** An empty message (RFC 7692 section 7.2.3.6): header of an empty stored block. */
  private static final int EMPTY = 0;

  /** What every flush ends with, and what the receiver adds again: 00 00 FF FF. */
  private static final int TAIL_BYTES = 4;

  private static final int MAX_STEP = 16 * 1024;
  private static final int FLUSH_BYTES = 16; // a flush, and more than zlib wants to see free for it

  private Deflating() {}

  /** Goes on with what the deflater already knows. */
  static void message(Deflater deflater, ByteBuffer payload, ByteBuf out) {
    if (payload.hasRemaining()) {
      stream(deflater, payload, out);
      out.writerIndex(out.writerIndex() - TAIL_BYTES);
    } else {
      out.writeByte(EMPTY);
    }
  }

  static int segmentBytes(int windowBits) {
    return 1 << (windowBits - 1);
  }

  /**
   * For windows below {@link #FULL_WINDOW}.
   *
   * @param deflater what it knows is forgotten
   * @param history of at most {@link #segmentBytes}; goes on to the end of this message. Null if
   *     the message stands alone
   */
  static void messageInSegments(
      Deflater deflater,
      @Nullable History history,
      int windowBits,
      ByteBuffer payload,
      ByteBuf out) {
    if (!payload.hasRemaining()) {
      out.writeByte(EMPTY);
      return;
    }
    int segmentBytes = segmentBytes(windowBits);
    int from = payload.position();
    int end = payload.limit();
    ByteBuffer part = payload.duplicate();
    for (int at = from; at < end; at += segmentBytes) {
      deflater.reset();
      if (at > from) {
        deflater.setDictionary(part.limit(at).position(at - segmentBytes));
      } else if (history != null) {
        history.tell(deflater);
      }
      stream(deflater, part.limit(Math.min(at + segmentBytes, end)).position(at), out);
    }
    if (history != null) {
      history.add(payload);
    }
    payload.position(end);
    out.writerIndex(out.writerIndex() - TAIL_BYTES);
  }

  /** Consumes the input and flushes, so that {@code out} ends at a byte. */
  private static void stream(Deflater deflater, ByteBuffer input, ByteBuf out) {
    int step = Math.min(input.remaining() + FLUSH_BYTES, MAX_STEP);
    deflater.setInput(input);
    int room;
    int made;
    do {
      out.ensureWritable(step);
      room = out.writableBytes();
      made = deflater.deflate(out.internalNioBuffer(out.writerIndex(), room), Deflater.SYNC_FLUSH);
      out.writerIndex(out.writerIndex() + made);
    } while (made == room); // zlib may have more to say; room it left means that it has not
  }
}
