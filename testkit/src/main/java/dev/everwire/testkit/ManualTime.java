package dev.everwire.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Time that only moves when told to. Safe from any thread. */
public final class ManualTime {
  private static final Instant EPOCH = Instant.parse("2030-01-01T00:00:00Z");

  private final AtomicLong nanos = new AtomicLong(1_000_000_000);

  /** Nanoseconds that only grow; meaningful as differences. */
  public long now() {
    return nanos.get();
  }

  /** The wall clock, which moves with {@link #now()}. */
  public Instant wallTime() {
    return EPOCH.plusNanos(nanos.get());
  }

  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("by: " + by + " (expected: >= 0)");
    }
    nanos.addAndGet(by.toNanos());
  }

  /** Never moves back. */
  void moveTo(long then) {
    nanos.accumulateAndGet(then, Math::max);
  }
}
