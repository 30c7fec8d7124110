package dev.everwire.protocol;

/**
 * What became of a plain, unacknowledged send. A caller has to look: nothing is dropped silently.
 */
public enum Offer {
  /** Accepted into the connection's outbound queue. Says nothing about delivery. */
  QUEUED,
  /** The outbound queue is at its bound in bytes or messages; nothing was queued. */
  FULL,
  /** There is no open connection; nothing was queued. */
  CLOSED
}
