package dev.everwire.server.drain;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a server goes away. Sessions are asked to move, a batch at a time and each at a moment of its
 * own, so that they do not all knock elsewhere at once; then new calls are refused, what waits is
 * sent, running calls end, and everybody is closed. Immutable.
 *
 * <p>A fifth of the time, at most 5 s and at least 250 ms, is kept for closing; with less than that
 * in all, nothing else is waited for. A server whose connections leave sooner is done sooner.
 *
 * @param within all of it; then what is left is cut. 0–365 days; less than 250 ms counts as that
 * @param reason what sessions are told, one word such as {@code deploy}; at most 64 characters
 * @param url where sessions are sent, {@code ws} or {@code wss}; null for where they came from
 * @param batch how many sessions are asked to move at a time, 1–1 000 000
 * @param spread how long the asking may take, at most 40 % of the time whatever is said here; more
 *     are asked at a time if they are too many
 * @param jitter each session moves at a random moment so long after it is asked
 * @param patience how long sessions that were asked are waited for beyond their moment, at most
 *     until 70 % of the time whatever is said here
 * @param flushShare how much of the time left may go into sending what waits, 0.0–0.7
 * @param flushWithin the most that may go into it, 0–20 s
 * @param closesAtOnce how many Close frames may be unanswered at a time, 1–1 000 000. Peers that do
 *     not answer do not hold the others up
 */
public record DrainPlan(
    Duration within,
    String reason,
    @Nullable URI url,
    int batch,
    Duration spread,
    Duration jitter,
    Duration patience,
    double flushShare,
    Duration flushWithin,
    int closesAtOnce) {
  private static final int MOST = 1_000_000;
  private static final int LONGEST_REASON = 64;
  private static final double MOST_FLUSH_SHARE = 0.7;
  private static final Duration MOST_FLUSH = Duration.ofSeconds(20);
  private static final Duration LONGEST = Duration.ofDays(365);

  /**
   * 30 s in all; {@code shutdown}; 100 sessions at a time, within 8 s, each up to 1 s later, waited
   * for 5 s more; 70 % of what is left, at most 20 s, for what waits; 100 closes at once.
   */
  public static final DrainPlan DEFAULT =
      new DrainPlan(
          Duration.ofSeconds(30),
          "shutdown",
          null,
          100,
          Duration.ofSeconds(8),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          MOST_FLUSH_SHARE,
          MOST_FLUSH,
          100);

  public DrainPlan {
    check("within", within, LONGEST);
    check("spread", spread, LONGEST);
    check("jitter", jitter, LONGEST);
    check("patience", patience, LONGEST);
    check("flushWithin", flushWithin, MOST_FLUSH);
    check("batch", batch);
    check("closesAtOnce", closesAtOnce);
    if (reason.length() > LONGEST_REASON) {
      throw new IllegalArgumentException(
          "reason: \"" + reason + "\" (expected: at most " + LONGEST_REASON + " characters)");
    }
    if (url != null && !"ws".equals(url.getScheme()) && !"wss".equals(url.getScheme())) {
      throw new IllegalArgumentException("url: " + url + " (expected: ws:// or wss://)");
    }
    if (!(flushShare >= 0 && flushShare <= MOST_FLUSH_SHARE)) {
      throw new IllegalArgumentException(
          "flushShare: " + flushShare + " (expected: 0.0-" + MOST_FLUSH_SHARE + ")");
    }
  }

  /** With another time for all of it. */
  public DrainPlan within(Duration time) {
    return new DrainPlan(
        time, reason, url, batch, spread, jitter, patience, flushShare, flushWithin, closesAtOnce);
  }

  /** With another word that sessions are told. */
  public DrainPlan reason(String word) {
    return new DrainPlan(
        within, word, url, batch, spread, jitter, patience, flushShare, flushWithin, closesAtOnce);
  }

  /** With a place where sessions are sent. */
  public DrainPlan to(URI place) {
    return new DrainPlan(
        within,
        reason,
        place,
        batch,
        spread,
        jitter,
        patience,
        flushShare,
        flushWithin,
        closesAtOnce);
  }

  /** With another pace: how many at a time, in how long, and how much later each at most. */
  public DrainPlan pace(int atATime, Duration inAll, Duration later) {
    return new DrainPlan(
        within,
        reason,
        url,
        atATime,
        inAll,
        later,
        patience,
        flushShare,
        flushWithin,
        closesAtOnce);
  }

  /** With another time for sessions to leave by themselves. */
  public DrainPlan patience(Duration beyondTheirMoment) {
    return new DrainPlan(
        within,
        reason,
        url,
        batch,
        spread,
        jitter,
        beyondTheirMoment,
        flushShare,
        flushWithin,
        closesAtOnce);
  }

  /** With other bounds for sending what waits. */
  public DrainPlan flush(double share, Duration atMost) {
    return new DrainPlan(
        within, reason, url, batch, spread, jitter, patience, share, atMost, closesAtOnce);
  }

  /** With another number of closes at once. */
  public DrainPlan closesAtOnce(int closes) {
    return new DrainPlan(
        within, reason, url, batch, spread, jitter, patience, flushShare, flushWithin, closes);
  }

  private static void check(String name, Duration time, Duration longest) {
    if (time.isNegative() || time.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          name + ": " + time + " (expected: >= 0, <= " + days(longest) + ")");
    }
  }

  private static String days(Duration longest) {
    return longest.equals(LONGEST) ? "P365D" : longest.toString();
  }

  private static void check(String name, int number) {
    if (number < 1 || number > MOST) {
      throw new IllegalArgumentException(name + ": " + number + " (expected: 1-" + MOST + ")");
    }
  }
}
