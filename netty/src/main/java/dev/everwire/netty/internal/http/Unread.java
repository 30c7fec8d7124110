package dev.everwire.netty.internal.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a connection received and no request has used yet. Loop-confined. */
final class Unread {

  /** Where readers find their bytes, one array for all connections of a loop. */
  private static final FastThreadLocal<ByteBuffer> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected ByteBuffer initialValue() {
          return ByteBuffer.allocate(RequestReader.MAX_HEAD_BYTES);
        }
      };

  private @Nullable ByteBuf bytes; // with something to read

  boolean isEmpty() {
    return bytes == null;
  }

  /** Takes over a buffer that is not empty. */
  void add(ByteBuf more, ByteBufAllocator allocator) {
    bytes =
        bytes == null
            ? more
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, bytes, more);
  }

  /** Has a reader go one step, and drops what it used. */
  Step next(RequestReader reader) {
    ByteBuf from = bytes;
    ByteBuffer scratch = SCRATCH.get().clear();
    if (from == null) {
      return reader.read(scratch.limit(0));
    }
    scratch.limit(Math.min(scratch.capacity(), from.readableBytes()));
    from.getBytes(from.readerIndex(), scratch);
    Step step = reader.read(scratch.flip());
    from.skipBytes(scratch.position());
    if (!from.isReadable()) {
      release();
    }
    return step;
  }

  /** All that is left, or null; from now on the caller's. */
  @Nullable ByteBuf handOver() {
    ByteBuf left = bytes;
    bytes = null;
    return left;
  }

  void release() {
    ByteBuf left = handOver();
    if (left != null) {
      left.release();
    }
  }
}
