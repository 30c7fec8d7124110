package dev.everwire.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.Handler;
import dev.everwire.session.Peer;
import dev.everwire.testkit.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plain JSON-RPC peer meets, whichever role the other end has. */
abstract class PeerContract {
  private static final String OPEN = "{\"jsonrpc\":\"2.0\",";

  record Order(String sku, int quantity) {}

  final MemoryNetwork network = new MemoryNetwork();

  /** Handlers run when a test lets them. */
  final Queue<Runnable> work = new ArrayDeque<>();

  private int runs;

  /** Connects a raw end to the one under test, which serves these methods. */
  abstract RawEnd connected(Map<String, Handler> methods);

  /** The raw end, as the one under test calls it. */
  abstract Peer peer();

  /** The raw end comes again after it was cut. */
  abstract RawEnd connectedAgain(RawEnd former);

  private RawEnd end() {
    Map<String, Handler> methods = new LinkedHashMap<>();
    methods.put("echo", call -> call.params().raw());
    methods.put("order", call -> call.params().as(Order.class));
    methods.put("nothing", call -> null);
    methods.put(
        "count",
        call -> {
          runs++;
          return runs;
        });
    methods.put(
        "secret",
        call -> {
          throw new IllegalArgumentException("password hunter2 in com.acme.Vault");
        });
    methods.put(
        "error",
        call -> {
          throw new StackOverflowError("deep inside");
        });
    methods.put(
        "unwritable",
        call -> {
          return (Iterable<String>)
              () -> {
                throw new IllegalStateException("hunter2");
              };
        });
    methods.put(
        "refuse",
        call -> {
          throw new FaultException(4711, "sold out", RawJson.parse("{\"left\":0}"));
        });
    return connected(methods);
  }

  /** Lets everything happen that can. */
  void settle() {
    do {
      network.runUntilIdle();
      for (Runnable next = work.poll(); next != null; next = work.poll()) {
        next.run();
      }
    } while (network.runUntilIdle() > 0 || !work.isEmpty());
  }

  private String answer(RawEnd end, String request) {
    end.say(request);
    settle();
    String answer = end.hear();
    end.hearNothing();
    return answer;
  }

  private static String request(Object id, String method, String params) {
    return OPEN + "\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}";
  }

  private static String result(Object id, String result) {
    return OPEN + "\"id\":" + id + ",\"result\":" + result + "}";
  }

  // ---- calls that come

  @ParameterizedTest
  @ValueSource(
      strings = {"7", "0", "-3", "\"seven\"", "\"\"", "null", "1.50", "9007199254740993", "1e2"})
  void anIdComesBackAsItWas(String id) {
    assertThat(answer(end(), request(id, "echo", "[1,\"ü\",{\"a\":null}]")))
        .isEqualTo(result(id, "[1,\"ü\",{\"a\":null}]"));
  }

  @Test
  void aStructuredResultComesBackStructured() {
    assertThat(answer(end(), request(1, "order", "{\"sku\":\"a\",\"quantity\":2}")))
        .isEqualTo(result(1, "{\"sku\":\"a\",\"quantity\":2}"));
  }

