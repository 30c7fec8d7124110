package dev.everwire.session;

import java.time.Duration;

/**
 * How a silent link is found out: after {@code interval} without a sign of life a ping is sent, and
 * if no sign comes within {@code timeout} of that ping it counts as missed; when so many were
 * missed in a row the link is given up with 4001. One ping is out at a time, and the next follows a
 * missed one at once; only where the timeout is longer than the interval do pings go on meanwhile,
 * an interval apart (at most 8 in one timeout), each with a timeout of its own.
 *
 * <p>A dead peer is found in at most {@code interval + misses × timeout}; where the timeout is the
 * longer, in {@code misses × interval + timeout}. A link that answers each ping within the timeout
 * is never given up, whichever of the two is longer. While we do not read ourselves, silence is not
 * held against the peer.
 *
 * @param misses unanswered pings in a row that end the link, at least 1
 * @param mode what a ping is
 * @param anyTraffic whether every received byte is a sign of life, so that a busy link is never
 *     pinged; otherwise only answers to pings are, and the link is pinged though it is busy
 */
public record Heartbeat(
    Duration interval, Duration timeout, int misses, Mode mode, boolean anyTraffic) {

  /** What a ping is. */
  public enum Mode {
    /** A message where the peer is known to answer one, otherwise a frame. */
    AUTO,
    /** A Ping frame of WebSocket, which every peer answers unasked. */
    FRAME,
    /**
     * A message: {@code $/ping}, or what the endpoint says. Everybody is pinged like that, so a
     * peer that does not know it and is silent otherwise is given up.
     */
    APP,
    /** Both at once; the answer to either is one. */
    BOTH
  }

  /** 25 s and 10 s: below the 60 s after which common proxies cut a silent link. */
  public static final Heartbeat DEFAULT = seconds(25, 10, 1);

  /** 30 s and 10 s, one miss. */
  public static final Heartbeat PROMPT = seconds(30, 10, 1);

  /** 30 s and 20 s, three misses: 90 s of silence end the link. */
  public static final Heartbeat NINETY_SECONDS = seconds(30, 20, 3);

  /** 30 s and 60 s, one miss: 90 s of silence end the link, and two pings may be out. */
  public static final Heartbeat CONSERVATIVE = seconds(30, 60, 1);

  /** 5 s and 10 s, one miss: dead after 15 s. */
  public static final Heartbeat AGGRESSIVE = seconds(5, 10, 1);

  /** 60 s and 120 s, one miss: dead after 3 min. */
  public static final Heartbeat RELAXED = seconds(60, 120, 1);

  private static final Duration LONGEST_HALF = Duration.ofSeconds(10);
  private static final long LONGEST_DAYS = 365;

  /** The first ping that is missed ends the link. */
  public Heartbeat(Duration interval, Duration timeout) {
    this(interval, timeout, 1);
  }

  public Heartbeat(Duration interval, Duration timeout, int misses) {
    this(interval, timeout, misses, Mode.AUTO, true);
  }

  public Heartbeat {
    check("interval", interval);
    check("timeout", timeout);
    if (misses < 1) {
      throw new IllegalArgumentException("misses: " + misses + " (expected: >= 1)");
    }
  }

  private static void check(String name, Duration value) {
    if (value.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= PT0.001S)");
    }
    if (value.toDays() > LONGEST_DAYS) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: <= P365D)");
    }
  }

  private static Heartbeat seconds(int interval, int timeout, int misses) {
    return new Heartbeat(Duration.ofSeconds(interval), Duration.ofSeconds(timeout), misses);
  }

  /** One number for all: half of the interval to answer, at most 10 s, and three misses. */
  public static Heartbeat halved(Duration interval) {
    Duration half = interval.dividedBy(2);
    return new Heartbeat(interval, half.compareTo(LONGEST_HALF) < 0 ? half : LONGEST_HALF, 3);
  }

  /** The same where a ping is something else. */
  public Heartbeat mode(Mode other) {
    return new Heartbeat(interval, timeout, misses, other, anyTraffic);
  }

  /** The same where only answers to pings are signs of life. */
  public Heartbeat answersOnly() {
    return new Heartbeat(interval, timeout, misses, mode, false);
  }

  /** The same at another pace. */
  public Heartbeat paced(Duration otherInterval, Duration otherTimeout) {
    return new Heartbeat(otherInterval, otherTimeout, misses, mode, anyTraffic);
  }
}
