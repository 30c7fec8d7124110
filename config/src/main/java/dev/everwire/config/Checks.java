package dev.everwire.config;

import dev.everwire.config.internal.text.Durations;
import dev.everwire.config.internal.text.Quotes;
import dev.everwire.config.internal.text.Sizes;
import dev.everwire.config.section.DialectPathOptions;
import dev.everwire.config.section.DrainOptions;
import dev.everwire.config.section.InboundOptions;
import dev.everwire.config.section.LimitOptions;
import dev.everwire.config.section.RateOptions;
import dev.everwire.config.section.TopicOptions;
import dev.everwire.server.Server;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What options mean together. Everything that does not fit is told, each once. */
final class Checks {
  private static final int MOST_PINGS_OUT = 8;

  private final Config config;
  private final Layers layers;

  private Checks(Config config, Layers layers) {
    this.config = config;
    this.layers = layers;
  }

  /** Reads the files that are named, of keys and certificates. Blocks. */
  static void all(Config config, Layers layers) {
    Checks checks = new Checks(config, layers);
    checks.times();
    checks.drain();
    checks.sizes();
    checks.limits();
    checks.topics();
    checks.paths();
    ReachChecks.all(config, checks);
    AuthChecks.all(config, checks);
  }

  /**
   * Tells a problem of the first of these options, where somebody said it or else one of the others
   * that make it one; unless one of them could not be read anyway.
   */
  void problem(String text, String... paths) {
    if (Stream.of(paths).noneMatch(layers::failed)) {
      layers.findings().problem(layers.place(first(paths)), paths[0], text);
    }
  }

  void warning(String text, String... paths) {
    if (Stream.of(paths).noneMatch(layers::failed)) {
      layers.findings().warning(layers.place(first(paths)), paths[0], text);
    }
  }

  /** Whether somebody said it who is not the preset. */
  boolean said(String path) {
    return layers.said(path);
  }

  private String first(String... paths) {
    return Stream.of(paths).filter(layers::said).findFirst().orElse(paths[0]);
  }

  /** Tells what the server would not take, as {@link #problem}. */
  void taken(Runnable making, String... paths) {
    try {
      making.run();
    } catch (IllegalArgumentException | IllegalStateException e) {
      problem(String.valueOf(e.getMessage()), paths);
    }
  }

  private void times() {
    Duration interval = config.heartbeat().interval();
    Duration timeout = config.heartbeat().timeout();
    if (timeout.compareTo(interval.multipliedBy(MOST_PINGS_OUT)) > 0) {
      problem(
          write(timeout)
              + " (expected: at most "
              + MOST_PINGS_OUT
              + " times heartbeat.interval, "
              + write(interval)
              + ")",
          "heartbeat.timeout",
          "heartbeat.interval");
    }
    Duration idle = config.lifetime().idle();
    if (idle != null && idle.compareTo(interval) <= 0) {
      problem(
          write(idle) + " (expected: more than heartbeat.interval, " + write(interval) + ")",
          "lifetime.idle",
          "heartbeat.interval");
    }
    Duration within = config.session().resumeWithin();
    Duration life = config.session().resumeTokenLife();
    if (life.compareTo(within) < 0) {
      problem(
          write(life) + " (expected: at least session.resumeWithin, " + write(within) + ")",
          "session.resumeTokenLife",
          "session.resumeWithin");
    }
    taken(() -> Secrets.ring(config.session()), "session.resumeKeys");
  }

  /** The server cuts what does not fit, so it can be served; it is hardly what was meant. */
  private void drain() {
    DrainOptions drain = config.drain();
    Map<String, Duration> parts =
        Map.of(
            "drain.spread", drain.spread(),
            "drain.jitter", drain.jitter(),
            "drain.patience", drain.patience());
    parts.forEach((path, part) -> {
      if (said(path) && part.compareTo(drain.within()) > 0) {
        warning(
            write(part) + " is cut to fit into drain.within, " + write(drain.within()),
            path,
            "drain.within");
      }
    });
    taken(drain::plan, "drain.within");
  }