  @Test
  void aNullResultIsAResult() {
    assertThat(answer(end(), request(1, "nothing", "[]"))).isEqualTo(result(1, "null"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"missing", "_private", "rpc.unknown", "$/unknown", "toString", "Echo", ""})
  void whatIsNotExposedIsNotFound(String method) {
    String answer = answer(end(), request(1, method, "[]"));

    assertThat(answer).contains("\"error\"").doesNotContain("\"result\"");
    assertThat(answer)
        .contains(method.isEmpty() ? "\"code\":" : "\"code\":" + FaultCode.METHOD_NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo", "missing", "secret", "_private"})
  void aNotificationIsNeverAnswered(String method) {
    RawEnd end = end();

    end.say(OPEN + "\"method\":\"" + method + "\"}");
    settle();

    end.hearNothing();
    assertThat(answer(end, request(1, "nothing", "[]"))).isEqualTo(result(1, "null"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret", "error", "unwritable"})
  void whatAHandlerDidNotSayOnPurposeStaysHere(String method) {
    String answer = answer(end(), request(1, method, "[]"));

    assertThat(answer).contains("\"code\":" + FaultCode.INTERNAL).contains("incident");
    assertThat(answer)
        .doesNotContain("hunter2", "acme", "deep inside", "Exception", "Error:", "jackson");
  }

  @Test
  void aFaultSaidOnPurposeArrivesWithItsData() {
    assertThat(answer(end(), request(1, "refuse", "[]")))
        .isEqualTo(
            OPEN
                + "\"id\":1,\"error\":{\"code\":4711,\"message\":\"sold out\",\"data\":{\"left\":0}}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"sku\":\"a\",\"quantity\":\"many\"}", "[\"a\",{}]"})
  void paramsThatDoNotFitAreInvalidAndNothingInternalIsTold(String params) {
    assertThat(answer(end(), request(1, "order", params)))
        .contains("\"code\":" + FaultCode.INVALID_PARAMS)
        .doesNotContain("jackson", "Exception", "dev.everwire", "http");
  }

  // ---- what is no call

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"", "x", "{} {}", ""})
  void incompleteJsonIsAParseErrorAndTheConversationGoesOn(String text) {
    RawEnd end = end();

    assertThat(answer(end, text))
        .contains("\"id\":null")
        .contains("\"code\":" + FaultCode.PARSE_ERROR);
    assertThat(answer(end, request(1, "nothing", "[]"))).isEqualTo(result(1, "null"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "1",
        "\"text\"",
        "null",
        "[]",
        "{\"id\":1}",
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
        "{\"id\":1,\"method\":\"echo\"}",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"echo\"}",
        "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"echo\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"echo\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"echo\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":7}"
      })
  void whatIsNoRequestIsInvalidAndTheConversationGoesOn(String text) {
    RawEnd end = end();

    assertThat(answer(end, text)).contains("\"code\":" + FaultCode.INVALID_REQUEST);
    assertThat(answer(end, request(1, "nothing", "[]"))).isEqualTo(result(1, "null"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":1}",
        "{\"jsonrpc\":\"2.0\",\"id\":\"s:99\",\"result\":1}",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"Parse error\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":1,\"error\":{\"code\":1,\"message\":\"\"}}"
      })
  void anAnswerToNothingIsIgnored(String text) {
    RawEnd end = end();

    end.say(text);
    settle();

    end.hearNothing();
    assertThat(answer(end, request(1, "nothing", "[]"))).isEqualTo(result(1, "null"));
  }

  @Test
  void ofTwoRequestsWithOneIdAtOnceExactlyOneIsServed() {
    RawEnd end = end();

    end.say(request(1, "count", "[]"));
    end.say(request(1, "count", "[]"));
    String first = end.hear();
    settle();

    assertThat(first).contains("\"code\":" + FaultCode.INVALID_REQUEST);
    assertThat(end.hear()).isEqualTo(result(1, "1"));
    end.hearNothing();
    assertThat(answer(end, request(1, "count", "[]"))).isEqualTo(result(1, "2")); // free again
  }

  // ---- calls that go

  private CompletableFuture<@Nullable Object> call(Duration within) {
    CompletableFuture<@Nullable Object> call =
        peer().callAsync("ask", List.of(1), int.class, CallOptions.within(within));
    settle();
    return call;
  }

  private static String idOf(String request) {
    RawJson id = RawJson.parse(request).members().get("id");
    return String.valueOf(id);
  }

  @Test
  void onlyTheFirstAnswerCounts() {
    RawEnd end = end();
    CompletableFuture<@Nullable Object> call = call(Duration.ofSeconds(30));
    String id = idOf(end.hear());

    end.say(result(id, "1"));
    end.say(result(id, "2"));
    settle();

    assertThat(call.join()).isEqualTo(1);
    end.hearNothing();
  }

  @Test
  void aDeadlineIsNotTheEndOfTheConnection() {
    RawEnd end = end();
    CompletableFuture<@Nullable Object> late = call(Duration.ofSeconds(2));
    String id = idOf(end.hear());

    network.advance(Duration.ofSeconds(2));
    settle();

    assertThatThrownBy(late::join)
        .hasCauseInstanceOf(FaultException.class)
        .hasMessageContaining("deadline");
    end.say(result(id, "1")); // too late, and ignored
    CompletableFuture<@Nullable Object> next = call(Duration.ofSeconds(2));
    end.say(result(idOf(end.hear()), "5"));
    settle();
    assertThat(next.join()).isEqualTo(5);
  }

  @Test
  void anAnswerCountsAsLongAsTheCallersDeadlineSays() {
    RawEnd end = end();
    CompletableFuture<@Nullable Object> call = call(Duration.ofMinutes(10));
    String id = idOf(end.hear());

    for (int minute = 0; minute < 9; minute++) {
      network.advance(Duration.ofSeconds(20));
      end.say(OPEN + "\"method\":\"alive\"}"); // or it would be taken for dead
      network.advance(Duration.ofSeconds(20));
      end.say(OPEN + "\"method\":\"alive\"}");
      network.advance(Duration.ofSeconds(20));
      end.say(OPEN + "\"method\":\"alive\"}");
    }
    end.say(result(id, "9"));
    settle();

    assertThat(call.join()).isEqualTo(9);
  }

  @Test
  void whenTheLinkIsCutEveryPendingCallEndsAtOnce() {
    RawEnd end = end();
    List<CompletableFuture<@Nullable Object>> calls =
        List.of(call(Duration.ofHours(1)), call(Duration.ofHours(1)), call(Duration.ofHours(1)));

    end.cut();
    settle();

    assertThat(calls)
        .allSatisfy(call ->
            assertThatThrownBy(call::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                    ConnectionLostException.class, e -> assertThat(e.maybeExecuted()).isTrue()));
  }

  @Test
  void aHandlerMayOutliveItsConnectionAndTheNextOneKnowsNothingOfIt() {
    RawEnd end = end();
    end.say(request(1, "count", "[]")); // waits for a worker
    end.cut();

    RawEnd next = connectedAgain(end);
    settle();

    next.hearNothing();
    assertThat(answer(next, request(1, "nothing", "[]"))).isEqualTo(result(1, "null"));
  }

  @Test
  void tenThousandCallsHaveTenThousandIds() {
    RawEnd end = end();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      List<CompletableFuture<@Nullable Object>> calls =
          Stream.generate(() -> call(Duration.ofSeconds(30))).limit(100).toList();
      calls.forEach(call -> {
        String id = idOf(end.hear());
        ids.add(id);
        end.say(result(id, String.valueOf(ids.size())));
      });
      settle();
      assertThat(calls).allMatch(CompletableFuture::isDone);
    }
    assertThat(ids).hasSize(10_000);
  }

  @Test
  void beyondAThousandPendingCallsOneMoreIsRefusedUntilOneEnds() {
    RawEnd end = end();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      CompletableFuture<@Nullable Object> unused = call(Duration.ofSeconds(20));
      ids.add(idOf(end.hear()));
    }

    CompletableFuture<@Nullable Object> refused = call(Duration.ofSeconds(20));

    assertThatThrownBy(refused::join)
        .cause()
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> assertThat(e.fault().code()).isEqualTo(FaultCode.OVERLOADED));
    end.hearNothing();
    end.say(result(ids.getFirst(), "0"));
    CompletableFuture<@Nullable Object> admitted = call(Duration.ofSeconds(20));
    end.say(result(idOf(end.hear()), "1001"));
    settle();
    assertThat(admitted.join()).isEqualTo(1_001);
  }
}
