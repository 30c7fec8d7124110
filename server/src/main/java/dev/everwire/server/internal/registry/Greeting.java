package dev.everwire.server.internal.registry;

import org.jspecify.annotations.Nullable;

/** What became of a {@link Claim}. */
public sealed interface Greeting {

  /**
   * It holds.
   *
   * @param identity of the session, to be given with the claim of its next connection
   * @param former the session's connection until now if that is still open; the caller ends it
   */
  record Welcomed(SessionIdentity identity, @Nullable Entry former) implements Greeting {}

  /**
   * The client is connected already and stays: to be refused with −32009, then closed with 4409.
   */
  record Conflict() implements Greeting {}

  /** The connection closes already: nothing is to be said. */
  record Gone() implements Greeting {}

  /** There is no room: to be refused with −32006, then closed with 1013. */
  record Full(String where) implements Greeting {}
}
