package dev.everwire.config.problem;

import java.util.Comparator;

/**
 * One thing that is wrong, or that is better known. Never holds a secret. Immutable.
 *
 * @param place where it was said
 * @param path the option, for instance {@code session.resumeWithin}; empty where it is about the
 *     whole source
 * @param text the value and what was expected
 */
public record Problem(Place place, String path, String text) implements Comparable<Problem> {
  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::place)
          .thenComparing(Problem::path)
          .thenComparing(Problem::text);

  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }

  /** One line: {@code everwire.yaml:3:13: heartbeat.interval: 0s (expected: 1ms to 365d)}. */
  @Override
  public String toString() {
    return path.isEmpty() ? place + ": " + text : place + ": " + path + ": " + text;
  }
}
