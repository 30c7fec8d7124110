package dev.everwire.client.internal.lifecycle;

/** Where a client is in its life. Times are nanoseconds of the loop. */
public sealed interface State {

  /** Not started. */
  record Idle() implements State {}

  /** The dialer is at work. */
  record Dialing(int attempt) implements State {}

  /** Connected; hello was sent and is answered until then. */
  record Greeting(int attempt, long until) implements State {}

  /** Calls may be made. */
  record Live(int attempt, long since, boolean resumed) implements State {}

  /** Not connected, because of this failure; the next attempt begins then. */
  record Waiting(int attempt, long until, String failure) implements State {}

  /** For good. */
  record Closed(End end) implements State {}
}
