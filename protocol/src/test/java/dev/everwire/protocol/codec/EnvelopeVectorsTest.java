package dev.everwire.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Vectors;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class EnvelopeVectorsTest {
  private static final JsonMembers FILE = Vectors.read("envelope.json");
  private static final JsonMembers LIMITS = Vectors.object(FILE, "limits");
  private static final JsonRpcCodec CODEC =
      new JsonRpcCodec((int) LIMITS.integer("maxDepth"), (int) LIMITS.integer("maxBatch"));

  @TestFactory
  Stream<DynamicTest> eachCaseIsReadAsExpected() {
    return cases().stream().map(c -> dynamicTest(c.string("name"), () -> check(c)));
  }

  @Test
  void noTwoCasesHaveTheSameName() {
    assertThat(cases()).extracting(c -> c.string("name")).doesNotHaveDuplicates();
  }

  private static List<JsonMembers> cases() {
    return Objects.requireNonNull(FILE.get("cases")).elements().stream()
        .map(RawJson::members)
        .toList();
  }

  private static void check(JsonMembers vector) {
    byte[] bytes = bytes(vector);
    JsonMembers expect = Vectors.object(vector, "expect");
    JsonWriter written = new JsonWriter();

    switch (CODEC.read(ByteBuffer.wrap(bytes))) {
      case Frame.Unreadable(var fault) -> {
        assertThat("unreadable").isEqualTo(expect.string("kind"));
        assertThat(fault.code()).isEqualTo((int) expect.integer("code"));
      }
      case Frame.Batch(var messages) -> {
        assertThat("batch").isEqualTo(expect.string("kind"));
        List<RawJson> expected = Objects.requireNonNull(expect.get("messages")).elements();
        assertThat(messages).hasSameSizeAs(expected);
        for (int i = 0; i < messages.size(); i++) {
          check(messages.get(i), expected.get(i).members());
        }
        if (vector.bool("canonical", false)) {
          CODEC.writeBatch(messages, written);
        }
      }
      case Frame.Single(var message) -> {
        check(message, expect);
        if (vector.bool("canonical", false)) {
          CODEC.write(message, written);
        }
      }
    }
    if (vector.bool("canonical", false)) {
      assertThat(written.toBytes()).isEqualTo(bytes);
    }
  }

  private static void check(Message message, JsonMembers expect) {
    List<Object> read = new ArrayList<>();
    switch (message) {
      case Message.Request(var id, var method, var params) ->
          add(read, "request", id.literal(), method, params);
      case Message.Notification(var method, var params) ->
          add(read, "notification", method, params);
      case Message.Success(var id, var result) -> add(read, "success", id.literal(), result);
      case Message.Failure(var id, var fault) ->
          add(read, "failure", id.literal(), (long) fault.code(), fault.message(), fault.data());
      case Message.Malformed(var id, var fault, var response) ->
          add(read, "malformed", id.literal(), (long) fault.code(), response);
    }
    String kind = expect.string("kind");
    List<Object> expected = new ArrayList<>();
    switch (kind) {
      case "request" ->
          add(expected, kind, expect.string("id"), expect.string("method"), expect.get("params"));
      case "notification" -> add(expected, kind, expect.string("method"), expect.get("params"));
      case "success" ->
          add(
              expected,
              kind,
              expect.string("id"),
              Objects.requireNonNullElse(expect.get("result"), RawJson.NULL));
      case "failure" ->
          add(
              expected,
              kind,
              expect.string("id"),
              expect.integer("code"),
              expect.string("message"),
              expect.get("data"));
      default ->
          add(
              expected,
              kind,
              expect.string("id"),
              expect.integer("code"),
              expect.bool("response", false));
    }
    assertThat(read).isEqualTo(expected);
  }

  private static void add(List<Object> list, Object... parts) {
    for (Object part : parts) {
      list.add(part);
    }
  }

  private static byte[] bytes(JsonMembers vector) {
    String text = vector.stringOrNull("text");
    return text == null
        ? HexFormat.of().parseHex(vector.string("hex").replace(" ", ""))
        : text.getBytes(StandardCharsets.UTF_8);
  }
}
