package dev.everwire.it.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * What two ends have to get right together: every library as client and as server, calling and
 * being called.
 */
@ParameterizedClass
@MethodSource("ways")
@ExtendWith(Peers.Shared.class)
final class LibrariesIT {

  enum They {
    CONNECT,
    LISTEN
  }

  enum Call {
    THEIRS,
    OURS
  }

  private static final AtomicInteger TOKENS = new AtomicInteger();
  private static House house;

  private final Library library;
  private final They they;
  private final Call call;
  private final Peers peers;
  private Pair pair;

  LibrariesIT(Library library, They they, Call call, Peers peers) {
    this.library = library;
    this.they = they;
    this.call = call;
    this.peers = peers;
  }

  static Stream<Arguments> ways() {
    return Stream.of(Library.values())
        .flatMap(library ->
            Stream.of(
                    arguments(library, They.CONNECT, Call.THEIRS),
                    arguments(library, They.LISTEN, Call.OURS),
                    arguments(library, They.CONNECT, Call.OURS),
                    arguments(library, They.LISTEN, Call.THEIRS))
                .limit(library.has(Trait.TWO_WAY) ? 4 : 2));
  }

  @BeforeAll
  static void build() throws Exception {
    house = new House();
  }

  @AfterAll
  static void close() {
    house.close();
  }

  @BeforeEach
  void connect() throws Exception {
    Theirs theirs = peers.get(library);
    pair =
        they == They.CONNECT ? new Pair.TheirClient(theirs, house) : new Pair.TheirServer(theirs);
  }

  @AfterEach
  void disconnect() throws Exception {
    pair.disconnect();
  }

  @Test
  void parametersGoByPositionAndByName() throws Exception {
    assertThat(caller().ask("subtract", Json.of("[42, 23]"))).isEqualTo(Answer.result("19"));
    assertThat(caller().ask("subtract", Json.of("{'subtrahend': 23, 'minuend': 42}")))
        .isEqualTo(Answer.result("19"));
  }

  @Test
  void valuesComeBackAsTheyWere() throws Exception {
    for (String value :
        List.of(
            "[[], {}, [null], [[[]]]]",
            "['', 'ä€😀🏳️‍🌈', '\\u0000\\n\\\\/\\'', '\\u2028']",
            "[0, -1, 9007199254740991, 1.5e300, 0.1, -2.5, true, false]",
            "{'a': {'b': [{'c': 'ü'}]}, '': 1, 'ä': 2, '$/x': 3, '__proto': 4}")) {
      JsonNode params = Json.of(value);
      assertThat(caller().ask("echo", params)).isEqualTo(new Answer.Result(params));
    }
  }

  @Test
  void aNullResultIsAnAnswer() throws Exception {
    assertThat(caller().ask("nothing", (JsonNode) null)).isEqualTo(Answer.result("null"));
    assertThat(caller().ask("echo", (JsonNode) null)).isEqualTo(Answer.result("null"));
  }

  @Test
  void anErrorComesWithItsCodeItsMessageAndItsData() throws Exception {
    assertThat(caller().ask("fail", Json.of("[1]")))
        .isEqualTo(new Answer.Refused(7, "seven", Json.of("{'why': [1, 'ü']}")));
    assertThat(caller().ask("echo", Json.of("[1]"))).isEqualTo(Answer.result("[1]"));
  }

  @Test
  void anUnknownMethodIsNotFound() throws Exception {
    for (String method : List.of("foobar", "Echo", "rpc.foobar", "ü")) {
      assertRefused(-32601, caller().ask(method, Json.of("[1]")));
    }
  }

  @Test
  void notificationsAreHandledInOrderAndNotAnswered() throws Exception {
    String of = token();
    assertThat(caller().ask("echo", Json.of("[1]"))).isEqualTo(Answer.result("[1]"));
    long before = caller().received();
    for (int n = 0; n < 50; n++) {
      caller().notify("note", Json.object(Map.of("of", of, "n", n)));
    }
    assertThat(caller().ask("noted", Map.of("of", of)))
        .isEqualTo(new Answer.Result(Json.value(IntStream.range(0, 50).toArray())));
    if (before >= 0) {
      assertThat(caller().received()).isEqualTo(before + 1);
    }
  }

  @Test
  void anUnknownNotificationDisturbsNobody() throws Exception {
    for (String method : List.of("foobar", "$/foobar", "rpc.foobar")) {
      caller().notify(method, Json.of("{'a': 1}"));
    }
    assertThat(caller().ask("echo", Json.of("[1]"))).isEqualTo(Answer.result("[1]"));
  }

  @Test
  void aFastCallOvertakesASlowOne() throws Exception {
    String token = token();
    Ongoing slow = caller().call("hold", Json.object(Map.of("token", token)));
    assertThat(caller().ask("begun", Map.of("token", token))).isEqualTo(Answer.result("true"));
    assertThat(caller().ask("echo", Json.of("[1]"))).isEqualTo(Answer.result("[1]"));
    assertThat(slow.ended()).isFalse();
    assertThat(caller().ask("release", Map.of("token", token))).isEqualTo(Answer.result("true"));
    assertThat(slow.answer()).isEqualTo(new Answer.Result(Json.value(token)));
  }

