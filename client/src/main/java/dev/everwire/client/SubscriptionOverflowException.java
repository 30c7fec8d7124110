package dev.everwire.client;

/**
 * A subscription has ended because it was read too slowly and {@link
 * dev.everwire.client.link.Overflow#DISCONNECT} was asked for. Nothing before was left out: to go
 * on without a gap, subscribe again from {@link Subscription#position}.
 */
public final class SubscriptionOverflowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String topic;

  SubscriptionOverflowException(String topic, String detail) {
    super("subscription of " + topic + ": read too slowly, " + detail);
    this.topic = topic;
  }

  public String topic() {
    return topic;
  }
}
