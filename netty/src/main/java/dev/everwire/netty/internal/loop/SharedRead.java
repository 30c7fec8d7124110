package dev.everwire.netty.internal.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * The buffer that all connections of a loop are read to, one after the other, so that it stays in
 * the processor's cache and an idle connection has none. On the loop only.
 */
public final class SharedRead {
  static final int BYTES = 64 * 1024;

  // Memory of the JDK's: freed with the loop, and not counted as anybody's.
  private ByteBuf buffer = make();
  private ByteBuffer bytes = buffer.nioBuffer(0, BYTES);
  private ByteBuffer view = buffer.nioBuffer(0, BYTES);

  /** Empty, with a reference for the borrower. Who still held it keeps the one from before. */
  ByteBuf lend() {
    if (buffer.refCnt() != 1) {
      buffer.release();
      buffer = make();
      bytes = buffer.nioBuffer(0, BYTES);
      view = buffer.nioBuffer(0, BYTES);
    }
    return buffer.clear().retain();
  }

  /** Whether what was read came in this buffer. */
  @SuppressWarnings("ReferenceEquality") // this buffer, not one with the same content
  public boolean is(ByteBuf read) {
    return read == buffer;
  }

  /** Its memory, with bounds for whoever works on it to set. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** The same again, with bounds of its own, to show parts of it. */
  public ByteBuffer view() {
    return view;
  }

  private static ByteBuf make() {
    return Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(BYTES)).clear();
  }
}
