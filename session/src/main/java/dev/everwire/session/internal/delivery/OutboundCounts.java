package dev.everwire.session.internal.delivery;

import java.util.concurrent.atomic.LongAdder;

/** What became of messages that did not leave, on all connections together. Any thread. */
public final class OutboundCounts {
  private final LongAdder dropped = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder degradations = new LongAdder();

  void countDropped() {
    dropped.increment();
  }

  void countExpired() {
    expired.increment();
  }

  void countRefused() {
    refused.increment();
  }

  void countDegraded() {
    degradations.increment();
  }

  /** Messages that gave way to others, or found no room and were nobody's to keep. */
  public long dropped() {
    return dropped.sum();
  }

  /** Messages that waited longer than they may. */
  public long expired() {
    return expired.sum();
  }

  /** Messages that found no room and were left to the sender. */
  public long refused() {
    return refused.sum();
  }

  /** How often a connection was degraded. */
  public long degradations() {
    return degradations.sum();
  }
}
