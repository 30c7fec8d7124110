package dev.everwire.config.internal.text;

import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of bytes: {@code 1000 64KiB 10MiB 2GiB}. */
public final class Sizes {
  public static final String EXPECTED = "a size such as 1000, 64KiB, 10MiB or 2GiB";

  /** For a schema. */
  public static final String PATTERN = "^[0-9]{1,12}(B|KiB|MiB|GiB)?$";

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,12})(B|KiB|MiB|GiB)?");
  private static final Map<String, Long> BYTES =
      Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  private Sizes() {}

  /** Empty if it is none, or more than a million GiB. */
  public static OptionalLong parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    String unitName = matcher.group(2);
    long unit = unitName == null ? 1 : BYTES.getOrDefault(unitName, 1L);
    return number > 1_000_000L * (1L << 30) / unit
        ? OptionalLong.empty()
        : OptionalLong.of(number * unit);
  }

  /** In the largest unit that leaves no rest. */
  public static String write(long bytes) {
    if (bytes != 0 && bytes % (1L << 30) == 0) {
      return (bytes >> 30) + "GiB";
    }
    if (bytes != 0 && bytes % (1L << 20) == 0) {
      return (bytes >> 20) + "MiB";
    }
    return bytes != 0 && bytes % (1L << 10) == 0 ? (bytes >> 10) + "KiB" : Long.toString(bytes);
  }
}
