package dev.everwire.session.internal;

import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.session.internal.rpc.FrameLimit;
import java.util.ArrayList;
import java.util.List;

/** Cuts what is to leave in one array into as many as the peer's limit wants. Pure. */
final class MessageArrays {
  private static final int BRACKETS = 2;
  private static final int COMMA = 1;

  private MessageArrays() {}

  /** The messages in their order. One that is too large by itself stands alone. */
  static List<List<Message>> fitting(List<Message> messages, FrameLimit limit) {
    List<List<Message>> arrays = new ArrayList<>(1);
    List<Message> last = new ArrayList<>();
    long size = BRACKETS;
    for (Message message : messages) {
      long more = size(message) + COMMA;
      if (!last.isEmpty() && size + more > limit.bytes()) {
        arrays.add(last);
        last = new ArrayList<>();
        size = BRACKETS;
      }
      last.add(message);
      size += more;
    }
    if (!last.isEmpty()) {
      arrays.add(last);
    }
    return arrays;
  }

  /** About how many bytes it takes, rather more. */
  static long size(Message message) {
    return switch (message) {
      case Message.Request request ->
          FrameLimit.size(request.id(), request.method(), request.params());
      case Message.Notification told ->
          FrameLimit.size(RequestId.NULL, told.method(), told.params());
      case Message.Response response -> FrameLimit.size(response);
      case Message.Malformed malformed -> 0;
    };
  }
}
