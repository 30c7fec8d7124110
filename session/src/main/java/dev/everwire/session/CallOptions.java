package dev.everwire.session;

import java.time.Duration;

/** How one call is made. Immutable. */
public final class CallOptions {
  /** Ends after 30 s. */
  public static final CallOptions DEFAULT = new CallOptions(Duration.ofSeconds(30));

  private static final Duration LONGEST = Duration.ofDays(365);

  private final Duration within;

  private CallOptions(Duration within) {
    this.within = within;
  }

  /**
   * The call ends within this time, queueing included.
   *
   * @param within more than 0, at most 365 days
   */
  public static CallOptions within(Duration within) {
    if (within.isNegative() || within.isZero() || within.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("within: " + within + " (expected: > 0, <= P365D)");
    }
    return new CallOptions(within);
  }

  public Duration within() {
    return within;
  }
}
