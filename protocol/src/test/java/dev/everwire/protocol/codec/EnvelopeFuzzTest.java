package dev.everwire.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.Oracle;
import dev.everwire.protocol.json.RawJson;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes are to the codec what they are to Jackson: no JSON, no message, or the same message
 * with the same text of its id, parameters and result. A plain build tries what is kept beside this
 * class; {@code JAZZER_FUZZ=1} looks for more.
 */
final class EnvelopeFuzzTest {
  private static final int DEPTH = 50;

  private final JsonRpcCodec codec = new JsonRpcCodec(DEPTH, Integer.MAX_VALUE);

  @FuzzTest(maxDuration = "5m")
  void anyBytesMeanTheSameToJackson(byte[] data) {
    if (Oracle.mistaken(data)) {
      return;
    }
    List<String> ours = told(codec.read(ByteBuffer.wrap(data)));
    List<String> theirs = EnvelopeOracle.read(data, DEPTH);
    assertThat(ours).as(HexFormat.of().formatHex(data)).isEqualTo(theirs);
  }

  @FuzzTest(maxDuration = "5m")
  void whatWasReadIsWrittenAndReadAsTheSame(byte[] data) {
    Frame frame = codec.read(ByteBuffer.allocateDirect(data.length).put(data).flip());
    assertThat(codec.read(ByteBuffer.wrap(data))).isEqualTo(frame);
    JsonWriter out = new JsonWriter();
    switch (frame) {
      case Frame.Unreadable unreadable -> {
        return;
      }
      case Frame.Single(Message message) -> {
        if (!writable(message)) {
          return;
        }
        codec.write(message, out);
      }
      case Frame.Batch(List<Message> messages) -> {
        if (!messages.stream().allMatch(EnvelopeFuzzTest::writable)) {
          return;
        }
        codec.writeBatch(messages, out);
      }
    }
    assertThat(codec.read(out.buffer())).isEqualTo(frame);
  }

  private static boolean writable(Message message) {
    return switch (message) {
      case Message.Malformed malformed -> false;
      case Message.Request request -> whole(request.method());
      case Message.Notification notification -> whole(notification.method());
      case Message.Success success -> true;
      case Message.Failure failure -> whole(failure.fault().message());
    };
  }

  /** A lone surrogate, which came as an escape, is replaced on the way out. */
  private static boolean whole(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xd800 && c < 0xe000);
  }

  private static List<String> told(Frame frame) {
    return switch (frame) {
      case Frame.Unreadable(Fault fault) -> List.of("unreadable " + fault.code());
      case Frame.Single(Message message) -> List.of(told(message));
      case Frame.Batch(List<Message> messages) ->
          messages.stream().map(EnvelopeFuzzTest::told).toList();
    };
  }

  private static String told(Message message) {
    return switch (message) {
      case Message.Request(var id, var method, var params) ->
          "request " + id + " " + method + " " + orDash(params);
      case Message.Notification(var method, var params) ->
          "notification " + method + " " + orDash(params);
      case Message.Success(var id, var result) -> "success " + id + " " + result;
      case Message.Failure(var id, var fault) ->
          "failure " + id + " " + fault.code() + " " + fault.message() + " " + orDash(fault.data());
      case Message.Malformed(var id, var fault, var response) ->
          EnvelopeOracle.malformed(id.literal(), response);
    };
  }

  private static String orDash(@Nullable RawJson json) {
    return json == null ? "-" : json.toString();
  }
}
