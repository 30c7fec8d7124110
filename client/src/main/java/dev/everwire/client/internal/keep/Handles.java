package dev.everwire.client.internal.keep;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the open handles on one client. Safe from any thread. */
public final class Handles {
  private final AtomicInteger open = new AtomicInteger(1);

  /**
   * @throws IllegalStateException if the last one was closed
   */
  public void another() {
    if (open.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
      throw new IllegalStateException("the client is closed");
    }
  }

  /**
   * @param closed of one handle; set by this
   * @return whether none is open any more
   */
  public boolean release(AtomicBoolean closed) {
    if (closed.compareAndSet(false, true)) {
      return open.decrementAndGet() == 0;
    }
    return open.get() == 0; // whoever closes again waits for the end, too
  }
}
