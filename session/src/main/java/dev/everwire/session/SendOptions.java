package dev.everwire.session;

import dev.everwire.protocol.Priority;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one notification is sent. Immutable.
 *
 * <p>A notification with options overtakes and is overtaken by others, calls and answers while the
 * peer reads slowly; those without keep their order among each other.
 */
public final class SendOptions {
  private final Priority priority;
  private final @Nullable Duration ttl;

  private SendOptions(Priority priority, @Nullable Duration ttl) {
    this.priority = priority;
    this.ttl = ttl;
  }

  public static SendOptions of(Priority priority) {
    return new SendOptions(priority, null);
  }

  /**
   * It is not sent once it has waited for so long, and counted as expired.
   *
   * @param atMost more than 0, at most 365 days
   */
  public SendOptions within(Duration atMost) {
    if (atMost.isNegative() || atMost.isZero() || atMost.toDays() > 365) {
      throw new IllegalArgumentException("within: " + atMost + " (expected: > 0, <= P365D)");
    }
    return new SendOptions(priority, atMost);
  }

  public Priority priority() {
    return priority;
  }

  /** How long it may wait; empty for as long as it takes. */
  public Optional<Duration> ttl() {
    return Optional.ofNullable(ttl);
  }
}
