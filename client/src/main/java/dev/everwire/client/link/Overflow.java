package dev.everwire.client.link;

/** What is done when a subscription is read more slowly than its topic is published to. */
public enum Overflow {
  /** The oldest that wait give way; one gap stands in their place. */
  DROP_OLDEST,
  /** What does not fit gives way; a gap stands behind what waits. */
  DROP_NEWEST,
  /**
   * Of each key only the latest waits: an event takes the place of an older one of its key, which
   * is no gap. If even so it is too much, as {@link #DROP_OLDEST}.
   */
  LATEST_PER_KEY,
  /**
   * The subscription ends: behind what waits its reader gets an error that says so. The connection
   * and other subscriptions go on.
   */
  DISCONNECT
}
