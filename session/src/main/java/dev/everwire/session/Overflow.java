package dev.everwire.session;

/**
 * What becomes of a message with a priority that finds no room in the outbound queue of a
 * connection. Answers, calls and control are never subject to it, nor are events of a topic where
 * the peer understands positions: those catch up from history.
 */
public enum Overflow {
  /** It takes the place of the oldest of the lowest lane, none above its own; that is counted. */
  DROP_OLDEST,
  /** It is dropped and counted; the sender is told FULL. */
  DROP_NEWEST,
  /** The sender is told FULL. */
  REJECT,
  /**
   * The sender is told FULL, and a peer that takes nothing at all from a queue more than half full
   * is closed with 4002 after {@link SessionLimits#slowPeerAfter}.
   */
  CLOSE
}
