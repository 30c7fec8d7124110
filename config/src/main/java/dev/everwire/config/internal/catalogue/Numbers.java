package dev.everwire.config.internal.catalogue;

import dev.everwire.config.internal.text.Durations;
import dev.everwire.config.internal.text.Sizes;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Kinds that have a least and a greatest value. */
final class Numbers {
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,15})?");

  private Numbers() {}

  /** One with bounds, either of which may be missing. */
  abstract static class Bounded<T extends Comparable<? super T>> extends Kind.Single {
    final @Nullable T min;
    final @Nullable T max;
    final Class<T> type;

    Bounded(Class<T> type, @Nullable T min, @Nullable T max) {
      this.type = type;
      this.min = min;
      this.max = max;
    }

    /** Without its bounds. */
    abstract String name();

    @Override
    public boolean allows(Object value) {
      if (!type.isInstance(value)) {
        return false;
      }
      T number = type.cast(value);
      return (min == null || number.compareTo(min) >= 0)
          && (max == null || number.compareTo(max) <= 0);
    }

    @Override
    public String bounds() {
      if (min == null) {
        return max == null ? "" : "at most " + write(max);
      }
      return max == null ? "at least " + write(min) : write(min) + " to " + write(max);
    }

    @Override
    public String expected() {
      return bounds().isEmpty() ? name() : name() + ", " + bounds();
    }

    void boundsInto(Map<String, Object> schema) {
      if (min != null) {
        schema.put("minimum", min);
      }
      if (max != null) {
        schema.put("maximum", max);
      }
    }
  }

  static final class Int extends Bounded<Integer> {
    Int(@Nullable Integer min, @Nullable Integer max) {
      super(Integer.class, min, max);
    }

    @Override
    public String type() {
      return "number";
    }

    @Override
    String name() {
      return "a whole number";
    }

    @Override
    @Nullable Object parse(String text) {
      if (!WHOLE.matcher(text).matches()) {
        return null;
      }
      long value = Long.parseLong(text);
      return value < Integer.MIN_VALUE || value > Integer.MAX_VALUE ? null : (Object) (int) value;
    }

    @Override
    public String write(Object value) {
      return value.toString();
    }

    @Override
    public Map<String, Object> schema() {
      Map<String, Object> schema = new LinkedHashMap<>(Map.of("type", "integer"));
      boundsInto(schema);
      return schema;
    }
  }

  static final class Whole extends Bounded<Long> {
    Whole(@Nullable Long min, @Nullable Long max) {
      super(Long.class, min, max);
    }

    @Override
    public String type() {
      return "number";
    }

    @Override
    String name() {
      return "a whole number";
    }

    @Override
    @Nullable Object parse(String text) {
      return WHOLE.matcher(text).matches() ? (Object) Long.parseLong(text) : null;
    }

    @Override
    public String write(Object value) {
      return value.toString();
    }

    @Override
    public Map<String, Object> schema() {
      Map<String, Object> schema = new LinkedHashMap<>(Map.of("type", "integer"));
      boundsInto(schema);
      return schema;
    }
  }

  static final class Decimal extends Bounded<Double> {
    Decimal(@Nullable Double min, @Nullable Double max) {
      super(Double.class, min, max);
    }

    @Override
    public String type() {
      return "decimal";
    }

    @Override
    String name() {
      return "a number";
    }

    @Override
    @Nullable Object parse(String text) {
      return DECIMAL.matcher(text).matches() ? (Object) Double.parseDouble(text) : null;
    }

    @Override
    public String write(Object value) {
      return new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
    }

    @Override
    public Map<String, Object> schema() {
      Map<String, Object> schema = new LinkedHashMap<>(Map.of("type", "number"));
      boundsInto(schema);
      return schema;
    }
  }

  /** Bytes; a long, or an int where it cannot be more. */
  static final class Size extends Bounded<Long> {
    private final boolean narrow;

    Size(boolean narrow, @Nullable Long min, @Nullable Long max) {
      super(Long.class, min, narrow && max == null ? Long.valueOf(Integer.MAX_VALUE) : max);
      this.narrow = narrow;
    }

    @Override
    public String type() {
      return "size";
    }

    @Override
    String name() {
      return Sizes.EXPECTED;
    }

    @Override
    @Nullable Object parse(String text) {
      OptionalLong bytes = Sizes.parse(text);
      if (bytes.isEmpty() || !super.allows(bytes.getAsLong())) {
        return null;
      }
      return narrow ? (Object) (int) bytes.getAsLong() : (Object) bytes.getAsLong();
    }

    @Override
    public boolean allows(Object value) {
      return value instanceof Number number && super.allows(number.longValue());
    }

    @Override
    public String write(Object value) {
      return Sizes.write(((Number) value).longValue());
    }

    @Override
    public Map<String, Object> schema() {
      Map<String, Object> schema = new LinkedHashMap<>();
      schema.put("type", java.util.List.of("integer", "string"));
      schema.put("pattern", Sizes.PATTERN);
      boundsInto(schema);
      return schema;
    }
  }

  static final class Time extends Bounded<Duration> {
    Time(@Nullable Duration min, @Nullable Duration max) {
      super(Duration.class, min, max);
    }

    @Override
    public String type() {
      return "duration";
    }

    @Override
    String name() {
      return Durations.EXPECTED;
    }

    @Override
    @Nullable Object parse(String text) {
      return Durations.parse(text).orElse(null);
    }

    @Override
    public String write(Object value) {
      return Durations.write((Duration) value);
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("type", "string", "pattern", Durations.PATTERN);
    }
  }
}
