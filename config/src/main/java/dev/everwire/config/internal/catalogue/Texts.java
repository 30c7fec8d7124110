package dev.everwire.config.internal.catalogue;

import dev.everwire.config.internal.text.Quotes;
import dev.everwire.config.word.Form;
import dev.everwire.protocol.dialect.Dialect;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Kinds that are words. */
final class Texts {
  private static final int LONGEST = 4096;

  private Texts() {}

  static final class Flag extends Kind.Single {
    @Override
    public String type() {
      return "true | false";
    }

    @Override
    public String expected() {
      return "true or false";
    }

    @Override
    public boolean allows(Object value) {
      return value instanceof Boolean;
    }

    @Override
    @Nullable Object parse(String text) {
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> null;
      };
    }

    @Override
    public String write(Object value) {
      return value.toString();
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("type", "boolean");
    }
  }

  static final class Text extends Kind.Single {
    private final @Nullable Form form;
    private final @Nullable Pattern pattern;

    Text(@Nullable Form form) {
      this.form = form;
      this.pattern = form == null ? null : Pattern.compile(form.pattern());
    }

    @Override
    public String type() {
      return "text";
    }

    @Override
    public String bounds() {
      return form == null ? "" : form.expected();
    }

    @Override
    public String expected() {
      return form == null ? "a text of 1 to " + LONGEST + " characters" : form.expected();
    }

    @Override
    @Nullable Object parse(String text) {
      return text;
    }

    @Override
    public boolean allows(Object value) {
      return value instanceof String text
          && text.length() <= LONGEST
          && (pattern == null ? !text.isEmpty() : pattern.matcher(text).matches());
    }

    @Override
    public Map<String, Object> schema() {
      Map<String, Object> schema = new LinkedHashMap<>(Map.of("type", "string"));
      if (form == null) {
        schema.put("minLength", 1);
      } else {
        schema.put("pattern", "^(?:" + form.pattern() + ")$");
      }
      return schema;
    }
  }

  /** The constants of an enum, written {@code replaceOld}; any case, - and _ are read. */
  static final class Words extends Kind.Single {
    private final Map<String, Object> words = new LinkedHashMap<>();

    Words(Class<?> type) {
      for (Object constant : type.getEnumConstants()) {
        words.put(word(constant), constant);
      }
    }

    private static String word(Object constant) {
      if (constant instanceof Dialect dialect) {
        return dialect.word();
      }
      String[] parts = ((Enum<?>) constant).name().split("_", -1);
      String rest =
          Arrays.stream(parts)
              .skip(1)
              .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
              .collect(Collectors.joining());
      return parts[0].toLowerCase(Locale.ROOT) + rest;
    }

    private static String folded(String word) {
      return word.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }

    @Override
    public String type() {
      return String.join(" | ", words.keySet());
    }

    @Override
    public String expected() {
      return "one of " + String.join(", ", words.keySet());
    }

    @Override
    public boolean allows(Object value) {
      return words.containsValue(value);
    }

    @Override
    @Nullable Object parse(String text) {
      String wanted = folded(text);
      return words.entrySet().stream()
          .filter(entry -> folded(entry.getKey()).equals(wanted))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElse(null);
    }

    @Override
    public String write(Object value) {
      return word(value);
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("enum", List.copyOf(words.keySet()));
    }
  }

  /** A file or directory; relative to where the process was started. */
  static final class File extends Kind.Single {
    @Override
    public String type() {
      return "path";
    }

    @Override
    public String expected() {
      return "a path";
    }

    @Override
    public boolean allows(Object value) {
      return value instanceof Path;
    }

    @Override
    @Nullable Object parse(String text) {
      try {
        return text.length() > LONGEST ? null : Path.of(text);
      } catch (InvalidPathException e) {
        return null;
      }
    }

    @Override
    public String write(Object value) {
      return Quotes.yaml(value.toString());
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("type", "string", "minLength", 1);
    }
  }

  /** An absolute URI of one of some schemes. */
  static final class Address extends Kind.Single {
    private final @Nullable Form form;

    Address(@Nullable Form form) {
      this.form = form;
    }

    @Override
    public String type() {
      return "URL";
    }

    @Override
    public String expected() {
      return form == null ? "a URL" : form.expected();
    }

    @Override
    public boolean allows(Object value) {
      return value instanceof URI;
    }

    @Override
    @Nullable Object parse(String text) {
      try {
        URI uri = URI.create(text);
        boolean formed = form == null || Pattern.matches(form.pattern(), text);
        return formed && text.length() <= LONGEST && uri.getHost() != null ? uri : null;
      } catch (IllegalArgumentException e) {
        return null;
      }
    }

    @Override
    public Map<String, Object> schema() {
      return form == null
          ? Map.of("type", "string")
          : Map.of("type", "string", "pattern", "^(?:" + form.pattern() + ")$");
    }
  }

  static final class Moment extends Kind.Single {
    @Override
    public String type() {
      return "moment";
    }

    @Override
    public String expected() {
      return "a moment such as 2027-01-31T00:00:00Z";
    }

    @Override
    public boolean allows(Object value) {
      return value instanceof Instant;
    }

    @Override
    @Nullable Object parse(String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException e) {
        return null;
      }
    }

    @Override
    public String write(Object value) {
      return Quotes.doubleQuoted(value.toString());
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("type", "string", "format", "date-time");
    }
  }
}
