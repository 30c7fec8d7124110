package dev.everwire.client.internal.lifecycle;

/** Where a client is in its life. Times are nanoseconds of the loop. */
public sealed interface State {

  /** Not started. */
  record Idle() implements State {}

  /** The token supplier is asked; given up then. */
  record Fetching(Attempt attempt, long until) implements State {}

  /** The dialer is at work. */
  record Dialing(Attempt attempt) implements State {}

  /** Connected; what has to be said first was said and is answered until then. */
  record Greeting(Attempt attempt, long until) implements State {}

  /** Calls may be made. */
  record Ready(Attempt attempt, long since, boolean resumed, Succession next) implements State {}

  /** Not connected, because of this failure; the next attempt begins then. */
  record Waiting(Attempt attempt, long until, String failure) implements State {}

  /** Over; what was open is being closed. */
  record Closing(End end) implements State {}

  /** For good. */
  record Closed(End end) implements State {}
}
