package dev.everwire.client.internal.topic;

import dev.everwire.protocol.Fault;

/** Why a subscription brings no more. */
public sealed interface Ending {

  /** This end wanted it. */
  record Closed(String why) implements Ending {}

  /** The server does not let us subscribe. */
  record Refused(Fault fault) implements Ending {}

  /** The client is not going to be connected again. */
  record Lost(String why) implements Ending {}

  /** Its reader was too slow, and nothing may be left out. */
  record Overflowed(String why) implements Ending {}
}
