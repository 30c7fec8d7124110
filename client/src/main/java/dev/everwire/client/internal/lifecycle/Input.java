package dev.everwire.client.internal.lifecycle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a client. About a connection: always the present one, or its successor while one
 * is made; a former one is not told.
 */
public sealed interface Input {

  record Start() implements Input {}

  /** The supplier gave a token. */
  record TokenReady() implements Input {}

  record TokenFailed(String message) implements Input {}

  /** The dial came through. */
  record Opened() implements Input {}

  /**
   * The dial did not come through.
   *
   * @param httpStatus 0 when there was no answer
   * @param retryAfter what the server asked for, or null
   */
  record DialFailed(int httpStatus, String message, @Nullable Duration retryAfter)
      implements Input {}

  /** The dial was not made, because the circuit breaker wants quiet for so long. */
  record HeldBack(Duration rest) implements Input {}

  /** What was said first was answered well. */
  record Welcomed(boolean resumed) implements Input {}

  /** Hello was answered with −32601: a plain peer. */
  record NoHello() implements Input {}

  /**
   * What was said first was refused, or its answer could not be read.
   *
   * @param retryAfter what the server asked for, or null
   */
  record Unwelcome(int faultCode, String message, @Nullable Duration retryAfter) implements Input {}

  /**
   * The connection ended without being asked to.
   *
   * @param retryAfter what the server had asked for before, or null
   */
  record Lost(int code, String reason, @Nullable Duration retryAfter) implements Input {
    public Lost(int code, String reason) {
      this(code, reason, null);
    }
  }

  /** The successor ended before it was welcome; the present connection is there. */
  record SuccessorLost(int code, String reason) implements Input {}

  /** The server is going away: another connection is to be opened after {@code in}. */
  record Goaway(Duration in, Duration closeIn) implements Input {}

  /** The time of the last {@link Effect.WakeAt} has come. */
  record Wake() implements Input {}

  /** This end wants no more, whatever it is doing. */
  record Close(String why) implements Input {}

  /** No connection is left. */
  record Released() implements Input {}
}
