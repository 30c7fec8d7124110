package dev.everwire.client;

import dev.everwire.protocol.Position;

/**
 * What a {@link Subscription} brings: the topic's events, and the places where some are missing.
 */
public sealed interface Event<T> {

  /**
   * One published event.
   *
   * @param position to subscribe from again after this event
   */
  record Item<T>(T value, Position position) implements Event<T> {}

  /**
   * Events that this subscription will not bring: those behind {@code from}, up to and including
   * {@code to}. With {@code from} k3:120 and {@code to} k3:125 five are missing; between two epochs
   * nobody can say how many. The stream goes on behind {@code to}.
   *
   * @param reason {@code epoch} the topic's history began anew, for instance with the server;
   *     {@code trimmed} or {@code limit} history does not reach back so far; {@code lag} this
   *     subscription was read too slowly; {@code missing} the server could not say; or a reason of
   *     the server's
   */
  record Gap<T>(String reason, Position from, Position to) implements Event<T> {}
}
