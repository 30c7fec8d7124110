package dev.everwire.client.internal.keep;

import dev.everwire.session.transport.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one connection's server has said about going away. Event loop only. */
final class Goaways {
  /** More are not heard. */
  private static final int MOST = 8;

  private final Loop loop;
  private int heard;
  private @Nullable Duration retryAfter; // of the last one
  private long toldAt; // when that was

  Goaways(Loop loop) {
    this.loop = loop;
  }

  /** Another connection. */
  void forget() {
    heard = 0;
    retryAfter = null;
  }

  /**
   * The server has said so.
   *
   * @param after null if it has not asked to be left alone
   * @return whether that is heard at all
   */
  boolean told(@Nullable Duration after) {
    if (heard == MOST) {
      return false;
    }
    heard++;
    retryAfter = after;
    toldAt = loop.now();
    return true;
  }

  /** For how long it still wants to be left alone; null if it did not say. */
  @Nullable Duration left() {
    Duration told = retryAfter;
    return told == null ? null : told.minus(Duration.ofNanos(loop.now() - toldAt));
  }
}
