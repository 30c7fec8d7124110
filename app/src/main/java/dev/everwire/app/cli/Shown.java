package dev.everwire.app.cli;

import dev.everwire.protocol.json.RawJson;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Values of a server as people read them. What a peer called itself cannot play with a terminal.
 */
final class Shown {
  private static final long KILO = 1024;
  private static final Pattern BREAKS = Pattern.compile("[\\r\\n\\t]+"); // between tokens

  private Shown() {}

  /** With control characters, and those that turn the direction of text, escaped. */
  static String text(@Nullable String text) {
    return text == null || text.isEmpty() ? "-" : safe(text);
  }

  /** As {@link #text}; what is empty stays so. */
  static String safe(String text) {
    if (text.codePoints().noneMatch(Shown::unsafe)) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(c -> {
          if (unsafe(c)) {
            for (char unit : Character.toChars(c)) {
              out.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
            }
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.toString();
  }

  private static boolean unsafe(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  /** Two units at most: {@code 400ms}, {@code 12s}, {@code 3m12s}, {@code 2h05m}, {@code 4d03h}. */
  static String time(long millis) {
    Duration time = Duration.ofMillis(Math.max(0, millis));
    if (millis < 1_000) {
      return time.toMillis() + "ms";
    }
    if (time.toMinutes() == 0) {
      return time.toSeconds() + "s";
    }
    if (time.toHours() == 0) {
      return two(time.toMinutes(), "m", time.toSecondsPart(), "s");
    }
    return time.toDays() == 0
        ? two(time.toHours(), "h", time.toMinutesPart(), "m")
        : two(time.toDays(), "d", time.toHoursPart(), "h");
  }

  private static String two(long large, String unit, int small, String smaller) {
    return String.format(Locale.ROOT, "%d%s%02d%s", large, unit, small, smaller);
  }

  /** {@code 512}, {@code 1.5K}, {@code 20.0M}. */
  static String bytes(long bytes) {
    if (bytes < KILO) {
      return Long.toString(bytes);
    }
    return bytes < KILO * KILO
        ? String.format(Locale.ROOT, "%.1fK", bytes / (double) KILO)
        : String.format(Locale.ROOT, "%.1fM", bytes / (double) (KILO * KILO));
  }

  /** Any value in one line. */
  static String value(@Nullable RawJson value) {
    if (value == null) {
      return "-";
    }
    return switch (value.kind()) {
      case STRING -> text(value.asString());
      case NULL -> "-";
      case ARRAY ->
          value.elements().isEmpty()
              ? "-"
              : value.elements().stream().map(Shown::value).collect(Collectors.joining(", "));
      case OBJECT, NUMBER, BOOLEAN -> json(value);
    };
  }

  /**
   * The JSON itself in one line. What a terminal could obey is escaped as JSON escapes it: that can
   * stand nowhere but in strings, so the value is the same.
   */
  static String json(RawJson value) {
    return safe(BREAKS.matcher(value.toString()).replaceAll(" "));
  }
}
