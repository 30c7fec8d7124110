package dev.everwire.netty.hostile;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.concurrent.atomic.AtomicLong;

/** An allocator that counts each byte and remembers the extremes. Safe from any thread. */
final class Meter extends AbstractByteBufAllocator {
  private final UnpooledByteBufAllocator unpooled = new UnpooledByteBufAllocator(true);
  private final AtomicLong biggest = new AtomicLong();
  private final AtomicLong highest = new AtomicLong();

  Meter() {
    super(true);
  }

  /** Bytes in buffers that were not freed. */
  long used() {
    return unpooled.metric().usedDirectMemory() + unpooled.metric().usedHeapMemory();
  }

  /** The most bytes in use at once, as far as seen whenever a buffer was asked for. */
  long highest() {
    return Math.max(highest.get(), used());
  }

  /** The most bytes asked for in one buffer. */
  long biggest() {
    return biggest.get();
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return noted(unpooled.heapBuffer(initialCapacity, maxCapacity), initialCapacity);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return noted(unpooled.directBuffer(initialCapacity, maxCapacity), initialCapacity);
  }

  private ByteBuf noted(ByteBuf buffer, int bytes) {
    biggest.accumulateAndGet(bytes, Math::max);
    highest.accumulateAndGet(used(), Math::max);
    return buffer;
  }
}
