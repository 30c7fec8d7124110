package dev.everwire.server.connection;

/**
 * Where a connection is in its life: it goes down this list, except that READY and DEGRADED
 * alternate and that any may end. Whether it is idle is no state, see {@link
 * ConnectionFigures#idleFor}.
 */
public enum ConnectionState {
  /** The upgrade is answered, nothing is served yet. */
  CONNECTING,
  /** An Everwire subprotocol was selected, and its hello has not been said. */
  AUTHENTICATING,
  READY,
  /** The peer takes less than it is sent, so that only what matters most still goes out. */
  DEGRADED,
  /** This end began to close. */
  CLOSING,
  CLOSED
}
