package dev.everwire.server;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Caller;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers of other habits at the same server, on the same path. */
final class DialectsTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final MemoryNetwork network = new MemoryNetwork();
  private final CompletableFuture<Caller> met = new CompletableFuture<>();
  private final Server server = start(builder("server"));

  private ServerBuilder builder(String name) {
    return Server.builder()
        .listen(network.listener(name))
        .drainFor(Duration.ZERO)
        .values(new TestValues())
        .random(new Random(1))
        .node("n1")
        .method(
            "add",
            call ->
                call.params().get(0, "a", Integer.class) + call.params().get(1, "b", Integer.class))
        .method("who", call -> call.caller().user().orElse("nobody"))
        .method("connection", call -> call.caller().connectionId())
        .method("meet", call -> met.complete(call.caller()))
        .method(
            "secret",
            call -> {
              throw new FaultException(FaultCode.FORBIDDEN, "not for you");
            })
        .topic(TopicRule.named("prices/*").keepLast(10))
        .topic(TopicRule.named("feedUpdated"))
        .dialect("/", Dialect.RPC_WEBSOCKETS)
        .dialect("/old", Dialect.FASTAPI_RPC)
        .dialect("/plain", Dialect.JSON_RPC)
        .login(params -> {
          String user = params.get(0, "user", String.class);
          if (user.equals("broken")) {
            throw new IllegalStateException("database password is x");
          }
          if (user.equals("dead")) {
            throw new AssertionError("database password is x");
          }
          return Optional.of(user).filter("ann"::equals);
        });
  }

  private static Server start(ServerBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    var driving = network.drive();
    server.close();
    driving.close();
  }

  // ---- rpc-websockets

  @ParameterizedTest
  @ValueSource(strings = {"/ws", "/"})
  void anEventIsToldAsAClientOfRpcWebsocketsHearsIt(String path) {
    TestPeer peer = TestPeer.dial(network, "ws://server" + path);
    assertThat(result(peer.call(1, "rpc.on", "[\"feedUpdated\",\"prices/eur\"]")))
        .isEqualTo("{\"feedUpdated\":\"ok\",\"prices/eur\":\"ok\"}");

    server.topics().publish("feedUpdated", null);
    server.topics().publish("feedUpdated", RawJson.parse("{\"a\":1}"));
    server.topics().publish("feedUpdated", RawJson.parse("[1,2]"));
    network.runUntilIdle();
    assertThat(peer.heard())
        .containsExactly(
            "{\"notification\":\"feedUpdated\",\"params\":[null]}",
            "{\"notification\":\"feedUpdated\",\"params\":[{\"a\":1}]}",
            "{\"notification\":\"feedUpdated\",\"params\":[[1,2]]}");

    assertThat(result(peer.call(2, "rpc.off", "[\"feedUpdated\"]")))
        .isEqualTo("{\"feedUpdated\":\"ok\"}");
    server.topics().publish("feedUpdated", 1);
    network.runUntilIdle();
    assertThat(peer.heardNothing()).isTrue();
  }

  @Test
  void whatCannotBeSubscribedIsSaidForEachEvent() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");

    assertThat(
            result(
                peer.call(
                    1, "rpc.on", "[\"feedUpdated\",\"nothing\",\"no name\",\"feedUpdated\"]")))
        .isEqualTo(
            "{\"feedUpdated\":\"ok\",\"nothing\":\"provided event invalid\","
                + "\"no name\":\"provided event invalid\"}");
    assertThat(result(peer.call(2, "rpc.on", "[\"feedUpdated\"]")))
        .isEqualTo("{\"feedUpdated\":\"socket has already been subscribed to event\"}");
    assertThat(result(peer.call(3, "rpc.off", "[\"feedUpdated\",\"prices/eur\",\"nothing\"]")))
        .isEqualTo(
            "{\"feedUpdated\":\"ok\",\"prices/eur\":\"not subscribed\","
                + "\"nothing\":\"provided event invalid\"}");
    assertThat(result(peer.call(4, "rpc.on", "[]"))).isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"jsonrpc":"2.0","id":1,"method":"rpc.on"}                      | -32000
          {"jsonrpc":"2.0","id":1,"method":"rpc.off","params":null}       | -32000
          {"jsonrpc":"2.0","id":1,"method":"rpc.on","params":{"a":1}}     | -32602
          {"jsonrpc":"2.0","id":1,"method":"rpc.on","params":[1]}         | -32602
          {"jsonrpc":"2.0","id":1,"method":"rpc.on","params":"feed"}      | -32600
          {"jsonrpc":"2.0","id":1,"method":"rpc.login"}                   | -32604
          {"jsonrpc":"2.0","id":1,"method":"rpc.nothing"}                 | -32601
          {"jsonrpc":"2.0","id":1,"method":"_ping_"}                      | -32601
          {"jsonrpc":"2.0","id":1,"method":"rpc.hello","params":{"v":1}}  | -32601
          """)
  void whatIsWrongIsAnsweredAsItsServerDoes(String request, int code) {
    TestPeer peer = TestPeer.dial(network, "ws://server/");
    peer.send(request);

    assertThat(error(peer.response(1))).isEqualTo(code);
  }

  @Test
  void whoeverLogsInIsKnownFromThenOn() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");

    assertThat(awaited(peer, 1, "rpc.login", "{\"user\":\"eve\"}")).isEqualTo("false");
    assertThat(awaited(peer, 2, "who", "[]")).isEqualTo("\"nobody\"");
    assertThat(awaited(peer, 3, "rpc.login", "[\"ann\"]")).isEqualTo("true");
    assertThat(awaited(peer, 4, "who", "[]")).isEqualTo("\"ann\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"broken", "dead"})
  void aLoginThatFailsByItselfSaysNothingOfIt(String user) {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    peer.queue(request(1, "rpc.login", "[\"" + user + "\"]"));
    network.runUntil(() -> !peer.heardNothing(), SOON);

    assertThat(peer.heard().getFirst()).contains("-32603", "incident").doesNotContain("password");
    assertThat(awaited(peer, 2, "rpc.login", "[\"ann\"]")).isEqualTo("true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rpc.on", "rpc.off"})
  void moreEventsThanAConnectionMayFollowAreRefusedUnseen(String method) {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    String most = IntStream.range(0, 128).mapToObj(i -> "\"a" + i + "\"").collect(joining(","));

    assertThat(result(peer.call(1, method, "[" + most + "]"))).contains("\"a127\":\"provided");
    RawJson refused = peer.call(2, method, "[" + most + ",\"a0\"]");
    assertThat(error(refused)).isEqualTo(-32602);
    assertThat(refused.toString()).contains("at most 128 event names").doesNotContain("a0");
    String wrongBehind = most + ",\"x\",17";
    assertThat(peer.call(3, method, "[" + wrongBehind + "]").toString()).contains("at most 128");
  }

  @Test
  void whereOnlyJsonRpcIsSpokenNothingSwitchesIt() {
    TestPeer peer = TestPeer.dial(network, "ws://server/plain");
    assertThat(error(peer.call(1, "rpc.on", "[\"feedUpdated\"]"))).isEqualTo(-32601);
    assertThat(error(peer.call(2, "__listMethods", "[]"))).isEqualTo(-32601);
    assertThat(awaited(peer, 3, "add", "[2,3]")).isEqualTo("5");

    TestPeer old = TestPeer.dial(network, "ws://server/plain");
    old.send(older("_ping_", "{}", "1a"));
    assertThat(old.heard().getFirst()).contains("\"jsonrpc\":\"2.0\"", "-32600");

    TestPeer session = TestPeer.dial(network, "ws://server/plain");
    assertThat(result(session.call(1, "rpc.hello", "{\"v\":1}"))).contains("\"session\"");
  }

  @Test
  void withoutALoginFunctionNobodyLogsIn() {
    Server open =
        start(
            Server.builder()
                .listen(network.listener("open"))
                .drainFor(Duration.ZERO)
                .values(new TestValues()));
    TestPeer peer = TestPeer.dial(network, "ws://open/ws");

    assertThat(error(peer.call(1, "rpc.login", "[\"ann\"]"))).isEqualTo(-32601);
    assertThat(result(peer.call(2, "__listMethods", "[]"))).isEqualTo("[\"__listMethods\"]");
    var driving = network.drive();
    open.close();
    driving.close();
  }

  @Test
  void methodsAreListed() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");

    assertThat(result(peer.call(1, "__listMethods", "[]")))
        .isEqualTo(
            "[\"__listMethods\",\"rpc.login\",\"add\",\"who\",\"connection\",\"meet\",\"secret\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "\"\"", "1.50", "9007199254740993", "null"})
  void falsyAndOddIdsAreAnswered(String id) {
    TestPeer peer = TestPeer.dial(network, "ws://server/");
    peer.queue("{\"jsonrpc\":\"2.0\",\"method\":\"add\",\"params\":[2,3],\"id\":" + id + "}");
    network.runUntil(() -> !peer.heardNothing(), SOON);

    assertThat(peer.heard())
        .containsExactly("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":5}");
  }

  @Test
  void forbiddenIsSaidWithItsCode() {
    TestPeer peer = TestPeer.dial(network, "ws://server/");
    peer.queue(request(1, "secret", "[]"));
    network.runUntil(() -> !peer.heardNothing(), SOON);

    assertThat(error(peer.response(1))).isEqualTo(-32605);
  }

  @Test
  void itIsToldButNeverCalled() {
    TestPeer peer = TestPeer.dial(network, "ws://server/");
    Caller caller = meet(peer, request(1, "meet", "[]"));
    peer.heard();

    CompletableFuture<?> call = caller.peer().callAsync("ask", null, String.class, options());
    network.runUntil(call::isDone, SOON);
    assertThatThrownBy(call::join)
        .hasRootCauseMessage("this peer takes no calls: rpc-websockets is spoken (-32601)");
    var offered = caller.peer().notify("tick", null);
    network.runUntilIdle();
    assertThat(offered).isEqualTo(Offer.QUEUED);
    assertThat(peer.heard()).containsExactly("{\"notification\":\"tick\",\"params\":[]}");
  }

  @Test
  void plainCallsMayComeBeforeTheFirstOfItsMethods() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    assertThat(awaited(peer, 1, "add", "[2,3]")).isEqualTo("5");
    peer.call(2, "rpc.on", "[\"feedUpdated\"]");
    server.topics().publish("feedUpdated", 1);
    network.runUntilIdle();

    assertThat(peer.heard()).containsExactly("{\"notification\":\"feedUpdated\",\"params\":[1]}");
  }

  @Test
  void aSessionStaysWithItsDialectAndADialectHasNoSession() {
    TestPeer session = TestPeer.dial(network, "ws://server/ws");
    session.call(1, "rpc.hello", "{\"v\":1}");
    assertThat(error(session.call(2, "rpc.on", "[\"feedUpdated\"]"))).isEqualTo(-32601);
    session.send("{\"jsonrpc\":\"2.0\",\"method\":\"__listMethods\"}");
    assertThat(session.heardNothing()).isTrue();

    TestPeer other = TestPeer.dial(network, "ws://server/ws");
    other.call(1, "rpc.on", "[\"feedUpdated\"]");
    assertThat(error(other.call(2, "rpc.hello", "{\"v\":1}"))).isEqualTo(-32601);
  }

  @Test
  void aServerSpeaksOnlyTheDialectsItAllows() {
    Server strict =
        start(
            Server.builder()
                .listen(network.listener("strict"))
                .drainFor(Duration.ZERO)
                .values(new TestValues())
                .topic(TopicRule.named("feedUpdated"))
                .dialects());
    TestPeer peer = TestPeer.dial(network, "ws://strict/ws");
    assertThat(error(peer.call(1, "rpc.on", "[\"feedUpdated\"]"))).isEqualTo(-32601);
    TestPeer old = TestPeer.dial(network, "ws://strict/ws");
    old.send("{\"request\":{\"method\":\"_ping_\",\"arguments\":{},\"call_id\":\"5f\"}}");
    assertThat(old.heard().getFirst()).contains("-32600");
    var driving = network.drive();
    strict.close();
    driving.close();
  }

  @Test
  void aSocketIdInTheQueryMeansNothing() {
    TestPeer first = TestPeer.dial(network, "ws://server/?socket_id=same");
    TestPeer second = TestPeer.dial(network, "ws://server/?socket_id=same");

    assertThat(awaited(first, 1, "connection", "[]")).isEqualTo("\"n1-1\"");
    assertThat(awaited(second, 1, "connection", "[]")).isEqualTo("\"n1-2\"");
  }

  @Test
  void whoeverShouldComeBackIsNeverClosedWith1000() {
    TestPeer peer = TestPeer.dial(network, "ws://server/");
    var drained = server.drain();
    network.advance(Duration.ofSeconds(2));

    assertThat(drained).succeedsWithin(Duration.ofSeconds(10));
    assertThat(peer.closeCode()).isEqualTo(1001);
  }

  @Test
  void anArrayIsAnsweredWithAnArrayAndNothingElseIs() {
    TestPeer peer = TestPeer.dial(network, "ws://server/");
    peer.queue(
        "[" + request(1, "add", "[2,3]") + "," + request(2, "rpc.off", "[\"feedUpdated\"]") + "]");
    network.runUntil(() -> !peer.heardNothing(), SOON);

    assertThat(peer.heard())
        .containsExactly(
            "[{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"feedUpdated\":\"not subscribed\"}},"
                + "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":5}]");
  }

  // ---- JSON in binary messages

  @Test
  void whoeverBeginsInBinaryIsAnsweredInBinary() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    peer.sendBinary(utf8(" " + request(1, "rpc.subscribe", "{\"topic\":\"prices/eur\"}")));
    assertThat(peer.heard().getFirst())
        .startsWith("binary {\"jsonrpc\":\"2.0\",\"id\":1,\"result\"");

    server.topics().publish("prices/eur", 7);
    network.runUntilIdle();
    assertThat(peer.heard())
        .containsExactly(
            "binary {\"jsonrpc\":\"2.0\",\"method\":\"rpc.event\",\"params\":"
                + "{\"topic\":\"prices/eur\",\"offset\":1,\"data\":7}}");
    peer.queue(request(2, "add", "[2,3]"));
    network.runUntil(() -> !peer.heardNothing(), SOON);
    assertThat(peer.heard()).containsExactly("binary {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":5}");
  }

  @Test
  void invalidUtf8InABinaryMessageIsAParseError() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    peer.sendBinary(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});

    assertThat(peer.heard().getFirst()).startsWith("binary ").contains("-32700", "\"id\":null");
    assertThat(peer.open()).isTrue();
    peer.sendBinary(utf8("[]"));
    assertThat(peer.heard().getFirst()).startsWith("binary ").contains("-32600");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0001", "x", "\""})
  void otherBinaryMessagesAreNotSpoken(String bytes) {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    peer.sendBinary(utf8(bytes));

    assertThat(peer.closeCode()).isEqualTo(4400);
  }

  @Test
  void binaryIsForThoseWhoBeganWithIt() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    peer.send(request(1, "nothing", "[]"));
    peer.sendBinary(utf8(request(2, "nothing", "[]")));

    assertThat(peer.closeCode()).isEqualTo(4400);
  }

  @Test
  void allHabitsHearOnePublication() {
    TestPeer text = TestPeer.dial(network, "ws://server/ws");
    TestPeer binary = TestPeer.dial(network, "ws://server/ws");
    TestPeer events = TestPeer.dial(network, "ws://server/ws");
    text.call(1, "rpc.subscribe", "{\"topic\":\"feedUpdated\"}");
    binary.sendBinary(utf8(request(1, "rpc.on", "[\"feedUpdated\"]")));
    events.call(1, "rpc.on", "[\"feedUpdated\"]");
    binary.heard();
    server.topics().publish("feedUpdated", "x");
    network.runUntilIdle();

    assertThat(text.heard().getFirst()).contains("\"rpc.event\"", "\"data\":\"x\"");
    assertThat(events.heard())
        .containsExactly("{\"notification\":\"feedUpdated\",\"params\":[\"x\"]}");
    assertThat(binary.heard())
        .containsExactly("binary {\"notification\":\"feedUpdated\",\"params\":[\"x\"]}");
  }

  // ---- the habits of language servers

  @Test
  void unknownDollarNotificationsAreIgnoredAndSuchRequestsAreNotFound() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    peer.send("{\"jsonrpc\":\"2.0\",\"method\":\"$/setTrace\",\"params\":{\"value\":\"off\"}}");
    peer.send(
        "{\"jsonrpc\":\"2.0\",\"method\":\"$/progress\",\"params\":{\"token\":1,\"value\":2}}");
    peer.send("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":99}}");
    assertThat(peer.heardNothing()).isTrue();

    assertThat(error(peer.call(1, "$/setTrace", "{}"))).isEqualTo(-32601);
  }

  @Test
  void aMessageIsAFrameAndHasNoHeaderOfItsOwn() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    String message = request(1, "nothing", "[]");
    peer.send("Content-Length: " + message.length() + "\r\n\r\n" + message);

    assertThat(peer.heard().getFirst()).contains("-32700", "\"id\":null");
    assertThat(error(peer.call(2, "nothing", "[]"))).isEqualTo(-32601);
  }

  // ---- fastapi-rpc

  @ParameterizedTest
  @ValueSource(strings = {"/ws", "/old"})
  void theOlderWireIsKnownByItsFirstMessage(String path) {
    TestPeer peer = TestPeer.dial(network, "ws://server" + path);
    peer.send(older("_ping_", "{}", "1a"));
    peer.send(older("_get_channel_id_", "{}", "1b"));
    peer.send(older("nothing", "{}", "1c"));
    peer.send(older("_secret", "{}", "1d"));
    peer.send("{\"request\":{\"method\":\"nothing\",\"arguments\":{}},\"response\":null}");
    assertThat(peer.heard())
        .containsExactly(
            answer("\"pong\"", "str", "1a"),
            answer("\"n1-1\"", "str", "1b"),
            refusal(-32601, "Method not found", "\"1c\""),
            refusal(-32601, "Method not found", "\"1d\""));

    peer.queue(older("add", "{\"a\":2,\"b\":3}", "1e"));
    network.runUntil(() -> !peer.heardNothing(), SOON);
    assertThat(peer.heard()).containsExactly(answer("5", "int", "1e"));
  }

  @Test
  void theOlderWireIsCalledAndToldToo() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    Caller caller = meet(peer, older("meet", "{}", "1a"));
    peer.heard();

    CompletableFuture<?> call =
        caller.peer().callAsync("ask", RawJson.parse("{\"a\":1}"), Integer.class, options());
    network.runUntil(() -> !peer.heardNothing(), SOON);
    assertThat(peer.heard()).containsExactly(older("ask", "{\"a\":1}", "s:1"));
    peer.send(answer("7", "int", "s:1"));
    network.runUntil(call::isDone, SOON);
    assertThat(call.join()).isEqualTo(7);

    CompletableFuture<?> positional =
        caller.peer().callAsync("ask", RawJson.parse("[1]"), Integer.class, options());
    network.runUntil(positional::isDone, SOON);
    assertThatThrownBy(positional::join)
        .hasRootCauseMessage("this peer takes named parameters only (-32602)");
    var offered = caller.peer().notify("tell", null);
    network.runUntilIdle();
    assertThat(offered).isEqualTo(Offer.QUEUED);
    assertThat(peer.heard())
        .containsExactly(
            "{\"request\":{\"method\":\"tell\",\"arguments\":{},\"call_id\":null},\"response\":null}");
  }

  @Test
  void badInputOnTheOlderWireIsAnsweredAndTheNextIsHeard() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    peer.send(older("_ping_", "{}", "1a"));
    peer.heard();
    peer.send("{\"request\":");
    peer.send("[" + older("_ping_", "{}", "1b") + "]");
    peer.send("{\"request\":{\"method\":1,\"call_id\":\"1c\"}}");
    peer.send("{\"response\":{\"result\":1,\"call_id\":\"unknown\"}}");
    peer.send(older("_ping_", "{}", "1d"));

    assertThat(peer.heard())
        .containsExactly(
            refusal(-32700, "Parse error: byte 11: expected a value", "null"),
            refusal(-32600, "Invalid Request: expected an object", "null"),
            refusal(-32600, "Invalid Request: method: expected a string", "\"1c\""),
            answer("\"pong\"", "str", "1d"));
  }

  @Test
  void onlyTheFirstMessageSwitchesToTheOlderWire() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    peer.send(request(1, "nothing", "[]"));
    peer.heard();
    peer.send(older("_ping_", "{}", "1a"));

    assertThat(peer.heard().getFirst()).contains("\"jsonrpc\":\"2.0\"", "-32600");
    assertThat(error(peer.call(2, "_ping_", "[]"))).isEqualTo(-32601);
  }

  @Test
  void theOlderWireInBinaryMessages() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    peer.sendBinary(utf8(older("_ping_", "{}", "1a")));

    assertThat(peer.heard()).containsExactly("binary " + answer("\"pong\"", "str", "1a"));
  }

  @Test
  void onePathHasOneDialect() {
    assertThatThrownBy(() -> builder("x").dialect("/", Dialect.FASTAPI_RPC))
        .hasMessage("path: \"/\" (expected: not given before)");
    assertThatThrownBy(() -> builder("x").path("/old").start())
        .hasMessage("path: \"/old\" (expected: not given before)");
  }

  // ---- helpers

  /** Lets a peer call {@code meet} and gives what the handler saw of it. */
  private Caller meet(TestPeer peer, String request) {
    peer.queue(request);
    network.runUntil(() -> !peer.heardNothing(), SOON);
    return met.join();
  }

  private String awaited(TestPeer peer, int id, String method, String params) {
    peer.queue(request(id, method, params));
    network.runUntil(() -> !peer.heardNothing(), SOON);
    return result(peer.response(id));
  }

  private static CallOptions options() {
    return CallOptions.within(SOON);
  }

  private static String request(int id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\""
        + method
        + "\",\"params\":"
        + params
        + "}";
  }

  private static String older(String method, String arguments, String callId) {
    return "{\"request\":{\"method\":\""
        + method
        + "\",\"arguments\":"
        + arguments
        + ",\"call_id\":\""
        + callId
        + "\"},\"response\":null}";
  }

  private static String answer(String result, String type, String callId) {
    return "{\"request\":null,\"response\":{\"result\":"
        + result
        + ",\"result_type\":\""
        + type
        + "\",\"call_id\":\""
        + callId
        + "\"}}";
  }

  private static String refusal(int code, String message, String callId) {
    return "{\"request\":null,\"response\":{\"result\":null,\"result_type\":\"error\",\"call_id\":"
        + callId
        + ",\"error\":{\"code\":"
        + code
        + ",\"message\":\""
        + message
        + "\"}}}";
  }

  private static String result(RawJson response) {
    return String.valueOf(response.members().get("result"));
  }

  private static long error(RawJson response) {
    var error = response.members().object("error");
    if (error == null) {
      throw new AssertionError("no error: " + response);
    }
    return error.integer("code");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
