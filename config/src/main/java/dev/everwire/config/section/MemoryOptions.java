package dev.everwire.config.section;

import dev.everwire.config.word.Bytes;
import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Range;
import dev.everwire.config.word.Unbounded;
import dev.everwire.server.limit.Eviction;
import dev.everwire.server.limit.MemoryLimits;
import java.time.Duration;

/** How much memory connections may hold: what waits to be sent, and 3 KiB each. Immutable. */
public record MemoryOptions(
    @Doc("Bytes of all connections together; above, the longest queues go first.")
        @Unbounded
        @Bytes
        @Range(min = "1MiB")
        long maxBytes,
    @Doc("Bytes of one connection; one that holds more is closed.")
        @Unbounded
        @Bytes
        @Range(min = "16KiB")
        long maxBytesPerConnection,
    @Doc(
            "Who has to go when that is not enough: those silent (lru) or connected (oldest) for the longest time.")
        Eviction eviction,
    @Doc("How often memory is counted.") @Range(min = "10ms", max = "1h") Duration lookEvery,
    @Doc("When those who had to go are told to come back.") @Range(min = "0s", max = "1d")
        Duration retryAfter) {
  public static final MemoryOptions DEFAULT = of(MemoryLimits.UNLIMITED);

  public static MemoryOptions of(MemoryLimits limits) {
    return new MemoryOptions(
        limits.maxBytes(),
        limits.maxBytesPerConnection(),
        limits.eviction(),
        limits.lookEvery(),
        limits.retryAfter());
  }

  public MemoryLimits limits() {
    return new MemoryLimits(maxBytes, maxBytesPerConnection, eviction, lookEvery, retryAfter);
  }
}
