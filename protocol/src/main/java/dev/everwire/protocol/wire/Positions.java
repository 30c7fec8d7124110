package dev.everwire.protocol.wire;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/** Positions as the bodies of this package carry them: {@code {"epoch":"k3","offset":120}}. */
final class Positions {
  private Positions() {}

  static JsonMembers members(@Nullable RawJson params, String firstRequired) {
    if (params == null) {
      throw new JsonException(firstRequired + ": missing");
    }
    return params.members();
  }

  static @Nullable Position read(JsonMembers members, String name) {
    JsonMembers position = members.object(name);
    return position == null ? null : of(position.string("epoch"), position.integer("offset"), name);
  }

  static Position of(String epoch, long offset, String name) {
    try {
      return new Position(epoch, offset);
    } catch (IllegalArgumentException e) {
      throw new JsonException(name + ": expected an epoch of 1-64 characters and an offset >= 0");
    }
  }

  static void write(JsonWriter out, String name, @Nullable Position position) {
    if (position != null) {
      out.name(name).beginObject().name("epoch").value(position.epoch());
      out.name("offset").value(position.offset()).endObject();
    }
  }
}
