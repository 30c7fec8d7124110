package dev.everwire.client.link;

/** What gives way when no more messages may wait for a connection. */
public enum WhenFull {
  /** The new one: a call is refused with −32006, a notification is answered FULL. */
  REFUSE,
  /** The oldest: a call ends with −32006, a notification is forgotten and its loss reported. */
  DROP_OLDEST
}
