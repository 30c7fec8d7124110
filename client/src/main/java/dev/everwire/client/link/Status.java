package dev.everwire.client.link;

import java.time.Duration;

/**
 * Where a client stands. Told in order and none left out; {@link Closed} or {@link Failed} is
 * always the last, once.
 */
public sealed interface Status {

  /** Not started yet. */
  record Disconnected() implements Status {}

  /**
   * Asking for a token and dialling.
   *
   * @param attempt 1 for the first
   */
  record Connecting(int attempt) implements Status {}

  /** The WebSocket is open; nothing was agreed on yet. */
  record Connected() implements Status {}

  /** Saying who we are, on the open WebSocket. */
  record Authenticating() implements Status {}

  /**
   * Calls reach the server. Told again when another connection has taken the place of one that the
   * server wanted to be left.
   *
   * @param resumed whether the former session goes on
   */
  record Ready(boolean resumed) implements Status {}

  /**
   * Not connected; tried again after a delay.
   *
   * @param attempt the number of the one to come
   * @param delay from now until it begins
   * @param why one sentence for people
   */
  record Reconnecting(int attempt, Duration delay, String why) implements Status {}

  /** Nothing new is taken; what was open is being closed. */
  record Closing() implements Status {}

  /**
   * For good, as this end asked.
   *
   * @param why one sentence for people
   */
  record Closed(String why) implements Status {}

  /**
   * For good, because another attempt would not help or is not allowed.
   *
   * @param why one sentence for people
   */
  record Failed(String why) implements Status {}

  /** Whether nothing follows. */
  default boolean terminal() {
    return this instanceof Closed || this instanceof Failed;
  }
}
