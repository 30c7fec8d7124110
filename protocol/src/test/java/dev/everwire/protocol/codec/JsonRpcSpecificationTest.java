package dev.everwire.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of JSON-RPC 2.0 section 7, in their order and in their own text. */
final class JsonRpcSpecificationTest {
  private final JsonRpcCodec codec = new JsonRpcCodec(64, 100);

  @Test
  void callsWithPositionalParametersAreRead() {
    reads(
        "{\"jsonrpc\": \"2.0\", \"method\": \"subtract\", \"params\": [42, 23], \"id\": 1}",
        request("1", "subtract", "[42, 23]"));
    reads("{\"jsonrpc\": \"2.0\", \"result\": 19, \"id\": 1}", success("1", "19"));
    reads(
        "{\"jsonrpc\": \"2.0\", \"method\": \"subtract\", \"params\": [23, 42], \"id\": 2}",
        request("2", "subtract", "[23, 42]"));
    reads("{\"jsonrpc\": \"2.0\", \"result\": -19, \"id\": 2}", success("2", "-19"));
  }

  @Test
  void callsWithNamedParametersAreRead() {
    reads(
        "{\"jsonrpc\": \"2.0\", \"method\": \"subtract\","
            + " \"params\": {\"subtrahend\": 23, \"minuend\": 42}, \"id\": 3}",
        request("3", "subtract", "{\"subtrahend\": 23, \"minuend\": 42}"));
    reads("{\"jsonrpc\": \"2.0\", \"result\": 19, \"id\": 3}", success("3", "19"));
  }

  @Test
  void notificationsAreRead() {
    reads(
        "{\"jsonrpc\": \"2.0\", \"method\": \"update\", \"params\": [1,2,3,4,5]}",
        new Message.Notification("update", RawJson.parse("[1,2,3,4,5]")));
    reads(
        "{\"jsonrpc\": \"2.0\", \"method\": \"foobar\"}", new Message.Notification("foobar", null));
  }

  @Test
  void aCallOfAnUnknownMethodIsAnsweredWithAnError() {
    reads(
        "{\"jsonrpc\": \"2.0\", \"method\": \"foobar\", \"id\": \"1\"}",
        new Message.Request(new RequestId("\"1\""), "foobar", null));
    reads(
        "{\"jsonrpc\": \"2.0\", \"error\": {\"code\": -32601, \"message\": \"Method not found\"},"
            + " \"id\": \"1\"}",
        failure("\"1\"", FaultCode.METHOD_NOT_FOUND, "Method not found"));
  }

  @Test
  void invalidJsonIsAParseError() {
    unreadable(
        "{\"jsonrpc\": \"2.0\", \"method\": \"foobar, \"params\": \"bar\", \"baz]",
        FaultCode.PARSE_ERROR,
        "Parse error");
    reads(
        "{\"jsonrpc\": \"2.0\", \"error\": {\"code\": -32700, \"message\": \"Parse error\"},"
            + " \"id\": null}",
        failure("null", FaultCode.PARSE_ERROR, "Parse error"));
  }

  @Test
  void anInvalidRequestObjectIsMalformed() {
    assertThat(read("{\"jsonrpc\": \"2.0\", \"method\": 1, \"params\": \"bar\"}"))
        .isInstanceOfSatisfying(Frame.Single.class, single -> malformed(single.message()));
  }

  @Test
  void anInvalidBatchIsAParseError() {
    unreadable(
        """
        [
          {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
          {"jsonrpc": "2.0", "method"
        ]
        """,
        FaultCode.PARSE_ERROR,
        "Parse error");
  }

  @Test
  void anEmptyBatchIsAnInvalidRequest() {
    unreadable("[]", FaultCode.INVALID_REQUEST, "Invalid Request");
  }

  @Test
  void anInvalidBatchThatIsNotEmptyIsMalformedMemberByMember() {
    assertThat(read("[1]"))
        .isInstanceOfSatisfying(
            Frame.Batch.class,
            batch -> assertThat(batch.messages()).singleElement().satisfies(this::malformed));
    assertThat(read("[1,2,3]"))
        .isInstanceOfSatisfying(
            Frame.Batch.class,
            batch -> assertThat(batch.messages()).hasSize(3).allSatisfy(this::malformed));
  }

  @Test
  void aBatchOfEverythingIsRead() {
    Frame frame =
        read(
            """
            [
              {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
              {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
              {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
              {"foo": "boo"},
              {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
              {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
            ]
            """);

    assertThat(frame).isInstanceOf(Frame.Batch.class);
    List<Message> messages = ((Frame.Batch) frame).messages();
    malformed(messages.get(3));
    assertThat(messages)
        .containsExactly(
            request("\"1\"", "sum", "[1,2,4]"),
            new Message.Notification("notify_hello", RawJson.parse("[7]")),
            request("\"2\"", "subtract", "[42,23]"),
            messages.get(3),
            request("\"5\"", "foo.get", "{\"name\": \"myself\"}"),
            new Message.Request(new RequestId("\"9\""), "get_data", null));
  }

  @Test
  void theAnswerToABatchOfEverythingIsRead() {
    Frame frame =
        read(
            """
            [
              {"jsonrpc": "2.0", "result": 7, "id": "1"},
              {"jsonrpc": "2.0", "result": 19, "id": "2"},
              {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
              {"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "5"},
              {"jsonrpc": "2.0", "result": ["hello", 5], "id": "9"}
            ]
            """);

    assertThat(frame)
        .isEqualTo(
            new Frame.Batch(
                List.of(
                    success("\"1\"", "7"),
                    success("\"2\"", "19"),
                    failure("null", FaultCode.INVALID_REQUEST, "Invalid Request"),
                    failure("\"5\"", FaultCode.METHOD_NOT_FOUND, "Method not found"),
                    success("\"9\"", "[\"hello\", 5]"))));
  }

  @Test
  void aBatchOfNotificationsIsRead() {
    assertThat(
            read(
                """
                [
                  {"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},
                  {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}
                ]
                """))
        .isEqualTo(
            new Frame.Batch(
                List.of(
                    new Message.Notification("notify_sum", RawJson.parse("[1,2,4]")),
                    new Message.Notification("notify_hello", RawJson.parse("[7]")))));
  }

  private Frame read(String text) {
    return codec.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void reads(String text, Message expected) {
    assertThat(read(text)).isEqualTo(new Frame.Single(expected));
  }

  private void unreadable(String text, int code, String standard) {
    assertThat(read(text))
        .isInstanceOfSatisfying(
            Frame.Unreadable.class,
            frame -> {
              assertThat(frame.fault().code()).isEqualTo(code);
              assertThat(frame.fault().message()).startsWith(standard);
            });
  }

  private void malformed(Message message) {
    assertThat(message)
        .isInstanceOfSatisfying(
            Message.Malformed.class,
            malformed -> {
              assertThat(malformed.id()).isEqualTo(RequestId.NULL);
              assertThat(malformed.fault().code()).isEqualTo(FaultCode.INVALID_REQUEST);
              assertThat(malformed.fault().message()).startsWith("Invalid Request");
              assertThat(malformed.response()).isFalse();
            });
  }

  private static Message request(String id, String method, String params) {
    return new Message.Request(new RequestId(id), method, RawJson.parse(params));
  }

  private static Message success(String id, String result) {
    return new Message.Success(new RequestId(id), RawJson.parse(result));
  }

  private static Message failure(String id, int code, String message) {
    return new Message.Failure(new RequestId(id), Fault.of(code, message));
  }
}
