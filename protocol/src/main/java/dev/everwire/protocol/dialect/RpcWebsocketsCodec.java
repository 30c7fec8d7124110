package dev.everwire.protocol.dialect;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.codec.Codec;
import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON-RPC 2.0 as a server of <i>rpc-websockets</i> writes it and a client of it reads it.
 *
 * <p>Notifications are {@code {"notification":name,"params":[…]}}, always with an array: its client
 * stumbles over missing parameters, and gives a listener each element as one argument. "Forbidden"
 * has another code there.
 */
public final class RpcWebsocketsCodec implements Codec {
  /** A method that only peers who have logged in may call. */
  public static final int METHOD_FORBIDDEN = -32605;

  /** An event that only peers who have logged in may hear. */
  public static final int EVENT_FORBIDDEN = -32606;

  /** A login without parameters. */
  public static final int PARAMS_NOT_FOUND = -32604;

  private final JsonRpcCodec jsonRpc;

  RpcWebsocketsCodec(JsonRpcCodec jsonRpc) {
    this.jsonRpc = jsonRpc;
  }

  /** Requests and answers are JSON-RPC's; what is none may be an event. */
  @Override
  public Frame read(ByteBuffer message) {
    Frame frame = jsonRpc.read(message);
    if (frame instanceof Frame.Single(Message.Malformed malformed) && !malformed.response()) {
      Message event = event(message);
      return event == null ? frame : new Frame.Single(event);
    }
    return frame;
  }

  /** An event as a notification of its name; null if it is none. */
  private static Message.@Nullable Notification event(ByteBuffer text) {
    byte[] utf8 = new byte[text.remaining()];
    text.get(text.position(), utf8);
    try {
      JsonMembers members = RawJson.parse(utf8).members();
      String name = members.stringOrNull("notification");
      RawJson params = members.get("params");
      return name == null || name.isEmpty() || !structured(params)
          ? null
          : new Message.Notification(name, params);
    } catch (JsonException e) {
      return null;
    }
  }

  private static boolean structured(@Nullable RawJson params) {
    return params == null
        || params.kind() == RawJson.Kind.ARRAY
        || params.kind() == RawJson.Kind.OBJECT;
  }

  @Override
  public void write(Message message, JsonWriter out) {
    switch (message) {
      case Message.Notification(String name, @Nullable RawJson params) ->
          writeEvent(name, params, out);
      case Message.Failure(var id, Fault fault) when fault.code() == FaultCode.FORBIDDEN ->
          jsonRpc.write(
              new Message.Failure(
                  id, new Fault(METHOD_FORBIDDEN, "Method forbidden", fault.data())),
              out);
      default -> jsonRpc.write(message, out);
    }
  }

  private static void writeEvent(String name, @Nullable RawJson params, JsonWriter out) {
    out.beginObject().name("notification").value(name).name("params");
    if (params != null && params.kind() == RawJson.Kind.ARRAY) {
      out.value(params);
    } else {
      out.beginArray();
      if (params != null) {
        out.value(params);
      }
      out.endArray();
    }
    out.endObject();
  }

  @Override
  public void writeBatch(List<? extends Message> messages, JsonWriter out) {
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("messages: none (expected: at least one)");
    }
    out.beginArray();
    for (Message message : messages) {
      write(message, out);
    }
    out.endArray();
  }
}
