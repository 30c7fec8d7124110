package dev.everwire.server.internal.limit;

import dev.everwire.session.flow.TokenBucket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A {@link TokenBucket} for each of many names. One that is full again is forgotten; beyond a bound
 * the names that come share one. Safe from any thread.
 */
final class Buckets {
  private static final int MOST = 100_000;
  private static final int SWEPT_FROM = 1_024;
  private static final long BETWEEN_SWEEPS = Duration.ofSeconds(1).toNanos();
  private static final String ALL_OTHERS = "";

  private final int capacity;
  private final double perSecond;
  private final ConcurrentMap<String, TokenBucket> buckets = new ConcurrentHashMap<>();
  private final AtomicInteger sweepAt = new AtomicInteger(SWEPT_FROM);
  private final AtomicLong notBefore = new AtomicLong(Long.MIN_VALUE); // the next sweep

  Buckets(int capacity, double perSecond) {
    this.capacity = capacity;
    this.perSecond = perSecond;
  }

  /**
   * Takes a token.
   *
   * @return how long until there is one if there is none, zero if it was taken
   */
  Duration take(String name, long now) {
    int size = buckets.size();
    if (size >= sweepAt.get()) {
      sweep(now);
      size = buckets.size();
    }
    String counted = size < MOST || buckets.containsKey(name) ? name : ALL_OTHERS;
    Duration[] wait = new Duration[] {Duration.ZERO};
    buckets.compute(
        counted,
        (same, there) -> {
          TokenBucket bucket = there == null ? new TokenBucket(capacity, perSecond, now) : there;
          Optional<Duration> taken = bucket.reserve(1, Duration.ZERO, now);
          wait[0] = taken.orElseGet(() -> bucket.timeUntilAvailable(1, now));
          return bucket;
        });
    return wait[0];
  }

  void giveBack(String name) {
    buckets.computeIfPresent(
        buckets.containsKey(name) ? name : ALL_OTHERS,
        (same, bucket) -> {
          bucket.giveBack(1);
          return bucket;
        });
  }

  /**
   * Costs each bucket a moment, so it is done when there are twice as many as were left, and once a
   * second at most.
   */
  private void sweep(long now) {
    long earliest = notBefore.get();
    boolean early = earliest != Long.MIN_VALUE && now - earliest < 0;
    if (early || !notBefore.compareAndSet(earliest, now + BETWEEN_SWEEPS)) {
      return;
    }
    for (String name : buckets.keySet()) {
      buckets.computeIfPresent(
          name,
          (same, bucket) -> bucket.timeUntilAvailable(capacity, now).isZero() ? null : bucket);
    }
    sweepAt.set(Math.clamp(2L * buckets.size(), SWEPT_FROM, MOST));
  }

  int size() {
    return buckets.size();
  }
}
