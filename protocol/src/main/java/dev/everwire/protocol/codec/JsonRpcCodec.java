package dev.everwire.protocol.codec;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.JsonScanner;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON-RPC 2.0 as text. What cannot be read at all, a member of the envelope given twice included,
 * is {@link Frame.Unreadable}; JSON that is no message is {@link Message.Malformed}. Fault messages
 * begin with the standard's words and never repeat what the peer sent.
 */
public final class JsonRpcCodec implements Codec {
  private static final byte[] REQUEST = ascii("\"jsonrpc\":\"2.0\",\"id\":");
  private static final byte[] NOTIFICATION = ascii("\"jsonrpc\":\"2.0\",\"method\":");
  private static final byte[] METHOD = ascii(",\"method\":");
  private static final byte[] PARAMS = ascii(",\"params\":");
  private static final byte[] RESULT = ascii(",\"result\":");
  private static final byte[] ERROR = ascii(",\"error\":{\"code\":");
  private static final byte[] MESSAGE = ascii(",\"message\":");
  private static final byte[] DATA = ascii(",\"data\":");

  private final int maxDepth;
  private final int maxBatch;

  /**
   * @param maxDepth deepest nesting of arrays and objects that is read, at least 2
   * @param maxBatch most members of a batch, at least 1
   */
  public JsonRpcCodec(int maxDepth, int maxBatch) {
    if (maxDepth < 2) {
      throw new IllegalArgumentException("maxDepth: " + maxDepth + " (expected: >= 2)");
    }
    if (maxBatch < 1) {
      throw new IllegalArgumentException("maxBatch: " + maxBatch + " (expected: >= 1)");
    }
    this.maxDepth = maxDepth;
    this.maxBatch = maxBatch;
  }

  @Override
  public Frame read(ByteBuffer message) {
    if (message.hasArray()) {
      int from = message.arrayOffset() + message.position();
      return read(message.array(), from, from + message.remaining(), false);
    }
    byte[] copy = new byte[message.remaining()];
    message.get(message.position(), copy);
    return read(copy, 0, copy.length, true);
  }

  @Override
  public void write(Message message, JsonWriter out) {
    // The brace goes through the writer, which knows whether a comma is due; the rest is constant.
    switch (message) {
      case Message.Request(RequestId id, String method, @Nullable RawJson params) -> {
        open(REQUEST, out).literal(id.literal()).raw(METHOD).value(method);
        params(params, out);
      }
      case Message.Notification(String method, @Nullable RawJson params) -> {
        open(NOTIFICATION, out).value(method);
        params(params, out);
      }
      case Message.Success(RequestId id, RawJson result) ->
          open(REQUEST, out).literal(id.literal()).raw(RESULT).value(result);
      case Message.Failure(RequestId id, Fault fault) -> {
        open(REQUEST, out).literal(id.literal()).raw(ERROR).value(fault.code());
        out.raw(MESSAGE).value(fault.message());
        if (fault.data() != null) {
          out.raw(DATA).value(fault.data());
        }
        out.endObject();
      }
      case Message.Malformed malformed ->
          throw new IllegalArgumentException(
              "message: Malformed (expected: a request, a notification or a response)");
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

  private static JsonWriter open(byte[] rest, JsonWriter out) {
    return out.beginObject().raw(rest);
  }

  private static void params(@Nullable RawJson params, JsonWriter out) {
    if (params != null) {
      out.raw(PARAMS).value(params);
    }
  }

  private Frame read(byte[] text, int from, int to, boolean own) {
    try {
      JsonScanner scanner = new JsonScanner(text, from, to, maxDepth);
      return switch (scanner.peek()) {
        case '{' -> {
          Message message = EnvelopeReader.read(scanner, text, own);
          scanner.end();
          yield new Frame.Single(message);
        }
        case '[' -> batch(scanner, text, own);
        default -> {
          scanner.skipValue();
          scanner.end();
          yield unreadable(FaultCode.INVALID_REQUEST, "expected an object or an array");
        }
      };
    } catch (JsonException e) {
      return unreadable(FaultCode.PARSE_ERROR, e.getMessage());
    }
  }

  private Frame batch(JsonScanner scanner, byte[] text, boolean own) {
    List<Message> messages = new ArrayList<>();
    scanner.beginArray();
    while (scanner.element()) {
      if (messages.size() == maxBatch) {
        // What follows is not looked at: the limit is there to save the work.
        return unreadable(FaultCode.INVALID_REQUEST, "batch of more than " + maxBatch);
      }
      if (scanner.peek() == '{') {
        messages.add(EnvelopeReader.read(scanner, text, own));
      } else {
        scanner.skipValue();
        messages.add(EnvelopeReader.malformed("expected an object"));
      }
    }
    scanner.end();
    return messages.isEmpty()
        ? unreadable(FaultCode.INVALID_REQUEST, "empty batch")
        : new Frame.Batch(messages);
  }

  private static Frame unreadable(int code, @Nullable String detail) {
    String standard = code == FaultCode.PARSE_ERROR ? "Parse error: " : "Invalid Request: ";
    return new Frame.Unreadable(Fault.of(code, standard + detail));
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
