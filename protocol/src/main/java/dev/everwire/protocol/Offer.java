package dev.everwire.protocol;

/**
 * What became of a plain, unacknowledged send. A caller has to look: nothing is dropped silently.
 */
public enum Offer {
  /**
   * Accepted into the outbound queue of the connection, or of a client that waits for one. Says
   * nothing about delivery.
   */
  QUEUED,
  /** The outbound queue is at its bound in bytes or messages; nothing was queued. */
  FULL,
  /** There is no open connection, and nothing waits for one; nothing was queued. */
  CLOSED
}
