package dev.everwire.server.limit;

import java.time.Duration;

/**
 * How much memory the connections of a server may hold together, and each of them. Counted is what
 * waits to be sent (a message that many share counts for each) and 3 KiB for every connection.
 * Immutable.
 *
 * <p>Who holds more than one connection may is closed with 4002. While all together hold too much,
 * those with the longest queues are closed with 4002 first, then others as the eviction says, told
 * by {@code $/goaway} when to come back, with 4200, until nine tenths are held. Above that nobody
 * comes in: 503 with {@code Retry-After}.
 *
 * @param maxBytes of all connections, at least 1 MiB
 * @param maxBytesPerConnection at least 16 KiB
 * @param lookEvery how often it is counted, 10 ms to 1 hour
 * @param retryAfter what those who are evicted are told, 0 to 1 day
 */
public record MemoryLimits(
    long maxBytes,
    long maxBytesPerConnection,
    Eviction eviction,
    Duration lookEvery,
    Duration retryAfter) {
  private static final long KIB = 1024;

  /** Nothing is counted. */
  public static final MemoryLimits UNLIMITED =
      new MemoryLimits(
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          Eviction.LRU,
          Duration.ofSeconds(1),
          Duration.ofSeconds(5));

  public MemoryLimits {
    atLeast("maxBytes", maxBytes, KIB * KIB);
    atLeast("maxBytesPerConnection", maxBytesPerConnection, 16 * KIB);
    if (lookEvery.toMillis() < 10 || lookEvery.toHours() > 1) {
      throw new IllegalArgumentException("lookEvery: " + lookEvery + " (expected: PT0.01S-PT1H)");
    }
    if (retryAfter.isNegative() || retryAfter.toDays() > 1) {
      throw new IllegalArgumentException("retryAfter: " + retryAfter + " (expected: PT0S-P1D)");
    }
  }

  private static void atLeast(String name, long bytes, long least) {
    if (bytes < least) {
      throw new IllegalArgumentException(name + ": " + bytes + " (expected: >= " + least + ")");
    }
  }

  public static MemoryLimits of(long maxBytes) {
    return UNLIMITED.withMaxBytes(maxBytes);
  }

  public boolean unlimited() {
    return maxBytes == Long.MAX_VALUE && maxBytesPerConnection == Long.MAX_VALUE;
  }

  public MemoryLimits withMaxBytes(long bytes) {
    return new MemoryLimits(bytes, maxBytesPerConnection, eviction, lookEvery, retryAfter);
  }

  public MemoryLimits withMaxBytesPerConnection(long bytes) {
    return new MemoryLimits(maxBytes, bytes, eviction, lookEvery, retryAfter);
  }

  public MemoryLimits withEviction(Eviction policy) {
    return new MemoryLimits(maxBytes, maxBytesPerConnection, policy, lookEvery, retryAfter);
  }

  public MemoryLimits withLookEvery(Duration interval) {
    return new MemoryLimits(maxBytes, maxBytesPerConnection, eviction, interval, retryAfter);
  }

  public MemoryLimits withRetryAfter(Duration delay) {
    return new MemoryLimits(maxBytes, maxBytesPerConnection, eviction, lookEvery, delay);
  }
}