  private void sizes() {
    LimitOptions limits = config.limits();
    long message = limits.transport().maxMessageBytes();
    long queue = limits.outbound().maxBytes();
    long one = limits.memory().maxBytesPerConnection();
    long all = limits.memory().maxBytes();
    if (one < queue) {
      problem(
          atLeast(one, "limits.outbound.maxBytes", queue),
          "limits.memory.maxBytesPerConnection",
          "limits.outbound.maxBytes");
    }
    if (all < queue) {
      problem(
          atLeast(all, "limits.outbound.maxBytes", queue),
          "limits.memory.maxBytes",
          "limits.outbound.maxBytes");
    }
    if (one != Long.MAX_VALUE && all < one) {
      problem(
          atLeast(all, "limits.memory.maxBytesPerConnection", one),
          "limits.memory.maxBytes",
          "limits.memory.maxBytesPerConnection");
    }
    if (limits.broker().historyBytes() < message) {
      problem(
          atLeast(limits.broker().historyBytes(), "limits.transport.maxMessageBytes", message),
          "limits.broker.historyBytes",
          "limits.transport.maxMessageBytes");
    }
    if (one < message) {
      warning(
          "a peer that is sent a message as long as it may send one ("
              + Sizes.write(message)
              + ") is closed",
          "limits.memory.maxBytesPerConnection",
          "limits.transport.maxMessageBytes");
    }
  }

  private void limits() {
    LimitOptions limits = config.limits();
    taken(
        () -> limits.connections().limits(),
        "limits.connections",
        "limits.connections.ratePerNode",
        "limits.connections.burstPerNode",
        "limits.connections.ratePerAddress",
        "limits.connections.burstPerAddress");
    taken(
        () -> limits.outbound().limits(),
        "limits.outbound.normalBelow",
        "limits.outbound.degradedAbove");
    taken(() -> limits.memory().limits(), "limits.memory.maxBytes");
    taken(
        () -> limits.conversation().limits(),
        "limits.conversation.maxAdmittedCalls",
        "limits.conversation.maxConcurrentCalls");
    InboundOptions inbound = limits.inbound();
    Map<String, RateOptions> rates =
        Map.of(
            "connection", inbound.connection(),
            "user", inbound.user(),
            "address", inbound.address(),
            "node", inbound.node());
    rates.forEach((whose, rate) -> {
      String path = "limits.inbound." + whose + ".";
      taken(
          rate::bounds,
          "limits.inbound." + whose,
          path + "messagesPerSecond",
          path + "messagesBurst",
          path + "bytesPerSecond",
          path + "bytesBurst");
    });
  }

  private void topics() {
    Set<String> seen = new HashSet<>();
    int number = 0;
    for (TopicOptions topic : config.topics()) {
      if (seen.contains("**") || !seen.add(topic.pattern())) {
        warning(
            "rule "
                + (number + 1)
                + ", "
                + Quotes.shown(topic.pattern())
                + ", is never reached: an earlier one holds",
            "topics");
      }
      number++;
    }
  }

  private void paths() {
    String path = config.listen().path();
    taken(() -> Server.builder().path(path), "listen.path");
    Set<String> taken = new HashSet<>(Set.of(path));
    for (DialectPathOptions other : config.dialects().paths()) {
      taken(() -> Server.builder().dialect(other.path(), other.dialect()), "dialects.paths");
      if (!taken.add(other.path())) {
        problem(
            Quotes.shown(other.path()) + " again (expected: each path once, and not listen.path)",
            "dialects.paths");
      }
    }
    for (String host : config.listen().hosts()) {
      taken(() -> Server.builder().hosts(host), "listen.hosts");
    }
    for (String origin : config.origins()) {
      taken(() -> Server.builder().origins(origin), "origins");
    }
  }

  private static String atLeast(long bytes, String path, long least) {
    return Sizes.write(bytes) + " (expected: at least " + path + ", " + Sizes.write(least) + ")";
  }

  private static String write(Duration duration) {
    return Durations.write(duration);
  }
}
