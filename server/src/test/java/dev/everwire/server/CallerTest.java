package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Call;
import dev.everwire.session.Execution;
import dev.everwire.session.RemoteFaultException;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a handler learns of its caller and can tell it, as a plain peer sees it on the wire. */
@Timeout(60)
final class CallerTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final MemoryNetwork network = new MemoryNetwork();
  private final CountDownLatch release = new CountDownLatch(1);
  private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
  private final Server server = start();
  private final TestPeer peer = TestPeer.dial(network, "ws://server/ws");

  private Server start() {
    try {
      return Server.builder()
          .listen(network.listener("server"))
          .drainFor(Duration.ZERO)
          .values(new TestValues())
          .random(new Random(1))
          .method("steps", CallerTest::steps)
          .method("stepsNow", CallerTest::steps, Execution.NON_BLOCKING)
          .method("remaining", call -> seen.add(call.caller().remaining()), Execution.NON_BLOCKING)
          .method("hang", this::hang)
          .method("nested", CallerTest::nested, Execution.IN_ORDER)
          .method("turn", call -> seen.add("turn"), Execution.IN_ORDER)
          .method("passedOn", CallerTest::passedOn)
          .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Object steps(Call call) {
    call.caller().progress(RawJson.number(1));
    call.caller().progress(RawJson.number(2));
    return 3;
  }

  private static Object nested(Call call) {
    return RawJson.NULL.equals(call.caller().peer().call("hers", null, RawJson.class));
  }

  private static Object passedOn(Call call) {
    try {
      return nested(call);
    } catch (RemoteFaultException e) {
      throw new FaultException(e.fault());
    }
  }

  private Object hang(Call call) {
    seen.add("begun");
    try {
      release.await();
      seen.add("released");
    } catch (InterruptedException e) {
      seen.add("interrupted");
    }
    seen.add(call.caller().cancelled());
    return 1;
  }

  @AfterEach
  void close() {
    release.countDown();
    var driving = network.drive();
    server.close();
    driving.close();
  }

  @Test
  void progressIsToldUnderTheCallersTokenBeforeTheResponse() {
    for (String method : List.of("steps", "stepsNow")) {
      ask(method, "{\"_meta\":{\"progressToken\":\"p7\"}}");
      List<String> heard = new ArrayList<>();
      network.runUntil(() -> heard.addAll(peer.heard()) && heard.size() == 3, SOON);
      assertThat(heard)
          .describedAs(method)
          .containsExactly(progress(1), progress(2), "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":3}");
    }
  }

  @Test
  void aCallerWithoutATokenHearsNothingOfProgress() {
    ask("stepsNow", "{}");
    network.runUntil(() -> !peer.heardNothing(), SOON);
    assertThat(peer.heard()).containsExactly("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":3}");
  }

  @Test
  void theTimeThatRemainsIsWhatTheCallerSaid() throws Exception {
    ask("remaining", "{\"_meta\":{\"timeoutMs\":2500}}");
    network.runUntil(() -> !seen.isEmpty(), SOON);
    assertThat(seen.take()).isEqualTo(Optional.of(Duration.ofMillis(2_500)));
    ask("remaining", "[]");
    network.runUntil(() -> !seen.isEmpty(), SOON);
    assertThat(seen.take()).isEqualTo(Optional.empty());
  }

  @Test
  void aHandlerIsInterruptedAtTheDeadlineAndItsCallerToldThatItPassed() throws Exception {
    ask("hang", "{\"_meta\":{\"timeoutMs\":500}}");
    network.runUntil(() -> !seen.isEmpty(), SOON);
    assertThat(seen.take()).isEqualTo("begun");
    network.advance(Duration.ofSeconds(1));
    assertThat(peer.response(1).toString()).contains("\"code\":-32007");
    assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("interrupted");
    assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo(true);
  }

  @Test
  void aHandlerWhoseConnectionIsGoneIsLeftAloneAndCanSeeIt() throws Exception {
    ask("hang", "[]");
    network.runUntil(() -> !seen.isEmpty(), SOON);
    assertThat(seen.take()).isEqualTo("begun");
    peer.abort();
    network.runUntil(() -> server.connections() == 0, SOON);
    assertThat(seen).isEmpty();
    release.countDown();
    assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("released");
    assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo(true);
  }

  @Test
  void theFaultOfANestedCallIsTheCallersOnlyIfItsHandlerSaysSo() {
    ask("nested", "[]");
    refuse("s:1");
    assertThat(peer.response(1).toString()).contains("\"code\":-32603").doesNotContain("77");
    var unused = peer.heard();
    ask("passedOn", "[]");
    refuse("s:2");
    assertThat(peer.response(1).toString()).contains("\"code\":77");
  }

  private void refuse(String id) {
    network.runUntil(() -> !peer.heardNothing(), SOON);
    assertThat(peer.heard()).singleElement().asString().contains("\"hers\"", id);
    peer.queue(
        "{\"jsonrpc\":\"2.0\",\"id\":\""
            + id
            + "\",\"error\":{\"code\":77,\"message\":\"theirs\"}}");
    network.runUntil(() -> !peer.heardNothing(), SOON);
  }

  @Test
  void aHandlerInOrderThatCallsItsCallerLetsItCallTheNextInOrder() throws Exception {
    ask("nested", "[]");
    network.runUntil(() -> !peer.heardNothing(), SOON);
    assertThat(peer.heard()).singleElement().asString().contains("\"hers\"");
    peer.queue("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"turn\"}");
    network.runUntil(() -> !peer.heardNothing(), SOON);
    assertThat(seen.take()).isEqualTo("turn");
  }

  private void ask(String method, String params) {
    peer.queue(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}");
  }

  private static String progress(int value) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"$/progress\","
        + "\"params\":{\"token\":\"p7\",\"value\":"
        + value
        + "}}";
  }
}
