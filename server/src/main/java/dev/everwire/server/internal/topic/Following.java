package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.TopicName;
import dev.everwire.protocol.wire.Subscribed;
import dev.everwire.server.access.Action;
import dev.everwire.server.internal.access.Permissions;
import dev.everwire.session.internal.Connection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Subscribing without positions, for peers that know nothing of them: they hear what is published
 * from now on. On the connection's loop.
 */
public final class Following {
  private final TopicHub hub;

  Following(TopicHub hub) {
    this.hub = hub;
  }

  /** How many topics one connection may follow. */
  public int most() {
    return hub.maxSubscriptions();
  }

  /** Whether there is such a topic. */
  public boolean known(String topic) {
    return TopicName.valid(topic) && hub.rules().find(new TopicName(topic)) != null;
  }

  public boolean follows(Connection connection, String topic) {
    return hub.of(connection.loop()).subscribes(connection, topic);
  }

  /**
   * @param topic a known one
   * @param outcome told once: why not, or null
   */
  public void follow(Connection connection, String topic, Consumer<@Nullable Fault> outcome) {
    Subscription.Answer answer =
        new Subscription.Answer() {
          @Override
          public void subscribed(Subscribed subscribed) {
            outcome.accept(null);
          }

          @Override
          public void refused(Fault fault) {
            outcome.accept(fault);
          }
        };
    Permissions permissions = hub.permissions();
    if (permissions == null) {
      follow(connection, topic, answer);
      return;
    }
    permissions.check(
        connection,
        Action.SUBSCRIBE,
        topic,
        fault -> {
          if (fault == null) {
            follow(connection, topic, answer);
          } else {
            outcome.accept(fault);
          }
        });
  }

  private void follow(Connection connection, String topic, Subscription.Answer answer) {
    hub.of(connection.loop()).subscribe(connection, Subscriber.of(connection), topic, null, answer);
  }

  public void leave(Connection connection, String topic) {
    hub.of(connection.loop()).unsubscribe(connection, topic);
  }
}
