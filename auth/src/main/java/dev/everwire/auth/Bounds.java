package dev.everwire.auth;

import java.time.Duration;

/** Refuses settings out of their bounds. */
final class Bounds {
  private Bounds() {}

  static void check(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + " - " + most + ")");
    }
  }

  static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + least + "-" + most + ")");
    }
  }

  /** A name that is not empty, and not longer than 256 characters. */
  static String name(String name, String value) {
    if (value.isBlank() || value.length() > 256) {
      throw new IllegalArgumentException(
          name + ": " + value.length() + " characters (expected: 1-256, not blank)");
    }
    return value;
  }
}
