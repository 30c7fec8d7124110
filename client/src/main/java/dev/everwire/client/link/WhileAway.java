package dev.everwire.client.link;

import java.time.Duration;

/**
 * What becomes of calls and notifications that are made while there is no connection. Either they
 * wait for the next one, within bounds, or they end at once. A call's own deadline goes on
 * counting; what ended meanwhile is never sent. Immutable.
 */
public final class WhileAway {

  private static final int MOST_MESSAGES = 100_000;
  private static final long MOST_BYTES = 1L << 30;
  private static final Duration LONGEST = Duration.ofDays(1);

  /** 1 000 messages of together 1 MiB wait for up to 30 s; one more is refused. */
  public static final WhileAway DEFAULT = queue(1_000, 1 << 20, Duration.ofSeconds(30));

  /** Nothing waits: a call ends with {@code ConnectionLost(maybeExecuted = false)}. */
  public static final WhileAway FAIL_FAST =
      new WhileAway(false, 0, 0, Duration.ZERO, WhenFull.REFUSE);

  private final boolean queues;
  private final int messages;
  private final long bytes;
  private final Duration age;
  private final WhenFull whenFull;

  private WhileAway(boolean queues, int messages, long bytes, Duration age, WhenFull whenFull) {
    this.queues = queues;
    this.messages = messages;
    this.bytes = bytes;
    this.age = age;
    this.whenFull = whenFull;
  }

  /**
   * Messages wait.
   *
   * @param messages how many, 1–100 000
   * @param bytes of parameters and names together, 1 to 1 GiB; a message that is larger may wait
   *     alone
   * @param age how long each, 1 ms to a day
   */
  public static WhileAway queue(int messages, long bytes, Duration age) {
    if (messages < 1 || messages > MOST_MESSAGES) {
      throw new IllegalArgumentException("messages: " + messages + " (expected: 1-100000)");
    }
    if (bytes < 1 || bytes > MOST_BYTES) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected: 1-" + MOST_BYTES + ")");
    }
    if (age.compareTo(Duration.ofMillis(1)) < 0 || age.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("age: " + age + " (expected: 1 ms to a day)");
    }
    return new WhileAway(true, messages, bytes, age, WhenFull.REFUSE);
  }

  /** The same with another answer to a full queue; of {@link #FAIL_FAST} nothing changes. */
  public WhileAway whenFull(WhenFull answer) {
    return new WhileAway(queues, messages, bytes, age, answer);
  }

  /** Whether messages wait at all. */
  public boolean queues() {
    return queues;
  }

  /** How many may wait. */
  public int messages() {
    return messages;
  }

  /** How many bytes may wait. */
  public long bytes() {
    return bytes;
  }

  /** How long each may wait. */
  public Duration age() {
    return age;
  }

  public WhenFull whenFull() {
    return whenFull;
  }
}
