package dev.everwire.app.cli;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.TopicName;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** What options and parameters are written as. */
final class Values {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

  private Values() {}

  static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no duration (expected: for example 500ms, 10s, 2m, 1h)");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  static RawJson json(String text) {
    try {
      return RawJson.parse(text);
    } catch (JsonException e) {
      throw new TypeConversionException("not valid JSON: " + e.getMessage());
    }
  }

  static TopicName topic(String text) {
    try {
      return new TopicName(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  /** What JSON-RPC allows as parameters. */
  static @Nullable RawJson params(@Nullable RawJson json) {
    if (json == null) {
      return null;
    }
    return switch (json.kind()) {
      case ARRAY, OBJECT -> json;
      case STRING, NUMBER, BOOLEAN, NULL ->
          throw new CommandException(
              ExitStatus.USAGE, "PARAMS: " + json + " (expected: a JSON array or object)");
    };
  }

  static CallOptions within(Duration within) {
    try {
      return CallOptions.within(within);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitStatus.USAGE, "--" + e.getMessage());
    }
  }

  static Position position(String text) {
    int colon = text.lastIndexOf(':');
    try {
      return new Position(
          text.substring(0, Math.max(colon, 0)),
          Long.parseLong(text, colon + 1, text.length(), 10));
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "'" + text + "' is no position (expected: EPOCH:OFFSET, for example k3:120)");
    }
  }
}
