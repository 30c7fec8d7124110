package dev.everwire.client.link;

import java.time.Duration;

/** What delays may be. */
final class Delays {
  /** Even who is in a hurry does not dial more often than ten times a second. */
  static final Duration BREATH = Duration.ofMillis(100);

  private static final Duration LONGEST = Duration.ofDays(1);

  private Delays() {}

  static Duration positive(String name, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0, at most a day)");
    }
    return value;
  }

  static void ordered(String name, Duration value, Duration cap) {
    positive(name, value);
    positive("cap", cap);
    if (value.compareTo(cap) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: at most the cap, " + cap + ")");
    }
  }
}
