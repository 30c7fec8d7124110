package dev.everwire.netty.internal.deflate;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;

/** Heap buffers whose bytes are counted; a buffer that grows is there twice while it is copied. */
final class PeakAllocator extends AbstractByteBufAllocator {
  private long used;
  private long peak;

  /** The most there ever was at one time. */
  long peak() {
    return peak;
  }

  long used() {
    return used;
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return new Counted(initialCapacity, maxCapacity);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return newHeapBuffer(initialCapacity, maxCapacity);
  }

  private final class Counted extends UnpooledHeapByteBuf {
    Counted(int initialCapacity, int maxCapacity) {
      super(PeakAllocator.this, initialCapacity, maxCapacity);
    }

    @Override
    protected byte[] allocateArray(int initialCapacity) {
      used += initialCapacity;
      peak = Math.max(peak, used);
      return super.allocateArray(initialCapacity);
    }

    @Override
    protected void freeArray(byte[] array) {
      used -= array.length;
      super.freeArray(array);
    }
  }
}
