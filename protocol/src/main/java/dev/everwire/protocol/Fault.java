package dev.everwire.protocol;

import dev.everwire.protocol.json.RawJson;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a call was answered with an error (JSON-RPC 2.0 section 5.1). Immutable.
 *
 * @param code one of {@link FaultCode}, or an application's own
 * @param message one short sentence for a developer; never an exception's text
 * @param data anything more, or null when the member is absent
 */
public record Fault(int code, String message, @Nullable RawJson data) {
  public Fault {
    Objects.requireNonNull(message, "message");
  }

  public static Fault of(int code, String message) {
    return new Fault(code, message, null);
  }

  /** The same fault with {@code {"retryable":true,"retryAfterMs":…}} as data. */
  public Fault retryAfterMillis(long millis) {
    return new Fault(
        code, message, RawJson.parse("{\"retryable\":true,\"retryAfterMs\":" + millis + "}"));
  }
}
