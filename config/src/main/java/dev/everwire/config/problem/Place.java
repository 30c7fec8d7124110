package dev.everwire.config.problem;

import java.util.Comparator;

/**
 * Where something was said.
 *
 * @param kind what the source is; problems are told in this order
 * @param source the file's name, a variable's name, or what code calls itself
 * @param line from 1; 0 where there are none
 * @param column from 1; 0 where there are none
 */
public record Place(Kind kind, String source, int line, int column) implements Comparable<Place> {
  /** What can say something. */
  public enum Kind {
    FILE,
    ENVIRONMENT,
    CODE,
    PRESET
  }

  private static final Comparator<Place> ORDER =
      Comparator.comparing(Place::kind)
          .thenComparing(Place::source)
          .thenComparingInt(Place::line)
          .thenComparingInt(Place::column);

  public static Place file(String name, int line, int column) {
    return new Place(Kind.FILE, name, line, column);
  }

  public static Place variable(String name) {
    return new Place(Kind.ENVIRONMENT, name, 0, 0);
  }

  /** An option that code has set by its path. */
  public static Place code(String path) {
    return new Place(Kind.CODE, path, 0, 0);
  }

  public static Place preset(String name) {
    return new Place(Kind.PRESET, "preset " + name, 0, 0);
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }

  /** For instance {@code everwire.yaml:12:5}, or {@code EVERWIRE_LISTEN_PORT}. */
  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
