package dev.everwire.session.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Offer;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.internal.rpc.InboundCall;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The engine driven by hand: text in, effects out, time as a number. */
class SessionEngineTest {
  private static final long SECOND = 1_000_000_000L;
  private static final SessionLimits LIMITS =
      new SessionLimits(200, 100, 2, 3, 4, 2, Duration.ofSeconds(10));

  private final JsonRpcCodec codec = new JsonRpcCodec(200, 100);
  private final RecordedEffects effects = new RecordedEffects();
  private final SessionEngine engine = engine(Role.SERVER);
  private long now;
  private final List<CallOutcome> outcomes = new ArrayList<>();

  private SessionEngine engine(Role role) {
    return new SessionEngine(
        role,
        name ->
            switch (name) {
              case "work", "tell" ->
                  new Route.Served(Exposed.of(name, call -> null, Execution.CONCURRENT));
              case "rpc.known" -> new Route.Inline((connection, call) -> {});
              default -> null;
            },
        LIMITS,
        Heartbeat.DEFAULT,
        1.0,
        0,
        effects);
  }

  private void receive(String text) {
    engine.receive(codec.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))), now);
  }

  private void request(int id) {
    receive("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"work\"}");
  }

  private void notification() {
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"tell\"}");
  }

  private void finish(InboundCall call, String result) {
    call.answer(RawJson.parse(result));
    engine.returned(call, now);
  }

  private static String failure(String id, int code) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + code;
  }

  @Test
  void aRequestIsRunAndItsResultGoesBackUnderItsOwnId() {
    receive("{\"jsonrpc\":\"2.0\",\"id\":9007199254740993,\"method\":\"work\",\"params\":[1]}");
    assertThat(effects.next()).isEqualTo("run work");
    finish(effects.started.get(0), "{\"a\":1}");
    assertThat(effects.next())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":9007199254740993,\"result\":{\"a\":1}}");
    effects.assertExhausted();
  }

  @Test
  void aNullResultIsAnsweredAsNull() {
    request(1);
    effects.next();
    finish(effects.started.get(0), "null");
    assertThat(effects.next()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}");
  }

  @Test
  void anIdOfNullIsARequest() {
    receive("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"work\"}");
    effects.next();
    finish(effects.started.get(0), "1");
    assertThat(effects.next()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":1}");
  }

  @Test
  void anUnknownMethodIsNotFoundAndAnUnknownNotificationIsIgnored() {
    receive("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.other\"}");
    assertThat(effects.next()).startsWith(failure("1", -32601));
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"nothing\"}");
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/unheard\"}");
    effects.assertExhausted();
    assertThat(engine.ignored()).isEqualTo(2);
  }

  @Test
  void badTextIsAnsweredAndTheConversationGoesOn() {
    receive("{");
    assertThat(effects.next()).startsWith(failure("null", -32700));
    receive("{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"work\"}");
    assertThat(effects.next()).startsWith(failure("7", -32600));
    receive("[]");
    assertThat(effects.next()).startsWith(failure("null", -32600));
    request(1);
    assertThat(effects.next()).isEqualTo("run work");
  }

  @Test
  void aMalformedAnswerIsNeverAnswered() {
    receive("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1,\"error\":{\"code\":1,\"message\":\"\"}}");
    effects.assertExhausted();
    assertThat(engine.ignored()).isEqualTo(1);
  }

  @Test
  void aMalformedAnswerEndsTheCallItIsFor() {
    engine.call("hers", null, SECOND, outcomes::add);
    effects.next();
    receive("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"result\":1,\"error\":{}}");
    effects.assertExhausted();
    assertThat(outcomes).hasSize(1).first().isInstanceOf(CallOutcome.Refused.class);
  }

  @Test
  void requestsRunTogetherUpToTheBoundThenWaitThenAreRefused() {
    for (int id = 1; id <= 4; id++) {
      request(id);
    }
    assertThat(effects.next()).isEqualTo("run work");
    assertThat(effects.next()).isEqualTo("run work");
    String refused = effects.next();
    assertThat(refused).startsWith(failure("4", -32006)).contains("\"retryAfterMs\":1000");
    effects.assertExhausted();
    finish(effects.started.get(1), "2");
    assertThat(effects.all())
        .containsExactly("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":2}", "run work");
  }

  @Test
  void whileDrainingNewRequestsAreRefusedAndTheAdmittedOnesGoOn() {
    request(1);
    engine.drain();
    request(2);
    assertThat(effects.next()).isEqualTo("run work");
    assertThat(effects.next()).startsWith(failure("2", -32012)).contains("\"retryable\":true");
    finish(effects.started.get(0), "1");
    assertThat(effects.next()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}");
  }

  @Test
  void notificationsRunOneByOneAndARequestWaitsForThoseBeforeIt() {
    notification();
    request(1);
    notification();
    assertThat(effects.all()).containsExactly("run tell");
    engine.returned(effects.started.get(0), now);
    assertThat(effects.all()).containsExactlyInAnyOrder("run work", "run tell");
  }

  @Test
  void aRequestDoesNotWaitForANotificationThatMayBeWaitingForIt() {
    notification();
    request(1);
    assertThat(effects.all()).containsExactly("run tell");
    engine.call("hers", null, SECOND, outcomes::add);
    assertThat(effects.next()).contains("\"s:1\"");
    assertThat(effects.next()).isEqualTo("run work");
  }

  @Test
  void aRequestThatWaitsForRoomDoesNotHoldUpANotification() {
    request(1);
    request(2);
    request(3);
    notification();
    assertThat(effects.all()).containsExactly("run work", "run work", "run tell");
  }

  @Test
  void readingPausesWhenNotificationsPileUpAndGoesOnWhenHalfAreHandled() {
    for (int i = 0; i < 5; i++) {
      notification();
    }
    assertThat(effects.all()).containsExactly("run tell", "reading false");
    engine.returned(effects.started.get(0), now);
    assertThat(effects.all()).containsExactly("run tell");
    engine.returned(effects.started.get(1), now);
    assertThat(effects.all()).containsExactly("run tell", "reading true");
  }

  @Test
  void aBatchIsAnsweredInOneArrayWhenItsLastMemberIsDone() {
    receive(
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"work\"},1,"
            + "{\"jsonrpc\":\"2.0\",\"method\":\"tell\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"work\"}]");
    assertThat(effects.all()).containsExactly("run tell", "run work");
    engine.returned(effects.started.get(0), now);
    assertThat(effects.all()).containsExactly("run work");
    List<InboundCall> requests =
        effects.started.stream().filter(call -> !call.notification()).toList();
    finish(requests.get(1), "2");
    effects.assertExhausted();
    finish(requests.get(0), "1");
    assertThat(effects.next())
        .startsWith("[" + failure("null", -32600))
        .endsWith(
            ",{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":2},"
                + "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}]");
  }

  @Test
  void aBatchOfNotificationsIsNotAnswered() {
    receive("[{\"jsonrpc\":\"2.0\",\"method\":\"nothing\"}]");
    effects.assertExhausted();
  }

  @Test
  void aCallEndsWithItsAnswerAndALateAnswerIsIgnored() {
    engine.call("hers", RawJson.parse("[1]"), SECOND, outcomes::add);
    assertThat(effects.next())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"method\":\"hers\",\"params\":[1]}");
    receive("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"result\":5}");
    receive("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"result\":6}");
    assertThat(outcomes).containsExactly(new CallOutcome.Answered(RawJson.parse("5")));
    assertThat(engine.ignored()).isEqualTo(1);
  }

  @Test
  void aClientCountsFromOneAndHelloStandsOutsideTheCount() {
    SessionEngine client = engine(Role.CLIENT);
    client.hello(RawJson.parse("{}"), SECOND, outcomes::add);
    assertThat(effects.next()).startsWith("{\"jsonrpc\":\"2.0\",\"id\":\"h\"");
    client.call("his", null, SECOND, outcomes::add);
    assertThat(effects.next()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"his\"}");
  }

  @Test
  void callsBeyondTheBoundAreRefusedHere() {
    engine.call("hers", null, SECOND, outcomes::add);
    engine.call("hers", null, SECOND, outcomes::add);
    assertThat(engine.call("hers", null, SECOND, outcomes::add)).isNull();
    assertThat(outcomes).hasSize(1).first().isInstanceOf(CallOutcome.Refused.class);
  }

  @Test
  void aCallThatFindsTheQueueFullOrClosedEndsAtOnceAndWasNotExecuted() {
    effects.offer = Offer.FULL;
    engine.call("hers", null, SECOND, outcomes::add);
    effects.offer = Offer.CLOSED;
    engine.call("hers", null, SECOND, outcomes::add);
    assertThat(outcomes.get(0)).isInstanceOf(CallOutcome.Refused.class);
    assertThat(outcomes.get(1)).isEqualTo(new CallOutcome.Lost(false, "closed"));
    assertThat(engine.pendingCalls()).isZero();
  }

  @Test
  void aLostLinkEndsEveryCallOnceAndSaysThatItMayHaveBeenExecuted() {
    engine.call("hers", null, SECOND, outcomes::add);
    engine.call("hers", null, SECOND, outcomes::add);
    engine.lost("cut");
    engine.call("hers", null, SECOND, outcomes::add);
    assertThat(outcomes)
        .containsExactly(
            new CallOutcome.Lost(true, "cut"),
            new CallOutcome.Lost(true, "cut"),
            new CallOutcome.Lost(false, "closed"));
  }

  @Test
  void afterALostLinkWaitingRequestsAreDroppedAndNotificationsStillRun() {
    for (int id = 1; id <= 3; id++) {
      request(id);
    }
    notification();
    notification();
    effects.all();
    engine.lost("cut");
    for (InboundCall call : List.copyOf(effects.started)) {
      finish(call, "1");
    }
    assertThat(effects.all()).containsExactly("run tell");
    engine.returned(effects.started.get(3), now);
    assertThat(engine.inboundCalls()).isZero();
  }

  @Test
  void aCallPastItsDeadlineExpiresAndAnEverwirePeerIsTold() {
    engine.establish(Heartbeat.DEFAULT, 1.0, 0);
    engine.call("hers", null, 2 * SECOND, outcomes::add);
    effects.next();
    assertThat(engine.untilNextTick(SECOND)).isEqualTo(SECOND);
    engine.tick(2 * SECOND, 0, 0);
    assertThat(outcomes).containsExactly(new CallOutcome.Expired());
    assertThat(effects.next())
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":\"s:1\"}}");
  }

  @Test
  void cancellingACallEndsItAndSparesAPlainPeerTheNews() {
    RequestId id = engine.call("hers", null, SECOND, outcomes::add);
    effects.next();
    assertThat(id).isNotNull();
    engine.cancel(id);
    engine.cancel(id);
    assertThat(outcomes).containsExactly(new CallOutcome.Cancelled());
    effects.assertExhausted();
  }

  @Test
  void aCancelledRequestIsAnsweredAtOnceAndInterruptedAndItsResultIsVoid() {
    request(1);
    effects.next();
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":1}}");
    assertThat(effects.next()).startsWith(failure("1", -32800));
    assertThat(effects.next()).isEqualTo("interrupt work");
    finish(effects.started.get(0), "1");
    effects.assertExhausted();
    assertThat(engine.inboundCalls()).isZero();
  }

  @Test
  void aRequestCancelledWhileItWaitsNeverStarts() {
    for (int id = 1; id <= 3; id++) {
      request(id);
    }
    effects.all();
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":3}}");
    assertThat(effects.next()).startsWith(failure("3", -32800));
    finish(effects.started.get(0), "1");
    assertThat(effects.all()).containsExactly("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}");
  }

  @Test
  void aPingIsAnsweredAndNonsenseAfterTheDollarIsIgnored() {
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/ping\"}");
    assertThat(effects.next()).isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"$/pong\"}");
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/pong\"}");
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":[1]}");
    effects.assertExhausted();
  }

  @Test
  void aSilentPlainPeerIsPingedByFrameAndGivenUp() {
    engine.tick(25 * SECOND, 0, 0);
    assertThat(effects.next()).isEqualTo("ping frame");
    engine.tick(35 * SECOND, 0, 0);
    assertThat(effects.next()).isEqualTo("close 4001 heartbeat lost");
    assertThat(engine.untilNextTick(35 * SECOND)).isEqualTo(Long.MAX_VALUE);
    engine.tick(36 * SECOND, 0, 0);
    effects.assertExhausted();
  }

  @Test
  void anEverwirePeerIsPingedByMessage() {
    engine.establish(Heartbeat.DEFAULT, 1.0, 0);
    engine.tick(25 * SECOND, 0, 0);
    assertThat(effects.next()).isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"$/ping\"}");
  }

  @Test
  void whileWeDoNotReadThePeerIsNotBlamedForSilence() {
    engine.writable(false, 24 * SECOND, 0);
    assertThat(effects.next()).isEqualTo("reading false");
    engine.tick(30 * SECOND, 0, 0);
    effects.assertExhausted();
    engine.writable(true, 31 * SECOND, 0);
    assertThat(effects.next()).isEqualTo("reading true");
    engine.tick(40 * SECOND, 0, 0);
    effects.assertExhausted();
  }

  @Test
  void aPeerThatDoesNotReadIsGivenUpAndItsRequestsDoNotStart() {
    engine.writable(false, 0, 0);
    effects.next();
    request(1);
    effects.assertExhausted();
    assertThat(engine.untilNextTick(0)).isEqualTo(10 * SECOND);
    engine.tick(10 * SECOND, 10 * SECOND, 0);
    assertThat(effects.next()).isEqualTo("close 4002 does not read");
    assertThat(engine.untilNextTick(10 * SECOND)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aPeerThatReadsSlowlyIsNotGivenUp() {
    engine.writable(false, 0, 1_000);
    effects.next();
    engine.tick(10 * SECOND, 0, 900);
    engine.tick(20 * SECOND, 0, 899);
    effects.assertExhausted();
    engine.tick(30 * SECOND, 0, 899);
    assertThat(effects.next()).isEqualTo("close 4002 does not read");
  }

  @Test
  void aPauseOfOursInTheMiddleOfAPingIsNotHeldAgainstThePeer() {
    engine.tick(25 * SECOND, 0, 0);
    engine.writable(false, 26 * SECOND, 0);
    engine.writable(true, 35 * SECOND - 1, 0);
    effects.all();
    engine.tick(35 * SECOND, 0, 0);
    effects.assertExhausted();
  }

  @Test
  void handlersThatWaitForThePeerMakeRoomForThoseThatFreeThem() {
    request(1);
    request(2);
    request(3);
    assertThat(effects.all()).containsExactly("run work", "run work");
    engine.call("hers", null, SECOND, outcomes::add);
    assertThat(effects.next()).contains("\"s:1\"");
    assertThat(effects.next()).isEqualTo("run work");
  }

  @Test
  void anAnswerThatAHandlerWaitsForIsReadHoweverManyNotificationsWait() {
    for (int i = 0; i < 5; i++) {
      notification();
    }
    assertThat(effects.all()).containsExactly("run tell", "reading false");
    engine.call("hers", null, SECOND, outcomes::add);
    assertThat(effects.next()).contains("\"s:1\"");
    assertThat(effects.next()).isEqualTo("reading true");
    receive("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"result\":5}");
    assertThat(outcomes).hasSize(1);
    assertThat(effects.next()).isEqualTo("reading false");
  }

  @Test
  void notificationsWithoutEndAreNotTakenIn() {
    engine.call("hers", null, SECOND, outcomes::add);
    for (int i = 0; i < 41; i++) {
      notification();
    }
    assertThat(effects.all()).contains("close 4200 too many notifications wait");
  }

  @Test
  void requestsStartAgainWhenThePeerReads() {
    engine.writable(false, 0, 0);
    request(1);
    effects.all();
    engine.writable(true, SECOND, 0);
    assertThat(effects.all()).containsExactly("run work", "reading true");
  }
}
