package dev.everwire.app.cli;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An OpenRPC document as lines for people: {@code orders.find(id: string) -> Order}, and what it is
 * for.
 */
final class MethodTable {
  private static final int WIDEST = 60;

  private record Row(String call, String summary) {}

  private MethodTable() {}

  /**
   * @throws JsonException if it is no such document
   */
  static List<String> lines(RawJson document) {
    RawJson methods = document.members().get("methods");
    if (methods == null) {
      throw new JsonException("methods: missing");
    }
    List<Row> rows = new ArrayList<>();
    for (RawJson method : methods.elements()) {
      JsonMembers members = method.members();
      String summary = members.stringOrNull("summary");
      rows.add(new Row(call(members), summary == null ? "" : summary));
    }
    int width =
        rows.stream().mapToInt(row -> row.call().length()).filter(w -> w <= WIDEST).max().orElse(0);
    return rows.stream().map(row -> line(row, width)).toList();
  }

  private static String line(Row row, int width) {
    return row.summary().isEmpty()
        ? row.call()
        : row.call() + " ".repeat(Math.max(0, width - row.call().length())) + "  " + row.summary();
  }

  private static String call(JsonMembers method) {
    boolean untyped = method.bool("x-everwire-untyped", false);
    RawJson params = method.get("params");
    String inside =
        untyped || params == null
            ? "..."
            : params.elements().stream()
                .map(MethodTable::parameter)
                .collect(Collectors.joining(", "));
    JsonMembers result = method.object("result");
    String answer = result == null ? "" : " -> " + answer(result);
    return method.string("name") + "(" + inside + ")" + answer;
  }

  private static String parameter(RawJson parameter) {
    JsonMembers members = parameter.members();
    boolean required = members.bool("required", false);
    RawJson type = members.get("schema");
    return members.string("name") + (required ? ": " : "?: ") + type(type);
  }

  private static String answer(JsonMembers result) {
    String type = type(result.get("schema"));
    return result.bool("x-everwire-stream", false) ? "stream of " + type : type;
  }

  private static String type(@Nullable RawJson schema) {
    if (schema == null || schema.kind() != RawJson.Kind.OBJECT) {
      return "any";
    }
    JsonMembers members = schema.members();
    String reference = members.stringOrNull("$ref");
    if (reference != null) {
      return reference.substring(reference.lastIndexOf('/') + 1);
    }
    for (String choice : List.of("anyOf", "oneOf", "allOf")) {
      RawJson choices = members.get(choice);
      if (choices != null) {
        return choices.elements().stream()
            .map(MethodTable::type)
            .collect(Collectors.joining(" | "));
      }
    }
    RawJson type = members.get("type");
    if (type == null) {
      return "any";
    }
    if (type.kind() == RawJson.Kind.ARRAY) {
      return type.elements().stream().map(RawJson::asString).collect(Collectors.joining(" | "));
    }
    return switch (type.asString()) {
      case "array" -> type(members.get("items")) + "[]";
      case String simple -> simple;
    };
  }
}
