package dev.everwire.spi.auth;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * Finds out who a peer is by what it brought. Safe from any thread.
 *
 * <p>An implementation MUST NOT block: it is called on event loops, and what takes time it does
 * elsewhere ({@link #blocking} helps). It MUST answer in the end; who asked waits only so long and
 * then takes it for {@link Verdict.Unavailable}. It MUST compare secrets in constant time, and MUST
 * NOT log them.
 */
@FunctionalInterface
public interface Authenticator {

  /** Decides. The stage may complete on any thread; if it fails nobody comes in. */
  CompletionStage<Verdict> authenticate(Credentials credentials);

  /** What came of it. */
  sealed interface Verdict {

    /** It is known who this is. */
    record Accepted(Principal principal) implements Verdict {
      public Accepted {
        Objects.requireNonNull(principal);
      }
    }

    /**
     * What was brought is wrong.
     *
     * @param text why, for the peer: it must not help to make a better forgery
     */
    record Refused(Reason reason, String text) implements Verdict {
      public Refused {
        Objects.requireNonNull(reason);
        Objects.requireNonNull(text);
      }
    }

    /** Nothing was brought that means anything here; another authenticator may be asked. */
    record Absent() implements Verdict {}

    /**
     * It cannot be decided now.
     *
     * @param retryAfter when it is worth to try again; at least at once, at most in a day
     */
    record Unavailable(Duration retryAfter) implements Verdict {
      private static final Duration LATEST = Duration.ofDays(1);

      public Unavailable {
        retryAfter =
            retryAfter.isNegative()
                ? Duration.ZERO
                : retryAfter.compareTo(LATEST) > 0 ? LATEST : retryAfter;
      }
    }
  }

  /** Why credentials were refused. */
  enum Reason {
    /** Malformed, forged, unknown, or meant for somebody else. */
    INVALID,
    /** They were right once. */
    EXPIRED,
    /** They were taken back. */
    REVOKED,
    /** It is known who it is, and that one may not come in. */
    FORBIDDEN
  }

  /** Asks one after the other until one says more than {@link Verdict.Absent}. */
  static Authenticator firstOf(List<? extends Authenticator> authenticators) {
    List<Authenticator> all = List.copyOf(authenticators);
    return credentials -> ask(all, 0, credentials);
  }

  private static CompletionStage<Verdict> ask(
      List<Authenticator> all, int next, Credentials credentials) {
    if (next == all.size()) {
      return CompletableFuture.completedStage(new Verdict.Absent());
    }
    return all.get(next)
        .authenticate(credentials)
        .thenCompose(verdict ->
            verdict instanceof Verdict.Absent
                ? ask(all, next + 1, credentials)
                : CompletableFuture.completedStage(verdict));
  }

  /**
   * One that may block, for instance to ask a database, on threads of its own. Where there is no
   * thread for it, or it throws, the verdict is {@link Verdict.Unavailable}.
   */
  static Authenticator blocking(Executor threads, Function<Credentials, Verdict> decide) {
    return credentials -> {
      CompletableFuture<Verdict> verdict = new CompletableFuture<>();
      try {
        threads.execute(() -> {
          try {
            verdict.complete(decide.apply(credentials));
          } catch (Throwable e) { // the peer must not wait for ever, whatever it is
            Logger log = System.getLogger(Authenticator.class.getName());
            log.log(Level.ERROR, "authenticator failed path=" + credentials.path(), e);
            verdict.complete(new Verdict.Unavailable(Duration.ofSeconds(1)));
          }
        });
      } catch (RejectedExecutionException e) {
        verdict.complete(new Verdict.Unavailable(Duration.ofSeconds(1)));
      }
      return verdict;
    };
  }
}
