package dev.everwire.app.demo;

import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Call;
import dev.everwire.session.Params;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often each notification came, from all peers of this node. Safe from any thread. */
final class Notified {
  private final Map<String, LongAdder> counts =
      new LinkedHashMap<>(); // filled once, then only read

  Notified(List<String> names) {
    names.forEach(name -> counts.put(name, new LongAdder()));
  }

  void count(String name) {
    LongAdder count = counts.get(name);
    if (count != null) {
      count.increment();
    }
  }

  /** All counts by name, or the one that is asked for. */
  RawJson answer(Call call) {
    if (call.params().size() == 0) {
      return all();
    }
    LongAdder count = counts.get(call.params().get(0, "name", String.class));
    if (count == null) {
      throw Params.invalid("name: expected one of " + String.join(", ", counts.keySet()));
    }
    return RawJson.number(count.sum());
  }

  private RawJson all() {
    JsonWriter out = new JsonWriter().beginObject();
    counts.forEach((name, count) -> out.name(name).value(count.sum()));
    return out.endObject().toRawJson();
  }
}
