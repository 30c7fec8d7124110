package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Range;
import dev.everwire.session.Heartbeat;
import java.time.Duration;

/** How silent links are found out; clients are told. Immutable. */
public record HeartbeatOptions(
    @Doc("A ping is sent after so long without a sign of life.") @Range(min = "1ms", max = "365d")
        Duration interval,
    @Doc("How long a ping may be unanswered before it counts as missed.")
        @Range(min = "1ms", max = "365d")
        Duration timeout,
    @Doc("Unanswered pings in a row that end the link.") @Range(min = "1", max = "1000") int misses,
    @Doc(
            "What a ping is: a WebSocket frame, a message of the application (app), both, or what the peer is known to answer (auto).")
        Heartbeat.Mode mode,
    @Doc("Whether every received byte is a sign of life; otherwise only answers to pings are.")
        boolean anyTraffic) {
  public static final HeartbeatOptions DEFAULT = of(Heartbeat.DEFAULT);

  public static HeartbeatOptions of(Heartbeat heartbeat) {
    return new HeartbeatOptions(
        heartbeat.interval(),
        heartbeat.timeout(),
        heartbeat.misses(),
        heartbeat.mode(),
        heartbeat.anyTraffic());
  }

  public Heartbeat heartbeat() {
    return new Heartbeat(interval, timeout, misses, mode, anyTraffic);
  }

  /** The longest time after which a dead peer is found. */
  public Duration deadAfter() {
    return timeout.compareTo(interval) > 0
        ? interval.multipliedBy(misses).plus(timeout)
        : interval.plus(timeout.multipliedBy(misses));
  }
}
