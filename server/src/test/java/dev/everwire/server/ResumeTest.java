package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.server.resume.ResumeSettings;
import dev.everwire.server.session.Inbox;
import dev.everwire.session.Call;
import dev.everwire.session.Caller;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session goes on over another connection: the server's half, spoken to by hand. */
final class ResumeTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int LOOPS = 3; // so that sessions move between them

  private final MemoryNetwork network = new MemoryNetwork();
  private final AtomicInteger executed = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final Semaphore finish = new Semaphore(0);
  private final Map<String, Caller> callers = new ConcurrentHashMap<>();
  private final Server server = start();

  private Server start() {
    return serverOn("server", LOOPS);
  }

  private Server serverOn(String name, int loops) {
    try {
      return Server.builder()
          .listen(network.listener(name, loops))
          .drainFor(Duration.ZERO)
          .values(new TestValues())
          .random(new Random(1))
          .node("n1")
          .identify(handshake -> Optional.ofNullable(handshake.query().get("user")))
          .method("count", call -> executed.incrementAndGet())
          .method("slow", this::slow)
          .method("large", call -> "x".repeat(100_000))
          .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Object slow(Call call) throws InterruptedException {
    executed.incrementAndGet();
    callers.put("slow", call.caller());
    begun.countDown();
    finish.acquire();
    return "done";
  }

  @AfterEach
  void close() {
    finish.release(1_000);
    var driving = network.drive();
    server.close();
    driving.close();
  }

  private void closed(Server other) {
    var driving = network.drive();
    other.close();
    driving.close();
  }

  // ---- a peer by hand

  private TestPeer dial() {
    return TestPeer.dial(network, "ws://server/ws");
  }

  private static Welcome hello(TestPeer peer, String resume) {
    return hello(peer, resume, "\"ack\",\"server-calls\"");
  }

  private static Welcome hello(TestPeer peer, String resume, String caps) {
    peer.send(helloText(resume, caps));
    for (String text : peer.heard()) {
      RawJson message = RawJson.parse(text);
      if (String.valueOf(message.members().get("id")).equals("\"h\"")) {
        RawJson result = message.members().get("result");
        if (result == null) {
          throw new AssertionError(text);
        }
        return Welcome.read(result);
      }
    }
    throw new AssertionError("no answer to hello");
  }

  private static String helloText(String resume, String caps) {
    return "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1,\"caps\":["
        + caps
        + "]"
        + resume
        + "}}";
  }

  private static String resume(Welcome former, String pending) {
    return ",\"resume\":{\"session\":\""
        + former.session()
        + "\",\"token\":\""
        + former.resumeToken()
        + "\",\"pending\":["
        + pending
        + "]}";
  }

  private static String request(int id, String method) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\"}";
  }

  private void until(TestPeer peer, String text) {
    network.runUntil(() -> peer.heardBoth(text, ""), SOON);
  }

  // ---- the session

  @Test
  void aLostSessionGoesOnWithItsNameAndUser() {
    TestPeer first = TestPeer.dial(network, "ws://server/ws?user=ann");
    Welcome before = hello(first, "");
    first.abort();

    Welcome after = hello(dial(), resume(before, ""));

    assertThat(after.resumed()).isTrue();
    assertThat(after.reason()).isNull();
    assertThat(after.session()).isEqualTo(before.session());
    assertThat(after.generation()).isEqualTo(2);
    assertThat(after.user()).isEqualTo("ann");
    assertThat(after.resumeToken()).isNotEqualTo(before.resumeToken());
    assertThat(before.resumeWindowMs()).isEqualTo(120_000);
  }

  @Test
  void theFormerTokenIsGoodUntilTheNewOneWasUsed() {
    TestPeer first = dial();
    Welcome one = hello(first, "");
    first.abort();
    TestPeer second = dial();
    Welcome two = hello(second, resume(one, ""));
    second.abort(); // its answer may as well have been lost
    TestPeer third = dial();
    Welcome three = hello(third, resume(one, ""));
    assertThat(three.resumed()).isTrue();
    third.abort();
    TestPeer fourth = dial();
    Welcome four = hello(fourth, resume(three, ""));
    assertThat(four.resumed()).isTrue();
    fourth.abort();

    Welcome replayed = hello(dial(), resume(one, ""));

    assertThat(replayed.resumed()).isFalse();
    assertThat(replayed.reason()).isEqualTo("replayed");
    assertThat(two.generation()).isLessThan(three.generation());
  }

  @Test
  void aSessionIsOverAfterTheWindow() {
    TestPeer first = dial();
    Welcome before = hello(first, "");
    first.abort();
    network.advance(Duration.ofSeconds(121));

    Welcome after = hello(dial(), resume(before, "7"));

    assertThat(after.resumed()).isFalse();
    assertThat(after.reason()).isEqualTo("lost");
    assertThat(after.calls()).isEqualTo(Map.of(7L, "unknown"));
    assertThat(server.inbox(before.session())).isEmpty();
  }

  @Test
  void aSessionThatIsTakenUpAgainIsNotEndedByTheFormerTimer() {
    TestPeer first = dial();
    Welcome before = hello(first, "");
    first.abort();
    network.advance(Duration.ofSeconds(100));
    TestPeer second = dial();
    Welcome between = hello(second, resume(before, ""));
    network.advance(Duration.ofSeconds(30));
    second.abort();
    network.advance(Duration.ofSeconds(100));

    assertThat(hello(dial(), resume(between, "")).resumed()).isTrue();
  }

  @Test
  void aClientThatClosesByItselfEndsItsSession() {
    TestPeer first = dial();
    Welcome before = hello(first, "");
    first.close();

    assertThat(hello(dial(), resume(before, "")).resumed()).isFalse();
    assertThat(network.timers()).isLessThan(20);
  }

  @Test
  void aClientThatAcknowledgesNothingIsToldThatItsSessionIsNotKept() {
    TestPeer first = dial();
    Welcome before = hello(first, "", "\"batch\"");
    assertThat(before.resumeWindowMs()).isZero();
    first.abort();

    assertThat(hello(dial(), resume(before, ""), "\"batch\"").resumed()).isFalse();
  }

  @Test
  void anotherUserDoesNotGetTheSession() {
    TestPeer first = TestPeer.dial(network, "ws://server/ws?user=ann");
    Welcome before = hello(first, "");
    first.abort();

    Welcome after = hello(TestPeer.dial(network, "ws://server/ws?user=bob"), resume(before, ""));

    assertThat(after.resumed()).isFalse();
    assertThat(after.reason()).isEqualTo("user_changed");
    assertThat(after.user()).isEqualTo("bob");
  }

  @Test
  void theNewestHelloWinsAndTheFormerConnectionIsClosedBehindIt() {
    TestPeer zombie = dial();
    Welcome before = hello(zombie, "");

    TestPeer second = dial();
    Welcome after = hello(second, resume(before, ""));

    assertThat(after.resumed()).isTrue();
    assertThat(zombie.closeCode()).isEqualTo(4409);
    assertThat(second.open()).isTrue();
    second.send(request(1, "count"));
    until(second, "\"result\":1");
    second.abort();
    assertThat(hello(dial(), resume(after, "")).resumed()).isTrue();
  }

  @Test
  void whatAZombieStillSaysIsNotHeard() {
    TestPeer zombie = dial();
    Welcome before = hello(zombie, "");
    zombie.send(request(1, "slow"));
    network.runUntil(() -> begun.getCount() == 0, SOON);
    TestPeer second = dial();
    second.queue(helloText(resume(before, "1"), "\"ack\""));
    for (int id = 2; id < 50; id++) {
      zombie.queue(request(id, "count")); // some before the session moves, some behind
    }
    network.runUntilIdle();
    int heard = executed.get();

    zombie.queue(request(99, "count"));
    network.runUntilIdle();

    assertThat(executed.get()).isEqualTo(heard);
    assertThat(zombie.closeCode()).isEqualTo(4409);
  }

  @Test
  void ofTwoHellosAtOnceTheNewerHasTheSessionAndNobodyElse() {
    for (int loops : new int[] {1, LOOPS}) {
      String name = "server" + loops;
      Server other = serverOn(name, loops);
      TestPeer zombie = TestPeer.dial(network, "ws://" + name + "/ws");
      Welcome before = hello(zombie, "");
      TestPeer one = TestPeer.dial(network, "ws://" + name + "/ws");
      TestPeer two = TestPeer.dial(network, "ws://" + name + "/ws");
      one.queue(helloText(resume(before, ""), "\"ack\""));
      two.queue(helloText(resume(before, ""), "\"ack\""));
      network.runUntilIdle();

      assertThat(zombie.closeCode()).isEqualTo(4409);
      assertThat(one.open() ^ two.open()).isTrue();
      TestPeer winner = one.open() ? one : two;
      assertThat((one.open() ? two : one).closeCode()).isEqualTo(4409);
      assertThat(winner.heard().toString()).contains("\"resumed\":true");
      assertThat(other.connections()).isOne();
      closed(other);
    }
  }

  @Test
  void callsThatWaitedBecauseTheClientDidNotReadRunWhenItsLinkIsCut() {
    TestPeer first = dial();
    Welcome before = hello(first, "");
    first.reading(false);
    for (int id = 1; id <= 60; id++) {
      first.queue(request(id, "large"));
    }
    network.runUntilIdle();
    first.abort();
    TestPeer second = dial();
    second.send(helloText(resume(before, "60"), "\"ack\""));

    network.runUntil(() -> second.heardBoth("\"id\":60,\"result\"", ""), SOON);
  }

  @Test
  void aHelloInABatchIsRefused() {
    TestPeer peer = dial();
    peer.send("[" + helloText("", "\"ack\"") + "]");

    assertThat(peer.heard().toString()).contains("-32600", "outside a batch");
  }

  @Test
  void aClientThatClosedByItselfIsNobodyWithItsOldToken() {
    TestPeer first = TestPeer.dial(network, "ws://server/ws?user=ann");
    Welcome before = hello(first, "");
    first.close();

    Welcome after = hello(dial(), resume(before, ""));

    assertThat(after.resumed()).isFalse();
    assertThat(after.reason()).isEqualTo("replayed");
    assertThat(after.user()).isNull();
  }

  @Test
  void callsThatNobodyCanAskForEndWithTheirConnection() {
    TestPeer first = dial();
    Welcome before = hello(first, "");
    first.send("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"slow\"}");
    network.runUntil(() -> begun.getCount() == 0, SOON);
    first.abort();

    assertThat(callers.get("slow").cancelled()).isTrue();
    assertThat(hello(dial(), resume(before, "")).resumed()).isTrue();
  }

  @Test
  void noTimerIsLeftOfADeadlineFarAwayWhoseCallHasEnded() {
    int timers = network.timers();
    TestPeer first = dial();
    hello(first, "", "\"ack\",\"meta\"");
    first.send(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"slow\","
            + "\"params\":{\"_meta\":{\"timeoutMs\":86400000}}}");
    network.runUntil(() -> begun.getCount() == 0, SOON);
    first.abort();
    finish.release();
    network.runUntil(() -> finish.availablePermits() == 0, SOON);
    network.advance(Duration.ofSeconds(121));

    network.runUntil(() -> network.timers() == timers, SOON);
  }

  // ---- calls

  @Test
  void aCallThatRanOnIsAnsweredOnTheNewConnection() {
    TestPeer first = dial();
    Welcome before = hello(first, "");
    first.send(request(1, "slow"));
    network.runUntil(() -> begun.getCount() == 0, SOON);
    first.abort();
    TestPeer second = dial();
    Welcome after = hello(second, resume(before, "1"));
    assertThat(after.calls()).isEqualTo(Map.of(1L, "running"));

    finish.release();

    until(second, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"done\"}");
    assertThat(executed.get()).isOne();
  }

  @Test
  void aCallThatEndedWhileNobodyWasThereIsAnsweredBehindHello() {
    TestPeer first = dial();
    Welcome before = hello(first, "");
    first.send(request(1, "slow"));
    network.runUntil(() -> begun.getCount() == 0, SOON);
    first.abort();
    finish.release();
    network.runUntil(() -> finish.availablePermits() == 0, SOON);
    TestPeer second = dial();
    network.runUntil(() -> server.connections() == 1, SOON);

    second.send(helloText(resume(before, "1"), "\"ack\""));
    until(second, "\"result\":\"done\"");

    assertThat(executed.get()).isOne();
  }

  @Test
  void anAnswerThatWasSentAndNotAcknowledgedIsSentAgain() {
    TestPeer first = dial();
    Welcome before = hello(first, "");
    first.send(request(1, "count"));
    until(first, "\"result\":1");
    first.send(request(2, "count"));
    until(first, "\"result\":2");
    first.send("{\"jsonrpc\":\"2.0\",\"method\":\"$/ack\",\"params\":{\"calls\":{\"upTo\":1}}}");
    first.abort();

    TestPeer second = dial();
    second.send(helloText(resume(before, "1,2,3"), "\"ack\""));

    assertThat(second.heard().toString())
        .contains("\"1\":\"unknown\"", "\"2\":\"done\"", "\"3\":\"new\"")
        .contains("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":2}");
    assertThat(executed.get()).isEqualTo(2);
  }

  @Test
  void aCallThatIsSentAgainIsNotExecutedAgain() {
    TestPeer first = dial();
    hello(first, "");
    first.send(request(1, "count"));
    until(first, "\"result\":1");
    first.heard();

    first.send(request(1, "count"));
    assertThat(first.heard()).containsExactly("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}");
    first.send("{\"jsonrpc\":\"2.0\",\"method\":\"$/ack\",\"params\":{\"calls\":{\"upTo\":1}}}");
    first.send(request(1, "count"));

    assertThat(first.heard()).singleElement().asString().contains("-32600", "used before");
    assertThat(executed.get()).isOne();
  }

  @Test
  void callsThatWaitedForTheirTurnStillRunAndAreAnsweredLater() {
    TestPeer first = dial();
    Welcome before = hello(first, "");
    for (int id = 1; id <= 40; id++) { // 32 run at once
      first.queue(request(id, "slow"));
    }
    network.runUntil(() -> executed.get() == 32, SOON);
    first.abort();
    finish.release(40);
    network.runUntil(() -> executed.get() == 40, SOON);

    TestPeer second = dial();
    second.send(helloText(resume(before, "1,33,40"), "\"ack\""));

    until(second, "\"id\":40,\"result\":\"done\"");
    until(second, "\"id\":33,\"result\":\"done\"");
  }

  @Test
  void aCallCanBeCancelledOverAnotherConnection() {
    TestPeer first = dial();
    Welcome before = hello(first, "");
    first.send(request(1, "slow"));
    network.runUntil(() -> begun.getCount() == 0, SOON);
    first.abort();
    TestPeer second = dial();
    hello(second, resume(before, "1"));

    second.send("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":1}}");

    until(second, "-32800");
    assertThat(callers.get("slow").cancelled()).isTrue();
  }

  @Test
  void aDeadlineHoldsThoughTheConnectionIsGone() {
    TestPeer first = dial();
    Welcome before = hello(first, "", "\"ack\",\"meta\"");
    first.send(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"slow\","
            + "\"params\":{\"_meta\":{\"timeoutMs\":5000}}}");
    network.runUntil(() -> begun.getCount() == 0, SOON);
    first.abort();
    network.advance(Duration.ofSeconds(6));

    TestPeer second = dial();
    second.send(helloText(resume(before, "1"), "\"ack\""));

    until(second, "-32007");
  }

  @Test
  void aHandlerReachesItsCallerOnTheNewConnection() {
    TestPeer first = dial();
    Welcome before = hello(first, "");
    first.send(request(1, "slow"));
    network.runUntil(() -> begun.getCount() == 0, SOON);
    first.abort();
    Caller caller = callers.get("slow");
    assertThat(caller.cancelled()).isFalse();
    TestPeer second = dial();
    hello(second, resume(before, "1"));

    caller.peer().notify("hint", RawJson.parse("{\"n\":1}"));

    until(second, "\"method\":\"hint\"");
  }

  @Test
  void callsOfASessionThatIsOverAreForgotten() {
    TestPeer first = dial();
    hello(first, "");
    first.send(request(1, "slow"));
    network.runUntil(() -> begun.getCount() == 0, SOON);
    first.abort();

    assertThat(callers.get("slow").cancelled()).isFalse();
    network.advance(Duration.ofSeconds(121));
    assertThat(callers.get("slow").cancelled()).isTrue();
  }

  @Test
  void runningCallsOfFormerConnectionsCountAgainstTheBound() {
    TestPeer peer = dial();
    Welcome welcome = hello(peer, "");
    for (int id = 1; id <= 250; id++) {
      peer.queue(request(id, "slow"));
    }
    network.runUntil(() -> executed.get() == 32, SOON);
    peer.abort();
    TestPeer second = dial();
    hello(second, resume(welcome, ""));
    for (int id = 251; id <= 260; id++) {
      second.queue(request(id, "slow"));
    }

    until(second, "-32006");
  }

  // ---- the inbox

  @Test
  void whatIsSentToTheInboxWhileTheClientIsAwayReachesItOnce() throws Exception {
    TestPeer first = dial();
    Welcome before = hello(first, "");
    RawJson answer = first.call(1, "rpc.subscribe", "{\"topic\":\"$inbox\"}");
    assertThat(answer.toString()).contains("\"topic\":\"$inbox\"");
    Inbox inbox = server.inbox(before.session()).orElseThrow();
    Position one = inbox.send("invoice", RawJson.parse("{\"n\":1}")).toCompletableFuture().get();
    until(
        first,
        "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.event\",\"params\":{\"topic\":\"$inbox\","
            + "\"offset\":1,\"data\":{\"event\":\"invoice\",\"payload\":{\"n\":1}}}}");
    first.send("{\"jsonrpc\":\"2.0\",\"method\":\"$/ack\",\"params\":{\"inbox\":1}}");
    assertThat(inbox.unacknowledged()).isZero();
    first.abort();
    inbox.send("invoice", RawJson.parse("{\"n\":2}")).toCompletableFuture().get();
    assertThat(inbox.unacknowledged()).isOne();

    TestPeer second = dial();
    hello(second, resume(before, ""));
    RawJson recovered =
        second.call(
            2,
            "rpc.subscribe",
            "{\"topic\":\"$inbox\",\"since\":{\"epoch\":\"" + one.epoch() + "\",\"offset\":1}}");

    assertThat(recovered.toString())
        .contains("\"recovered\":true", "\"n\":2")
        .doesNotContain("\"n\":1");
  }

  @Test
  void whatWasSentBeforeTheClientSubscribedReachesIt() throws Exception {
    TestPeer first = dial();
    Welcome welcome = hello(first, "");
    Inbox inbox = server.inbox(welcome.session()).orElseThrow();
    inbox.send("e", 1).toCompletableFuture().get();
    inbox.send("e", 2).toCompletableFuture().get();

    String answer = first.call(1, "rpc.subscribe", "{\"topic\":\"$inbox\"}").toString();

    assertThat(answer).contains("\"offset\":1", "\"offset\":2");
  }

  @Test
  void anInboxThatNobodyReadsIsFullAtItsBound() throws Exception {
    TestPeer first = dial();
    Inbox inbox = server.inbox(hello(first, "").session()).orElseThrow();
    for (int i = 0; i < Inbox.MOST; i++) {
      inbox.send("e", i).toCompletableFuture().get();
    }

    assertThatThrownBy(() -> inbox.send("e", 0).toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(FaultException.class)
        .hasMessageContaining("the inbox is full");
  }

  @Test
  void nobodyElseHearsAnInbox() {
    TestPeer first = dial();
    Welcome welcome = hello(first, "");
    TestPeer other = dial();
    hello(other, "");

    assertThat(
            other
                .call(1, "rpc.subscribe", "{\"topic\":\"$inbox/" + welcome.session() + "\"}")
                .toString())
        .contains("-32602");
    assertThat(other.call(2, "rpc.publish", "{\"topic\":\"$inbox\",\"data\":1}").toString())
        .contains("-32602");
  }

  @Test
  void switchedOffNothingIsKept() throws IOException {
    Server off =
        Server.builder()
            .listen(network.listener("off"))
            .drainFor(Duration.ZERO)
            .values(new TestValues())
            .random(new Random(1))
            .resume(ResumeSettings.OFF)
            .start();
    TestPeer first = TestPeer.dial(network, "ws://off/ws");
    Welcome before = hello(first, "");
    assertThat(before.resumeWindowMs()).isZero();
    assertThat(before.caps()).doesNotContain("ack");
    first.abort();

    assertThat(hello(TestPeer.dial(network, "ws://off/ws"), resume(before, "")).resumed())
        .isFalse();
    closed(off);
  }
}
