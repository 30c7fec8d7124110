package dev.everwire.client.internal.lifecycle;

/**
 * How far a live connection is replaced by another one before it goes: the server has asked for it,
 * and ends the present one at {@code closeBy}. Times are nanoseconds of the loop.
 */
public sealed interface Succession {

  /** Nobody asked. */
  record None() implements Succession {}

  /**
   * The successor is dialled at that time.
   *
   * @param earliest not before, even if the server asks for it
   */
  record Due(Attempt attempt, long at, long earliest, long closeBy) implements Succession {}

  record Fetching(Attempt attempt, long until, long closeBy) implements Succession {}

  record Dialing(Attempt attempt, long closeBy) implements Succession {}

  record Greeting(Attempt attempt, long until, long closeBy) implements Succession {}
}
