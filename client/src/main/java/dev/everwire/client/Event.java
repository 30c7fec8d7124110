package dev.everwire.client;

import dev.everwire.protocol.Position;

/**
 * What a {@link Subscription} brings: the topic's events in their order, and the places where some
 * are missing. Between two items whose offsets do not follow one another a {@link Gap} stands, with
 * one exception that the reader has asked for: with {@link
 * dev.everwire.client.link.Overflow#LATEST_PER_KEY} an event that waits gives way to a later one of
 * the same key. That is no gap, because the later one says what counts; {@link
 * Subscription#conflated} counts them.
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
   * nobody can say how many. The stream goes on behind {@code to}. Whoever builds a state out of
   * the events has to load it anew, as of {@code to} or later.
   *
   * @param reason {@code epoch} the topic's history began anew, for instance with the server;
   *     {@code trimmed} or {@code limit} history does not reach back so far; {@code lag} this
   *     subscription was read too slowly, whatever else was missing there; {@code missing} the
   *     server could not say; or a reason of the server's
   */
  record Gap<T>(String reason, Position from, Position to) implements Event<T> {}
}
