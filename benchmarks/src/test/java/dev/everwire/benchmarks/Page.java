package dev.everwire.benchmarks;

import dev.everwire.protocol.json.JsonMembers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The part of {@code docs/performance.md} that is written by machine. */
record Page(Results results, List<Cell> cells, String head, Map<String, String> options) {
  private static final ToDoubleFunction<JsonMembers> EFFICIENCY =
      Results.ofServer("messagesPerCpuSecond");

  /** Puts the machine's part in the place of the former one, between the marks of this name. */
  static String into(String document, String name, String part) {
    String begin = "<!-- " + name + ", written by benchmarks/run, from here -->";
    String end = "<!-- " + name + ", to here -->";
    int from = document.indexOf(begin);
    int to = document.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("docs/performance.md has lost its marks " + begin);
    }
    return document.substring(0, from + begin.length()) + "\n" + part + document.substring(to);
  }

  /** How it was measured. */
  static String head(String command, Map<String, String> options, Machine machine) {
    return String.format(
        "\n`%s`, %s rounds, %s of warm-up and %s of measurement each. %s %s\n\n",
        command,
        options.get("rounds"),
        options.get("warmup"),
        options.get("duration"),
        machine.text(),
        options.get("note"));
  }

  String text() {
    StringBuilder out = new StringBuilder(head);
    efficiency(out);
    latency(out);
    idle(out);
    return out.toString();
  }

  private void efficiency(StringBuilder out) {
    out.append("**Messages per second of server CPU time, in thousands** (medians)\n\n| load |");
    results.peers().forEach(peer -> out.append(' ').append(peer).append(" |"));
    out.append(" ours ÷ raw Netty (lowest–highest round) | must | |\n|--|");
    out.append("--:|".repeat(results.peers().size() + 2)).append("--|\n");
    for (Cell cell : cells) {
      out.append("| ").append(cell.name()).append(" |");
      for (String peer : results.peers()) {
        out.append(' ').append(thousands(results.median(cell.name(), peer, EFFICIENCY)));
        out.append(" |");
      }
      double[] ratios = results.ratios(cell.name(), Peer.EVERWIRE, Peer.NETTY, EFFICIENCY);
      double ratio = Results.median(ratios);
      out.append(String.format(Locale.ROOT, " %.2f", ratio));
      out.append(
          String.format(Locale.ROOT, " (%.2f–%.2f) |", ratios[0], ratios[ratios.length - 1]));
      if (cell.must() > 0) {
        out.append(String.format(Locale.ROOT, " %.2f | ", cell.must()));
        out.append(ratio >= cell.must() ? "reached" : "**missed**").append(" |\n");
      } else {
        out.append(" – | |\n");
      }
    }
  }

  private void latency(StringBuilder out) {
    out.append("\n**Latency p50 / p99 in microseconds** (medians; closed loops at full load, but");
    out.append(" the paced one, which counts from the due time)\n\n| load |");
    results.peers().forEach(peer -> out.append(' ').append(peer).append(" |"));
    out.append("\n|--|").append("--:|".repeat(results.peers().size())).append('\n');
    for (Cell cell : cells) {
      out.append("| ").append(cell.name()).append(" |");
      for (String peer : results.peers()) {
        double p50 = results.median(cell.name(), peer, found -> Results.latency(found, "p50"));
        double p99 = results.median(cell.name(), peer, found -> Results.latency(found, "p99"));
        out.append(String.format(Locale.ROOT, " %.0f / %.0f |", p50, p99));
      }
      out.append('\n');
    }
  }

  private void idle(StringBuilder out) {
    out.append("\n**").append(options.get("idle")).append(" idle connections**, each server fresh");
    out.append(" but for 200 connections before (medians; Everwire's with a session each)\n\n");
    out.append("| |");
    results.peers().forEach(peer -> out.append(' ').append(peer).append(" |"));
    out.append("\n|--|").append("--:|".repeat(results.peers().size())).append('\n');
    idle(out, "live heap per connection, bytes", "heapPerConnection");
    idle(out, "resident memory per connection, bytes", "rssPerConnection");
    idle(out, "connected per server CPU second", "connectsPerCpuSecond");
    out.append('\n');
  }

  private void idle(StringBuilder out, String title, String figure) {
    out.append("| ").append(title).append(" |");
    for (String peer : results.peers()) {
      double median = results.median(Results.IDLE, peer, Results.ofServer(figure));
      out.append(' ')
          .append(Double.isNaN(median) ? "–" : String.format(Locale.ROOT, "%.0f", median));
      out.append(" |");
    }
    out.append('\n');
  }

  static String thousands(double perSecond) {
    return Double.isNaN(perSecond)
        ? "–"
        : String.format(Locale.ROOT, perSecond < 100_000 ? "%.1f" : "%.0f", perSecond / 1e3);
  }
}
