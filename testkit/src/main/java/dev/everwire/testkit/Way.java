package dev.everwire.testkit;

/** A direction of a connection, seen from the end that dialled. */
public enum Way {
  /** From the dialer to the acceptor. */
  UP,
  /** From the acceptor to the dialer. */
  DOWN
}
