package dev.everwire.client.internal.keep;

import dev.everwire.client.internal.figures.FigureBook;
import dev.everwire.client.link.Figures;
import dev.everwire.session.Observed;
import dev.everwire.session.Observer;
import dev.everwire.session.flow.CircuitBreaker;
import dev.everwire.session.transport.Loop;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the breaker before each dial and writes down what came of it. Event loop only, except for
 * {@link #figures}.
 */
final class AttemptLog {
  private static final Duration WHILE_OTHERS_TRY = Duration.ofSeconds(5);
  private static final Duration LEAST_REST = Duration.ofSeconds(1);

  private record Begun(String endpoint, int number, long at) {}

  private final Loop loop;
  private final Observer observer;
  private final @Nullable CircuitBreaker breaker;
  private final FigureBook book = new FigureBook();
  private @Nullable Begun begun; // while an attempt is under way
  private CircuitBreaker.@Nullable Permit permit; // of that

  AttemptLog(Loop loop, Observer observer, @Nullable CircuitBreaker breaker) {
    this.loop = loop;
    this.observer = Observer.guarded(observer);
    this.breaker = breaker;
  }

  /** Safe from any thread. */
  Figures figures() {
    return book.figures(loop.now());
  }

  /**
   * Asks the breaker for leave to dial.
   *
   * @return for how long there is none; null if it was given, and {@link #begin} has to follow
   */
  @Nullable Duration untilPermitted() {
    long now = loop.now();
    abandon();
    CircuitBreaker before = breaker;
    if (before == null) {
      return null;
    }
    Optional<CircuitBreaker.Permit> given = before.enter(now);
    if (given.isPresent()) {
      permit = given.get();
      return null;
    }
    Duration rest = before.untilTrial(now);
    // Half-open, it depends on others' trials: how they end is known soon.
    Duration most = before.state(now) == CircuitBreaker.State.HALF_OPEN ? WHILE_OTHERS_TRY : rest;
    Duration bounded = rest.compareTo(most) > 0 ? most : rest;
    return bounded.compareTo(LEAST_REST) < 0 ? LEAST_REST : bounded;
  }

  void begin(String endpoint, int number) {
    long now = loop.now();
    begun = new Begun(endpoint, number, now);
    book.began(endpoint, loop.wallTime(), now);
    observer.on(new Observed.AttemptBegan(endpoint, number));
  }

  void succeeded(long epoch) {
    long now = loop.now();
    Begun one = begun;
    if (one != null) {
      book.ended(now); // of a connection that this one succeeds
      book.succeeded(now);
      observer.on(new Observed.AttemptSucceeded(one.endpoint(), epoch, since(one, now)));
      if (permit != null) {
        permit.succeeded(now);
      }
      forget();
    }
  }

  void failed(String why) {
    long now = loop.now();
    Begun one = begun;
    if (one != null) {
      book.failed(why, now);
      observer.on(new Observed.AttemptFailed(one.endpoint(), one.number(), since(one, now), why));
      if (permit != null) {
        permit.failed(now);
      }
      forget();
    }
  }

  /** Nobody wants to know any more how the attempt under way ends. */
  void abandon() {
    if (begun != null) {
      book.abandoned();
      if (permit != null) {
        permit.unused(loop.now());
      }
      forget();
    }
  }

  void lost(String why) {
    book.lost(why, loop.now());
  }

  /** The connection is ended on purpose. */
  void ended() {
    book.ended(loop.now());
  }

  private void forget() {
    begun = null;
    permit = null;
  }

  private static Duration since(Begun one, long now) {
    return Duration.ofNanos(now - one.at());
  }
}
