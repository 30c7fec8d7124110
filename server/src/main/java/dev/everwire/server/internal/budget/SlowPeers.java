package dev.everwire.server.internal.budget;

import dev.everwire.session.internal.Connection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;

/** Names connections that do not keep up, one line a second at most. Safe from any thread. */
public final class SlowPeers {
  private static final Logger LOG = System.getLogger(SlowPeers.class.getName());
  private static final long NANOS_BETWEEN_LINES = 1_000_000_000L;
  private static final long NEVER = Long.MIN_VALUE;

  private final AtomicLong lastLine = new AtomicLong(NEVER);
  private final AtomicLong unnamed = new AtomicLong();

  /** A connection has become degraded. On its loop. */
  public void degraded(Connection connection) {
    long now = connection.loop().now();
    long last = lastLine.get();
    if ((last != NEVER && now - last < NANOS_BETWEEN_LINES) || !lastLine.compareAndSet(last, now)) {
      unnamed.incrementAndGet();
      return;
    }
    LOG.log(
        Level.WARNING,
        "peer reads slowly connection="
            + connection.id()
            + " session="
            + connection.sessionId()
            + " user="
            + connection.user().orElse("-")
            + " queuedBytes="
            + connection.unsentBytes()
            + " queuedMessages="
            + connection.unsentMessages()
            + " others="
            + unnamed.getAndSet(0));
  }
}
