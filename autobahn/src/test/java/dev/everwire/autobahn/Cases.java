package dev.everwire.autobahn;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Which cases to run: patterns such as {@code 1.*} or {@code 9.3.1}. */
record Cases(List<String> patterns) {
  static final Cases ALL = new Cases(List.of("*"));

  Cases {
    patterns = List.copyOf(patterns);
  }

  /**
   * @param commaSeparated empty for all
   */
  static Cases parse(String commaSeparated) {
    List<String> patterns =
        Arrays.stream(commaSeparated.split(",", -1))
            .map(String::strip)
            .filter(pattern -> !pattern.isEmpty())
            .toList();
    return patterns.isEmpty() ? ALL : new Cases(patterns);
  }

  boolean contains(String id) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, id));
  }

  private static boolean matches(String pattern, String id) {
    return Pattern.matches(pattern.replace(".", "\\.").replace("*", ".*"), id);
  }
}
