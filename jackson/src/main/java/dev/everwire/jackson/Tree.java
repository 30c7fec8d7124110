package dev.everwire.jackson;

import dev.everwire.protocol.TypeSchemas.Book;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Schemas while they grow: maps that keep the order of their members. */
final class Tree {
  private Tree() {}

  static Map<String, Object> anything() {
    return new LinkedHashMap<>();
  }

  static Map<String, Object> of(String keyword, Object value) {
    Map<String, Object> schema = anything();
    schema.put(keyword, value);
    return schema;
  }

  static Map<String, Object> type(String type) {
    return of("type", type);
  }

  static Map<String, Object> reference(String name) {
    return of("$ref", Book.REFERENCE + name);
  }

  /** The same, or {@code null}. */
  static Map<String, Object> nullable(Map<String, Object> schema) {
    if (schema.isEmpty()) {
      return schema;
    }
    if (schema.get("type") instanceof String type && !schema.containsKey("enum")) {
      Map<String, Object> both = new LinkedHashMap<>(schema);
      both.put("type", type.equals("null") ? type : List.of(type, "null"));
      return both;
    }
    if (schema.get("type") instanceof List<?>) {
      return schema;
    }
    if (schema.get("anyOf") instanceof List<?> choices && schema.size() == 1) {
      List<Object> more = new ArrayList<>(choices);
      if (!more.contains(type("null"))) {
        more.add(type("null"));
      }
      return of("anyOf", more);
    }
    return of("anyOf", List.of(schema, type("null")));
  }

  /** The same with a keyword beside it; beside a reference nothing else counts. */
  static Map<String, Object> with(
      Map<String, Object> schema, String keyword, @Nullable Object value) {
    if (value == null) {
      return schema;
    }
    Map<String, Object> more =
        schema.containsKey("$ref") ? of("allOf", List.of(schema)) : new LinkedHashMap<>(schema);
    more.put(keyword, value);
    return more;
  }
}
