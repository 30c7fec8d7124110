package dev.everwire.server.authorisation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.server.TestPeer;
import dev.everwire.server.access.Decision;
import dev.everwire.session.Execution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Deciding takes time, or fails. */
final class SlowDecisionsTest extends Guarded {

  @ParameterizedTest
  @EnumSource(Execution.class)
  void aCallWaitsForItsDecisionAndThenRuns(Execution execution) {
    Slow slow = new Slow();
    start(slow);
    TestPeer peer = dial("alice::");
    String method = method(execution);
    peer.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"}");
    assertThat(ran).isEmpty();
    assertThat(peer.heardNothing()).isTrue();

    slow.answer(method, Decision.allow());
    network.runUntilIdle();
    assertThat(ran).containsExactly(method);
    assertThat(peer.response(1).members().names().contains("result")).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  void aCallIsDeniedWhenTheDecisionComes(Execution execution) {
    Slow slow = new Slow();
    start(slow);
    TestPeer peer = dial("alice::");
    String method = method(execution);
    peer.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"}");
    slow.answer(method, Decision.deny("no"));
    network.runUntilIdle();

    assertThat(errorCode(peer.response(1))).isEqualTo(FORBIDDEN);
    assertThat(ran).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  void whatIsNotDecidedInFiveSecondsIsRefusedThisTimeAndMayBeTriedAgain(Execution execution) {
    Slow slow = new Slow();
    start(slow);
    TestPeer peer = dial("alice::");
    String method = method(execution);
    peer.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"}");
    network.advance(Duration.ofMillis(4_900));
    assertThat(peer.heardNothing()).isTrue();

    network.advance(Duration.ofMillis(300));
    JsonMembers error = peer.response(1).members().object("error");
    assertThat(error.integer("code")).isEqualTo(OVERLOADED);
    assertThat(error.object("data").names().contains("retryAfterMs")).isTrue();

    slow.answer(method, Decision.allow()); // too late
    network.runUntilIdle();
    assertThat(ran).isEmpty();
    assertThat(peer.heardNothing()).isTrue();

    peer.send("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"" + method + "\"}");
    slow.answer(method, Decision.allow());
    network.runUntilIdle();
    assertThat(ran).containsExactly(method);
  }

  @Test
  void anAuthoriserThatFailsLetsNobodyIn() {
    AtomicInteger how = new AtomicInteger();
    start(request ->
        switch (how.getAndIncrement()) {
          case 0 -> throw new IllegalStateException("broken");
          case 1 -> CompletableFuture.failedStage(new IllegalStateException("down"));
          case 2 -> nothing();
          case 3 -> CompletableFuture.completedStage(nothing());
          case 4 -> throw new AssertionError("very broken");
          default -> CompletableFuture.completedStage(Decision.allow());
        });
    TestPeer peer = dial("alice::");

    for (int i = 0; i < 5; i++) {
      assertThat(code(peer, "quick", "{}")).isEqualTo(OVERLOADED);
    }
    assertThat(code(peer, "quick", "{}")).isZero();
  }

  @Test
  void aCallThatIsCancelledWhileItIsDecidedNeverRuns() {
    Slow slow = new Slow();
    start(slow);
    TestPeer peer = dial("alice::");
    peer.send("{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1}}");
    peer.heard();
    peer.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"threaded\"}");
    peer.send("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":1}}");
    slow.answer("threaded", Decision.allow());
    network.runUntilIdle();

    assertThat(ran).isEmpty();
    assertThat(errorCode(peer.response(1))).isEqualTo(-32800);
    peer.send("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ordered\"}");
    slow.answer("ordered", Decision.allow());
    network.runUntilIdle();
    assertThat(ran).containsExactly("ordered"); // nothing is in the way
  }

  @Test
  void publicationsStayInOrderHoweverTheirDecisionsCome() {
    Slow slow = new Slow();
    start(slow);
    TestPeer hearer = dial("bob::");
    slow.always("SUBSCRIBE", Decision.allow());
    assertThat(code(hearer, "rpc.subscribe", "{\"topic\":\"a/1\"}")).isZero();
    assertThat(code(hearer, "rpc.subscribe", "{\"topic\":\"a/2\"}")).isZero();
    TestPeer peer = dial("alice::");
    publish(peer, "a/1", 1);
    publish(peer, "a/2", 2);
    publish(peer, "a/1", 3);
    network.runUntilIdle();

    slow.answer("a/2", Decision.allow()); // was not even asked
    network.runUntilIdle();
    assertThat(hearer.heardNothing()).isTrue();
    assertThat(slow.open()).containsExactly("PUBLISH a/1");

    for (int i = 0; i < 3; i++) {
      slow.answerAll(Decision.allow());
      network.runUntilIdle();
    }
    assertThat(data(hearer)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void nothingMoreIsReadFromAPeerWhosePublicationIsNotDecided() {
    Slow slow = new Slow();
    start(slow);
    slow.always("CALL", Decision.allow());
    TestPeer peer = dial("alice::");
    publish(peer, "a/1", 1);
    peer.queue("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ordered\"}");
    network.runUntilIdle();
    assertThat(ran).isEmpty();

    slow.answerAll(Decision.allow());
    network.runUntilIdle();
    assertThat(ran).containsExactly("ordered");
  }

  @Test
  void publicationsOfOneBatchStayInOrderToo() {
    Slow slow = new Slow();
    start(slow);
    TestPeer hearer = dial("bob::");
    slow.always("SUBSCRIBE", Decision.allow());
    assertThat(code(hearer, "rpc.subscribe", "{\"topic\":\"a/1\"}")).isZero();
    assertThat(code(hearer, "rpc.subscribe", "{\"topic\":\"a/2\"}")).isZero();
    TestPeer peer = dial("alice::");
    peer.queue("[" + publication("a/1", 1) + "," + publication("a/2", 2) + "]");
    publish(peer, "a/1", 3);
    network.runUntilIdle();

    for (int i = 0; i < 3; i++) {
      assertThat(slow.open()).hasSize(1);
      slow.answerAll(i == 1 ? Decision.deny("not this one") : Decision.allow());
      network.runUntilIdle();
    }
    assertThat(data(hearer)).containsExactly(1L, 3L);
  }

  @Test
  void aPeerIsReadAgainAfterABatchThatNobodyEverDecides() {
    Slow slow = new Slow();
    start(slow);
    TestPeer peer = dial("alice::");
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      many.add(publication("a/1", i));
    }
    peer.send(many.toString());
    network.advance(Duration.ofMillis(5_200));

    assertThat(slow.asked()).isEqualTo(1); // those behind it had waited long enough
    slow.always("CALL", Decision.allow());
    assertThat(code(peer, "quick", "{}")).isZero();
  }

  /** What an authoriser must not answer. */
  @SuppressWarnings("NullAway")
  private static <T> T nothing() {
    return null;
  }
}
