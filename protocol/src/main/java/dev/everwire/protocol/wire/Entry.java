package dev.everwire.protocol.wire;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event of a topic as answers list it: {@code {"offset":121,"data":…}}.
 *
 * @param offset 1 or more
 */
public record Entry(long offset, RawJson data) {

  static List<Entry> readList(JsonMembers members, String name) {
    RawJson list = members.get(name);
    return list == null ? List.of() : list.elements().stream().map(Entry::read).toList();
  }

  static Entry read(RawJson json) {
    JsonMembers members = json.members();
    return new Entry(offset(members), data(members));
  }

  static long offset(JsonMembers members) {
    long offset = members.integer("offset");
    if (offset < 1) {
      throw new JsonException("offset: expected an integer >= 1");
    }
    return offset;
  }

  /** A null member counts as absent, so data that is null reads as missing: both are null here. */
  static RawJson data(JsonMembers members) {
    RawJson data = members.get("data");
    return data == null ? RawJson.NULL : data;
  }

  static void writeList(JsonWriter out, String name, @Nullable List<Entry> entries) {
    if (entries != null) {
      out.name(name).beginArray();
      for (Entry entry : entries) {
        out.beginObject().name("offset").value(entry.offset());
        out.name("data").value(entry.data()).endObject();
      }
      out.endArray();
    }
  }
}
