package dev.everwire.server.internal.access;

import dev.everwire.server.access.AuditEvent;
import dev.everwire.server.access.Authentication;
import dev.everwire.session.transport.Loop;
import dev.everwire.spi.auth.Authenticator;
import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Principal;
import dev.everwire.spi.auth.Revocations;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server's authenticator who somebody is, and keeps its answer honest: it comes in time,
 * and nobody gets in by what was taken back or is over. Safe from any thread.
 */
public final class Authentications {
  private static final Logger LOG = System.getLogger(Authentications.class.getName());
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final int LONGEST_TOKEN = 64 * 1024;
  private static final long NANOS_BETWEEN_LINES = 1_000_000_000L;

  private final AtomicReference<Authentication> current;
  private final Revocations revocations;
  private final Audit audit;
  private final AtomicLong lastLine = new AtomicLong(System.nanoTime() - NANOS_BETWEEN_LINES);

  public Authentications(Authentication first, Revocations revocations, Audit audit) {
    this.current = new AtomicReference<>(first);
    this.revocations = revocations;
    this.audit = audit;
  }

  /** What holds now. */
  public Authentication terms() {
    return current.get();
  }

  public void replace(Authentication next) {
    current.set(next);
  }

  public Revocations revocations() {
    return revocations;
  }

  /** Whether anybody is asked who they are. */
  public boolean asks() {
    return terms().authenticator() != null;
  }

  /**
   * Tells on a loop, exactly once and perhaps before this returns, who brought something. Never
   * {@link Verdict.Absent} if a token was brought.
   */
  public void ask(Loop loop, Credentials credentials, Consumer<Verdict> then) {
    CompletableFuture<Verdict> verdict = ask(loop, credentials);
    if (verdict.isDone()) {
      then.accept(verdict.join());
      return;
    }
    var unused =
        verdict.thenAccept(decided -> {
          try {
            loop.execute(() -> then.accept(decided));
          } catch (RejectedExecutionException e) {
            // the loop has ended, and the connection with it
          }
        });
  }

  /**
   * As the other, on any thread.
   *
   * @param clock measures how long the answer takes
   * @return never fails
   */
  public CompletableFuture<Verdict> ask(Loop clock, Credentials credentials) {
    Authentication terms = terms();
    Authenticator authenticator = terms.authenticator();
    if (authenticator == null) {
      return CompletableFuture.completedFuture(new Verdict.Absent());
    }
    if (credentials.token() != null && credentials.token().length() > LONGEST_TOKEN) {
      return CompletableFuture.completedFuture(
          told(credentials, new Verdict.Refused(Reason.INVALID, "the token is too long")));
    }
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    try {
      var unused =
          authenticator
              .authenticate(credentials)
              .whenComplete((decided, failure) ->
                  verdict.complete(checked(credentials, decided, failure, clock)));
    } catch (RuntimeException | Error e) { // the peer must not wait for ever, whatever it is
      verdict.complete(checked(credentials, null, e, clock));
    }
    if (!verdict.isDone()) {
      Loop.Timer timer =
          clock.schedule(
              terms.answerWithin().toNanos(),
              () -> verdict.complete(new Verdict.Unavailable(RETRY_AFTER)));
      var unused = verdict.whenComplete((decided, failure) -> timer.cancel());
    }
    return verdict.thenApply(decided -> told(credentials, decided));
  }

  private Verdict told(Credentials credentials, Verdict decided) {
    switch (decided) {
      case Verdict.Accepted(Principal who) ->
          audit.tell(
              new AuditEvent.Authenticated(
                  actor(who.user(), who.tenant(), credentials),
                  credentials.occasion(),
                  who.method()));
      case Verdict.Refused(Reason reason, String text) ->
          failed(credentials, reason.name().toLowerCase(Locale.ROOT) + ": " + text);
      case Verdict.Unavailable unavailable -> failed(credentials, "unavailable");
      case Verdict.Absent absent -> {} // it may still come
    }
    return decided;
  }

  private void failed(Credentials credentials, String reason) {
    audit.tell(
        new AuditEvent.AuthenticationFailed(
            actor(null, null, credentials), credentials.occasion(), reason));
  }

  private static AuditEvent.Actor actor(
      @Nullable String user, @Nullable String tenant, Credentials credentials) {
    return new AuditEvent.Actor(user, tenant, null, null, credentials.remoteAddress());
  }

  private Verdict checked(
      Credentials credentials, @Nullable Verdict decided, @Nullable Throwable failure, Loop clock) {
    if (decided == null) {
      failed(failure);
      return new Verdict.Unavailable(RETRY_AFTER);
    }
    try {
      return judged(credentials, decided, clock.wallTime());
    } catch (RuntimeException e) { // the revocations may be the application's own
      failed(e);
      return new Verdict.Unavailable(RETRY_AFTER);
    }
  }

  private Verdict judged(Credentials credentials, Verdict decided, Instant now) {
    return switch (decided) {
      case Verdict.Accepted(Principal principal) when revocations.revoked(principal) ->
          new Verdict.Refused(Reason.REVOKED, "the token was revoked");
      case Verdict.Accepted(Principal principal) when over(principal, now) ->
          new Verdict.Refused(Reason.EXPIRED, "the token has expired");
      case Verdict.Absent absent when credentials.token() != null ->
          new Verdict.Refused(Reason.INVALID, "the token is not known here");
      default -> decided;
    };
  }

  private boolean over(Principal principal, Instant now) {
    return principal.expiresAt() != null
        && !now.minus(terms().grace()).isBefore(principal.expiresAt());
  }

  /** Whether what was shown once still holds. */
  public boolean holds(Principal principal, Instant now) {
    return !over(principal, now) && !revocations.revoked(principal);
  }

  /** Once a second at most: peers can bring this about. */
  private void failed(@Nullable Throwable failure) {
    long now = System.nanoTime();
    long last = lastLine.get();
    if (now - last >= NANOS_BETWEEN_LINES && lastLine.compareAndSet(last, now)) {
      LOG.log(Level.ERROR, "authenticator failed", failure);
    }
  }
}
