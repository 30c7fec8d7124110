package dev.everwire.client;

import dev.everwire.protocol.Fault;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A subscription was refused, not confirmed in time, or ended before it was confirmed: see {@link
 * Subscription#confirmed}.
 */
public final class SubscriptionFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String topic;
  private final String why;
  private final transient @Nullable Fault fault;

  SubscriptionFailedException(String topic, String why, @Nullable Fault fault) {
    super("subscription of " + topic + ": " + why);
    this.topic = topic;
    this.why = why;
    this.fault = fault;
  }

  public String topic() {
    return topic;
  }

  /** One sentence for people. */
  public String why() {
    return why;
  }

  /** What the server answered, if it refused. */
  public Optional<Fault> fault() {
    return Optional.ofNullable(fault);
  }
}
