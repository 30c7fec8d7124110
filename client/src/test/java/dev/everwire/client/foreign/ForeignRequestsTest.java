package dev.everwire.client.foreign;

import static dev.everwire.client.foreign.ForeignFixture.SECOND;
import static dev.everwire.client.foreign.ForeignFixture.failure;
import static dev.everwire.client.foreign.ForeignFixture.json;
import static dev.everwire.client.foreign.ForeignFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.foreign.handler.GenericJsonHandler;
import dev.everwire.client.foreign.handler.JsonRpcHandler;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ClientSettings;
import dev.everwire.client.link.Status;
import dev.everwire.client.link.WhenFull;
import dev.everwire.client.link.WhileAway;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.flow.RateLimiters;
import dev.everwire.session.transport.TransportLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ForeignRequestsTest {
  private static final CallOptions TEN_SECONDS = CallOptions.within(Duration.ofSeconds(10));

  private final ForeignFixture fixture = new ForeignFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private static CompletableFuture<Long> ask(ForeignClient client) {
    return ask(client, TEN_SECONDS);
  }

  private static CompletableFuture<Long> ask(ForeignClient client, CallOptions how) {
    return client.requestAsync(RawJson.parse("{\"op\":\"sum\"}"), Long.class, how);
  }

  private static int code(CompletableFuture<?> future) {
    return ((FaultException) failure(future)).fault().code();
  }

  // ---- answers

  @Test
  void anAnswerGoesToTheRequestWithItsId() {
    ForeignClient client = fixture.start(fixture.builder());
    var first = ask(client);
    var second = ask(client);
    assertThat(fixture.hear()).isEqualTo(json("{'req_id':1,'op':'sum'}"));
    assertThat(fixture.hear()).isEqualTo(json("{'req_id':2,'op':'sum'}"));
    assertThat(client.pendingRequests()).isEqualTo(2);
    fixture.say("{'req_id':2,'result':22}");
    assertThat(first).isNotDone();
    assertThat(second).isCompletedWithValue(22L);
    fixture.say("{'req_id':'1','result':11}");
    assertThat(first).isCompletedWithValue(11L);
    assertThat(client.pendingRequests()).isZero();
  }

  @Test
  void anAnswerWithAnUnknownIdIsIgnored() {
    fixture.start(fixture.builder());
    fixture.say("{'req_id':77,'result':1}");
    assertThat(fixture.happenings()).hasSize(1); // connected
    assertThat(fixture.service.connections()).isEqualTo(1);
  }

  @Test
  void anErrorIsAFaultAndNeverAResult() {
    ForeignClient client = fixture.start(fixture.builder(JsonRpcHandler.create()));
    var typed = client.requestAsync(JsonRpcHandler.request("a", null), Long.class, TEN_SECONDS);
    var raw =
        client.requestRawAsync(ForeignMessage.json(JsonRpcHandler.request("b", null)), TEN_SECONDS);
    for (int i = 0; i < 2; i++) {
      fixture.server().refuse(fixture.server().hear(), -32601, "no such method");
    }
    for (var future : List.of(typed, raw)) {
      assertThat(code(future)).isEqualTo(-32601);
      assertThat(failure(future)).hasMessageContaining("no such method");
    }
  }

  @Test
  void aRawRequestBringsTheWholeMessage() {
    ForeignClient client = fixture.start(fixture.builder());
    var raw = client.requestRawAsync(text("{'op':'x'}"), TEN_SECONDS);
    fixture.say("{'req_id':1,'result':11,'more':true}");
    assertThat(raw).isCompletedWithValue(text("{'req_id':1,'result':11,'more':true}"));
  }

  @Test
  void aResultThatDoesNotFitTheTypeIsTheCallersError() {
    ForeignClient client = fixture.start(fixture.builder());
    var future = ask(client);
    fixture.say("{'req_id':1,'result':'text'}");
    assertThat(failure(future)).isInstanceOf(IllegalArgumentException.class);
    assertThat(client.status()).isInstanceOf(Status.Ready.class);
  }

  // ---- bounds

  @Test
  void aRequestIsGivenUpAtItsDeadlineWhichCoversQueueingToo() {
    ForeignClient client = fixture.start(fixture.builder());
    fixture.service.refuseEveryConnection(503);
    fixture.server().cut();
    var future = ask(client); // waits for a connection
    fixture.network.advance(Duration.ofSeconds(9));
    assertThat(future).isNotDone();
    fixture.network.advance(SECOND);
    assertThat(code(future)).isEqualTo(FaultCode.DEADLINE_PASSED);
    assertThat(client.pendingRequests()).isZero();
  }

  @Test
  void whatNobodyWaitsForAnyMoreIsNeverSent() {
    ForeignClient client = fixture.start(fixture.builder());
    fixture.service.refuseConnection(503);
    fixture.server().cut();
    var late = ask(client, CallOptions.within(Duration.ofMillis(1_500)));
    var cancelled = ask(client);
    cancelled.cancel(false);
    var wanted = ask(client);
    fixture.network.advance(Duration.ofSeconds(2)); // the second dial comes through
    assertThat(late).isCompletedExceptionally();
    assertThat(fixture.service.connections()).isEqualTo(2);
    assertThat(fixture.hear()).isEqualTo(json("{'req_id':2,'op':'sum'}"));
    fixture.server().hearNothing();
    fixture.say("{'req_id':2,'result':3}");
    assertThat(wanted).isCompletedWithValue(3L);
  }

  @Test
  void onlySoManyRequestsMayBePending() {
    ForeignClient client = fixture.start(fixture.builder().maxPending(2));
    var first = ask(client);
    ask(client);
    assertThat(code(settled(ask(client)))).isEqualTo(FaultCode.OVERLOADED);
    fixture.say("{'req_id':1,'result':1}");
    assertThat(first).isCompleted();
    assertThat(settled(ask(client))).isNotDone();
  }

  @Test
  void aDuplicateIdIsAnErrorOfItsOwn() {
    ProtocolHandler always7 =
        new Changed(GenericJsonHandler.builder().numericIds().build()) {
          @Override
          public String newRequestId(RequestIds ids) {
            return "7";
          }
        };
    ForeignClient client = fixture.start(fixture.builder(always7));
    var first = ask(client);
    var second = ask(client);
    assertThat(code(settled(second))).isEqualTo(FaultCode.CONFLICT);
    assertThat(failure(second)).hasMessageContaining("a request with the id 7 is pending");
    fixture.say("{'req_id':7,'result':1}");
    assertThat(first).isCompletedWithValue(1L);
  }

  @Test
  void aRequestThatCannotTakeAnIdIsRefusedAndTheClientGoesOn() {
    ForeignClient client = fixture.start(fixture.builder());
    var future = client.requestRawAsync(ForeignMessage.text("no object"), TEN_SECONDS);
    assertThat(failure(settled(future))).hasMessage("request: no JSON object (expected: one)");
    assertThat(client.pendingRequests()).isZero();
    assertThat(settled(ask(client))).isNotDone();
  }

  // ---- when the connection is lost

  @Test
  void aLostConnectionEndsWhatWasSentOnItAtOnce() {
    ForeignClient client = fixture.start(fixture.builder());
    var sent = ask(client);
    fixture.hear();
    fixture.server().cut();
    assertThat(failure(sent)).isInstanceOf(ConnectionLostException.class);
    assertThat(((ConnectionLostException) failure(sent)).maybeExecuted()).isTrue();
  }

  @Test
  void anIdempotentRequestIsSentAgainBeforeAllThatWaits() {
    ForeignClient client = fixture.start(fixture.builder());
    var again = ask(client, TEN_SECONDS.idempotent());
    fixture.hear();
    fixture.server().cut();
    ask(client);
    fixture.network.advance(SECOND);
    assertThat(fixture.hear()).isEqualTo(json("{'req_id':1,'op':'sum'}"));
    assertThat(fixture.hear()).isEqualTo(json("{'req_id':2,'op':'sum'}"));
    fixture.say("{'req_id':1,'result':1}");
    assertThat(again).isCompletedWithValue(1L);
  }

  @Test
  void aRequestThatFailsFastDoesNotWaitForAConnection() {
    ForeignClient client = fixture.start(fixture.builder());
    fixture.server().cut();
    var fast = settled(ask(client, TEN_SECONDS.failFast()));
    assertThat(((ConnectionLostException) failure(fast)).maybeExecuted()).isFalse();
  }

  @Test
  void whereNothingMayWaitEverythingFailsFast() {
    ForeignClient client = fixture.start(fixture.builder().whileAway(WhileAway.FAIL_FAST));
    fixture.server().cut();
    assertThat(client.sendText("x")).isEqualTo(Offer.CLOSED);
    assertThat(settled(ask(client))).isCompletedExceptionally();
    fixture.network.advance(SECOND);
    assertThat(client.sendText("y")).isEqualTo(Offer.QUEUED);
    assertThat(fixture.hear()).isEqualTo("y");
  }

  @Test
  void messagesWaitForAConnectionWithinBoundsAndCanBeSeen() {
    ForeignClient client =
        fixture.start(
            fixture.builder().whileAway(WhileAway.queue(2, 1_000, Duration.ofSeconds(30))));
    fixture.server().cut();
    assertThat(client.sendText("a")).isEqualTo(Offer.QUEUED);
    fixture.network.advance(Duration.ofMillis(500));
    assertThat(client.sendText("bc")).isEqualTo(Offer.QUEUED);
    assertThat(client.sendText("d")).isEqualTo(Offer.FULL);
    assertThat(client.queued().messages()).isEqualTo(2);
    assertThat(client.queued().bytes()).isEqualTo(3);
    assertThat(client.queued().oldestAge()).isEqualTo(Duration.ofMillis(500));
    fixture.network.advance(SECOND);
    assertThat(fixture.hear() + fixture.hear()).isEqualTo("abc");
    assertThat(client.queued().messages()).isZero();
  }

  @Test
  void theOldestGiveWayOrGetTooOldAndThatIsObserved() {
    List<String> observed = new ArrayList<>();
    ForeignClient client =
        fixture.start(
            fixture
                .builder()
                .observer(what -> observed.add(what.toString()))
                .whileAway(
                    WhileAway.queue(2, 1_000, Duration.ofSeconds(5))
                        .whenFull(WhenFull.DROP_OLDEST)));
    fixture.service.refuseEveryConnection(503);
    fixture.server().cut();
    var oldest = ask(client);
    settled(oldest);
    client.sendText("b");
    client.sendText("c");
    assertThat(failure(settled(oldest))).hasMessageContaining("too many wait");
    fixture.network.advance(Duration.ofSeconds(5));
    assertThat(observed).contains("QueueDropped[messages=2, why=waited too long]");
    assertThat(client.queued().messages()).isZero();
  }

  @Test
  void closingEndsWhatWaits() {
    ForeignClient client = fixture.start(fixture.builder());
    var sent = ask(client);
    fixture.hear();
    client.closeAsync();
    fixture.network.advance(SECOND);
    assertThat(failure(sent)).isInstanceOf(ConnectionLostException.class);
    assertThat(settled(ask(client))).isCompletedExceptionally();
    assertThat(client.sendText("x")).isEqualTo(Offer.CLOSED);
  }

  // ---- rate limiters

  @Test
  void aLimitedRequestWaitsForItsTokenAndHoldsUpNoOther() {
    RateLimiters limiters = new RateLimiters(fixture.network.time()::now).add("slow", 1, 1);
    ForeignClient client = fixture.start(fixture.builder().rateLimiters(limiters));
    ask(client, TEN_SECONDS.limitedBy("slow"));
    ask(client, TEN_SECONDS.limitedBy("slow"));
    ask(client);
    assertThat(fixture.hear()).contains(":1,");
    assertThat(fixture.hear()).contains(":3,");
    fixture.server().hearNothing();
    fixture.network.advance(SECOND);
    assertThat(fixture.hear()).contains(":2,");
  }

  @Test
  void aRequestMayRatherBeRefusedThanWaitForAToken() {
    RateLimiters limiters = new RateLimiters(fixture.network.time()::now).add("slow", 1, 1);
    ForeignClient client = fixture.start(fixture.builder().rateLimiters(limiters));
    ask(client, TEN_SECONDS.limitedOrRefused("slow"));
    var second = settled(ask(client, TEN_SECONDS.limitedOrRefused("slow")));
    assertThat(code(second)).isEqualTo(FaultCode.RATE_LIMITED);
  }

  @Test
  void anUnknownLimiterIsAnError() {
    ForeignClient client = fixture.start(fixture.builder());
    assertThatThrownBy(() -> ask(client, TEN_SECONDS.limitedBy("nobody")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("limiter: nobody (expected: ");
    ProtocolHandler handler =
        GenericJsonHandler.builder().limiter(Sending.SUBSCRIBE, "nobody").build();
    assertThatThrownBy(() -> fixture.builder(handler).start())
        .hasMessageStartingWith("limiter: nobody (expected: ");
  }

  @Test
  void whatWaitsForItsTokenDoesNotGetTooOldForThat() {
    RateLimiters limiters = new RateLimiters(fixture.network.time()::now).add("slow", 1, 0.01);
    ForeignClient client = fixture.start(fixture.builder().rateLimiters(limiters));
    CallOptions patient = CallOptions.within(Duration.ofMinutes(5)).limitedBy("slow");
    ask(client, patient);
    var second = ask(client, patient);
    fixture.hear();
    fixture.network.advance(Duration.ofSeconds(99));
    assertThat(second).isNotDone();
    fixture.network.advance(Duration.ofSeconds(2));
    assertThat(fixture.hear()).contains(":2,");
  }

  // ---- what must not happen

  @Test
  void anAnswerToWhatWasNotSentYetIsNotTaken() {
    ForeignClient client =
        fixture.start(
            fixture
                .builder(GenericJsonHandler.builder().numericIds().auth("auth", "token").build())
                .token("T"));
    var waiting = ask(client);
    fixture.hear();
    fixture.say("{'req_id':1,'result':99}"); // the service's own numbering
    assertThat(waiting).isNotDone();
    fixture.say("{'op':'auth','result':true}");
    assertThat(fixture.hear()).isEqualTo(json("{'req_id':1,'op':'sum'}"));
    fixture.say("{'req_id':1,'result':11}");
    assertThat(waiting).isCompletedWithValue(11L);
  }

  @Test
  void aRequestThatWouldBlockTheLoopIsNotSent() {
    ForeignClient client = fixture.start(fixture.builder());
    List<Throwable> thrown = new ArrayList<>();
    fixture.dialer.loop().execute(() -> {});
    Runnable wrong =
        () -> {
          try {
            client.request(RawJson.parse("{}"), Long.class);
          } catch (IllegalStateException e) {
            thrown.add(e);
          }
        };
    client.requestAsync(RawJson.parse("{}"), Long.class, TEN_SECONDS).thenRun(wrong);
    fixture.hear();
    fixture.say(
        "{'req_id':1,'result':1}"); // answered on the loop, where the workers of this test run
    assertThat(thrown).hasSize(1);
    fixture.server().hearNothing();
    assertThat(client.pendingRequests()).isZero();
  }

  @Test
  void whatSomebodyElseCompletedIsNotSentAnyMore() {
    ForeignClient client = fixture.start(fixture.builder());
    fixture.server().cut();
    var waiting = ask(client);
    waiting.complete(0L);
    fixture.network.advance(SECOND);
    assertThat(fixture.service.connections()).isEqualTo(2);
    fixture.server().hearNothing();
    assertThat(client.pendingRequests()).isZero();
  }

  @Test
  void messagesThatAreNotSentInTheEndAreObserved() {
    List<String> observed = new ArrayList<>();
    ForeignClient client =
        fixture.start(fixture.builder().observer(what -> observed.add(what.toString())));
    fixture.server().cut();
    client.sendText("a");
    client.sendText("b");
    client.closeAsync();
    fixture.network.runUntilIdle();
    assertThat(observed).contains("QueueDropped[messages=2, why=closed by this client]");
  }

  @Test
  void pressureIsToldOnAndOff() {
    List<Boolean> pressure = new ArrayList<>();
    ForeignClient client =
        fixture.start(
            fixture
                .builder()
                .onPressure(pressure::add)
                .whileAway(WhileAway.queue(4, 1_000, Duration.ofSeconds(30))));
    fixture.server().cut();
    assertThat(client.sendNow(ForeignMessage.text("x"))).isEqualTo(Offer.CLOSED);
    for (int i = 0; i < 4; i++) {
      client.sendText("m");
    }
    assertThat(pressure).containsExactly(true);
    fixture.network.advance(SECOND);
    assertThat(pressure).containsExactly(true, false);
    for (int i = 0; i < 4; i++) {
      assertThat(fixture.hear()).isEqualTo("m");
    }
  }

  @Test
  void whatTheConnectionHasNoRoomForWaitsInItsOrder() {
    fixture.network.window(100);
    ForeignClient client =
        fixture.start(
            fixture
                .builder()
                .settings(
                    ClientSettings.builder()
                        .transportLimits(TransportLimits.CLIENT.withMaxQueued(100, 10))
                        .build()));
    fixture.server().reading(false);
    for (int i = 100; i < 200; i++) {
      assertThat(client.sendText("message " + i)).isEqualTo(Offer.QUEUED);
    }
    fixture.network.advance(SECOND);
    assertThat(client.queued().messages()).isGreaterThan(50);
    fixture.server().reading(true);
    fixture.network.advance(SECOND);
    for (int i = 100; i < 200; i++) {
      assertThat(fixture.hear()).isEqualTo("message " + i);
    }
    assertThat(client.queued().messages()).isZero();
  }

  // ---- configuration

  @Test
  void aBadValueIsRefusedWithItsNameAndWhatIsExpected() {
    assertThatThrownBy(() -> fixture.builder().maxPending(0))
        .hasMessage("maxPending: 0 (expected: 1-1000000)");
    assertThatThrownBy(() -> fixture.builder().maxTopics(0))
        .hasMessage("maxTopics: 0 (expected: 1-1000000)");
    assertThatThrownBy(() -> Buffering.DEFAULT.updates(0))
        .hasMessage("updates: 0 (expected: 1-10000000)");
    assertThatThrownBy(
            () -> ForeignClient.builder(fixture.service.uri(), JsonRpcHandler.create()).start())
        .hasMessageStartingWith("dialer: not set");
  }

  @Test
  void theRequestTimeoutOfTheSettingsCounts() {
    ForeignClient client =
        fixture.start(
            fixture.builder().settings(ClientSettings.builder().requestTimeout(SECOND).build()));
    assertThat(client.figures().attempts()).isEqualTo(1);
    try (var driving = fixture.network.drive()) {
      assertThat(driving).isNotNull();
      var waiter =
          CompletableFuture.runAsync(() -> client.request(RawJson.parse("{}"), Long.class));
      assertThat(fixture.hear()).isNotEmpty();
      fixture.network.advance(SECOND);
      assertThat(waiter).failsWithin(Duration.ofSeconds(10));
    }
  }

  @Test
  void everySharedHandleHasToBeClosedBeforeTheClientEnds() {
    ForeignClient client = fixture.start(fixture.builder());
    ForeignClient second = client.share();
    assertThat(client.closeAsync()).isCompleted();
    assertThat(second.status()).isInstanceOf(Status.Ready.class);
    var ended = second.closeAsync();
    fixture.network.advance(SECOND);
    assertThat(ended).isCompleted();
    assertThatThrownBy(second::share).isInstanceOf(IllegalStateException.class);
    assertThat(fixture.events.getLast()).isInstanceOf(ClientEvent.StatusChanged.class);
  }

  /** After all that can happen now has happened. */
  private <T> CompletableFuture<T> settled(CompletableFuture<T> future) {
    fixture.network.runUntilIdle();
    return future;
  }
}
