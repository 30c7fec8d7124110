package dev.everwire.netty.internal.dial;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** The Retry-After header: seconds or a date (RFC 9110 section 10.2.3). */
public final class RetryAfter {
  /** Whoever asks for more gets this, or sums with it could overflow. */
  private static final Duration LONGEST = Duration.ofDays(3650);

  private RetryAfter() {}

  /** How long from now, at most ten years; null if there is no value or it means nothing. */
  public static @Nullable Duration parse(@Nullable String value) {
    if (value == null) {
      return null;
    }
    try {
      return bounded(Duration.ofSeconds(Long.parseLong(value.strip())));
    } catch (NumberFormatException e) {
      return until(value.strip());
    }
  }

  private static @Nullable Duration until(String date) {
    try {
      Instant then = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return bounded(Duration.between(Instant.now(), then));
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static Duration bounded(Duration asked) {
    if (asked.isNegative()) {
      return Duration.ZERO;
    }
    return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }
}
