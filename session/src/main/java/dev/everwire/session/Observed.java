package dev.everwire.session;

import java.time.Duration;

/**
 * What an {@link Observer} is told. More kinds may be added, so a switch over them needs a default.
 */
public sealed interface Observed {

  /**
   * A dial begins.
   *
   * @param endpoint where to, without a query
   * @param attempt 1 for the first since the client was connected for a while
   */
  record AttemptBegan(String endpoint, int attempt) implements Observed {}

  /**
   * The dial, the authentication or the greeting failed.
   *
   * @param took since the dial began
   * @param why one sentence for people
   */
  record AttemptFailed(String endpoint, int attempt, Duration took, String why)
      implements Observed {}

  /**
   * Calls can be made.
   *
   * @param epoch counts successful connects from 1
   * @param took since the dial began
   */
  record AttemptSucceeded(String endpoint, long epoch, Duration took) implements Observed {}

  /** There is a socket; nothing was said on it yet. */
  record Connected(String endpoint, long epoch) implements Observed {}

  /**
   * The socket is gone.
   *
   * @param code of the Close frame; 1005 if it had none, 1006 if none came
   */
  record Disconnected(long epoch, int code, String reason) implements Observed {}

  /** The peer did not take the token or the message that should have said who this is. */
  record AuthenticationFailed(long epoch, String why) implements Observed {}

  /** How a call ended, from the view of who made it. */
  enum CallEnd {
    ANSWERED,
    /** With an error of the peer's, or here before it was sent. */
    REFUSED,
    EXPIRED,
    CANCELLED,
    /** The link went away. */
    LOST
  }

  /**
   * A call ended.
   *
   * @param nanos since it was made, waiting included
   */
  record CallEnded(String method, CallEnd how, long nanos) implements Observed {}

  /**
   * Messages that waited for a connection will not be sent.
   *
   * @param messages calls and notifications
   * @param why one sentence for people
   */
  record QueueDropped(int messages, String why) implements Observed {}

  /**
   * Who reads a subscription is too slow, and its buffer begins to give events up.
   *
   * @param missed how many, as far as that is known; more may follow before it is read
   */
  record SubscriptionLagged(String topic, long missed) implements Observed {}

  /**
   * A ping was not answered in its time.
   *
   * @param inARow how many now
   */
  record HeartbeatMissed(int inARow) implements Observed {}
}
