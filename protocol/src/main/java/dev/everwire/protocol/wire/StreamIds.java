package dev.everwire.protocol.wire;

import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/** How the messages about one call name it. */
final class StreamIds {
  private StreamIds() {}

  static JsonMembers members(@Nullable RawJson params) {
    return members(params, "id");
  }

  static JsonMembers members(@Nullable RawJson params, String first) {
    if (params == null) {
      throw new JsonException(first + ": missing");
    }
    return params.members();
  }

  static RequestId id(JsonMembers members) {
    return new RequestId(literal(members, "id").toString());
  }

  /** A string or a number. */
  static RawJson literal(JsonMembers members, String name) {
    RawJson value = members.get(name);
    if (value == null) {
      throw new JsonException(name + ": missing");
    }
    return switch (value.kind()) {
      case STRING, NUMBER -> value;
      case OBJECT, ARRAY, BOOLEAN, NULL ->
          throw new JsonException(name + ": expected a string or a number");
    };
  }

  /** 0 when absent. */
  static int arg(JsonMembers members) {
    if (members.get("arg") == null) {
      return 0;
    }
    long arg = members.integer("arg");
    if (arg < 1 || arg != (int) arg) {
      throw new JsonException("arg: expected an integer >= 1");
    }
    return (int) arg;
  }

  static JsonWriter begin(RequestId id, int arg) {
    JsonWriter out = new JsonWriter().beginObject().name("id").literal(id.literal());
    return arg == 0 ? out : out.name("arg").value(arg);
  }
}
