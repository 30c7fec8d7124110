package dev.everwire.session;

import java.time.Duration;

/**
 * How a silent link is found out: after {@code interval} without any received byte a ping is sent,
 * and if nothing comes within {@code timeout} of that ping it counts as missed; another ping
 * follows until so many were missed in a row, then the link is given up with 4001. Traffic of any
 * kind counts, so a busy link is never pinged. A dead peer is found in at most the interval and as
 * many timeouts as may be missed.
 *
 * @param misses unanswered pings in a row that end the link, at least 1
 */
public record Heartbeat(Duration interval, Duration timeout, int misses) {
  /** 25 s and 10 s: below the 60 s after which common proxies cut a silent link. */
  public static final Heartbeat DEFAULT =
      new Heartbeat(Duration.ofSeconds(25), Duration.ofSeconds(10));

  /** The first ping that is missed ends the link. */
  public Heartbeat(Duration interval, Duration timeout) {
    this(interval, timeout, 1);
  }

  public Heartbeat {
    if (interval.toMillis() < 1) {
      throw new IllegalArgumentException("interval: " + interval + " (expected: >= PT0.001S)");
    }
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: >= PT0.001S)");
    }
    if (misses < 1) {
      throw new IllegalArgumentException("misses: " + misses + " (expected: >= 1)");
    }
  }
}
