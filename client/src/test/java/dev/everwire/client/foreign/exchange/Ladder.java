package dev.everwire.client.foreign.exchange;

import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is offered at each price, on both sides. One thread at a time. */
final class Ladder {
  private final Map<String, TreeMap<Long, Long>> sides =
      Map.of("a", new TreeMap<>(), "b", new TreeMap<>());

  /** {@code [["b",98,4],["a",101,2]]} in place of what is there. */
  void load(RawJson levels) {
    sides.values().forEach(Map::clear);
    for (RawJson level : levels.elements()) {
      List<RawJson> parts = level.elements();
      put(parts.get(0).asString(), parts.get(1).asLong(), parts.get(2).asLong());
    }
  }

  void put(String side, long price, long quantity) {
    TreeMap<Long, Long> levels = sides.get(side);
    if (levels == null) {
      throw new IllegalArgumentException("side: " + side + " (expected: a or b)");
    }
    if (quantity == 0) {
      levels.remove(price);
    } else {
      levels.put(price, quantity);
    }
  }

  RawJson levels() {
    JsonWriter writer = new JsonWriter().beginArray();
    for (String side : List.of("a", "b")) {
      sides
          .getOrDefault(side, new TreeMap<>())
          .forEach((price, quantity) ->
              writer.beginArray().value(side).value(price).value(quantity).endArray());
    }
    return writer.endArray().toRawJson();
  }

  @Override
  public String toString() {
    return levels().toString();
  }
}
