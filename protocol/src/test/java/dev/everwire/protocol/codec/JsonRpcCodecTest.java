package dev.everwire.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shared vectors cannot say: lengths, buffers, texts of faults, limits. */
final class JsonRpcCodecTest {
  private static final Message.Request REQUEST =
      new Message.Request(RequestId.number(1), "a", RawJson.parse("[1]"));

  private final JsonRpcCodec codec = new JsonRpcCodec(64, 3);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"jsonrpc":"2.0"                                   | Parse error: byte 16: expected ',' or '}'
          {"jsonrpc":"2.0","method":"a"} x                   | Parse error: byte 31: expected the end
          {"id":1,"id":2}                                    | Parse error: two members of the envelope have the same name
          [{"id":1,"id":2}]                                  | Parse error: two members of the envelope have the same name
          12                                                 | Invalid Request: expected an object or an array
          []                                                 | Invalid Request: empty batch
          [1,2,3,4]                                          | Invalid Request: batch of more than 3
          """)
  void anUnreadableFrameSaysWhy(String text, String message) {
    assertThat(unreadable(text).message()).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"id":1,"method":"a"}                              | jsonrpc: expected "2.0"
          {"jsonrpc":"2.0","id":[],"method":"a"}             | id: expected null, a number or a string, at most 256 characters
          {"jsonrpc":"2.0","id":1}                           | method: missing
          {"jsonrpc":"2.0","id":1,"method":"a","result":1}   | expected no result or error beside a method
          {"jsonrpc":"2.0","id":1,"method":"a","params":1}   | params: expected an array or an object
          {"jsonrpc":"2.0","result":1}                       | id: missing
          {"jsonrpc":"2.0","id":1,"result":1,"error":{}}     | expected either result or error
          {"jsonrpc":"2.0","id":1,"error":1}                 | error: expected an object
          {"jsonrpc":"2.0","id":1,"error":{}}                | error: code: missing
          {"jsonrpc":"2.0","id":1,"error":{"code":"1"}}      | error: code: expected an integer
          {"jsonrpc":"2.0","id":1,"error":{"code":4294967296}} | error: code: expected 32 bits
          {"jsonrpc":"2.0","id":1,"error":{"code":1}}        | error: message: missing
          """)
  void aMalformedMessageSaysWhy(String text, String message) {
    assertThat(single(text))
        .isInstanceOfSatisfying(
            Message.Malformed.class,
            malformed ->
                assertThat(malformed.fault())
                    .isEqualTo(Fault.of(FaultCode.INVALID_REQUEST, "Invalid Request: " + message)));
  }

  @Test
  void aFaultRepeatsNothingOfTheInput() {
    String text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"secret\":1,\"secret\":2}}";

    assertThat(single(text).toString()).doesNotContain("secret");
  }

  @Test
  void anIdHasAtMost256Characters() {
    for (String longest :
        List.of("\"" + "é".repeat(254) + "\"", "1".repeat(256), "\"" + "😀".repeat(127) + "\"")) {
      assertThat(single(withId(longest)))
          .isEqualTo(new Message.Request(new RequestId(longest), "a", null));
    }
    for (String tooLong :
        List.of(
            "\"" + "é".repeat(255) + "\"", "1".repeat(257), "\"" + "x".repeat(1 << 20) + "\"")) {
      assertThat(single(withId(tooLong)))
          .isInstanceOfSatisfying(
              Message.Malformed.class,
              malformed -> assertThat(malformed.id()).isEqualTo(RequestId.NULL));
    }
  }

  @Test
  void aMethodHasAtMost256CharactersAfterItsEscapes() {
    for (String unit : new String[] {"a", "é", "日", "\\u0061"}) {
      assertThat(single(withMethod(unit.repeat(256)))).isInstanceOf(Message.Request.class);
      assertThat(single(withMethod(unit.repeat(257)))).isInstanceOf(Message.Malformed.class);
    }
  }

  @Test
  void aHundredThousandLevelsAreUnreadable() {
    for (String opening :
        new String[] {"[", "{\"a\":", "{\"jsonrpc\":\"2.0\",\"id\":1,\"params\":" + "["}) {
      assertThat(unreadable(opening.repeat(100_000)))
          .isEqualTo(Fault.of(FaultCode.PARSE_ERROR, "Parse error: nested deeper than 64 levels"));
    }
  }

  @Test
  void aMillionDigitsAreAValueLikeAnyOther() {
    for (String number :
        List.of(
            "7".repeat(1_000_000), "-1." + "0".repeat(1_000_000), "1e" + "9".repeat(1_000_000))) {
      assertThat(
              single("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":[" + number + "]}"))
          .isEqualTo(
              new Message.Request(RequestId.number(1), "a", RawJson.parse("[" + number + "]")));
      assertThat(single(withId(number)))
          .isInstanceOfSatisfying(
              Message.Malformed.class,
              malformed -> assertThat(malformed.id()).isEqualTo(RequestId.NULL));
    }
  }

  @Test
  void manyEscapesNamesAndMembersAreReadInOneGo() {
    String escapes = "\\u0061".repeat(200_000);
    String members = "\"\\u0078\":1,".repeat(100_000);

    assertThat(single("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + escapes + "\"}"))
        .isInstanceOf(Message.Malformed.class);
    assertThat(
            single(
                "{"
                    + members
                    + "\""
                    + escapes
                    + "\":1,\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\"}"))
        .isEqualTo(new Message.Request(RequestId.number(1), "a", null));
  }

  @Test
  void aMessageFromADirectBufferIsKeptInOneCopy() {
    byte[] text = utf8("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":[1]}");
    ByteBuffer direct = ByteBuffer.allocateDirect(text.length).put(text).flip();
    Frame frame = codec.read(direct);
    direct.put(0, new byte[text.length]);

    assertThat(frame).isEqualTo(new Frame.Single(REQUEST));
  }

  @Test
  void bytesThatAreNoUtf8AreAParseError() {
    for (int at = 0; at < 20; at++) {
      byte[] text =
          utf8(
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":[\""
                  + "x".repeat(20)
                  + "\"]}");
      text[text.length - 4 - at] = (byte) 0xc3;
      assertThat(codec.read(ByteBuffer.wrap(text)))
          .isInstanceOfSatisfying(
              Frame.Unreadable.class,
              frame -> assertThat(frame.fault().code()).isEqualTo(FaultCode.PARSE_ERROR));
    }
  }

  @Test
  void theArrayOfABatchIsALevel() {
    JsonRpcCodec shallow = new JsonRpcCodec(2, 3);

    assertThat(read(shallow, "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":[]}"))
        .isInstanceOf(Frame.Single.class);
    assertThat(read(shallow, "[{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"params\":[]}]"))
        .isInstanceOf(Frame.Unreadable.class);
  }

  @Test
  void everyKindOfBufferIsReadAndLeftAsItWas() {
    byte[] text =
        "xx{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":[1]}yy"
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer heap = ByteBuffer.wrap(text, 2, text.length - 4);
    ByteBuffer direct =
        ByteBuffer.allocateDirect(text.length).put(text).position(2).limit(text.length - 2);

    for (ByteBuffer buffer :
        List.of(heap, heap.slice(), heap.asReadOnlyBuffer(), direct, direct.slice())) {
      int position = buffer.position();
      int limit = buffer.limit();

      assertThat(codec.read(buffer)).isEqualTo(new Frame.Single(REQUEST));
      assertThat(buffer.position()).isEqualTo(position);
      assertThat(buffer.limit()).isEqualTo(limit);
    }
  }

  @Test
  void aMessageKeepsNothingOfTheBuffer() {
    byte[] text = utf8("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":[1]}");
    Frame frame = codec.read(ByteBuffer.wrap(text));
    Arrays.fill(text, (byte) 'x');

    assertThat(frame).isEqualTo(new Frame.Single(REQUEST));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"jsonrpc\":\"2.0\",\"id\":12,\"method\":\"größe\",\"params\":{\"a\":[1.5e3,\"\\u00e9😀\",null]}}",
        "[{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":true},{\"jsonrpc\":\"2.0\",\"method\":\"a\"}]",
        "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"error\":{\"code\":-1,\"message\":\"m\",\"data\":[[]]}}"
      })
  void aMessageThatWasCutAnywhereIsUnreadable(String text) {
    byte[] whole = utf8(text);
    assertThat(codec.read(ByteBuffer.wrap(whole))).isNotInstanceOf(Frame.Unreadable.class);

    for (int length = 0; length < whole.length; length++) {
      assertThat(codec.read(ByteBuffer.wrap(whole, 0, length)))
          .as("the first %d bytes", length)
          .isInstanceOfSatisfying(
              Frame.Unreadable.class,
              frame -> assertThat(frame.fault().code()).isEqualTo(FaultCode.PARSE_ERROR));
    }
  }

  @Test
  void messagesAreAppendedToWhatTheWriterHolds() {
    JsonWriter out = new JsonWriter().beginArray();
    codec.write(new Message.Notification("a", null), out);
    codec.writeBatch(List.of(REQUEST, REQUEST), out);
    out.value(1).endArray();

    assertThat(out.toRawJson())
        .hasToString(
            "[{\"jsonrpc\":\"2.0\",\"method\":\"a\"},"
                + "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":[1]},"
                + "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":[1]}],1]");
  }

  @Test
  void aMethodThatIsWrittenIsEscaped() {
    JsonWriter out = new JsonWriter();
    codec.write(new Message.Notification("a\"\n\ud800", null), out);

    assertThat(out.toRawJson()).hasToString("{\"jsonrpc\":\"2.0\",\"method\":\"a\\\"\\n\\ufffd\"}");
  }

  @Test
  void whatIsNoMessageIsNotWritten() {
    Message malformed =
        new Message.Malformed(RequestId.NULL, Fault.of(FaultCode.INVALID_REQUEST, "x"), false);
    JsonWriter out = new JsonWriter();

    assertThatThrownBy(() -> codec.write(malformed, out))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> codec.writeBatch(List.of(), out))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(out.length()).isZero();
  }

  @Test
  void limitsHaveALeastValue() {
    assertThatThrownBy(() -> new JsonRpcCodec(1, 1)).hasMessage("maxDepth: 1 (expected: >= 2)");
    assertThatThrownBy(() -> new JsonRpcCodec(2, 0)).hasMessage("maxBatch: 0 (expected: >= 1)");
  }

  private static String withId(String id) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"a\",\"id\":" + id + "}";
  }

  private static String withMethod(String method) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"}";
  }

  private Message single(String text) {
    assertThat(read(codec, text)).isInstanceOf(Frame.Single.class);
    return ((Frame.Single) read(codec, text)).message();
  }

  private Fault unreadable(String text) {
    assertThat(read(codec, text)).isInstanceOf(Frame.Unreadable.class);
    return ((Frame.Unreadable) read(codec, text)).fault();
  }

  private static Frame read(JsonRpcCodec codec, String text) {
    return codec.read(ByteBuffer.wrap(utf8(text)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
