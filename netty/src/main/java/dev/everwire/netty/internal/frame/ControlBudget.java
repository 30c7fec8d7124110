package dev.everwire.netty.internal.frame;

/**
 * How many control frames a peer may send: a token bucket of 4 096 that gains 1 000 a second. Who
 * overdraws it has only the latest ping answered; who overdraws it by 16 384 is flooding us. Has no
 * clock: times are nanoseconds that only grow. One thread at a time.
 */
public final class ControlBudget {
  static final int BURST = 4096;
  static final int PER_SECOND = 1000;
  static final int MOST_OVERDRAWN = 16_384;

  private static final long NANOS_PER_TOKEN = 1_000_000_000L / PER_SECOND;

  /** What to do with a control frame. */
  public enum Verdict {
    ANSWER,
    /** Answer it later, unless another one comes before. */
    ANSWER_LATEST,
    FLOOD
  }

  private int tokens = BURST;
  private long countedAt;

  public ControlBudget(long now) {
    this.countedAt = now;
  }

  /** Accounts for one control frame. */
  public Verdict take(long now) {
    refill(now);
    tokens--;
    if (tokens >= 0) {
      return Verdict.ANSWER;
    }
    return tokens < -MOST_OVERDRAWN ? Verdict.FLOOD : Verdict.ANSWER_LATEST;
  }

  /** Nanoseconds until a frame could be answered again, if no more of them come. */
  public long nanosUntilAnswer(long now) {
    refill(now);
    return tokens > 0 ? 0 : (1L - tokens) * NANOS_PER_TOKEN;
  }

  private void refill(long now) {
    long gained = (now - countedAt) / NANOS_PER_TOKEN;
    if (gained > 0) {
      tokens = (int) Math.min(BURST, tokens + gained);
      countedAt += gained * NANOS_PER_TOKEN;
    }
  }
}
