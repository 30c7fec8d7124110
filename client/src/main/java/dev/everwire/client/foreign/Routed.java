package dev.everwire.client.foreign;

import dev.everwire.client.foreign.ForeignMessage.Text;
import org.jspecify.annotations.Nullable;

/** Where an inbound message goes. */
sealed interface Routed {

  record ServerPing() implements Routed {}

  record Pong() implements Routed {}

  record AuthFailed() implements Routed {}

  record AuthSucceeded() implements Routed {}

  record Reconnect() implements Routed {}

  record Response(String id) implements Routed {}

  record Update(String topic) implements Routed {}

  /**
   * To whoever listens to events.
   *
   * @param addressed whether it has a request's id
   */
  record Other(MessageKind kind, @Nullable String topic, boolean addressed) implements Routed {}

  /**
   * The order of {@link ProtocolHandler}: pings and pongs before anything is classified, so that a
   * heartbeat with an id is no response.
   */
  static Routed of(Text message, ProtocolHandler handler, boolean authenticating) {
    if (handler.isServerPing(message)) {
      return new ServerPing();
    }
    if (handler.isPong(message)) {
      return new Pong();
    }
    if (authenticating && handler.isAuthFailure(message)) {
      return new AuthFailed();
    }
    if (authenticating && handler.isAuthSuccess(message)) {
      return new AuthSucceeded();
    }
    if (handler.shouldReconnect(message)) {
      return new Reconnect();
    }
    MessageKind kind = handler.classify(message);
    String id = handler.requestId(message).orElse(null);
    String topic = handler.topic(message).orElse(null);
    if (kind == MessageKind.RESPONSE && id != null) {
      return new Response(id);
    }
    if (kind == MessageKind.UPDATE && topic != null) {
      return new Update(topic);
    }
    boolean event = kind == MessageKind.SYSTEM || kind == MessageKind.CONTROL;
    return new Other(event ? kind : MessageKind.UNKNOWN, topic, id != null);
  }
}
