package dev.everwire.protocol.wire;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists and tables as the bodies of this package hold them. */
final class Lists {
  private static final String LIMITS = "limits";
  private static final int MOST_BYTES = 4096; // of a list or table of names

  private Lists() {}

  /**
   * Names; empty if there are none.
   *
   * @throws JsonException if they are more than anybody needs
   */
  static List<String> readNames(JsonMembers members, String name) {
    requireSmall(members, name);
    return members.strings(name);
  }

  private static void requireSmall(JsonMembers members, String name) {
    RawJson list = members.get(name);
    if (list != null && list.length() > MOST_BYTES) {
      throw new JsonException(name + ": expected at most " + MOST_BYTES + " bytes");
    }
  }

  static void writeStrings(JsonWriter out, String name, List<String> values) {
    out.name(name).beginArray();
    for (String value : values) {
      out.value(value);
    }
    out.endArray();
  }

  /**
   * The member {@code limits}, bounds by name; empty if there are none.
   *
   * @throws JsonException if they are more than anybody needs
   */
  static Map<String, Long> readLimits(JsonMembers of) {
    requireSmall(of, LIMITS);
    JsonMembers members = of.object(LIMITS);
    if (members == null) {
      return Map.of();
    }
    Map<String, Long> limits = new LinkedHashMap<>();
    for (String name : members.names()) {
      limits.put(name, members.integer(name, 0));
    }
    return limits;
  }

  static void writeLimits(JsonWriter out, Map<String, Long> limits) {
    out.name(LIMITS).beginObject();
    limits.forEach((name, value) -> out.name(name).value(value.longValue()));
    out.endObject();
  }

  /** Of a token's life, 0 … 10 years. */
  static long seconds(long told) {
    return Math.max(0, Math.min(told, 315_360_000));
  }
}
