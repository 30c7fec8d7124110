package dev.everwire.server.connection;

/** What becomes of a connection whose client has one already. */
public enum DuplicateClient {
  /** The new one takes the place; then the old one is closed with 4409. */
  REPLACE_OLD,
  /**
   * The old one stays. The new one is answered 409 if the handshake says which client it is, and
   * otherwise its hello is refused with −32009 and it is closed with 4409.
   */
  REJECT_NEW,
  /** Both stay, and what is sent to the client reaches both. */
  ALLOW
}
