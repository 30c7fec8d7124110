package dev.everwire.client;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a client dials again. Whether it may at all is not asked here: that is said by the close
 * code or the HTTP status of the failure. Must be safe from any thread; the ones made here are.
 */
@FunctionalInterface
public interface ReconnectPolicy {

  /**
   * How long to wait before the next dial.
   *
   * @param failures dials and connections that failed in a row, 1 or more; starts over after a
   *     connection that lasted 30 s
   * @return empty to give up
   */
  Optional<Duration> delay(int failures, RandomGenerator random);

  /**
   * A random time between nothing and {@code base}, then twice {@code base}, four times …, never
   * more than {@code cap}. The full spread keeps a thousand clients of one server from coming back
   * together.
   */
  static ReconnectPolicy exponential(Duration base, Duration cap) {
    return exponential(base, cap, 1.0);
  }

  /**
   * As {@link #exponential(Duration, Duration)} with a smaller spread.
   *
   * @param jitter the random part of each delay: with 0.2 a delay of 10 s lasts 8 to 10 s
   */
  static ReconnectPolicy exponential(Duration base, Duration cap, double jitter) {
    positive("base", base);
    positive("cap", cap);
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter: " + jitter + " (expected: 0.0-1.0)");
    }
    return (failures, random) -> {
      double most = (double) base.toNanos() * Math.scalb(1.0, Math.min(failures - 1, 62));
      double nanos = Math.min((double) cap.toNanos(), most);
      return Optional.of(
          Duration.ofNanos((long) (nanos * (1 - jitter + jitter * random.nextDouble()))));
    };
  }

  /** Always the same time. */
  static ReconnectPolicy fixed(Duration delay) {
    positive("delay", delay);
    return (failures, random) -> Optional.of(delay);
  }

  /** No second dial: the first failure closes the client. */
  static ReconnectPolicy never() {
    return (failures, random) -> Optional.empty();
  }

  /** This policy for so many failures in a row; one more closes the client. */
  default ReconnectPolicy atMost(int failures) {
    if (failures < 1) {
      throw new IllegalArgumentException("failures: " + failures + " (expected: >= 1)");
    }
    return (failed, random) -> failed > failures ? Optional.empty() : delay(failed, random);
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0, at most a day)");
    }
  }
}
