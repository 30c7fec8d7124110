package dev.everwire.session;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a connection may last. Both bounds are off unless said.
 *
 * <p>A connection is idle while its peer sends no message and no call waits for an answer, in
 * either direction. Pings, pongs and their like ({@code $/ping}, {@code $/pong}) are no messages
 * here, and what we send does not count; so a peer that only listens to topics is idle. After
 * {@code idle} the connection is closed with 1001 and the reason {@code idle}, one with a session
 * with 4000, so that the session can be resumed.
 *
 * <p>When a connection is older than its age, a session is told {@code $/goaway} with the reason
 * {@code max-age}, so that its client moves to another connection with its calls; it is closed with
 * 4004 once {@code grace} is over too. A peer without a session is closed with 1001 and the reason
 * {@code max age} as soon as none of its calls runs, at most {@code grace} later.
 *
 * @param idle null for no bound; at least 1 ms, at most 365 days
 * @param maxAge the longest; null for no bound; at least 1 ms, at most 365 days
 * @param spread 0.0–1.0, by how much of it the age of each connection is shortened at random, so
 *     that many opened at once do not end at once
 * @param grace from the age to the end, at most a day
 */
public record Lifetime(
    @Nullable Duration idle, @Nullable Duration maxAge, double spread, Duration grace) {

  /** No bound; a tenth of spread and 30 s of grace where an age is set. */
  public static final Lifetime UNLIMITED = new Lifetime(null, null, 0.1, Duration.ofSeconds(30));

  /** Idle for 120 s is too long. */
  public static final Lifetime TWO_IDLE_MINUTES = UNLIMITED.idle(Duration.ofMinutes(2));

  private static final long LONGEST_DAYS = 365;

  public Lifetime {
    check("idle", idle);
    check("maxAge", maxAge);
    if (!(spread >= 0 && spread <= 1)) {
      throw new IllegalArgumentException("spread: " + spread + " (expected: 0.0-1.0)");
    }
    if (grace.isNegative() || grace.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("grace: " + grace + " (expected: >= 0, <= PT24H)");
    }
  }

  private static void check(String name, @Nullable Duration value) {
    if (value != null && (value.toMillis() < 1 || value.toDays() > LONGEST_DAYS)) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: >= PT0.001S, <= P365D)");
    }
  }

  /** Whether nothing ends a connection. */
  public boolean unlimited() {
    return idle == null && maxAge == null;
  }

  /** The same with another bound of idleness. */
  public Lifetime idle(Duration atMost) {
    return new Lifetime(atMost, maxAge, spread, grace);
  }

  /** The same with another age. */
  public Lifetime maxAge(Duration atMost) {
    return new Lifetime(idle, atMost, spread, grace);
  }

  /** The same with another spread. */
  public Lifetime spread(double share) {
    return new Lifetime(idle, maxAge, share, grace);
  }

  /** The same with another time to leave in. */
  public Lifetime grace(Duration atMost) {
    return new Lifetime(idle, maxAge, spread, atMost);
  }
}
