package dev.everwire.protocol.dialect;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.codec.Codec;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonScanner;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wire of <i>fastapi_websocket_rpc</i>:
 *
 * <pre>
 *   {"request":{"method":"add","arguments":{"a":1,"b":2},"call_id":"5f…"},"response":null}
 *   {"request":null,"response":{"result":3,"result_type":"int","call_id":"5f…"}}
 * </pre>
 *
 * A request without a {@code call_id} is a notification. There are no batches. The original has no
 * errors: whoever calls what does not exist waits for ever. Here an error is an answer whose {@code
 * result} is null and {@code result_type} is {@code "error"}, with the JSON-RPC error in a member
 * {@code error}, which the original ignores.
 */
public final class FastapiRpcCodec implements Codec {
  private static final String ERROR_TYPE = "error";
  private static final int MAX_ID = 256;
  private static final int MAX_METHOD = 256;
  private static final int MAX_DIGITS = 18; // fewer than a long may have

  private final int maxDepth;

  FastapiRpcCodec(int maxDepth) {
    this.maxDepth = maxDepth;
  }

  // ---- reading

  @Override
  public Frame read(ByteBuffer message) {
    byte[] text = new byte[message.remaining()];
    message.get(message.position(), text);
    JsonMembers members;
    try {
      RawJson whole = checked(text);
      if (whole.kind() != RawJson.Kind.OBJECT) {
        return invalid("expected an object");
      }
      members = whole.members();
    } catch (JsonException e) {
      return unreadable(FaultCode.PARSE_ERROR, "Parse error: " + e.getMessage());
    }
    try {
      JsonMembers request = members.object("request");
      JsonMembers response = members.object("response");
      if ((request == null) == (response == null)) {
        return invalid("expected either request or response");
      }
      return new Frame.Single(request == null ? response(response) : request(request));
    } catch (JsonException e) {
      return invalid(String.valueOf(e.getMessage()));
    }
  }

  private RawJson checked(byte[] text) {
    JsonScanner scanner = new JsonScanner(text, 0, text.length, maxDepth);
    scanner.peek();
    int from = scanner.position();
    scanner.skipValue();
    int to = scanner.position();
    scanner.end();
    return RawJson.trusted(Arrays.copyOfRange(text, from, to));
  }

  private static Message request(JsonMembers request) {
    RequestId id = RequestId.NULL;
    try {
      id = id(request);
      String method = request.string("method");
      if (method.isEmpty() || method.length() > MAX_METHOD) {
        throw new JsonException("method: expected a string of 1-256 characters");
      }
      RawJson arguments = request.get("arguments");
      if (arguments != null && arguments.kind() != RawJson.Kind.OBJECT) {
        throw new JsonException("arguments: expected an object");
      }
      return id.equals(RequestId.NULL)
          ? new Message.Notification(method, arguments)
          : new Message.Request(id, method, arguments);
    } catch (JsonException e) {
      return malformed(id, e, false);
    }
  }

  private static Message response(@Nullable JsonMembers response) {
    if (response == null) {
      throw new JsonException("expected either request or response");
    }
    RequestId id = RequestId.NULL;
    try {
      id = number(id(response));
      JsonMembers error = response.object("error");
      if (error == null) {
        RawJson result = response.get("result");
        return new Message.Success(id, result == null ? RawJson.NULL : result);
      }
      long code = error.integer("code");
      if (code != (int) code) {
        throw new JsonException("code: expected 32 bits");
      }
      return new Message.Failure(
          id, new Fault((int) code, error.string("message"), error.get("data")));
    } catch (JsonException e) {
      return malformed(id, e, true);
    }
  }

  private static RequestId id(JsonMembers call) {
    RawJson id = call.get("call_id");
    if (id == null) {
      return RequestId.NULL;
    }
    boolean fits = id.kind() == RawJson.Kind.STRING || id.kind() == RawJson.Kind.NUMBER;
    if (!fits || id.length() > MAX_ID) {
      throw new JsonException("call_id: expected a string of at most 256 bytes");
    }
    return new RequestId(id.toString());
  }

  private static Message malformed(RequestId id, JsonException why, boolean response) {
    return new Message.Malformed(
        id, Fault.of(FaultCode.INVALID_REQUEST, "Invalid Request: " + why.getMessage()), response);
  }

  private static Frame invalid(String detail) {
    return unreadable(FaultCode.INVALID_REQUEST, "Invalid Request: " + detail);
  }

  private static Frame unreadable(int code, String message) {
    return new Frame.Unreadable(Fault.of(code, message));
  }

  // ---- ids: strings there, and numbers among those of a client here

  /** {@code "17"} was 17 when it was sent, see {@link #string}. */
  private static RequestId number(RequestId id) {
    String literal = id.literal();
    int digits = literal.length() - 2;
    if (literal.charAt(0) != '"' || digits < 1 || digits > MAX_DIGITS || literal.charAt(1) == '0') {
      return id;
    }
    for (int i = 1; i <= digits; i++) {
      if (literal.charAt(i) < '0' || literal.charAt(i) > '9') {
        return id;
      }
    }
    return new RequestId(literal.substring(1, digits + 1));
  }

  private static String string(RequestId id) {
    char first = id.literal().charAt(0);
    return first == '"' || first == 'n' ? id.literal() : '"' + id.literal() + '"';
  }

  // ---- writing

  @Override
  public void write(Message message, JsonWriter out) {
    switch (message) {
      case Message.Request(RequestId id, String method, @Nullable RawJson params) ->
          request(method, params, string(id), out);
      case Message.Notification(String method, @Nullable RawJson params) ->
          request(method, params, RequestId.NULL.literal(), out);
      case Message.Success(RequestId id, RawJson result) -> {
        answer(result, type(result), id, out);
        out.endObject().endObject();
      }
      case Message.Failure(RequestId id, Fault fault) -> {
        answer(RawJson.NULL, ERROR_TYPE, id, out);
        out.name("error").beginObject().name("code").value(fault.code());
        out.name("message").value(fault.message());
        if (fault.data() != null) {
          out.name("data").value(fault.data());
        }
        out.endObject().endObject().endObject();
      }
      case Message.Malformed malformed ->
          throw new IllegalArgumentException(
              "message: Malformed (expected: a request, a notification or a response)");
    }
  }

  private static void request(String method, @Nullable RawJson params, String id, JsonWriter out) {
    out.beginObject().name("request").beginObject().name("method").value(method);
    out.name("arguments");
    if (params == null) {
      out.beginObject().endObject();
    } else {
      out.value(params);
    }
    out.name("call_id").literal(id).endObject();
    out.name("response").value((String) null).endObject();
  }

  /** Left open behind the last member. */
  private static void answer(RawJson result, String type, RequestId id, JsonWriter out) {
    out.beginObject().name("request").value((String) null);
    out.name("response").beginObject().name("result").value(result);
    out.name("result_type").value(type).name("call_id").literal(id.literal());
  }

  /** As Python would call it. */
  private static String type(RawJson result) {
    return switch (result.kind()) {
      case OBJECT -> "dict";
      case ARRAY -> "list";
      case STRING -> "str";
      case BOOLEAN -> "bool";
      case NULL -> "NoneType";
      case NUMBER -> result.toString().matches("-?[0-9]+") ? "int" : "float";
    };
  }

  /**
   * @throws IllegalArgumentException always: there are no batches, and none is ever read
   */
  @Override
  public void writeBatch(List<? extends Message> messages, JsonWriter out) {
    throw new IllegalArgumentException("messages: a batch (expected: one message at a time)");
  }
}
