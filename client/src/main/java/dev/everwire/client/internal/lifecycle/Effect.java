package dev.everwire.client.internal.lifecycle;

import dev.everwire.protocol.CloseCode;

/** What is to be done, in this order. */
public sealed interface Effect {

  record Dial() implements Effect {}

  record CancelDial() implements Effect {}

  /** Say hello. */
  record Greet() implements Effect {}

  /** Let go of the present connection; what it still tells is not to be passed on. */
  record Hangup(CloseCode code, String reason) implements Effect {}

  /** Put in {@link Input.Wake} then. Takes the place of an earlier one. */
  record WakeAt(long at) implements Effect {}

  /** Calls may be made and topics subscribed. */
  record GoOnline() implements Effect {}

  /** Topics are no longer subscribed; calls have ended with the connection. */
  record GoOffline() implements Effect {}

  /** Tell the user the new state. */
  record Announce() implements Effect {}

  /** Nothing follows: end whatever waits, let everything go. */
  record Finish() implements Effect {}
}
