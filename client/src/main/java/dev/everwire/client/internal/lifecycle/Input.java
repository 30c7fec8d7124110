package dev.everwire.client.internal.lifecycle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a client. About a connection: always the present one, a former one is not told.
 */
public sealed interface Input {

  record Start() implements Input {}

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

  /** Hello was answered. */
  record Welcomed(boolean resumed) implements Input {}

  /** Hello was answered with −32601: a plain peer. */
  record NoHello() implements Input {}

  /**
   * Hello was refused, or its answer could not be read.
   *
   * @param retryAfter what the server asked for, or null
   */
  record Unwelcome(int faultCode, String message, @Nullable Duration retryAfter) implements Input {}

  /** The connection ended without being asked to. */
  record Lost(int code, String reason) implements Input {}

  /** The time of the last {@link Effect.WakeAt} has come. */
  record Wake() implements Input {}

  /** This end wants no more, whatever it is doing. */
  record Close(String why) implements Input {}
}
