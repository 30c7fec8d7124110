package dev.everwire.app.bench;

import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What all calls of a benchmark have in common. Event loop only. */
final class Calls {
  final Stencil request;
  @Nullable Stencil answer; // once one was read

  private final boolean marked; // the result has to be the parameters
  private final Stencil params;
  private @Nullable RawJson result; // of the first call, where any will do

  Calls(String method, @Nullable RawJson given, int size) {
    this.marked = given == null;
    int envelope = text(method, params(0)).length();
    String own = given == null ? params(size - envelope) : given.toString();
    this.params = Stencil.of(own, false, marked);
    this.request = Stencil.of(text(method, own), true, marked);
  }

  private static String params(int filler) {
    return "[\"" + Stencil.marked(Marker.LENGTH + filler) + "\"]";
  }

  private static String text(String method, String params) {
    JsonWriter out = new JsonWriter();
    new JsonRpcCodec(2, 1)
        .write(
            new Message.Request(RequestId.number(Stencil.FIRST_ID), method, RawJson.parse(params)),
            out);
    return out.toRawJson().toString();
  }

  /** Whether this is the result that the call must have. */
  boolean expected(int connection, long number, RawJson came) {
    if (marked) {
      return params.matches(ByteBuffer.wrap(came.toBytes()), connection, number);
    }
    if (result == null) {
      result = came;
    }
    return result.equals(came);
  }

  /** Keeps the shape of a good answer, if its id and its marker can be told from the rest. */
  void learn(ByteBuffer utf8, int connection, long number) {
    String text = StandardCharsets.UTF_8.decode(utf8.duplicate()).toString();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer digits = ByteBuffer.allocate(Marker.LENGTH);
    Marker.put(digits, 0, Marker.LENGTH, connection, number);
    int idAt = only(text, Long.toString(Stencil.FIRST_ID + number));
    int markerAt = marked ? only(text, new String(digits.array(), StandardCharsets.US_ASCII)) : 0;
    boolean plain = bytes.length == text.length(); // else places in the text are not those in bytes
    if (plain && idAt >= 0 && markerAt >= 0) {
      answer = new Stencil(bytes, idAt, marked ? markerAt : Stencil.NOWHERE);
    }
  }

  private static int only(String text, String part) {
    int at = text.indexOf(part);
    return at == text.lastIndexOf(part) ? at : Stencil.NOWHERE;
  }
}
