package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.everwire.client.link.Queued;
import dev.everwire.client.link.WhileAway;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Offer;
import dev.everwire.session.Batch;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.Observed;
import dev.everwire.session.contract.Rpc;
import dev.everwire.session.flow.RateLimiters;
import dev.everwire.session.stream.ItemStream;
import dev.everwire.session.transport.Acceptor.Refuse;
import dev.everwire.testkit.MemoryNetwork;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that wait in a client, against a scripted server in memory. */
class ClientQueueTest {
  private static final String TWO_AT_ONCE =
      ScriptedServer.WELCOME.replace("\"caps\":[]", "\"caps\":[],\"limits\":{\"inflight\":2}");
  private static final CallOptions IDEMPOTENT = CallOptions.DEFAULT.idempotent();

  interface Ledger {
    @Rpc
    CompletableFuture<@Nullable String> book(String entry);

    @Rpc(idempotent = true)
    CompletableFuture<@Nullable String> read(String entry);
  }

  private final MemoryNetwork network = new MemoryNetwork();
  private final ScriptedServer server = new ScriptedServer(network, "server");
  private final List<Observed> observed = new CopyOnWriteArrayList<>();
  private final RateLimiters limiters = new RateLimiters(() -> network.time().now());
  private Client client =
      Client.builder(URI.create("ws://server/ws"))
          .dialer(network.dialer())
          .values(new TextValues())
          .workers(Runnable::run)
          .rateLimiters(limiters)
          .observer(observed::add)
          .reconnect((failures, random) -> Optional.of(Duration.ofSeconds(1)))
          .start();

  @AfterEach
  void close() {
    CompletableFuture<Void> ended = client.closeAsync();
    network.advance(Duration.ofSeconds(1));
    assertThat(ended).isCompleted();
    assertThat(client.queue()).isEqualTo(new Queued(0, 0, Duration.ZERO));
  }

  private Future<@Nullable Object> call(String method, CallOptions options) {
    return client.callAsync(method, null, String.class, options);
  }

  private Future<@Nullable Object> call(String method) {
    return call(method, CallOptions.DEFAULT);
  }

  private void cutAndComeBack(String welcome) {
    server.cut();
    network.advance(Duration.ofMillis(1_100));
    assertThat(server.hear()).contains("rpc.hello");
    server.say(welcome);
  }

  private static void assertLost(Future<?> call, boolean maybeExecuted) {
    assertThat(call.exceptionNow())
        .isInstanceOfSatisfying(
            ConnectionLostException.class,
            e -> assertThat(e.maybeExecuted()).isEqualTo(maybeExecuted));
  }

  @Test
  void whatIsAskedBeforeTheFirstConnectionIsSentInOrderWhenItIsThere() {
    Future<@Nullable Object> first = call("first");
    assertThat(client.notify("note", null)).isEqualTo(Offer.QUEUED);
    Future<@Nullable Object> second = call("second");
    network.runUntilIdle();
    assertThat(client.queue().messages()).isEqualTo(3);
    server.welcome();
    String request = server.hear();
    assertThat(request).contains("first");
    assertThat(server.hear()).contains("note");
    server.answer(server.hear(), "\"two\"");
    server.answer(request, "\"one\"");
    assertThat(first.resultNow()).isEqualTo("one");
    assertThat(second.resultNow()).isEqualTo("two");
  }

