package dev.everwire.it.interop;

/** What not every client lets its user do. */
enum Can {
  /** Send one message in several frames. */
  FRAGMENT,
  /** Send a Ping and hear of the Pong. */
  PING,
  /** Choose what a Ping carries. */
  FILL_PING,
  /** See the status of an upgrade that was refused. */
  SEE_STATUS,
}
