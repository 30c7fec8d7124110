package dev.everwire.app.bench;

import dev.everwire.protocol.json.JsonWriter;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What a benchmark found. */
public final class Report {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};
  private static final String[] NAMES = {"p50", "p90", "p99", "p999", "max"};

  private final String name;
  private final Plan plan;
  private final Usage atRest;
  private final Usage connected;
  private final Usage from;
  private final Usage to;
  private final Histogram latency;
  private final int connections;
  private final Tally.Faults faults;

  /**
   * @param atRest before the first connection
   * @param connected behind the last
   * @param from where the measurement begins
   * @param latency of every message that came in between, as it should be
   */
  Report(
      String name,
      Plan plan,
      Usage atRest,
      Usage connected,
      Usage from,
      Usage to,
      Histogram latency,
      int connections,
      Tally.Faults faults) {
    this.name = name;
    this.plan = plan;
    this.atRest = atRest;
    this.connected = connected;
    this.from = from;
    this.to = to;
    this.latency = latency;
    this.connections = connections;
    this.faults = faults;
  }

  /** Whether everything came back once, unchanged and in its order, and there was something. */
  public boolean ok() {
    return faults.none() && (name.equals("idle") || messages() > 0);
  }

  private long messages() {
    return latency.getTotalCount();
  }

  private double perSecond() {
    return messages() / to.secondsSince(from);
  }

  private boolean serverSeen() {
    return to.serverResident() > 0;
  }

  private @Nullable Double perServerCpuSecond() {
    double cpu = to.serverCpuSince(from);
    return serverSeen() && cpu > 0 && messages() > 0 ? messages() / cpu : null;
  }

  private @Nullable Double connectsPerServerCpuSecond() {
    double cpu = connected.serverCpuSince(atRest);
    return serverSeen() && cpu > 0 ? connections / cpu : null;
  }

  private long residentPerConnection() {
    return (to.serverResident() - atRest.serverResident()) / connections;
  }

  private @Nullable Long heapPerConnection() {
    Long before = atRest.liveHeap();
    Long after = to.liveHeap();
    return before == null || after == null ? null : (after - before) / connections;
  }

  /** One object, for scripts. Times are in microseconds, memory in bytes. */
  public String json() {
    JsonWriter out = new JsonWriter().beginObject();
    out.name("bench").value(name).name("url").value(plan.uri().toString());
    out.name("ok").value(ok());
    out.name("connections").value(plan.connections()).name("depth").value(plan.depth());
    out.name("size").value(plan.size());
    decimal(out.name("rate"), plan.rate());
    decimal(out.name("warmupSeconds"), plan.warmup().toMillis() / 1e3);
    decimal(out.name("seconds"), to.secondsSince(from));
    out.name("messages").value(messages());
    decimal(out.name("messagesPerSecond"), perSecond());
    out.name("latency").beginObject();
    for (int i = 0; i < NAMES.length; i++) {
      decimal(out.name(NAMES[i]), latency.getValueAtPercentile(PERCENTILES[i]) / 1e3);
    }
    out.endObject();
    if (serverSeen()) {
      server(out.name("server"));
    }
    decimal(out.name("generatorCpuSeconds"), to.generatorCpuSince(from));
    out.name("faults").beginObject();
    out.name("corrupted").value(faults.corrupted()).name("duplicates").value(faults.duplicates());
    out.name("reordered").value(faults.reordered()).name("missing").value(faults.missing());
    out.name("refused").value(faults.refused());
    if (faults.first() != null) {
      out.name("first").value(faults.first());
    }
    return out.endObject().endObject().toRawJson().toString();
  }

  private void server(JsonWriter out) {
    out.beginObject();
    decimal(out.name("cpuSeconds"), to.serverCpuSince(from));
    optional(out, "messagesPerCpuSecond", perServerCpuSecond());
    decimal(out.name("connectCpuSeconds"), connected.serverCpuSince(atRest));
    optional(out, "connectsPerCpuSecond", connectsPerServerCpuSecond());
    out.name("rssAtRest").value(atRest.serverResident());
    out.name("rssConnected").value(connected.serverResident());
    out.name("rssAtEnd").value(to.serverResident());
    out.name("rssPerConnection").value(residentPerConnection());
    Long heap = heapPerConnection();
    if (heap != null) {
      out.name("heapPerConnection").value(heap);
    }
    out.endObject();
  }

  private static void optional(JsonWriter out, String name, @Nullable Double value) {
    if (value != null) {
      decimal(out.name(name), value);
    }
  }

  private static void decimal(JsonWriter out, double value) {
    out.literal(String.format(Locale.ROOT, "%.3f", value));
  }

  /** Some lines for people. */
  public String text() {
    StringBuilder out = new StringBuilder();
    line(
        out,
        "%s %s: %d connections, %s, %d B, %.1f s",
        name,
        plan.uri(),
        plan.connections(),
        plan.open() ? number(plan.rate()) + " due a second" : "depth " + plan.depth(),
        plan.size(),
        to.secondsSince(from));
    if (messages() > 0) {
      line(out, "messages    %d, %s a second", messages(), number(perSecond()));
      out.append(plan.open() ? "from due   " : "latency    ");
      for (int i = 0; i < NAMES.length; i++) {
        String percentile = NAMES[i].equals("p999") ? "p99.9" : NAMES[i];
        double micros = latency.getValueAtPercentile(PERCENTILES[i]) / 1e3;
        out.append(String.format(Locale.ROOT, " %s %.0f µs ", percentile, micros));
      }
      out.append(System.lineSeparator());
    }
    if (serverSeen()) {
      serverText(out);
    }
    line(
        out,
        "generator   %.2f CPU seconds, %.0f %% of a core",
        to.generatorCpuSince(from),
        100 * to.generatorCpuSince(from) / to.secondsSince(from));
    out.append(verdict());
    return out.toString();
  }

  private void serverText(StringBuilder out) {
    Double efficiency = perServerCpuSecond();
    line(
        out,
        "server      %.2f CPU seconds%s",
        to.serverCpuSince(from),
        efficiency == null ? "" : ", " + number(efficiency) + " messages per CPU second");
    Double connects = connectsPerServerCpuSecond();
    Long heap = heapPerConnection();
    line(
        out,
        "connections %s%d B resident each%s",
        connects == null ? "" : number(connects) + " opened per server CPU second, ",
        residentPerConnection(),
        heap == null ? "" : ", " + heap + " B live heap each");
  }

  private String verdict() {
    if (faults.none()) {
      return ok() ? "checked     nothing wrong" : "checked     NOTHING CAME BACK";
    }
    return String.format(
        Locale.ROOT,
        "checked     WRONG: %d corrupted, %d duplicates, %d reordered, %d missing, %d refused (%s)",
        faults.corrupted(),
        faults.duplicates(),
        faults.reordered(),
        faults.missing(),
        faults.refused(),
        faults.first());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
  }

  private static void line(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
  }
}
