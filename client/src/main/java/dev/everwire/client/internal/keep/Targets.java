package dev.everwire.client.internal.keep;

import dev.everwire.client.link.Figures;
import dev.everwire.session.transport.Loop;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a client dials, where its present connection leads to, and how each of them fares. Event
 * loop only, except for {@link #figures}.
 */
final class Targets {
  private final Loop loop;
  private final Endpoints endpoints;
  private final AttemptLog log;
  private URI dialled;
  private URI present; // where the present connection leads to, while there is one
  private boolean redirected; // the last dial was where the server said

  Targets(Terms terms) {
    this.loop = terms.dialer().loop();
    this.endpoints = new Endpoints(terms.endpoints());
    this.log = new AttemptLog(loop, terms.observer(), terms.breaker());
    this.dialled = terms.endpoints().getFirst();
    this.present = dialled;
  }

  /** Safe from any thread. */
  Figures figures() {
    return log.figures();
  }

  /** Where the attempt leads to that was begun last. */
  URI dialled() {
    return dialled;
  }

  /** Whether the last dial was to a place that is none of the client's own. */
  boolean redirected() {
    return redirected;
  }

  /** Begins an attempt, or answers for how long none may be made. */
  @Nullable Duration begin(int number) {
    Duration rest = log.untilPermitted();
    if (rest != null) {
      return rest;
    }
    redirected = endpoints.redirected();
    dialled = endpoints.next(loop.now());
    log.begin(Terms.plain(dialled).toString(), number);
    return null;
  }

  /**
   * The attempt under way failed, by what the server did or did not.
   *
   * @param retryAfter for how long the server does not want to see us there, or null
   */
  void failed(String why, @Nullable Duration retryAfter) {
    endpoints.failed(dialled, loop.now(), retryAfter);
    log.failed(why);
  }

  /** For how long no endpoint wants to see us; null if one may be dialled. */
  @Nullable Duration shut() {
    return endpoints.shut(loop.now());
  }

  /** The attempt under way has led to the present connection. */
  void succeeded(long epoch) {
    present = dialled;
    endpoints.forgetRedirect();
    log.succeeded(epoch);
  }

  /** The present connection's server goes away: if there is another, that is dialled. */
  void leaving() {
    endpoints.avoid(present, loop.now());
  }

  /**
   * The present connection was lost.
   *
   * @param stable whether it has lasted
   * @param retryAfter for how long the server does not want to see us there, or null
   */
  void lost(String why, boolean stable, @Nullable Duration retryAfter) {
    if (stable) {
      endpoints.worked(present);
    } else {
      endpoints.failed(present, loop.now(), null);
    }
    if (retryAfter != null) {
      endpoints.shut(present, loop.now(), retryAfter);
    }
    log.lost(why);
  }

  /**
   * The server says where to dial next.
   *
   * @param live whether the present connection says so, or the one that was dialled last
   * @param to null takes back what was said before
   * @return whether it is followed
   */
  boolean redirect(boolean live, @Nullable URI to) {
    return endpoints.redirect(live ? present : dialled, to);
  }

  /** It is over: by this client's own wish, or for a reason. */
  void end(boolean asked, String why) {
    if (asked) {
      log.abandon();
    }
    log.failed(why);
    log.ended();
  }
}