  @Test
  void theQueueIsSeenAndSaysWhenItIsTooLong() {
    List<Boolean> pressure = new ArrayList<>();
    Client other =
        Client.builder(URI.create("ws://server/ws"))
            .dialer(network.dialer())
            .values(new TextValues())
            .workers(Runnable::run)
            .whileAway(WhileAway.queue(4, 10_000, Duration.ofSeconds(30)))
            .onPressure(pressure::add)
            .start();
    for (int i = 0; i < 4; i++) {
      assertThat(other.notify("note", List.of("x".repeat(100)))).isEqualTo(Offer.QUEUED);
    }
    assertThat(other.notify("note", null)).isEqualTo(Offer.FULL);
    assertThat(pressure).containsExactly(true);
    network.runUntilIdle();
    network.advance(Duration.ofSeconds(2));
    assertThat(other.queue().messages()).isEqualTo(4);
    assertThat(other.queue().bytes()).isGreaterThan(400);
    assertThat(other.queue().oldestAge()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
    var ended = other.closeAsync();
    network.advance(Duration.ofSeconds(1));
    assertThat(ended).isCompleted();
    assertThat(pressure).containsExactly(true, false);
    assertThat(other.notify("note", null)).isEqualTo(Offer.CLOSED);
  }

  @Test
  void anIdempotentCallIsSentAgainAfterTheReconnectAndTheOthersAreNot() {
    server.welcome();
    Future<@Nullable Object> once = call("once");
    Future<@Nullable Object> again = call("again", IDEMPOTENT);
    assertThat(server.hear()).contains("once");
    assertThat(server.hear()).contains("again");
    cutAndComeBack(ScriptedServer.WELCOME);
    assertLost(once, true);
    String request = server.hear();
    assertThat(request).contains("again");
    server.hearNothing();
    server.answer(request, "\"done\"");
    assertThat(again.resultNow()).isEqualTo("done");
  }

  @Test
  void aContractSaysWhichOfItsMethodsMayBeSentAgain() {
    server.welcome();
    Ledger ledger = client.proxy(Ledger.class, CallOptions.DEFAULT);
    Future<@Nullable String> book = ledger.book("1");
    Future<@Nullable String> read = ledger.read("1");
    assertThat(server.hear()).contains("book");
    assertThat(server.hear()).contains("read");
    cutAndComeBack(ScriptedServer.WELCOME);
    assertLost(book, true);
    server.answer(server.hear(), "\"entry\"");
    assertThat(read.resultNow()).isEqualTo("entry");
  }

  @Test
  void anIdempotentCallEndsWithItsDeadlineWhereverItIs() {
    server.welcome();
    Future<@Nullable Object> call =
        call("late", CallOptions.within(Duration.ofSeconds(3)).idempotent());
    assertThat(server.hear()).contains("late");
    server.cut();
    server.refuse(new Refuse(503, "no", Map.of()));
    network.advance(Duration.ofMillis(3_100));
    assertThat(call.exceptionNow())
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> assertThat(e.fault().code()).isEqualTo(FaultCode.DEADLINE_PASSED));
  }

  @Test
  void aCallThatFailsFastEndsAtOnceWhileTheOthersWait() {
    Future<@Nullable Object> fast = call("fast", CallOptions.DEFAULT.failFast());
    Future<@Nullable Object> patient = call("patient");
    network.runUntilIdle();
    assertLost(fast, false);
    assertThat(patient.isDone()).isFalse();
    server.welcome();
    server.answer(server.hear(), "\"yes\"");
    assertThat(patient.resultNow()).isEqualTo("yes");
  }

  @Test
  void aCallThatWasCancelledWhileItWaitedIsNeverSent() {
    Future<@Nullable Object> cancelled = call("cancelled");
    call("wanted");
    cancelled.cancel(true);
    server.welcome();
    assertThat(server.hear()).contains("wanted");
    server.hearNothing();
  }

  @Test
  void noMoreCallsAreOnTheWireThanTheServerSays() {
    assertThat(server.hear()).contains("rpc.hello");
    server.say(TWO_AT_ONCE);
    List<Future<@Nullable Object>> calls =
        IntStream.range(0, 5).mapToObj(i -> call("m" + i)).toList();
    String zero = server.hear();
    String one = server.hear();
    server.hearNothing();
    assertThat(client.queue().messages()).isEqualTo(3);
    server.answer(one, "\"\"");
    String two = server.hear();
    assertThat(two).contains("m2");
    server.hearNothing();
    server.answer(zero, "\"\"");
    server.answer(two, "\"\"");
    server.answer(server.hear(), "\"\"");
    server.answer(server.hear(), "\"\"");
    assertThat(calls).allMatch(Future::isDone);
  }

