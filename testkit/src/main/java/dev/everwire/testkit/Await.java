package dev.everwire.testkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for things to come true in real time. */
public final class Await {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private Await() {}

  /** Waits at most 10 s. */
  public static void until(BooleanSupplier condition) {
    until(condition, LONGEST);
  }

  /**
   * @throws AssertionError if it does not come true in time
   */
  public static void until(BooleanSupplier condition, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("did not come true within " + within);
      }
      pass(Duration.ofMillis(1));
    }
  }

  /** Lets real time go by. Only where the point of a test is that nothing happens. */
  public static void pass(Duration time) {
    try {
      boolean never = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
      if (never) {
        throw new AssertionError("nobody counts down");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
