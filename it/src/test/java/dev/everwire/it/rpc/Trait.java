package dev.everwire.it.rpc;

/** What not every library does. */
enum Trait {
  /** Both ends call, whoever opened the connection. */
  TWO_WAY,
  /** Tells the other end by {@code $/cancelRequest} when a call is cancelled. */
  CANCELS,
  /** Stops what runs when it is told so. */
  STOPS,
  /** Ends its own calls when the connection is gone. */
  ENDS_CALLS,
}