  @Test
  void aThousandCallsMayBePendingInAllAndOneMoreIsRefused() {
    List<Future<@Nullable Object>> calls =
        IntStream.range(0, 1_000).mapToObj(i -> call("m" + i)).toList();
    Future<@Nullable Object> tooMany = call("tooMany");
    network.runUntilIdle();
    assertThat(tooMany.exceptionNow())
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> assertThat(e.fault().code()).isEqualTo(FaultCode.OVERLOADED));
    server.welcome();
    for (int i = 0; i < 1_000; i++) {
      server.answer(server.hear(), "\"" + i + "\"");
      assertThat(calls.get(i).resultNow()).isEqualTo(String.valueOf(i));
    }
  }

  @Test
  void aLimitedCallWaitsForItsTokenOrIsRefused() {
    limiters.add("orders", 1, 1);
    server.welcome();
    Future<@Nullable Object> first = call("first", CallOptions.DEFAULT.limitedBy("orders"));
    Future<@Nullable Object> second = call("second", CallOptions.DEFAULT.limitedBy("orders"));
    Future<@Nullable Object> third = call("third", CallOptions.DEFAULT.limitedOrRefused("orders"));
    server.answer(server.hear(), "\"1\"");
    server.hearNothing();
    assertThat(first.resultNow()).isEqualTo("1");
    assertThat(third.exceptionNow())
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> assertThat(e.fault().code()).isEqualTo(FaultCode.RATE_LIMITED));
    network.advance(Duration.ofMillis(1_100));
    server.answer(server.hear(), "\"2\"");
    assertThat(second.resultNow()).isEqualTo("2");
  }

  @Test
  void aTokenIsWaitedForThoughTheCallBecameTheFirstByAnAnswer() {
    limiters.add("orders", 1, 1);
    assertThat(server.hear()).contains("rpc.hello");
    server.say(TWO_AT_ONCE);
    call("one");
    call("two");
    assertThat(limiters.tryAcquire("orders")).isTrue();
    Future<@Nullable Object> limited = call("limited", CallOptions.DEFAULT.limitedBy("orders"));
    String one = server.hear();
    assertThat(server.hear()).contains("two");
    server.answer(one, "\"1\"");
    server.hearNothing();
    network.advance(Duration.ofMillis(1_100));
    server.answer(server.hear(), "\"done\"");
    assertThat(limited.resultNow()).isEqualTo("done");
  }

  @Test
  void whatWaitedIsNoLongerSeenOnceAnAnswerLetItGo() {
    assertThat(server.hear()).contains("rpc.hello");
    server.say(TWO_AT_ONCE);
    call("one");
    call("two");
    Future<@Nullable Object> three = call("three");
    String one = server.hear();
    assertThat(server.hear()).contains("two");
    network.advance(Duration.ofSeconds(2));
    assertThat(client.queue().oldestAge()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
    server.answer(one, "\"1\"");
    network.advance(Duration.ofSeconds(2));
    assertThat(client.queue()).isEqualTo(new Queued(0, 0, Duration.ZERO));
    Future<@Nullable Object> four = call("four");
    network.advance(Duration.ofSeconds(1));
    four.cancel(true);
    network.runUntilIdle();
    assertThat(client.queue()).isEqualTo(new Queued(0, 0, Duration.ZERO));
    assertThat(three.isDone()).isFalse();
  }

  @Test
  void aLimiterThatNobodyKnowsIsAnErrorWhereTheCallIsMade() {
    limiters.add("orders", 1, 1);
    List<String> closed = new ArrayList<>();
    ItemStream<String> items = ItemStream.of(List.of("a").iterator(), () -> closed.add("closed"));
    CallOptions unknown = CallOptions.DEFAULT.limitedBy("oders");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.callAsync("any", List.of(items), String.class, unknown))
        .withMessage("limiter: oders (expected: one of [orders])");
    assertThat(closed).containsExactly("closed");
    Batch batch = client.batch();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> batch.call("any", null, String.class, CallOptions.DEFAULT.limitedBy("orders")))
        .withMessage("limitedBy: orders (expected: no limiter in a batch)");
  }

  @Test
  void aBatchThatWaitsLeavesInOneMessage() {
    Batch batch = client.batch();
    Future<@Nullable String> a = batch.call("a", null, String.class);
    Future<@Nullable String> b = batch.call("b", null, String.class);
    batch.notify("c", null).send();
    server.welcome();
    assertThat(server.hear()).startsWith("[").contains("\"a\"", "\"b\"", "\"c\"");
    server.say(
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"A\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":\"B\"}]");
    assertThat(a.resultNow()).isEqualTo("A");
    assertThat(b.resultNow()).isEqualTo("B");
  }

  @Test
  void aStreamThatIsAskedForWhileAwayBeginsWithTheConnection() {
    try (ItemStream<String> items = client.stream("items", null, String.class)) {
      server.welcome();
      String request = server.hear();
      assertThat(request).contains("items");
      server.answer(request, "[\"a\",\"b\"]");
      assertThat(items.iterator().next()).isEqualTo("a");
    }
  }

  @Test
  void aSubscriptionThatIsMadeWhileAwayIsSentOnce() {
    client.subscribe("prices", String.class);
    network.runUntilIdle();
    server.welcome();
    assertThat(server.hear()).contains("rpc.subscribe");
    server.hearNothing();
    server.cut();
    client.subscribe("news", String.class);
    network.advance(Duration.ofMillis(1_100));
    server.welcome();
    List<String> asked = new ArrayList<>();
    network.runUntilIdle();
    for (String next = server.hearIfAny(); !next.isEmpty(); next = server.hearIfAny()) {
      asked.add(next);
    }
    assertThat(String.join("\n", asked)).containsOnlyOnce("prices").containsOnlyOnce("news");
  }

  @Test
  void whatWaitsEndsWithTheClientAndTheObserverHearsOfItAll() {
    Future<@Nullable Object> call = call("never");
    assertThat(client.notify("note", null)).isEqualTo(Offer.QUEUED);
    network.runUntilIdle();
    var unused = client.closeAsync();
    network.runUntilIdle();
    assertLost(call, false);
    assertThat(observed)
        .anySatisfy(what ->
            assertThat(what)
                .isInstanceOfSatisfying(
                    Observed.CallEnded.class,
                    ended -> {
                      assertThat(ended.method()).isEqualTo("never");
                      assertThat(ended.how()).isEqualTo(Observed.CallEnd.LOST);
                    }))
        .anySatisfy(what ->
            assertThat(what)
                .isInstanceOfSatisfying(
                    Observed.QueueDropped.class,
                    dropped -> assertThat(dropped.messages()).isEqualTo(2)));
    Future<@Nullable Object> late = call("late");
    network.runUntilIdle();
    assertLost(late, false);
  }

  @Test
  void whatIsTooOldEndsThoughNoConnectionEverComes() {
    server.refuse(new Refuse(503, "no", Map.of()));
    Future<@Nullable Object> call = call("old", CallOptions.withoutDeadline());
    network.advance(Duration.ofSeconds(31));
    assertLost(call, false);
    assertThat(call.exceptionNow()).hasMessageContaining("no connection within PT30S");
  }

  @Test
  void notificationsOfManyThreadsWhileAwayFitOrAreRefusedAndNoneIsLost()
      throws InterruptedException {
    List<Offer> offers = new CopyOnWriteArrayList<>();
    List<Thread> threads =
        IntStream.range(0, 4)
            .mapToObj(n ->
                Thread.ofVirtual()
                    .start(() -> {
                      for (int i = 0; i < 300; i++) {
                        offers.add(client.notify("note", null));
                      }
                    }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(offers).filteredOn(Offer.QUEUED::equals).hasSize(1_000);
    assertThat(offers).filteredOn(Offer.FULL::equals).hasSize(200);
    server.welcome();
    for (int i = 0; i < 1_000; i++) {
      assertThat(server.hear()).contains("note");
    }
    server.hearNothing();
  }
}
