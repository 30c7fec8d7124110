package dev.everwire.netty;

import dev.everwire.testkit.Await;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;

/** Counts the buffers of one test. What is dropped unreleased fails the run: see the leak gate. */
public final class Buffers {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

  public ByteBufAllocator allocator() {
    return allocator;
  }

  /** Bytes in buffers that were not freed. */
  public long used() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  public void assertAllFreed() {
    Await.until(() -> used() == 0);
  }
}
