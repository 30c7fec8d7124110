package dev.everwire.server.internal.admin;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.internal.access.Standing;
import dev.everwire.server.internal.registry.Entry;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.session.internal.Connection;
import dev.everwire.spi.auth.Principal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Counts the open connections by something that they have in common. */
final class Counting {
  private static final int ROWS = 20;
  private static final String NOBODY = ""; // no name is empty

  private static final Comparator<Map.Entry<String, Integer>> MOST_FIRST =
      Map.Entry.<String, Integer>comparingByValue()
          .reversed()
          .thenComparing(Map.Entry.comparingByKey());

  private final Registry registry;
  private final Map<String, Function<Entry, @Nullable String>> by;

  Counting(Registry registry) {
    this.registry = registry;
    Map<String, Function<Entry, @Nullable String>> keys = new TreeMap<>();
    keys.put("user", entry -> entry.user().orElse(null));
    keys.put("tenant", entry -> entry.tenant().orElse(null));
    keys.put("path", Entry::path);
    keys.put("state", entry -> entry.state().name().toLowerCase(Locale.ROOT));
    keys.put("address", entry -> address(entry.remoteAddress()));
    keys.put("method", Counting::method);
    keys.put("agent", Counting::agent);
    this.by = keys;
  }

  List<Act> acts() {
    return List.of(new Act("count", List.of("by", "limit"), this::count));
  }

  private Deed count(Params params) {
    String what = params.required("by", params.name("by"));
    int limit = params.limit(ROWS);
    Function<Entry, @Nullable String> key = by.get(what);
    if (key == null) {
      throw new JsonException("by: expected one of " + String.join(", ", by.keySet()));
    }
    return Deed.look(ask -> {
      var unused = ask.onWorker(() -> counted(what, key, limit), ask::answer);
    });
  }

  /** On a worker: there may be very many. */
  private RawJson counted(String what, Function<Entry, @Nullable String> key, int limit) {
    Map<String, Integer> counts = new HashMap<>();
    registry.forEach(entry -> {
      String name = key.apply(entry);
      counts.merge(name == null ? NOBODY : name, 1, Integer::sum);
    });
    int total = counts.values().stream().mapToInt(Integer::intValue).sum();
    List<Map.Entry<String, Integer>> top =
        counts.entrySet().stream().sorted(MOST_FIRST).limit(limit).toList();
    JsonWriter out = new JsonWriter().beginObject().name("by").value(what);
    out.name("total").value(total).name("names").value(counts.size());
    out.name("top").beginArray();
    for (Map.Entry<String, Integer> row : top) {
      out.beginObject().name("name").value(row.getKey().equals(NOBODY) ? null : row.getKey());
      out.name("connections").value(row.getValue()).endObject();
    }
    return out.endArray().endObject().toRawJson();
  }

  /** Without the port. */
  private static String address(String remote) {
    int colon = remote.lastIndexOf(':');
    return colon < 0 ? remote : remote.substring(0, colon);
  }

  /** How it was found out who it is. */
  private static @Nullable String method(Entry entry) {
    Standing standing = entry.standing();
    Principal principal = standing == null ? null : standing.principal();
    return principal == null ? null : principal.method();
  }

  private static @Nullable String agent(Entry entry) {
    Connection connection = entry.connection();
    String agent = connection == null ? "" : connection.profile().agent();
    return agent.isEmpty() ? null : agent;
  }
}
