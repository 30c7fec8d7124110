package dev.everwire.server.access;

import dev.everwire.spi.auth.Authenticator;
import dev.everwire.spi.auth.Revocations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a server finds out who connects. Immutable.
 *
 * <p>A peer may show who it is with the upgrade request, in {@code rpc.hello} or by {@code
 * rpc.auth}; until then nothing is served to it.
 *
 * @param authenticator asked about whatever was brought; null if nobody is, and everybody is
 *     anonymous
 * @param anonymous whether who brings nothing is let in as {@link
 *     dev.everwire.spi.auth.Principal#anonymous}
 * @param within how long a connection may stay without having shown who it is; 1 s–5 min
 * @param warnAhead how long before a token ends a session is told; at most 1 h
 * @param grace how long a connection stays beyond its token, so that a late renewal costs nothing;
 *     at most 1 h
 * @param answerWithin how long the authenticator is waited for; 100 ms–60 s
 * @param queryParameter of the upgrade's URL that may hold a token; null for none, because URLs end
 *     up in logs
 * @param revocations what was taken back; null for a memory of the server's own
 */
public record Authentication(
    @Nullable Authenticator authenticator,
    boolean anonymous,
    Duration within,
    Duration warnAhead,
    Duration grace,
    Duration answerWithin,
    @Nullable String queryParameter,
    @Nullable Revocations revocations) {
  private static final Duration LONGEST = Duration.ofHours(1);

  /** Nobody is asked who they are. */
  public static final Authentication NONE =
      new Authentication(
          null,
          true,
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          null,
          null);

  /**
   * @throws IllegalArgumentException if a duration is out of bounds, or nobody could come in
   */
  public Authentication {
    check("within", within, Duration.ofSeconds(1), Duration.ofMinutes(5));
    check("warnAhead", warnAhead, Duration.ZERO, LONGEST);
    check("grace", grace, Duration.ZERO, LONGEST);
    check("answerWithin", answerWithin, Duration.ofMillis(100), Duration.ofSeconds(60));
    if (authenticator == null && !anonymous) {
      throw new IllegalArgumentException(
          "anonymous: false (expected: true, or an authenticator to let anybody in)");
    }
  }

  /** Everybody has to show who they are to this one. */
  public static Authentication by(Authenticator authenticator) {
    return new Authentication(
        authenticator,
        false,
        NONE.within,
        NONE.warnAhead,
        NONE.grace,
        NONE.answerWithin,
        null,
        null);
  }

  public Authentication withAnonymous(boolean allowed) {
    return new Authentication(
        authenticator,
        allowed,
        within,
        warnAhead,
        grace,
        answerWithin,
        queryParameter,
        revocations);
  }

  public Authentication withWithin(Duration time) {
    return new Authentication(
        authenticator,
        anonymous,
        time,
        warnAhead,
        grace,
        answerWithin,
        queryParameter,
        revocations);
  }

  public Authentication withWarnAhead(Duration time) {
    return new Authentication(
        authenticator, anonymous, within, time, grace, answerWithin, queryParameter, revocations);
  }

  public Authentication withGrace(Duration time) {
    return new Authentication(
        authenticator,
        anonymous,
        within,
        warnAhead,
        time,
        answerWithin,
        queryParameter,
        revocations);
  }

  public Authentication withAnswerWithin(Duration time) {
    return new Authentication(
        authenticator, anonymous, within, warnAhead, grace, time, queryParameter, revocations);
  }

  public Authentication withQueryParameter(@Nullable String name) {
    return new Authentication(
        authenticator, anonymous, within, warnAhead, grace, answerWithin, name, revocations);
  }

  public Authentication withRevocations(@Nullable Revocations kept) {
    return new Authentication(
        authenticator, anonymous, within, warnAhead, grace, answerWithin, queryParameter, kept);
  }

  /** Whether a connection must show who it is before anything is served to it. */
  public boolean required() {
    return !anonymous;
  }

  private static void check(String what, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          what + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }
}
