package dev.everwire.client.link;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a client dials again. Whether it may at all is not asked here: that is said by the close
 * code or the HTTP status of the failure; and what a server asks for, as with {@code Retry-After},
 * is waited for before these delays. Must be safe from any thread; the ones made here are.
 */
@FunctionalInterface
public interface ReconnectPolicy {

  /**
   * How long to wait before the next dial.
   *
   * @param failures dials and connections that failed in a row, 1 or more; starts over after a
   *     connection that lasted 30 s (the settings' {@code stableAfter})
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
    return exponential(base, 2, cap, jitter);
  }

  /**
   * {@code base}, then {@code factor} times that, the square of it …, never more than {@code cap}.
   *
   * @param factor 1 or more
   * @param jitter the random part of each delay, 0–1
   */
  static ReconnectPolicy exponential(Duration base, double factor, Duration cap, double jitter) {
    Delays.ordered("base", base, cap);
    if (!(factor >= 1 && factor < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("factor: " + factor + " (expected: >= 1, finite)");
    }
    double most = cap.toNanos();
    ReconnectPolicy exact =
        (failures, random) -> {
          double nanos = base.toNanos() * Math.pow(factor, failures - 1.0);
          return Optional.of(Duration.ofNanos((long) Math.min(most, nanos)));
        };
    return exact.jitter(jitter);
  }

  /** {@code step}, then twice, three times that …, never more than {@code cap}. */
  static ReconnectPolicy linear(Duration step, Duration cap) {
    Delays.ordered("step", step, cap);
    double most = cap.toNanos();
    return (failures, random) ->
        Optional.of(Duration.ofNanos((long) Math.min(most, step.toNanos() * (double) failures)));
  }

  /** Always the same time. */
  static ReconnectPolicy fixed(Duration delay) {
    Delays.positive("delay", delay);
    return (failures, random) -> Optional.of(delay);
  }

  /**
   * At once, and then every 100 ms: for a server of one's own on the same machine. A server that is
   * away for long is better met with another policy, or behind a circuit breaker.
   */
  static ReconnectPolicy immediate() {
    return (failures, random) -> Optional.of(failures <= 1 ? Duration.ZERO : Delays.BREATH);
  }

  /** No second dial: the first failure closes the client. */
  static ReconnectPolicy never() {
    return (failures, random) -> Optional.empty();
  }

  /**
   * This policy, with a part of each delay left to chance.
   *
   * @param part 0–1: with 0.2 a delay of 10 s lasts 8 to 10 s
   */
  default ReconnectPolicy jitter(double part) {
    if (!(part >= 0 && part <= 1)) {
      throw new IllegalArgumentException("jitter: " + part + " (expected: 0.0-1.0)");
    }
    if (part == 0) {
      return this;
    }
    return (failures, random) ->
        delay(failures, random)
            .map(delay ->
                Duration.ofNanos(
                    (long) (delay.toNanos() * (1 - part + part * random.nextDouble()))));
  }

  /** This policy for so many failures in a row; one more closes the client. */
  default ReconnectPolicy atMost(int failures) {
    if (failures < 1) {
      throw new IllegalArgumentException("failures: " + failures + " (expected: >= 1)");
    }
    return (failed, random) -> failed > failures ? Optional.empty() : delay(failed, random);
  }
}
