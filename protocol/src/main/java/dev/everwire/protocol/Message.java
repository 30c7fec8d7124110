package dev.everwire.protocol;

import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * One JSON-RPC 2.0 message. Parameters and results are raw slices; they are bound to types only
 * when the method is known.
 */
public sealed interface Message {

  /** Asks for an answer with the same id. */
  record Request(RequestId id, String method, @Nullable RawJson params) implements Message {}

  /** Never answered, whatever happens. */
  record Notification(String method, @Nullable RawJson params) implements Message {}

  /** The answer to a request. */
  sealed interface Response extends Message {
    RequestId id();
  }

  record Success(RequestId id, RawJson result) implements Response {}

  record Failure(RequestId id, Fault fault) implements Response {}

  /**
   * Received only: JSON that is not a message. Answered with its fault and, as far as it could be
   * read, its id; a failed response is not answered, else two peers could answer each other for
   * ever.
   *
   * @param response whether it looks like a response: a result or an error and no method
   */
  record Malformed(RequestId id, Fault fault, boolean response) implements Message {
    /** That there is no method, no result and no error. */
    public static final Fault EMPTY =
        Fault.of(FaultCode.INVALID_REQUEST, "Invalid Request: method: missing");

    /**
     * Whether it may as well be the answer of a peer that leaves out a result that is null, as the
     * id tells.
     */
    public boolean empty() {
      return fault.equals(EMPTY);
    }
  }
}
