package dev.everwire.server.internal.topic;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/** What a peer is told when something about a topic cannot be had. */
final class TopicFaults {
  private TopicFaults() {}

  /** The broker did not answer, or refused. */
  static Fault unavailable() {
    return Fault.of(FaultCode.OVERLOADED, "topics are unavailable").retryAfterMillis(1_000);
  }

  static Fault tooManySubscriptions() {
    return new Fault(
        FaultCode.OVERLOADED, "too many subscriptions", RawJson.parse("{\"retryable\":false}"));
  }

  static Fault replaced() {
    return Fault.of(FaultCode.CANCELLED, "replaced by a later subscription");
  }

  static Fault unsubscribed() {
    return Fault.of(FaultCode.CANCELLED, "unsubscribed");
  }

  static FaultException invalid(@Nullable String detail) {
    return new FaultException(FaultCode.INVALID_PARAMS, "Invalid params: " + detail);
  }
}
