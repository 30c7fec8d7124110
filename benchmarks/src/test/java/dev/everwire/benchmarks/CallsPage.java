package dev.everwire.benchmarks;

import dev.everwire.protocol.json.JsonMembers;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The table of the calls in {@code docs/performance.md}. */
record CallsPage(Results results, List<Cell> cells, String head) {
  private static final ToDoubleFunction<JsonMembers> EFFICIENCY =
      Results.ofServer("messagesPerCpuSecond");

  /** What a peer has to reach, as a multiple of another. */
  private record Gate(String of, String to, double must) {}

  private static final List<Gate> GATES =
      List.of(
          new Gate(Peer.EVERWIRE, Peer.NETTY, 0.7),
          new Gate(Peer.EVERWIRE, Peer.RPC_WEBSOCKETS, 1.5),
          new Gate(Peer.ON_THE_LOOP, Peer.NETTY, 1.0));

  String text() {
    StringBuilder out = new StringBuilder(head);
    out.append("**Calls per second of server CPU time, in thousands** (medians)\n\n");
    begin(out, results.peers());
    for (Cell cell : cells) {
      out.append("| ").append(cell.name()).append(" |");
      for (String peer : results.peers()) {
        out.append(' ').append(Page.thousands(results.median(cell.name(), peer, EFFICIENCY)));
        out.append(" |");
      }
      out.append('\n');
    }
    out.append("\n**Ratios** within a round: median (lowest–highest)\n\n");
    begin(out, GATES.stream().map(CallsPage::title).toList());
    for (Cell cell : cells) {
      out.append("| ").append(cell.name()).append(" |");
      GATES.forEach(gate -> out.append(' ').append(ratio(cell, gate)).append(" |"));
      out.append('\n');
    }
    out.append("\n**Latency p50 / p99 in microseconds** (medians; closed loops at full load)\n\n");
    begin(out, results.peers());
    for (Cell cell : cells) {
      out.append("| ").append(cell.name()).append(" |");
      for (String peer : results.peers()) {
        double p50 = results.median(cell.name(), peer, found -> Results.latency(found, "p50"));
        double p99 = results.median(cell.name(), peer, found -> Results.latency(found, "p99"));
        out.append(String.format(Locale.ROOT, " %.0f / %.0f |", p50, p99));
      }
      out.append('\n');
    }
    return out.append('\n').toString();
  }

  private static void begin(StringBuilder out, List<String> columns) {
    out.append("| load |");
    columns.forEach(column -> out.append(' ').append(column).append(" |"));
    out.append("\n|--|").append("--:|".repeat(columns.size())).append('\n');
  }

  private static String title(Gate gate) {
    return String.format(Locale.ROOT, "%s ÷ %s, %.1f must be", gate.of(), gate.to(), gate.must());
  }

  private String ratio(Cell cell, Gate gate) {
    double[] ratios = results.ratios(cell.name(), gate.of(), gate.to(), EFFICIENCY);
    if (ratios.length == 0) {
      return "–";
    }
    double median = Results.median(ratios);
    String figures =
        String.format(
            Locale.ROOT, "%.2f (%.2f–%.2f)", median, ratios[0], ratios[ratios.length - 1]);
    return median >= gate.must() ? figures : "**" + figures + "**";
  }
}
