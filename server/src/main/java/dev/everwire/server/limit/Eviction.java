package dev.everwire.server.limit;

import java.util.Locale;

/** Who has to go when a server holds more than it may. */
public enum Eviction {
  /** Those from whom nothing came for the longest time. */
  LRU,
  /** Those who have been there for the longest time. */
  OLDEST;

  /**
   * By its name in any case; {@code FIFO} is another for {@link #OLDEST}.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Eviction named(String name) {
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "LRU" -> LRU;
      case "OLDEST", "FIFO" -> OLDEST;
      default ->
          throw new IllegalArgumentException(
              "eviction: \"" + name + "\" (expected: LRU, OLDEST or FIFO)");
    };
  }
}