  @Test
  void manyCallsAtOnceGetTheirOwnAnswers() throws Exception {
    List<Ongoing> calls = new ArrayList<>();
    for (int n = 0; n < 100; n++) {
      calls.add(caller().call("echo", Json.value(List.of(n, "x".repeat(n)))));
      if (library.has(Trait.TWO_WAY)) {
        calls.add(callee().call("echo", Json.value(List.of(n, "x".repeat(n)))));
      }
    }
    int each = calls.size() / 100;
    for (int at = 0; at < calls.size(); at++) {
      int n = at / each;
      assertThat(calls.get(at).answer())
          .isEqualTo(new Answer.Result(Json.value(List.of(n, "x".repeat(n)))));
    }
  }

  @Test
  void whoIsCalledCallsBackMeanwhile() throws Exception {
    assumeTrue(library.has(Trait.TWO_WAY), "one way only");
    JsonNode params = Json.of("{'method': 'echo', 'params': {'deep': true}}");
    assertThat(caller().ask("back", params)).isEqualTo(Answer.result("{'deep': true}"));
    JsonNode failing = Json.of("{'method': 'fail', 'params': {}}");
    assertThat(caller().ask("back", failing))
        .isEqualTo(new Answer.Refused(7, "seven", Json.of("{'why': [1, 'ü']}")));
  }

  @Test
  void callsGoBackAndForthInsideEachOther() throws Exception {
    assumeTrue(library.has(Trait.TWO_WAY), "one way only");
    JsonNode params = Json.of("{'deep': true}");
    String method = "echo";
    for (int depth = 0; depth < 7; depth++) {
      params = Json.object(Map.of("method", method, "params", params));
      method = "back";
    }
    assertThat(caller().ask(method, params)).isEqualTo(Answer.result("{'deep': true}"));
  }

  @Test
  void aCancelledCallIsAnsweredAsSuchAndItsHandlerStops() throws Exception {
    assumeTrue(call == Call.OURS || library.has(Trait.CANCELS), "cancels nothing");
    String token = token();
    if (they == They.CONNECT) { // our server tells only those who speak like that themselves
      pair.theirs().notify("$/trace", Json.of("{}"));
      Answer behind = pair.theirs().ask("echo", Json.of("[1]"));
      assertThat(behind).isEqualTo(Answer.result("[1]"));
    }
    Ongoing slow = caller().call("hold", Json.object(Map.of("token", token)));
    assertThat(caller().ask("begun", Map.of("token", token))).isEqualTo(Answer.result("true"));
    slow.cancel().run();
    assertRefused(-32800, slow.answer());
    if (call == Call.THEIRS || library.has(Trait.STOPS)) {
      assertThat(caller().ask("stopped", Map.of("token", token))).isEqualTo(Answer.result("true"));
    } else {
      assertThat(caller().ask("release", Map.of("token", token))).isEqualTo(Answer.result("true"));
    }
    assertThat(caller().ask("echo", Json.of("[1]"))).isEqualTo(Answer.result("[1]"));
  }

  @Test
  void aMegabyteGoesThereAndBack() throws Exception {
    JsonNode params = Json.value(List.of("ü".repeat(512 * 1024)));
    assertThat(caller().ask("echo", params)).isEqualTo(new Answer.Result(params));
  }

  @Test
  void aCutEndsTheCallsThatWait() throws Exception {
    assumeTrue(call == Call.OURS || library.has(Trait.ENDS_CALLS), "never ends them");
    String token = token();
    Ongoing slow = caller().call("hold", Json.object(Map.of("token", token)));
    assertThat(caller().ask("begun", Map.of("token", token))).isEqualTo(Answer.result("true"));
    pair.cut();
    assertThat(slow.answer())
        .isInstanceOfSatisfying(
            Answer.Lost.class,
            lost -> {
              if (call == Call.OURS) {
                assertThat(lost.why()).contains("may have been executed");
              }
            });
  }

  @Test
  void afterACutItGoesOnWithANewConnection() throws Exception {
    for (int cuts = 0; cuts < 3; cuts++) {
      pair.cut();
      pair.again();
      assertThat(caller().ask("subtract", Json.of("[42, 23]"))).isEqualTo(Answer.result("19"));
    }
  }

  private Side caller() {
    return call == Call.THEIRS ? pair.theirs() : pair.ours();
  }

  private Side callee() {
    return call == Call.THEIRS ? pair.ours() : pair.theirs();
  }

  private static String token() {
    return "token " + TOKENS.incrementAndGet();
  }

  private static void assertRefused(int code, Answer answer) {
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Refused.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }
}
