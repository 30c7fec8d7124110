package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.link.ConnectFailedException;
import dev.everwire.client.link.Status;
import dev.everwire.client.link.WhileAway;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.transport.Acceptor.Refuse;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Loop;
import dev.everwire.testkit.CutPlan;
import dev.everwire.testkit.Faults;
import dev.everwire.testkit.MemoryNetwork;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client against a scripted server, in memory and in time that the test moves. */
class ClientTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final MemoryNetwork network = new MemoryNetwork();
  private final ScriptedServer server = new ScriptedServer(network, "server");
  private final Dialer dialer = network.dialer();
  private final List<Status> statuses = new ArrayList<>();
  private Client client;

  @AfterEach
  void close() {
    if (client != null) {
      CompletableFuture<Void> ended = client.closeAsync();
      network.advance(SECOND);
      assertThat(ended).isCompleted();
      assertThat(statuses.getLast().terminal()).isTrue();
      assertThat(statuses).filteredOn(Status::terminal).hasSize(1);
    }
  }

  // ---- hello

  @Test
  void helloIsSaidFirstAndItsAnswerMakesTheClientLive() {
    start(client().name("test").version("1.2").header("Authorization", "Bearer x"));

    assertThat(server.hear())
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1,"
                + "\"client\":{\"name\":\"test\",\"version\":\"1.2\"},"
                + "\"caps\":[\"batch\",\"meta\",\"stream\",\"server-calls\",\"ack\"],"
                + "\"limits\":{\"frame\":16777216}}}");
    assertThat(server.handshake().header("authorization")).isEqualTo("Bearer x");
    assertThat(client.status()).isEqualTo(new Status.Connected());
    assertThat(client.sessionId()).isEmpty();

    server.say(ScriptedServer.WELCOME);
    assertThat(statuses).containsExactly(new Status.Connecting(1), new Status.Ready(false));
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
    assertThat(client.sessionId()).contains("S1");
  }

  @Test
  void aServerWithoutHelloIsAPlainPeer() {
    start(client());

    server.refuse(server.hear(), FaultCode.METHOD_NOT_FOUND);

    assertThat(client.status()).isEqualTo(new Status.Ready(false));
    assertThat(client.sessionId()).isEmpty();
    network.advance(Duration.ofMinutes(2));
    server.hearNothing(); // pings are frames of the WebSocket, not messages
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void aPlainClientNeverSaysHello() {
    start(client().plain());

    server.hearNothing();
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
  }

  @Test
  void aHelloThatIsNotAnsweredIsTriedAgain() {
    start(client());
    assertThat(server.hear()).contains("rpc.hello");

    network.advance(Duration.ofMillis(10_100));
    assertThat(server.closes()).containsExactly(4408);
    assertThat(brief(client.status())).isEqualTo(waiting(SECOND));

    network.advance(Duration.ofMillis(1_100));
    server.welcome();
    assertThat(statuses)
        .containsExactly(
            new Status.Connecting(1),
            waiting(SECOND),
            new Status.Connecting(2),
            new Status.Ready(false));
  }

  @Test
  void aHelloRefusedForGoodClosesTheClient() {
    start(client());

    server.refuse(server.hear(), FaultCode.UNAUTHENTICATED);

    assertThat(client.status()).isEqualTo(new Status.Failed("hello refused: no (-32001)"));
    assertThat(server.closes()).containsExactly(1000);
    network.advance(Duration.ofHours(1));
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void aHelloRefusedForNowIsTriedWhenTheServerSaid() {
    start(client());
    assertThat(server.hear()).contains("rpc.hello");

    server.say(
        "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"error\":{\"code\":-32006,\"message\":\"full\","
            + "\"data\":{\"retryable\":true,\"retryAfterMs\":7000}}}");

    assertThat(brief(client.status())).isEqualTo(waiting(Duration.ofSeconds(7 + 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{\"session\":1}", "null"})
  void aWelcomeThatMakesNoSenseIsTriedAgain(String result) {
    start(client());

    server.answer(server.hear(), result);

    assertThat(brief(client.status())).isEqualTo(waiting(SECOND));
    assertThat(server.closes()).containsExactly(1000);
  }

  // ---- dialling

  @Test
  void dialsThatFailAreRepeatedWithGrowingDelays() {
    network.faults(Faults.refuseFirst(3));
    start(client());

    network.advance(Duration.ofMillis(6_500));
    server.welcome();

    assertThat(statuses)
        .containsExactly(
            new Status.Connecting(1),
            waiting(SECOND),
            new Status.Connecting(2),
            waiting(SECOND.multipliedBy(2)),
            new Status.Connecting(3),
            waiting(SECOND.multipliedBy(3)),
            new Status.Connecting(4),
            new Status.Ready(false));
  }

  @Test
  void aPolicyThatFailsDoesNotStrandTheClient() {
    network.faults(Faults.refuseFirst(1));
    start(
        client()
            .reconnect((failures, random) -> {
              throw new IllegalStateException("policy");
            }));
    network.runUntilIdle();

    assertThat(brief(client.status())).isEqualTo(waiting(Duration.ofSeconds(60)));
  }

  @Test
  void anUpgradeRefusedForGoodClosesTheClient() {
    server.refuse(Refuse.with(403, "not you"));
    start(client());

    network.runUntilIdle();

    assertThat(brief(client.status()))
        .isInstanceOfSatisfying(
            Status.Failed.class, failed -> assertThat(failed.why()).contains("403"));
  }

  @Test
  void retryAfterOfTheServerIsObeyed() {
    server.refuse(new Refuse(503, "busy", Map.of("Retry-After", "30")));
    start(client());

    network.runUntilIdle();

    assertThat(brief(client.status())).isEqualTo(waiting(Duration.ofSeconds(30 + 1)));
  }

  @Test
  void connectThrowsWhatTheServerSaid() {
    server.refuse(Refuse.with(401, "who are you"));

    MemoryNetwork.Driving driving = network.drive();
    try {
      assertThatThrownBy(() -> client().connect())
          .isInstanceOfSatisfying(
              ConnectFailedException.class,
              failed -> assertThat(failed.httpStatus()).isEqualTo(401))
          .hasMessageContaining("ws://server/ws: ")
          .hasMessageContaining("(HTTP 401)");
    } finally {
      driving.close();
    }
  }

  @Test
  void connectGivesUpWhenItsTimeIsOver() throws Exception {
    network.faults(Faults.refuseFirst(1_000));
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            client().connectWithin(Duration.ofSeconds(5)).connect();
          } catch (ConnectFailedException e) {
            failure.complete(e);
          }
        });

    network.runUntil(() -> !statuses.isEmpty(), Duration.ofSeconds(5));
    MemoryNetwork.Driving driving = network.drive();
    try {
      network.advance(Duration.ofSeconds(6));
      assertThat(failure.get(5, TimeUnit.SECONDS))
          .hasMessageStartingWith("ws://server/ws: not connected within PT5S: ");
    } finally {
      driving.close();
    }
    assertThat(statuses.getLast()).isInstanceOf(Status.Closed.class);
  }

  @Test
  void whatIsMissingIsSaidBeforeAnythingIsDone() {
    assertThatThrownBy(() -> Client.builder(URI.create("http://server/ws")))
        .hasMessageContaining("expected: ws:// or wss://");
    assertThatThrownBy(() -> Client.builder(URI.create("ws://server/ws")).start())
        .hasMessageStartingWith("dialer: not set");
    assertThatThrownBy(() -> Client.builder(URI.create("ws://server")).dialer(dialer).start())
        .hasMessageStartingWith("values: not set");
    assertThatThrownBy(() -> client().connectWithin(Duration.ZERO))
        .hasMessage("connectWithin: PT0S (expected: > 0)");
    assertThatThrownBy(() -> client().dialTimeout(Duration.ofSeconds(-1)))
        .hasMessage("dialTimeout: PT-1S (expected: > 0, at most a day)");
    assertThatThrownBy(() -> client().maxWaiting(0, 1))
        .hasMessage("events: 0 (expected: 1-2147483647)");
  }

  // ---- calls

  @Test
  void aCallIsAnsweredWithItsResultOrItsFault() {
    live();

    Future<Object> sum = client.callAsync("add", List.of(1L, 2L), Long.class, CallOptions.DEFAULT);
    String request = server.hear();
    assertThat(request)
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"add\",\"params\":[1,2]}");
    server.answer(request, "3");
    assertThat(sum.resultNow()).isEqualTo(3L);

    Future<Object> refused = client.callAsync("x", null, Long.class, CallOptions.DEFAULT);
    server.refuse(server.hear(), 77);
    assertThat(refused.exceptionNow())
        .isInstanceOfSatisfying(
            FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(77));
  }

  @Test
  void whereNothingWaitsACallWhileNotLiveEndsAtOnceAndWasNotExecuted() {
    start(client().whileAway(WhileAway.FAIL_FAST));
    Future<Object> early = client.callAsync("add", null, Long.class, CallOptions.DEFAULT);
    network.runUntilIdle();

    assertThat(early.exceptionNow())
        .isInstanceOfSatisfying(
            ConnectionLostException.class, e -> assertThat(e.maybeExecuted()).isFalse());
    assertThat(client.notify("note", null)).isEqualTo(Offer.CLOSED);
    server.welcome();
    server.hearNothing();
    assertThat(client.notify("note", null)).isEqualTo(Offer.QUEUED);
    assertThat(server.hear()).contains("note");
  }

  @Test
  void whenTheLinkDropsEveryPendingCallEndsAtOnceAndMayHaveBeenExecuted() {
    live();
    List<Future<Object>> pending = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      pending.add(client.callAsync("add", null, Long.class, CallOptions.DEFAULT));
      assertThat(server.hear()).contains("add");
    }

    server.cut();

    for (Future<Object> call : pending) {
      assertThat(call.exceptionNow())
          .isInstanceOfSatisfying(
              ConnectionLostException.class, e -> assertThat(e.maybeExecuted()).isTrue());
    }
    assertThat(client.status()).isInstanceOf(Status.Reconnecting.class);
  }

  @Test
  void theServerCallsTheClient() {
    start(client().method("greet", call -> "hello " + call.params().get(0, "who", String.class)));
    server.welcome();

    server.say("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"method\":\"greet\",\"params\":[\"you\"]}");

    assertThat(server.hear())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"result\":\"hello you\"}");
  }

  @Test
  void theServerMayAskWhatItCanCall() {
    start(client().name("desk").version("1.4").method("greet", call -> null));
    server.welcome();

    server.say("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"method\":\"rpc.discover\"}");

    assertThat(server.hear())
        .contains("\"title\":\"desk\",\"version\":\"1.4\"", "\"name\":\"greet\"");
  }

  @Test
  void aClientNeedNotSayWhatCanBeCalled() {
    start(client().discovery(false).method("greet", call -> null));
    server.welcome();

    server.say("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"method\":\"rpc.discover\"}");

    assertThat(server.hear()).contains("-32601");
  }

  @Test
  void blockingOnTheLoopIsRefused() throws Exception {
    live();
    Subscription<String> prices = client.subscribe("prices", String.class);
    CompletableFuture<List<Throwable>> thrown = new CompletableFuture<>();
    dialer
        .loop()
        .execute(() ->
            thrown.complete(
                List.of(
                    failureOf(() -> client.call("add", null, Long.class)),
                    failureOf(prices::next),
                    failureOf(() -> prices.poll(SECOND)),
                    failureOf(() -> prices.iterator().hasNext()),
                    failureOf(() -> client().connect()))));
    network.runUntilIdle();

    assertThat(thrown.get(1, TimeUnit.SECONDS))
        .hasSize(5)
        .allSatisfy(e -> assertThat(e).isInstanceOf(IllegalStateException.class));
    assertThat(server.hear()).contains("rpc.subscribe");
  }

  // ---- coming back

  @Test
  void aConnectionThatLastedStartsTheCountOver() {
    live();
    server.cut();
    network.advance(Duration.ofMillis(1_100));
    server.welcome();
    assertThat(statuses.get(2)).isEqualTo(waiting(SECOND));
    alive(32);
    statuses.clear();

    server.cut();
    network.advance(Duration.ofMillis(1_100));

    assertThat(statuses).containsExactly(waiting(SECOND), new Status.Connecting(1));
  }

  @Test
  void aCloseCodeThatSaysStopIsObeyed() {
    live();

    server.close(4410, "kicked");

    assertThat(client.status()).isEqualTo(new Status.Failed("closed with 4410: kicked"));
    network.advance(Duration.ofHours(1));
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void aCloseCodeThatFollowsTheUpgradeAtOnceIsObeyedToo() {
    start(client());
    assertThat(server.hear()).contains("rpc.hello");

    server.close(4401, "no token");

    assertThat(client.status()).isEqualTo(new Status.Failed("closed with 4401: no token"));
  }

  @Test
  void aSilentServerIsGivenUp() {
    live();

    network.advance(Duration.ofSeconds(36));

    assertThat(server.hear()).contains("$/ping");
    assertThat(server.closes()).startsWith(4001);
    assertThat(client.status()).isNotInstanceOf(Status.Ready.class);
  }

  // ---- closing

  @Test
  void closeWinsWhileDialling() {
    network.faults(dial -> new Faults.Plan(Faults.Answer.SILENCE, Duration.ZERO, CutPlan.NEVER));
    start(client());
    network.runUntilIdle();

    closedWithinASecond();
    network.advance(Duration.ofHours(1));
    assertThat(server.connections()).isZero();
  }

  @Test
  void closeWinsWhileGreeting() {
    start(client());
    assertThat(server.hear()).contains("rpc.hello");

    closedWithinASecond();
    assertThat(server.closes()).containsExactly(1000);
  }

  @Test
  void closeWinsWhileWaiting() {
    network.faults(Faults.refuseFirst(1));
    start(client());
    network.runUntilIdle();
    assertThat(client.status()).isInstanceOf(Status.Reconnecting.class);

    closedWithinASecond();
    network.advance(Duration.ofHours(1));
    assertThat(server.connections()).isZero();
  }

  @Test
  void closeEndsEverythingThatWaits() {
    live();
    Future<Object> call = client.callAsync("add", null, Long.class, CallOptions.DEFAULT);
    Subscription<String> prices = client.subscribe("prices", String.class);
    network.runUntilIdle();

    closedWithinASecond();

    assertThat(call.exceptionNow()).isInstanceOf(ConnectionLostException.class);
    assertThatThrownBy(prices::next)
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("closed by this client");
    assertThat(prices.iterator().hasNext()).isFalse();
    Subscription<String> tooLate = client.subscribe("late", String.class);
    Future<Object> late = client.callAsync("add", null, Long.class, CallOptions.DEFAULT);
    network.runUntilIdle();
    assertThatThrownBy(tooLate::poll).isInstanceOf(NoSuchElementException.class);
    assertThat(late.exceptionNow()).isInstanceOf(ConnectionLostException.class);
    assertThat(server.hear()).contains("add");
    assertThat(server.hear()).contains("prices");
  }

  @Test
  void closeDoesNotWaitForAServerThatDoesNotAnswer() {
    live();
    network.faults(dial -> Faults.Plan.NONE);
    network.window(1);

    closedWithinASecond();
  }

  @Test
  void closingTwiceIsClosingOnce() {
    live();

    closedWithinASecond();
    closedWithinASecond();

    assertThat(statuses).filteredOn(Status.Closed.class::isInstance).hasSize(1);
  }

  @Test
  void anOwnDialerIsClosedWithTheClient() throws Exception {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Dialer own =
        new Dialer() {
          @Override
          public Loop loop() {
            return dialer.loop();
          }

          @Override
          public Attempt dial(Request request, Loop loop, Result result) {
            return dialer.dial(request, loop, result);
          }

          @Override
          public void close() {
            closed.complete(null);
          }
        };
    start(client().ownDialer(() -> own));
    server.welcome();

    server.close(4410, "kicked");

    closed.get(5, TimeUnit.SECONDS);
    client.closeAsync().get(5, TimeUnit.SECONDS);
  }

  // ---- topics

  @Test
  void aSubscriptionMadeWhileAwayIsSentOnceConnected() {
    start(client());
    Subscription<String> prices = client.subscribe("prices", String.class);
    assertThat(prices.position()).isEmpty();
    server.welcome();

    String request = server.hear();
    assertThat(request)
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.subscribe\","
                + "\"params\":{\"topic\":\"prices\"}}");
    server.hearNothing();
    server.answer(request, "{\"topic\":\"prices\",\"epoch\":\"k3\",\"offset\":120}");
    assertThat(prices.position()).contains(new Position("k3", 120));

    event("prices", 121, "\"a\"");
    assertThat(prices.poll()).contains(new Event.Item<>("a", new Position("k3", 121)));
    assertThat(prices.poll()).isEmpty();
    assertThat(prices.position()).contains(new Position("k3", 121));
  }

  @Test
  void afterAReconnectTheSubscriptionGoesOnWhereItWas() {
    live();
    Subscription<String> prices = subscribed("prices", 120);
    event("prices", 121, "\"a\"");

    server.cut();
    network.advance(Duration.ofMillis(1_100));
    server.welcome();
    String again = server.hear();
    assertThat(again).contains("\"since\":{\"epoch\":\"k3\",\"offset\":121}");
    server.answer(
        again,
        "{\"topic\":\"prices\",\"epoch\":\"k4\",\"offset\":7,\"recovered\":false,"
            + "\"reason\":\"epoch\",\"first\":1}");

    assertThat(prices.poll()).contains(new Event.Item<>("a", new Position("k3", 121)));
    assertThat(prices.poll())
        .contains(new Event.Gap<>("epoch", new Position("k3", 121), new Position("k4", 7)));
  }

  @Test
  void aHoleIsFilledFromHistory() {
    live();
    Subscription<String> prices = subscribed("prices", 120);

    event("prices", 122, "\"b\"");
    String ask = server.hear();
    assertThat(ask)
        .contains("\"rpc.history\"")
        .contains("\"since\":{\"epoch\":\"k3\",\"offset\":120},\"limit\":1");
    server.answer(
        ask,
        "{\"topic\":\"prices\",\"epoch\":\"k3\",\"offset\":122,"
            + "\"events\":[{\"offset\":121,\"data\":\"a\"}]}");

    assertThat(prices.poll()).contains(new Event.Item<>("a", new Position("k3", 121)));
    assertThat(prices.poll()).contains(new Event.Item<>("b", new Position("k3", 122)));
  }

  @Test
  void anAnnouncedGapIsPassedOn() {
    live();
    Subscription<String> prices = subscribed("prices", 120);

    server.say(
        "{\"jsonrpc\":\"2.0\",\"method\":\"$/gap\",\"params\":{\"topic\":\"prices\",\"from\":121,"
            + "\"to\":130,\"reason\":\"limit\"}}");

    assertThat(prices.poll())
        .contains(new Event.Gap<>("limit", new Position("k3", 120), new Position("k3", 130)));
  }

  @Test
  void aSubscriptionThatIsNotAnsweredIsTriedAgain() {
    live();
    Subscription<String> prices = client.subscribe("prices", String.class);
    assertThat(server.hear()).contains("\"id\":1,\"method\":\"rpc.subscribe\"");

    alive(12);
    String next = server.hear();
    while (!next.contains("\"id\":2")) {
      next = server.hear(); // pings, and that nobody waits for the first any more
    }
    server.answer(next, "{\"topic\":\"prices\",\"epoch\":\"k3\",\"offset\":120}");
    assertThat(prices.position()).contains(new Position("k3", 120));
  }

  @Test
  void aRefusedSubscriptionEndsWithTheFault() {
    live();
    Subscription<String> prices = client.subscribe("prices", String.class);

    server.refuse(server.hear(), FaultCode.FORBIDDEN);

    assertThatThrownBy(prices::next)
        .isInstanceOfSatisfying(
            FaultException.class, e -> assertThat(e.fault().code()).isEqualTo(FaultCode.FORBIDDEN));
    assertThatThrownBy(() -> prices.iterator().hasNext()).isInstanceOf(FaultException.class);
    prices.close();
    server.hearNothing();
  }

  @Test
  void aClientClosedByTheServerEndsItsSubscriptionsWithTheReason() {
    live();
    Subscription<String> prices = subscribed("prices", 120);
    event("prices", 121, "\"a\"");

    server.close(4410, "kicked");

    assertThat(prices.poll()).isPresent();
    assertThatThrownBy(prices::poll)
        .isInstanceOf(ConnectionLostException.class)
        .hasMessageContaining("4410: kicked");
  }

  @Test
  void theLastSubscriptionOfATopicUnsubscribesOnce() {
    live();
    Subscription<String> first = subscribed("prices", 120);
    Subscription<String> second = client.subscribe("prices", String.class);
    server.hearNothing();

    first.close();
    first.close();
    server.hearNothing();
    event("prices", 121, "\"a\"");
    assertThat(second.poll()).isPresent();
    second.close();

    String request = server.hear();
    assertThat(request).contains("\"rpc.unsubscribe\"").contains("\"topic\":\"prices\"");
    server.answer(request, "true");
    server.hearNothing();
    assertThatThrownBy(second::poll).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void anEventThatDoesNotFitIsOneExceptionAndTheStreamGoesOn() throws Exception {
    live();
    Subscription<String> prices = subscribed("prices", 120);
    event("prices", 121, "7");
    event("prices", 122, "null");
    event("prices", 123, "\"c\"");

    assertThatThrownBy(prices::next)
        .isInstanceOfSatisfying(
            UnreadableEventException.class,
            e -> {
              assertThat(e.position()).isEqualTo(new Position("k3", 121));
              assertThat(e.data()).isEqualTo(RawJson.number(7));
            });
    assertThatThrownBy(prices::next).isInstanceOf(UnreadableEventException.class);
    assertThat(prices.next()).isEqualTo(new Event.Item<>("c", new Position("k3", 123)));
  }

  @Test
  void aReaderThatFallsBehindIsToldSo() {
    start(client().maxWaiting(2, 1_000_000));
    server.welcome();
    Subscription<Long> prices = client.subscribe("prices", Long.class);
    server.answer(server.hear(), "{\"topic\":\"prices\",\"epoch\":\"k3\",\"offset\":0}");
    for (int offset = 1; offset <= 5; offset++) {
      event("prices", offset, Integer.toString(offset));
    }

    assertThat(prices.poll())
        .contains(new Event.Gap<>("lag", new Position("k3", 0), new Position("k3", 3)));
    assertThat(prices.poll()).contains(new Event.Item<>(4L, new Position("k3", 4)));
  }

  @Test
  void whatTheServerSaysBadlyIsIgnored() {
    live();
    Subscription<String> prices = subscribed("prices", 120);

    server.say("{\"jsonrpc\":\"2.0\",\"method\":\"rpc.event\",\"params\":[1]}");
    server.say("{\"jsonrpc\":\"2.0\",\"method\":\"rpc.event\"}");
    server.say("{\"jsonrpc\":\"2.0\",\"method\":\"$/gap\",\"params\":{\"topic\":\"prices\"}}");
    event("other", 121, "1");
    server.say("{\"jsonrpc\":\"2.0\",\"method\":\"$/unknown\",\"params\":{}}");
    event("prices", 121, "\"a\"");

    assertThat(prices.poll()).contains(new Event.Item<>("a", new Position("k3", 121)));
  }

  @Test
  void publishAnswersThePosition() {
    live();

    Future<Position> published = client.publishAsync("prices", "x");
    String request = server.hear();
    assertThat(request).contains("\"params\":{\"topic\":\"prices\",\"data\":\"x\"}");
    server.answer(request, "{\"epoch\":\"k3\",\"offset\":126,\"duplicate\":false}");
    assertThat(published.resultNow()).isEqualTo(new Position("k3", 126));

    Future<Position> odd = client.publishAsync("prices", "x");
    server.answer(server.hear(), "{\"epoch\":7}");
    assertThat(odd.exceptionNow()).isInstanceOf(FaultException.class);
    assertThatThrownBy(() -> client.publishAsync("a b", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCancelledPublishIsCancelledThere() {
    live();

    Future<Position> published = client.publishAsync("prices", "x");
    assertThat(server.hear()).contains("rpc.publish");
    published.cancel(true);

    assertThat(server.hear()).contains("$/cancelRequest").contains("\"id\":1");
  }

  @Test
  void historyAnswersEventsWithTheirPositions() throws Exception {
    live();
    CompletableFuture<List<Event.Item<String>>> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() ->
            answer.complete(client.history("prices", new Position("k3", 1), 5, String.class)));
    network.runUntil(() -> serverHeard(), Duration.ofSeconds(5));

    server.answer(
        heard,
        "{\"topic\":\"prices\",\"epoch\":\"k3\",\"offset\":9,\"events\":[{\"offset\":2,\"data\":\"a\"}]}");

    assertThat(answer.get(5, TimeUnit.SECONDS))
        .containsExactly(new Event.Item<>("a", new Position("k3", 2)));
  }

  // ---- words

  private String heard = "";

  private boolean serverHeard() {
    heard = server.hearIfAny();
    return !heard.isEmpty();
  }

  private ClientBuilder client() {
    return Client.builder(URI.create("ws://server/ws"))
        .dialer(dialer)
        .values(new TextValues())
        .workers(Runnable::run)
        .onStatus(status -> {
          if (!(status instanceof Status.Connected) && !(status instanceof Status.Closing)) {
            statuses.add(brief(status));
          }
        })
        .reconnect((failures, random) -> Optional.of(Duration.ofSeconds(failures)));
  }

  private void start(ClientBuilder builder) {
    client = builder.start();
  }

  private void live() {
    start(client());
    server.welcome();
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
  }

  private Subscription<String> subscribed(String topic, long offset) {
    Subscription<String> subscription = client.subscribe(topic, String.class);
    server.answer(
        server.hear(), "{\"topic\":\"" + topic + "\",\"epoch\":\"k3\",\"offset\":" + offset + "}");
    return subscription;
  }

  private void event(String topic, long offset, String data) {
    server.say(
        "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.event\",\"params\":{\"topic\":\""
            + topic
            + "\",\"offset\":"
            + offset
            + ",\"data\":"
            + data
            + "}}");
  }

  /** So many seconds in which the server answers pings. */
  private void alive(int seconds) {
    for (int i = 0; i < seconds; i += 8) {
      network.advance(Duration.ofSeconds(8));
      server.say("{\"jsonrpc\":\"2.0\",\"method\":\"$/pong\"}");
    }
  }

  private void closedWithinASecond() {
    CompletableFuture<Void> ended = client.closeAsync();
    network.advance(SECOND);
    assertThat(ended).isCompleted();
    assertThat(client.status()).isEqualTo(new Status.Closed("closed by this client"));
    assertThat(statuses.getLast()).isEqualTo(client.status());
  }

  private interface Body {
    void run() throws Exception;
  }

  private static Throwable failureOf(Body body) {
    try {
      body.run();
      return new AssertionError("nothing was thrown");
    } catch (Exception e) {
      return e instanceof ExecutionException ? e.getCause() : e;
    }
  }

  /** Whatever the attempt and the reason. */
  private static Status waiting(Duration delay) {
    return new Status.Reconnecting(0, delay, "");
  }

  private static Status brief(Status status) {
    return status instanceof Status.Reconnecting(int attempt, Duration delay, String why)
        ? waiting(delay)
        : status;
  }
}
