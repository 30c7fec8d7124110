package dev.everwire.client;

import dev.everwire.session.internal.Connection;
import dev.everwire.session.transport.Loop;
import java.time.Duration;

/**
 * Lets a connection that has a successor finish what runs on it, up to a moment. Event loop only.
 */
final class Farewell {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private Farewell() {}

  /**
   * Calls {@code leave} once no call runs in either direction, at the latest after so long. Not
   * before a moment has gone by, in which what was sent just before the hand-over is taken.
   */
  static void wave(Connection connection, Loop loop, Duration within, Runnable leave) {
    Duration pause = within.compareTo(BETWEEN_LOOKS) < 0 ? within : BETWEEN_LOOKS;
    loop.schedule(
        pause.toNanos(),
        () -> {
          Duration left = within.minus(pause);
          boolean quiet = connection.pendingCalls() == 0 && connection.inboundCalls() == 0;
          if (quiet || left.isZero() || !connection.open()) {
            leave.run();
          } else {
            wave(connection, loop, left, leave);
          }
        });
  }
}
