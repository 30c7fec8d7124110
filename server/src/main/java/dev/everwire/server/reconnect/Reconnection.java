package dev.everwire.server.reconnect;

/** What comes of a reconnect token. */
public sealed interface Reconnection {

  /** It was good, and is used up. */
  record Accepted(String clientId) implements Reconnection {}

  record Refused(Kind kind) implements Reconnection {}

  /** Why a token is refused, in the order in which that is found out. */
  enum Kind {
    /** Malformed, changed, not signed by a key of ours, or switched off. */
    INVALID,
    EXPIRED,
    /** It was used before. */
    REPLAYED,
    /** The nonce store could not say whether it was used; it may be tried again. */
    UNAVAILABLE
  }
}
