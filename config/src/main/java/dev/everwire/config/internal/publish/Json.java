package dev.everwire.config.internal.publish;

import dev.everwire.config.internal.text.Durations;
import dev.everwire.config.internal.text.Quotes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Maps, lists, texts and numbers as JSON that people read. The same text for the same thing. */
final class Json {
  private final StringBuilder out = new StringBuilder();

  private Json() {}

  static String write(Object value) {
    Json json = new Json();
    json.value(value, "");
    return json.out.append('\n').toString();
  }

  private void value(@Nullable Object value, String indent) {
    switch (value) {
      case null -> out.append("null");
      case String text -> out.append(Quotes.doubleQuoted(text));
      case Duration duration -> out.append(Quotes.doubleQuoted(Durations.write(duration)));
      case Map<?, ?> map -> map(ordered(map), indent);
      case List<?> list -> list(list, indent);
      default -> out.append(value);
    }
  }

  /** Those that have no order of their own get one. */
  private static Map<?, ?> ordered(Map<?, ?> map) {
    return map instanceof LinkedHashMap ? map : new TreeMap<>(map);
  }

  private void map(Map<?, ?> map, String indent) {
    String separator = "{\n";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(separator).append(indent).append("  ");
      out.append(Quotes.doubleQuoted(String.valueOf(entry.getKey()))).append(": ");
      value(entry.getValue(), indent + "  ");
      separator = ",\n";
    }
    out.append(map.isEmpty() ? "{}" : "\n" + indent + "}");
  }

  private void list(List<?> list, String indent) {
    if (list.stream().noneMatch(each -> each instanceof Map || each instanceof List)) {
      String separator = "[";
      for (Object each : list) {
        out.append(separator);
        value(each, indent);
        separator = ", ";
      }
      out.append(list.isEmpty() ? "[]" : "]");
      return;
    }
    String separator = "[\n";
    for (Object each : list) {
      out.append(separator).append(indent).append("  ");
      value(each, indent + "  ");
      separator = ",\n";
    }
    out.append("\n").append(indent).append("]");
  }
}
