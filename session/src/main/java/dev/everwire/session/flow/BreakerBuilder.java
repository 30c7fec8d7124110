package dev.everwire.session.flow;

import java.time.Duration;

/** Settings of a {@link CircuitBreaker}. One thread at a time. */
public final class BreakerBuilder {
  private static final int MOST = 10_000;
  private static final Duration LONGEST = Duration.ofDays(1);

  private int failures = 5;
  private double rate = 1; // of failures; with calls
  private int calls; // 0: failures in a row are counted
  private Duration openFor = Duration.ofSeconds(60);
  int successes = 2;
  int trials = 3;
  CircuitBreaker.Listener listener = (from, to) -> {};

  BreakerBuilder() {}

  /**
   * So many failures in a row open it, 5 by default.
   *
   * @param inARow 1–10 000
   */
  public BreakerBuilder failures(int inARow) {
    failures = count("failures", inARow);
    calls = 0;
    return this;
  }

  /**
   * Opens when such a part of the last calls failed, instead of counting failures in a row. Nothing
   * is decided before there were so many.
   *
   * @param part more than 0, at most 1
   * @param ofLast 1–10 000 calls
   */
  public BreakerBuilder failureRate(double part, int ofLast) {
    if (!(part > 0 && part <= 1)) {
      throw new IllegalArgumentException("failureRate: " + part + " (expected: > 0, at most 1)");
    }
    rate = part;
    calls = count("ofLast", ofLast);
    return this;
  }

  /**
   * Half-open after that time, 60 s by default.
   *
   * @param time at least 1 ms, at most a day
   */
  public BreakerBuilder openFor(Duration time) {
    if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("openFor: " + time + " (expected: 1 ms to a day)");
    }
    openFor = time;
    return this;
  }

  /**
   * So many trials that succeed close it, 2 by default.
   *
   * @param needed 1–10 000
   */
  public BreakerBuilder successes(int needed) {
    successes = count("successes", needed);
    return this;
  }

  /**
   * At most so many trials run at once while it is half-open, 3 by default.
   *
   * @param atOnce 1–10 000
   */
  public BreakerBuilder trials(int atOnce) {
    trials = count("trials", atOnce);
    return this;
  }

  /** Is told of each change. */
  public BreakerBuilder onChange(CircuitBreaker.Listener told) {
    listener = told;
    return this;
  }

  /** Closed. */
  public CircuitBreaker build() {
    return new CircuitBreaker(copy());
  }

  long openNanos() {
    return openFor.toNanos();
  }

  Tally tally() {
    return calls == 0 ? new Tally.InARow(failures) : new Tally.OfLast(rate, calls);
  }

  /** What is built does not change with this builder. */
  private BreakerBuilder copy() {
    BreakerBuilder copy = new BreakerBuilder();
    copy.failures = failures;
    copy.rate = rate;
    copy.calls = calls;
    copy.openFor = openFor;
    copy.successes = successes;
    copy.trials = trials;
    copy.listener = listener;
    return copy;
  }

  private static int count(String name, int value) {
    if (value < 1 || value > MOST) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1-10000)");
    }
    return value;
  }
}
