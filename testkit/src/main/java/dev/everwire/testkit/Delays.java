package dev.everwire.testkit;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How long each message of a connection is under way, beside its latency. Messages of one direction
 * never overtake each other: one that is held up holds up those behind it.
 */
@FunctionalInterface
public interface Delays {
  Delays NONE = (way, message) -> 0;

  /**
   * @param message number of the message in its direction, from 0
   * @return nanoseconds, not negative
   */
  long nanos(Way way, int message);

  /** The same for every message of a direction. */
  static Delays fixed(Duration up, Duration down) {
    long upNanos = notNegative("up", up);
    long downNanos = notNegative("down", down);
    return (way, message) -> way == Way.UP ? upNanos : downNanos;
  }

  /** Anything up to so much, for each message anew; the same seed gives the same delays. */
  static Delays seeded(long seed, Duration most) {
    long bound = notNegative("most", most) + 1;
    return (way, message) ->
        new SplittableRandom(seed * 31 + message * 2L + (way == Way.UP ? 0 : 1)).nextLong(bound);
  }

  /** Only so for one direction. */
  default Delays only(Way affected) {
    return (way, message) -> way == affected ? nanos(way, message) : 0;
  }

  private static long notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
    }
    return value.toNanos();
  }
}
