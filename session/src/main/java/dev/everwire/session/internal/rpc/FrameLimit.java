package dev.everwire.session.internal.rpc;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * The largest text that the peer reads. What cannot fit is said by a fault, which is always small,
 * so that the peer need not close the connection. Sizes are counted with a little room for the
 * envelope, whichever codec writes it. Immutable.
 *
 * @param bytes {@link Long#MAX_VALUE} if the peer did not say
 */
public record FrameLimit(long bytes) {
  public static final FrameLimit UNKNOWN = new FrameLimit(Long.MAX_VALUE);

  private static final int ENVELOPE = 64;
  private static final int MOST_PER_CHAR = 6; // bytes, of a control character

  public static long size(RequestId id, String method, @Nullable RawJson params) {
    return text(id.literal()) + text(method) + (params == null ? 0 : params.length()) + ENVELOPE;
  }

  public static long size(Message.Response response) {
    long content =
        switch (response) {
          case Message.Success(var id, RawJson result) -> result.length();
          case Message.Failure(var id, Fault fault) ->
              text(fault.message()) + (fault.data() == null ? 0 : fault.data().length());
        };
    return content + text(response.id().literal()) + ENVELOPE;
  }

  /** The response itself, or what says that it is too large. */
  public Message.Response fitting(Message.Response response) {
    long size = bytes == Long.MAX_VALUE ? 0 : size(response);
    if (size <= bytes) {
      return response;
    }
    return switch (response) {
      case Message.Success(RequestId id, var result) ->
          new Message.Failure(id, tooLarge("the result", size));
      // It is too large only for what was added to it.
      case Message.Failure(RequestId id, Fault fault) ->
          new Message.Failure(
              id,
              text(fault.message()) > bytes
                  ? tooLarge("the error", size)
                  : Fault.of(fault.code(), fault.message()));
    };
  }

  /** Why something cannot be sent. */
  public Fault tooLarge(String what, long size) {
    JsonWriter data = new JsonWriter();
    data.beginObject().name("size").value(size).name("limit").value(bytes).endObject();
    return new Fault(
        FaultCode.TOO_LARGE,
        what + " is too large: about " + size + " bytes of at most " + bytes,
        data.toRawJson());
  }

  private static long text(String text) {
    return (long) MOST_PER_CHAR * text.length();
  }
}
