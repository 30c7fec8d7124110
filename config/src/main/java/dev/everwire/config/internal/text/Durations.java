package dev.everwire.config.internal.text;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as one number and a unit: {@code 500ms 10s 2m 1h 30d}. */
public final class Durations {
  public static final String EXPECTED = "a duration such as 500ms, 10s, 2m, 1h or 30d";

  /** For a schema. */
  public static final String PATTERN = "^[0-9]{1,15}(ms|s|m|h|d)$";

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,15})(ms|s|m|h|d)");
  private static final long DAY = 86_400_000;
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", DAY);

  private Durations() {}

  /** Empty if it is none, or longer than a hundred years. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    long unit = MILLIS.getOrDefault(matcher.group(2), 1L);
    return number > 36_525 * DAY / unit
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(number * unit));
  }

  /** In the largest unit that leaves no rest; nanoseconds below a millisecond are cut off. */
  public static String write(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    if (millis % DAY == 0) {
      return millis / DAY + "d";
    }
    if (millis % 3_600_000 == 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
  }
}
