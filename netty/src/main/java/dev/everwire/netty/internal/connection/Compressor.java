package dev.everwire.netty.internal.connection;

import dev.everwire.netty.internal.deflate.DeflateTerms;
import dev.everwire.netty.internal.deflate.Deflaters;
import dev.everwire.netty.internal.deflate.MessageDeflater;
import dev.everwire.netty.internal.deflate.SharedForm;
import dev.everwire.netty.internal.frame.FrameWriter;
import dev.everwire.netty.internal.frame.Opcode;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.session.transport.Encoded;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Compresses what one connection sends, where that was agreed on and is worth it; a shared message
 * once for all connections that agreed on the same. On the connection's loop only.
 */
final class Compressor {
  /** What a compressed message is expected to need at most: more is allocated if it does. */
  private static final int EXPECTED_SHARE = 2;

  private final DeflateTerms terms;
  private final ByteBufAllocator alloc;
  private final Deflaters deflaters;
  private final MessageDeflater own;
  private final SharedForm form;

  private Compressor(DeflateTerms terms, ByteBufAllocator alloc, Deflaters deflaters) {
    this.terms = terms;
    this.alloc = alloc;
    this.deflaters = deflaters;
    this.own = new MessageDeflater(terms, deflaters);
    this.form = terms.sharedForm();
  }

  static @Nullable Compressor of(
      @Nullable DeflateTerms terms, ByteBufAllocator alloc, NettyLoop loop) {
    return terms == null
        ? null
        : new Compressor(terms, alloc, loop.part(Deflaters.class, Deflaters::new));
  }

  boolean wants(int length) {
    return length >= terms.thresholdBytes();
  }

  /**
   * The payload compressed, which then has to be sent, in a buffer to be released; null if it would
   * not get shorter. Leaves the payload's position as it is.
   */
  @Nullable ByteBuf compress(ByteBuffer payload) {
    int length = payload.remaining();
    ByteBuf compressed = room(length);
    boolean good = false;
    try {
      own.deflate(payload.duplicate(), compressed);
      // what later messages may refer to has to be sent as it is
      good = terms.sendTakeover() || compressed.readableBytes() < length;
      return good ? compressed : null;
    } finally {
      if (!good) {
        compressed.release();
      }
    }
  }

  /** The message in a server's frame, compressed if that makes it shorter. Belongs to it. */
  SharedFrame share(Encoded message) {
    SharedFrame frame = message.variant(form, SharedFrame.class, this::frame);
    if (frame.compressed()) {
      own.forget();
    }
    return frame;
  }

  void release() {
    own.release();
  }

  private SharedFrame frame(Encoded message) {
    byte[] payload = message.payload();
    ByteBuf compressed = room(payload.length);
    try {
      form.deflate(ByteBuffer.wrap(payload), compressed, deflaters);
      boolean shorter = compressed.readableBytes() < payload.length;
      int opcode = message.isText() ? Opcode.TEXT : Opcode.BINARY;
      int length = shorter ? compressed.readableBytes() : payload.length;
      ByteBuf frame = alloc.directBuffer(FrameWriter.SERVER.length(length));
      if (shorter) {
        FrameWriter.SERVER.write(frame, opcode | FrameWriter.COMPRESSED, compressed);
      } else {
        FrameWriter.SERVER.write(frame, opcode, payload);
      }
      return new SharedFrame(frame, shorter);
    } finally {
      compressed.release();
    }
  }

  private ByteBuf room(int length) {
    return alloc.directBuffer(Math.max(64, length / EXPECTED_SHARE));
  }
}
