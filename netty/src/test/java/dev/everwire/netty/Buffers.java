package dev.everwire.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.testkit.Await;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Counts the buffers of one test, and collects what Netty's leak detector finds in all of them. */
final class Buffers {
  private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

  static {
    // before the first buffer is made: Netty's classes take the detector when they are loaded
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(
        new ResourceLeakDetectorFactory() {
          @Override
          @SuppressWarnings("deprecation") // the only constructor there is
          public <T> ResourceLeakDetector<T> newResourceLeakDetector(
              Class<T> resource, int samplingInterval, long maxActive) {
            return new ResourceLeakDetector<T>(resource, samplingInterval) {
              @Override
              protected void reportTracedLeak(String resourceType, String records) {
                LEAKS.add(resourceType + records);
              }

              @Override
              protected void reportUntracedLeak(String resourceType) {
                LEAKS.add(resourceType);
              }
            };
          }
        });
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
  }

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

  ByteBufAllocator allocator() {
    return allocator;
  }

  /** Bytes in buffers that were not freed. */
  long used() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }

  void assertAllFreed() {
    Await.until(() -> used() == 0);
    assertThat(LEAKS).isEmpty();
  }
}
