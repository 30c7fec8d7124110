package dev.everwire.session;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How one call is made. Immutable. */
public final class CallOptions {

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

  /** Ends after 30 s. */
  public static final CallOptions DEFAULT = within(Duration.ofSeconds(30));

  private static final CallOptions ENDLESS = new CallOptions(null, null, WINDOW);

  private final @Nullable Duration within;
  private final @Nullable Progress progress;
  private final int window;

  private CallOptions(@Nullable Duration within, @Nullable Progress progress, int window) {
    this.within = within;
    this.progress = progress;
    this.window = window;
  }

  /**
   * The call ends within this time, queueing included; a stream, with its last item. The peer is
   * told, so that it does not begin what nobody waits for.
   *
   * @param within more than 0, at most 365 days
   */
  public static CallOptions within(Duration within) {
    if (within.isNegative() || within.isZero() || within.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("within: " + within + " (expected: > 0, <= P365D)");
    }
    return new CallOptions(within, null, WINDOW);
  }

  /**
   * The call ends when the peer says so, it is cancelled or the connection ends; the heartbeat
   * finds a peer that is dead. For streams that go on and on.
   */
  public static CallOptions withoutDeadline() {
    return ENDLESS;
  }

  /**
   * Asks the peer to tell how far the call has come. The listener is called on workers, one value
   * after the other and none is begun after the call has ended; a call whose answer is there ends
   * when the listener has returned. Deadline, cancellation and a lost connection wait for none. A
   * listener that is slower than the peer misses values.
   */
  public <T> CallOptions onProgress(Class<T> type, Consumer<? super T> listener) {
    return new CallOptions(
        within, new Progress(type, value -> listener.accept(type.cast(value))), window);
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
    return new CallOptions(within, progress, items);
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
}
