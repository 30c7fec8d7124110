package dev.everwire.session;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How one call is made. Immutable.
 *
 * <p>A call that a client makes while it is not connected waits for a connection, within its
 * deadline and the client's bounds, unless it {@link #failFast fails fast}. When a link drops, the
 * calls that had been sent on it end like this; sessions are not resumed yet, so it makes no
 * difference whether the server lives on:
 *
 * <table>
 * <caption>Pending calls when a link drops</caption>
 * <tr><th>call</th><th>what becomes of it</th></tr>
 * <tr><td>as it is</td>
 *   <td>ends at once: {@link ConnectionLostException} with {@code maybeExecuted}</td></tr>
 * <tr><td>{@link #idempotent}</td>
 *   <td>is sent again on the next connection, before all that waits, within its deadline and as
 *   long as anything may wait for a connection; ends like the others if it has streams, or if
 *   nothing waits here</td></tr>
 * <tr><td>{@link #failFast}</td><td>ends at once, idempotent or not</td></tr>
 * </table>
 */
public final class CallOptions {

  /**
   * Which limiter a call passes.
   *
   * @param waits for a token, as long as its deadline allows; otherwise it is refused
   */
  public record Limit(String name, boolean waits) {}

  /**
   * Hears of a call's progress.
   *
   * @param type what values are bound to; those that do not fit are left out
   * @param listener takes values of that type
   */
  public record Progress(Type type, Consumer<@Nullable Object> listener) {}

  private static final Duration LONGEST = Duration.ofDays(365);
  private static final int LARGEST_WINDOW = 10_000;
  private static final int WINDOW = 64;

  private static final CallOptions ENDLESS =
      new CallOptions(null, null, WINDOW, false, false, null);

  /** Ends after 30 s. */
  public static final CallOptions DEFAULT = within(Duration.ofSeconds(30));

  private final @Nullable Duration within;
  private final @Nullable Progress progress;
  private final int window;
  private final boolean idempotent;
  private final boolean failFast;
  private final @Nullable Limit limit;

  private CallOptions(
      @Nullable Duration within,
      @Nullable Progress progress,
      int window,
      boolean idempotent,
      boolean failFast,
      @Nullable Limit limit) {
    this.within = within;
    this.progress = progress;
    this.window = window;
    this.idempotent = idempotent;
    this.failFast = failFast;
    this.limit = limit;
  }

  /**
   * The call ends within this time, queueing included; a stream, with its last item. The peer is
   * told, so that it does not begin what nobody waits for.
   *
   * @param within more than 0, at most 365 days
   */
  public static CallOptions within(Duration within) {
    return ENDLESS.lasting(within);
  }

  /**
   * The call ends when the peer says so, it is cancelled or the connection ends; the heartbeat
   * finds a peer that is dead. For streams that go on and on.
   */
  public static CallOptions withoutDeadline() {
    return ENDLESS;
  }

  /**
   * The same with another deadline, see {@link #within(Duration)}.
   *
   * @param within more than 0, at most 365 days
   */
  public CallOptions lasting(Duration within) {
    if (within.isNegative() || within.isZero() || within.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("within: " + within + " (expected: > 0, <= P365D)");
    }
    return new CallOptions(within, progress, window, idempotent, failFast, limit);
  }

  /**
   * It does no harm to run it twice: a client sends it again after a reconnect when its answer was
   * lost with the link. A call with a stream, as its result or among its parameters, is never sent
   * again.
   */
  public CallOptions idempotent() {
    return new CallOptions(within, progress, window, true, failFast, limit);
  }

  /**
   * Never waits for a connection: a client that has none ends it at once, with a {@link
   * ConnectionLostException} that says it was not executed, and it ends with the link it was sent
   * on.
   */
  public CallOptions failFast() {
    return new CallOptions(within, progress, window, idempotent, true, limit);
  }

  /**
   * Passes a rate limiter of the client's whenever it is sent, and waits for a token as long as its
   * deadline allows. Only calls of the same limiter wait behind it; who takes tokens of the limiter
   * elsewhere may come first. Not in a {@link Batch}.
   *
   * @param limiter a name the client knows; with another one, or where there is no client, the call
   *     is an {@link IllegalArgumentException}
   */
  public CallOptions limitedBy(String limiter) {
    return new CallOptions(
        within, progress, window, idempotent, failFast, new Limit(limiter, true));
  }

  /** As {@link #limitedBy}, but without a token it is refused with −32005. */
  public CallOptions limitedOrRefused(String limiter) {
    return new CallOptions(
        within, progress, window, idempotent, failFast, new Limit(limiter, false));
  }

  /**
   * Asks the peer to tell how far the call has come. The listener is called on workers, one value
   * after the other and none is begun after the call has ended; a call whose answer is there ends
   * when the listener has returned. Deadline, cancellation and a lost connection wait for none. A
   * listener that is slower than the peer misses values.
   */
  public <T> CallOptions onProgress(Class<T> type, Consumer<? super T> listener) {
    return new CallOptions(
        within,
        new Progress(type, value -> listener.accept(type.cast(value))),
        window,
        idempotent,
        failFast,
        limit);
  }

  /**
   * How many items of a streamed result may wait here, 64 unless said; fewer when they are large.
   *
   * @param items 1–10 000
   */
  public CallOptions window(int items) {
    if (items < 1 || items > LARGEST_WINDOW) {
      throw new IllegalArgumentException("items: " + items + " (expected: 1-10000)");
    }
    return new CallOptions(within, progress, items, idempotent, failFast, limit);
  }

  /** Empty for a call without a deadline. */
  public Optional<Duration> within() {
    return Optional.ofNullable(within);
  }

  public Optional<Progress> progress() {
    return Optional.ofNullable(progress);
  }

  public int window() {
    return window;
  }

  /** Whether it is {@link #idempotent}. */
  public boolean repeatable() {
    return idempotent;
  }

  /** Whether it is to {@link #failFast fail fast}. */
  public boolean failsFast() {
    return failFast;
  }

  /** The limiter it passes, if any. */
  public Optional<Limit> limit() {
    return Optional.ofNullable(limit);
  }
}
