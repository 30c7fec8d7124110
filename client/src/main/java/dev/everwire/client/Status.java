package dev.everwire.client;

import java.time.Duration;

/**
 * Where a client stands. Told to {@link ClientBuilder#onStatus}, in order and none left out; {@link
 * Closed} is always the last.
 */
public sealed interface Status {

  /**
   * Dialling and saying hello.
   *
   * @param attempt 1 for the first
   */
  record Connecting(int attempt) implements Status {}

  /**
   * Calls reach the server.
   *
   * @param resumed whether the former session goes on
   */
  record Live(boolean resumed) implements Status {}

  /** Not connected; the next attempt begins after this delay. */
  record Waiting(Duration delay) implements Status {}

  /**
   * For good.
   *
   * @param why one sentence for people
   */
  record Closed(String why) implements Status {}
}
