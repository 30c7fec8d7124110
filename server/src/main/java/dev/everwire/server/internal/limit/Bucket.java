package dev.everwire.server.internal.limit;

import dev.everwire.server.limit.Rate;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is left of a {@link Rate}: full at first. Times are nanoseconds of a clock that only grows;
 * the bucket is a moment on it, when it will be full again, so that nothing has to drip in.
 */
abstract sealed class Bucket {
  private static final long UNUSED = Long.MIN_VALUE; // full, whatever the time

  private final double perToken; // nanoseconds
  private final long depth; // nanoseconds from empty to full

  private static final double LONGEST = 86_400e9; // nanoseconds that one message can cost

  private Bucket(Rate rate) {
    this.perToken = 1e9 / rate.perSecond();
    this.depth = (long) Math.ceil(perToken * rate.burst());
  }

  /** For one loop. */
  static Bucket ofOne(Rate rate) {
    return new OfOne(rate);
  }

  /** Safe from any thread. */
  static Bucket ofMany(Rate rate) {
    return new OfMany(rate);
  }

  /**
   * Takes all of them or none. More than the burst is let in where nothing was used, and then
   * counts in full.
   *
   * @return 0, or nanoseconds until they would be there if nobody took any
   */
  abstract long take(long tokens, long now);

  /** Takes back what was taken for nothing. */
  abstract void giveBack(long tokens);

  abstract boolean full(long now);

  final long cost(long tokens) {
    return (long) Math.min(LONGEST, Math.ceil(perToken * tokens));
  }

  /** When it would be full after such a cost. */
  static long after(long fullAt, long cost, long now) {
    return (full(fullAt, now) ? now : fullAt) + cost;
  }

  static boolean full(long fullAt, long now) {
    return fullAt == UNUSED || fullAt - now <= 0;
  }

  final long wait(long fullAt, long cost, long now) {
    return Math.max(0, after(fullAt, Math.min(depth, cost), now) - now - depth);
  }

  private static final class OfOne extends Bucket {
    private long fullAt = UNUSED;

    OfOne(Rate rate) {
      super(rate);
    }

    @Override
    long take(long tokens, long now) {
      long cost = cost(tokens);
      long wait = wait(fullAt, cost, now);
      if (wait == 0) {
        fullAt = after(fullAt, cost, now);
      }
      return wait;
    }

    @Override
    void giveBack(long tokens) {
      fullAt -= cost(tokens);
    }

    @Override
    boolean full(long now) {
      return full(fullAt, now);
    }
  }

  private static final class OfMany extends Bucket {
    private final AtomicLong fullAt = new AtomicLong(UNUSED);

    OfMany(Rate rate) {
      super(rate);
    }

    @Override
    long take(long tokens, long now) {
      long cost = cost(tokens);
      while (true) {
        long before = fullAt.get();
        long wait = wait(before, cost, now);
        if (wait > 0 || fullAt.compareAndSet(before, after(before, cost, now))) {
          return wait;
        }
      }
    }

    @Override
    void giveBack(long tokens) {
      fullAt.addAndGet(-cost(tokens));
    }

    @Override
    boolean full(long now) {
      return full(fullAt.get(), now);
    }
  }
}
