package dev.everwire.session.flow;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Allows bursts up to a capacity and, over time, no more than a rate. Begins full. Safe from any
 * thread.
 *
 * <p>With capacity 3 and 2 per second: three at once are allowed, the fourth half a second later.
 *
 * <p>Each {@code now} is nanoseconds of one clock that only grows, the same for all callers. The
 * time for one token is rounded up to the nanosecond, so the rate is never exceeded.
 */
public final class TokenBucket {
  private static final long LONGEST = Duration.ofDays(365).toNanos();
  private static final double MOST_PER_SECOND = 1_000_000;

  private final int capacity;
  private final long perToken; // nanoseconds
  private final AtomicLong fullAt; // the bucket holds capacity minus what is still to drip in

  /**
   * @param capacity tokens, at least 1
   * @param refillPerSecond more than 0, at most a million; so that an empty bucket is full again
   *     within 365 days
   */
  public TokenBucket(int capacity, double refillPerSecond, long now) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity: " + capacity + " (expected: >= 1)");
    }
    if (!(refillPerSecond > 0 && refillPerSecond <= MOST_PER_SECOND)) {
      throw new IllegalArgumentException(
          "refillPerSecond: " + refillPerSecond + " (expected: > 0, at most 1000000)");
    }
    double each = Math.ceil(1e9 / refillPerSecond);
    if (each * capacity > LONGEST) {
      throw new IllegalArgumentException(
          "refillPerSecond: " + refillPerSecond + " (expected: " + capacity + " within P365D)");
    }
    this.capacity = capacity;
    this.perToken = (long) each;
    this.fullAt = new AtomicLong(now);
  }

  public int capacity() {
    return capacity;
  }

  /** Takes a token if there is one. */
  public boolean tryAcquire(long now) {
    return tryAcquire(1, now);
  }

  /**
   * Takes all of them or none.
   *
   * @param tokens 1 to the capacity
   */
  public boolean tryAcquire(int tokens, long now) {
    return reserve(tokens, Duration.ZERO, now).isPresent();
  }

  /**
   * Takes tokens, if need be of those that are still to come: whoever comes later waits longer. The
   * caller may go on after the time that is answered.
   *
   * @param tokens 1 to the capacity
   * @param atMost how long the caller would wait
   * @return empty if it would be longer; nothing was taken then
   */
  public Optional<Duration> reserve(int tokens, Duration atMost, long now) {
    long cost = cost(tokens);
    while (true) {
      long full = fullAt.get();
      long then = later(full, now) + cost;
      long wait = then - now - capacity * perToken;
      if (wait > 0 && Duration.ofNanos(wait).compareTo(atMost) > 0) {
        return Optional.empty();
      }
      if (wait > LONGEST) {
        return Optional.empty();
      }
      if (fullAt.compareAndSet(full, then)) {
        return Optional.of(Duration.ofNanos(Math.max(0, wait)));
      }
    }
  }

  /** Takes a reservation back that is not used. */
  public void giveBack(int tokens) {
    fullAt.addAndGet(-cost(tokens));
  }

  /**
   * How long until so many tokens are there, if nobody takes any; zero if they are.
   *
   * @param tokens 1 to the capacity
   */
  public Duration timeUntilAvailable(int tokens, long now) {
    long wait = later(fullAt.get(), now) + cost(tokens) - now - capacity * perToken;
    return Duration.ofNanos(Math.max(0, wait));
  }

  /** Full again. */
  public void reset(long now) {
    fullAt.set(now);
  }

  private long cost(int tokens) {
    if (tokens < 1 || tokens > capacity) {
      throw new IllegalArgumentException("tokens: " + tokens + " (expected: 1-" + capacity + ")");
    }
    return tokens * perToken;
  }

  private static long later(long one, long other) {
    return one - other >= 0 ? one : other;
  }
}
