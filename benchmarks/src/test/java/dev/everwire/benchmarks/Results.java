package dev.everwire.benchmarks;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What every cell gave on every peer, round by round. */
final class Results {
  static final String IDLE = "idle";

  private final List<String> peers;
  private final Map<String, Map<String, List<JsonMembers>>> byCell = new LinkedHashMap<>();

  Results(List<String> peers) {
    this.peers = List.copyOf(peers);
  }

  void add(String cell, String peer, JsonMembers found) {
    byCell
        .computeIfAbsent(cell, name -> new LinkedHashMap<>())
        .computeIfAbsent(peer, name -> new ArrayList<>())
        .add(found);
  }

  List<String> peers() {
    return peers;
  }

  /** NaN if it was not measured. */
  double median(String cell, String peer, ToDoubleFunction<JsonMembers> figure) {
    return median(figures(cell, peer, figure));
  }

  /** One peer's figure as a multiple of another's in the same round: all rounds, lowest first. */
  double[] ratios(String cell, String of, String to, ToDoubleFunction<JsonMembers> figure) {
    double[] one = figures(cell, of, figure);
    double[] other = figures(cell, to, figure);
    double[] ratios = new double[Math.min(one.length, other.length)];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = one[i] / other[i];
    }
    Arrays.sort(ratios);
    return ratios;
  }

  static double median(double[] figures) {
    if (figures.length == 0) {
      return Double.NaN;
    }
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private double[] figures(String cell, String peer, ToDoubleFunction<JsonMembers> figure) {
    return byCell.getOrDefault(cell, Map.of()).getOrDefault(peer, List.of()).stream()
        .mapToDouble(figure)
        .toArray();
  }

  static JsonMembers server(JsonMembers found) {
    JsonMembers server = found.object("server");
    if (server == null) {
      throw new IllegalStateException("the generator did not see the server");
    }
    return server;
  }

  static ToDoubleFunction<JsonMembers> ofServer(String name) {
    return found -> number(server(found), name);
  }

  static double latency(JsonMembers found, String name) {
    JsonMembers latency = found.object("latency");
    return latency == null ? Double.NaN : number(latency, name);
  }

  static double number(JsonMembers members, String name) {
    RawJson value = members.get(name);
    return value == null ? Double.NaN : Double.parseDouble(value.toString());
  }
}
