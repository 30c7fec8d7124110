package dev.everwire.client.internal.lifecycle;

import dev.everwire.protocol.CloseCode;

/** What is to be done, in this order. */
public sealed interface Effect {

  /**
   * Ask the token supplier.
   *
   * @param renew the former token was refused
   */
  record FetchToken(boolean renew) implements Effect {}

  record Dial() implements Effect {}

  /** Also the supplier's answer is not waited for any more. */
  record CancelDial() implements Effect {}

  /** Say what has to be said first, on the connection that was opened last. */
  record Greet() implements Effect {}

  /** Let go of every connection; what they still tell is not to be passed on. */
  record Hangup(CloseCode code, String reason) implements Effect {}

  /** Let go of a successor that was not welcome, the present connection stays. */
  record DropSuccessor(CloseCode code, String reason) implements Effect {}

  /** The successor takes the place; the former leaves when its calls are answered, or then. */
  record HandOver(long closeBy) implements Effect {}

  /** Put in {@link Input.Wake} then. Takes the place of an earlier one. */
  record WakeAt(long at) implements Effect {}

  /** Calls may be made and topics subscribed. */
  record GoOnline() implements Effect {}

  /** Topics are no longer subscribed; calls have ended with the connection. */
  record GoOffline() implements Effect {}

  /** Tell the user the new state. */
  record Announce() implements Effect {}

  /** Tell the user that the server did not take us for whom we said we are. */
  record Refused(String why, boolean willRetry) implements Effect {}

  /** Nothing follows: end whatever waits. */
  record EndAll(End end) implements Effect {}

  /** Every connection is gone: let everything go. */
  record Finish() implements Effect {}
}
