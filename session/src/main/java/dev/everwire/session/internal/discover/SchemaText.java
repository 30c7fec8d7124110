package dev.everwire.session.internal.discover;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.Objects;

/** Changes that a schema needs where it is used. */
final class SchemaText {
  private SchemaText() {}

  /** The same, or {@code null}. */
  static RawJson nullable(RawJson schema) {
    JsonMembers members = schema.members();
    if (members.names().isEmpty()) {
      return schema;
    }
    RawJson type = members.names().contains("enum") ? null : members.get("type");
    JsonWriter out = new JsonWriter().beginObject();
    if (type != null && type.kind() == RawJson.Kind.STRING) {
      for (String name : members.names()) {
        out.name(name);
        if (name.equals("type")) {
          out.beginArray().value(type).value("null").endArray();
        } else {
          out.value(Objects.requireNonNullElse(members.get(name), RawJson.NULL));
        }
      }
    } else {
      out.name("anyOf").beginArray().value(schema);
      out.beginObject().name("type").value("null").endObject().endArray();
    }
    return out.endObject().toRawJson();
  }

  /** The same with a default; beside a reference nothing else would count. */
  static RawJson withDefault(RawJson schema, RawJson value) {
    JsonMembers members = schema.members();
    JsonWriter out = new JsonWriter().beginObject();
    if (members.names().contains("$ref")) {
      out.name("allOf").beginArray().value(schema).endArray();
    } else {
      members
          .names()
          .forEach(name ->
              out.name(name).value(Objects.requireNonNullElse(members.get(name), RawJson.NULL)));
    }
    return out.name("default").value(value).endObject().toRawJson();
  }

  /** Any number of them, in order. */
  static RawJson listOf(RawJson schema) {
    return new JsonWriter()
        .beginObject()
        .name("type")
        .value("array")
        .name("items")
        .value(schema)
        .endObject()
        .toRawJson();
  }
}
