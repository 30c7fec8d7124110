package dev.everwire.netty.internal.http;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the connections of a listener that are no WebSocket, or not yet: nobody has had a look at
 * whose they are. Safe from any thread.
 */
public final class Lobby {
  private static final Logger LOG = System.getLogger(Lobby.class.getName());
  private static final long NANOS_BETWEEN_LINES = 1_000_000_000L;

  private final int most;
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicLong lastLine = new AtomicLong(System.nanoTime() - NANOS_BETWEEN_LINES);

  public Lobby(int most) {
    this.most = most;
  }

  /**
   * Whether one more has to go; said in the log once a second at most. As many more as there are
   * loops may come in at the same moment.
   */
  public boolean full() {
    if (inside.get() < most) {
      return false;
    }
    long now = System.nanoTime();
    long last = lastLine.get();
    if (now - last >= NANOS_BETWEEN_LINES && lastLine.compareAndSet(last, now)) {
      LOG.log(Level.WARNING, "closed a new connection: too many speak HTTP most=" + most);
    }
    return true;
  }

  int inside() {
    return inside.get();
  }

  void enter() {
    inside.incrementAndGet();
  }

  void leave() {
    inside.decrementAndGet();
  }
}
