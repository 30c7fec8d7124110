package dev.everwire.protocol.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.codec.Codec;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each dialect makes of a text, and of a message. */
final class DialectCodecsTest {
  private static final Dialects DIALECTS = Dialects.of(8, 3);
  private static final Codec FASTAPI = DIALECTS.codec(Dialect.FASTAPI_RPC);
  private static final Codec RPC_WEBSOCKETS = DIALECTS.codec(Dialect.RPC_WEBSOCKETS);

  // ---- fastapi-rpc

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"request":{"method":"add","arguments":{"a":1},"call_id":"5f"},"response":null} | request "5f" add {"a":1}
          {"request":{"method":"add","call_id":"5f"}}                                    | request "5f" add -
          {"request":{"method":"add","arguments":null,"call_id":7}}                      | request 7 add -
          {"request":{"method":"add","arguments":{"a":1},"call_id":null}}                | notification add {"a":1}
          {"request":{"method":"add","arguments":{}},"response":null,"more":1}           | notification add {}
          {"response":{"result":3,"result_type":"int","call_id":"s:1"}}                  | success "s:1" 3
          {"request":null,"response":{"result":null,"call_id":"s:1"}}                    | success "s:1" null
          {"response":{"result":3,"result_type":"int","call_id":"17"}}                   | success 17 3
          {"response":{"result":3,"result_type":"int","call_id":"017"}}                  | success "017" 3
          {"response":{"result":3,"result_type":"int"}}                                  | success null 3
          {"response":{"result":null,"call_id":"1","error":{"code":-5,"message":"no"}}}  | failure 1 -5 no
          {"request":{"method":"","call_id":"5f"}}                                       | malformed "5f" Invalid Request: method: expected a string of 1-256 characters
          {"request":{"arguments":{},"call_id":"5f"}}                                    | malformed "5f" Invalid Request: method: missing
          {"request":{"method":"add","arguments":[1],"call_id":"5f"}}                    | malformed "5f" Invalid Request: arguments: expected an object
          {"request":{"method":"add","call_id":{}}}                                      | malformed null Invalid Request: call_id: expected a string of at most 256 bytes
          {"response":{"call_id":"1","error":{"code":"x","message":"no"}}}               | malformed response 1 Invalid Request: code: expected an integer
          {"response":{"call_id":"1","error":7}}                                         | malformed response 1 Invalid Request: error: expected an object
          {"request":1}                                                                  | unreadable -32600 Invalid Request: request: expected an object
          {"request":null,"response":null}                                               | unreadable -32600 Invalid Request: expected either request or response
          {"request":{"method":"a"},"response":{"result":1}}                             | unreadable -32600 Invalid Request: expected either request or response
          {"jsonrpc":"2.0","id":1,"method":"add"}                                        | unreadable -32600 Invalid Request: expected either request or response
          [{"request":{"method":"a"}}]                                                   | unreadable -32600 Invalid Request: expected an object
          {"request":{"method":"a","arguments":{"a":[[[[[[1]]]]]]}}}                     | unreadable -32700 Parse error: nested deeper than 8 levels
          {"request":                                                                    | unreadable -32700 Parse error: byte 11: expected a value
          """)
  void theOlderWireIsReadAs(String text, String meaning) {
    assertThat(told(FASTAPI.read(utf8(text)))).isEqualTo(meaning);
  }

  @Test
  void invalidUtf8IsAParseError() {
    byte[] text = "{\"request\":{\"method\":\"?\"}}".getBytes(StandardCharsets.US_ASCII);
    text[22] = (byte) 0xff;

    assertThat(told(FASTAPI.read(ByteBuffer.wrap(text)))).startsWith("unreadable -32700");
  }

  @Test
  void theOlderWireIsWrittenWithBothItsMembers() {
    assertThat(fastapi(new Message.Request(RequestId.server(1), "ask", json("{\"a\":1}"))))
        .isEqualTo(
            "{\"request\":{\"method\":\"ask\",\"arguments\":{\"a\":1},\"call_id\":\"s:1\"},\"response\":null}");
    assertThat(fastapi(new Message.Request(RequestId.number(17), "ask", null)))
        .as("ids are strings there")
        .isEqualTo(
            "{\"request\":{\"method\":\"ask\",\"arguments\":{},\"call_id\":\"17\"},\"response\":null}");
    assertThat(fastapi(new Message.Notification("tell", null)))
        .isEqualTo(
            "{\"request\":{\"method\":\"tell\",\"arguments\":{},\"call_id\":null},\"response\":null}");
    assertThat(
            fastapi(new Message.Failure(new RequestId("\"5f\""), new Fault(-5, "no", json("[1]")))))
        .isEqualTo(
            "{\"request\":null,\"response\":{\"result\":null,\"result_type\":\"error\",\"call_id\":\"5f\","
                + "\"error\":{\"code\":-5,\"message\":\"no\",\"data\":[1]}}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          3       | int
          -12     | int
          3.5     | float
          1e3     | float
          "x"     | str
          true    | bool
          null    | NoneType
          [1]     | list
          {"a":1} | dict
          """)
  void aResultIsCalledWhatPythonCallsIt(String result, String type) {
    assertThat(fastapi(new Message.Success(new RequestId("\"5f\""), json(result))))
        .isEqualTo(
            "{\"request\":null,\"response\":{\"result\":"
                + result
                + ",\"result_type\":\""
                + type
                + "\",\"call_id\":\"5f\"}}");
  }

  @Test
  void whatTheOlderWireWritesItReads() {
    List<Message> messages =
        List.of(
            new Message.Request(new RequestId("\"s:1\""), "ask", json("{\"a\":[1,\"ü\"]}")),
            new Message.Notification("tell", json("{}")),
            new Message.Success(RequestId.number(9), json("{\"a\":null}")),
            new Message.Failure(RequestId.NULL, new Fault(-32601, "Method not found", null)));
    for (Message message : messages) {
      assertThat(FASTAPI.read(utf8(written(FASTAPI, message))))
          .isEqualTo(new Frame.Single(message));
    }
  }

  @Test
  void theOlderWireHasNoBatches() {
    List<Message> batch = List.of(new Message.Notification("tell", null));

    assertThatThrownBy(() -> FASTAPI.writeBatch(batch, new JsonWriter()))
        .hasMessage("messages: a batch (expected: one message at a time)");
  }

  // ---- rpc-websockets

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"jsonrpc":"2.0","method":"a","params":[1],"id":0}    | request 0 a [1]
          {"jsonrpc":"2.0","method":"a","id":""}                | request "" a -
          {"jsonrpc":"2.0","method":"a"}                        | notification a -
          {"notification":"tick","params":[1,2]}                | notification tick [1,2]
          {"notification":"tick","params":{"a":1}}              | notification tick {"a":1}
          {"notification":"tick"}                               | notification tick -
          {"notification":"tick","params":7}                    | malformed null Invalid Request: jsonrpc: expected "2.0"
          {"notification":"","params":[]}                       | malformed null Invalid Request: jsonrpc: expected "2.0"
          {"notification":1,"params":[]}                        | malformed null Invalid Request: jsonrpc: expected "2.0"
          {"notification":"tick","params":[1,2]                 | unreadable -32700 Parse error: byte 37: expected ',' or '}'
          {"jsonrpc":"2.0","error":{"code":-5,"message":"no"},"id":1} | failure 1 -5 no
          """)
  void rpcWebsocketsIsReadAs(String text, String meaning) {
    assertThat(told(RPC_WEBSOCKETS.read(utf8(text)))).isEqualTo(meaning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      nullValues = "-",
      textBlock =
          """
          -         | []
          []        | []
          [1,"x"]   | [1,"x"]
          {"a":1}   | [{"a":1}]
          {}        | [{}]
          """)
  void anEventAlwaysHasAnArrayOfParameters(@Nullable String params, String written) {
    Message event = new Message.Notification("tick", params == null ? null : json(params));

    assertThat(written(RPC_WEBSOCKETS, event))
        .isEqualTo("{\"notification\":\"tick\",\"params\":" + written + "}");
  }

  @Test
  void forbiddenHasAnotherCode() {
    RequestId id = RequestId.number(1);
    Message forbidden = new Message.Failure(id, Fault.of(-32003, "not for you"));
    Message other = new Message.Failure(id, Fault.of(-32602, "Invalid params"));
    JsonWriter batch = new JsonWriter();
    RPC_WEBSOCKETS.writeBatch(List.of(forbidden, new Message.Success(id, RawJson.TRUE)), batch);

    assertThat(written(RPC_WEBSOCKETS, forbidden))
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32605,\"message\":\"Method forbidden\"}}");
    assertThat(written(RPC_WEBSOCKETS, other)).contains("-32602");
    assertThat(batch.toRawJson().elements()).hasSize(2);
    assertThatThrownBy(() -> RPC_WEBSOCKETS.writeBatch(List.of(), batch))
        .hasMessage("messages: none (expected: at least one)");
  }

  // ---- which there are

  @Test
  void aDialectHasItsWordAndNobodyMaySwitchUnlessAllowed() {
    for (Dialect dialect : Dialect.values()) {
      assertThat(Dialect.of(dialect.word())).isEqualTo(dialect);
      assertThat(DIALECTS.allows(dialect)).isFalse();
    }
    Dialects one = DIALECTS.allowing(Set.of(Dialect.FASTAPI_RPC));
    assertThat(one.allows(Dialect.FASTAPI_RPC)).isTrue();
    assertThat(one.allows(Dialect.RPC_WEBSOCKETS)).isFalse();
    assertThatThrownBy(() -> Dialect.of("soap"))
        .hasMessage("dialect: \"soap\" (expected: json-rpc, rpc-websockets or fastapi-rpc)");
  }

  private static String told(Frame frame) {
    return switch (frame) {
      case Frame.Single(Message.Request(RequestId id, String method, RawJson params)) ->
          "request " + id + " " + method + " " + text(params);
      case Frame.Single(Message.Notification(String method, RawJson params)) ->
          "notification " + method + " " + text(params);
      case Frame.Single(Message.Success(RequestId id, RawJson result)) ->
          "success " + id + " " + result;
      case Frame.Single(Message.Failure(RequestId id, Fault fault)) ->
          "failure " + id + " " + fault.code() + " " + fault.message();
      case Frame.Single(Message.Malformed(RequestId id, Fault fault, boolean response)) ->
          "malformed " + (response ? "response " : "") + id + " " + fault.message();
      case Frame.Unreadable(Fault fault) -> "unreadable " + fault.code() + " " + fault.message();
      case Frame.Batch batch -> "batch";
    };
  }

  private static String text(@Nullable RawJson params) {
    return params == null ? "-" : params.toString();
  }

  private static String fastapi(Message message) {
    return written(FASTAPI, message);
  }

  private static String written(Codec codec, Message message) {
    JsonWriter out = new JsonWriter();
    codec.write(message, out);
    return new String(out.toBytes(), StandardCharsets.UTF_8);
  }

  private static RawJson json(String text) {
    return RawJson.parse(text);
  }

  private static ByteBuffer utf8(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
