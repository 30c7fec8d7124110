package dev.everwire.client.foreign;

/** What a {@link ForeignSubscription} brings: updates, and the places where some are missing. */
public sealed interface ForeignEvent<T> {

  /** News of the topic. */
  record Update<T>(T value) implements ForeignEvent<T> {}

  /**
   * Updates that were thrown away here because the subscription was read too slowly. The stream
   * goes on behind them.
   *
   * @param updates how many
   */
  record Lagged<T>(long updates) implements ForeignEvent<T> {}

  /**
   * The topic is there again on another connection. What the service sent in between is missing:
   * whoever builds a state out of updates loads it anew.
   *
   * @param epoch of the new connection
   */
  record Resumed<T>(long epoch) implements ForeignEvent<T> {}
}
