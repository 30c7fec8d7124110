package dev.everwire.protocol.wire;

import dev.everwire.protocol.json.JsonWriter;
import java.util.List;

/** Lists as the bodies of this package write them. */
final class Lists {
  private Lists() {}

  static void writeStrings(JsonWriter out, String name, List<String> values) {
    out.name(name).beginArray();
    for (String value : values) {
      out.value(value);
    }
    out.endArray();
  }
}
