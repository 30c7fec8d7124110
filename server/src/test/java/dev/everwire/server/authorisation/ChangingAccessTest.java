package dev.everwire.server.authorisation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.Server;
import dev.everwire.server.TestPeer;
import dev.everwire.server.access.AccessRequest;
import dev.everwire.server.access.AccessRule;
import dev.everwire.server.access.AccessRules;
import dev.everwire.server.access.Action;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.server.access.Authoriser;
import dev.everwire.server.access.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What is remembered of decisions, and what becomes of it when something changes. */
final class ChangingAccessTest extends Guarded {

  // ---- remembering

  @Test
  void aDecisionIsRememberedAsLongAsItSaysForTheSamePrincipalActionAndResource() {
    Counting counting = new Counting(new Decision.Allow(Duration.ofSeconds(60)));
    start(counting);
    TestPeer peer = dial("alice:agent:");
    for (int i = 0; i < 5; i++) {
      assertThat(code(peer, "quick", "{}")).isZero();
    }
    assertThat(code(dial("alice:agent:"), "quick", "{}")).isZero();
    assertThat(counting.asked).hasSize(1);

    assertThat(code(peer, "threaded", "{}")).isZero();
    assertThat(code(dial("alice:agent,other:"), "quick", "{}")).isZero();
    assertThat(code(dial("bob:agent:"), "quick", "{}")).isZero();
    assertThat(counting.asked).hasSize(4);

    network.advance(Duration.ofSeconds(61));
    assertThat(code(peer, "quick", "{}")).isZero();
    assertThat(counting.asked).hasSize(5);
  }

  @Test
  void aDenialIsRememberedTooAndAuditedEachTime() {
    Counting counting = new Counting(new Decision.Deny("no", Duration.ofSeconds(60)));
    start(counting);
    TestPeer peer = dial("alice::");
    for (int i = 0; i < 3; i++) {
      assertThat(code(peer, "quick", "{}")).isEqualTo(FORBIDDEN);
    }

    assertThat(counting.asked).hasSize(1);
    assertThat(denials()).hasSize(3);
  }

  @Test
  void whatMayNotBeRememberedIsAskedEachTime() {
    Counting counting = new Counting(Decision.allow());
    start(counting);
    TestPeer peer = dial("alice::");
    for (int i = 0; i < 3; i++) {
      assertThat(code(peer, "quick", "{}")).isZero();
    }

    assertThat(counting.asked).hasSize(3);
  }

  @Test
  void aChangeForgetsWhatWasDecidedForThatUser() {
    Counting counting = new Counting(new Decision.Allow(Duration.ofHours(1)));
    Server running = start(counting);
    TestPeer alice = dial("alice::");
    TestPeer bob = dial("bob::");
    code(alice, "quick", "{}");
    code(bob, "quick", "{}");
    running.access().changed("alice");
    code(alice, "quick", "{}");
    code(bob, "quick", "{}");
    assertThat(counting.asked).hasSize(3);

    running.access().changed(null);
    code(alice, "quick", "{}");
    code(bob, "quick", "{}");
    assertThat(counting.asked).hasSize(5);
  }

  @Test
  void anAnswerFromBeforeAChangeIsNotUsed() {
    Slow slow = new Slow();
    Server running = start(slow);
    TestPeer peer = dial("alice::");
    peer.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"quick\"}");
    running.access().changed(null);
    slow.answer("quick", new Decision.Allow(Duration.ofHours(1)));
    network.runUntilIdle();
    assertThat(peer.heardNothing()).isTrue();
    assertThat(slow.asked()).isEqualTo(2);

    slow.answer("quick", Decision.deny("not any more"));
    network.runUntilIdle();
    assertThat(errorCode(peer.response(1))).isEqualTo(FORBIDDEN);
  }

  // ---- what changes while it runs

  @Test
  void otherRulesHoldFromTheNextCallOn() {
    Server running = start(new AccessRules(List.of()));
    TestPeer peer = dial("alice::");
    assertThat(code(peer, "quick", "{}")).isEqualTo(FORBIDDEN);

    running
        .access()
        .authoriser(
            new AccessRules(List.of(AccessRule.allow(Action.CALL).on("quick").anyone().build())));
    assertThat(code(peer, "quick", "{}")).isZero();

    running.access().authoriser(null);
    assertThat(code(peer, "threaded", "{}")).isZero();
  }

  @Test
  void subscriptionsThatAreNotAllowedAnyMoreEndAndThePeerIsTold() {
    Server running =
        start(
            new AccessRules(List.of(AccessRule.allow(Action.SUBSCRIBE).on("**").anyone().build())));
    TestPeer peer = dial("alice::");
    for (String topic : List.of("a", "b", "c")) {
      assertThat(code(peer, "rpc.subscribe", "{\"topic\":\"" + topic + "\"}")).isZero();
    }

    running
        .access()
        .authoriser(
            new AccessRules(List.of(AccessRule.allow(Action.SUBSCRIBE).on("b").anyone().build())));
    network.runUntilIdle();
    assertThat(peer.heard())
        .containsExactlyInAnyOrder(
            "{\"jsonrpc\":\"2.0\",\"method\":\"$/unsubscribed\",\"params\":{\"topic\":\"a\","
                + "\"code\":-32003,\"reason\":\"not allowed\"}}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"$/unsubscribed\",\"params\":{\"topic\":\"c\","
                + "\"code\":-32003,\"reason\":\"not allowed\"}}");

    for (String topic : List.of("a", "b", "c")) {
      var unused = running.topics().publishAsync(topic, RawJson.parse("1"));
    }
    network.runUntilIdle();
    assertThat(peer.heard()).singleElement().asString().contains("\"topic\":\"b\"");
    assertThat(audit.stream().filter(AuditEvent.SubscriptionEnded.class::isInstance)).hasSize(2);
  }

  @Test
  void aChangeOfOneUserIsNoMatterOfOthers() {
    Set<String> allowed = ConcurrentHashMap.newKeySet();
    allowed.addAll(List.of("alice", "bob"));
    Server running =
        start(request ->
            CompletableFuture.completedStage(
                allowed.contains(request.principal().user())
                    ? new Decision.Allow(Duration.ofHours(1))
                    : Decision.deny("left")));
    TestPeer alice = dial("alice::");
    TestPeer bob = dial("bob::");
    assertThat(code(alice, "rpc.subscribe", "{\"topic\":\"a\"}")).isZero();
    assertThat(code(bob, "rpc.subscribe", "{\"topic\":\"a\"}")).isZero();
    allowed.clear();

    running.access().changed("alice");
    network.runUntilIdle();
    assertThat(alice.heard()).singleElement().asString().contains("$/unsubscribed");
    assertThat(bob.heardNothing()).isTrue();
  }

  @Test
  void aReviewAsksOnlySoMuchAtOnceAndComesToItsEnd() {
    Slow slow = new Slow();
    Server running = start(slow);
    slow.always("SUBSCRIBE", Decision.allow());
    List<TestPeer> peers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      TestPeer peer = dial("u" + i + "::");
      peers.add(peer);
      for (int topic = 0; topic < 30; topic++) {
        assertThat(code(peer, "rpc.subscribe", "{\"topic\":\"t" + topic + "\"}")).isZero();
      }
    }
    slow.never("SUBSCRIBE");
    running.access().changed(null);
    network.runUntilIdle();
    assertThat(slow.open()).hasSize(64);

    int rounds = 0;
    while (!slow.open().isEmpty()) {
      slow.answerAll(Decision.deny("all over"));
      network.runUntilIdle();
      rounds++;
    }
    assertThat(rounds).isBetween(5, 300);
    for (TestPeer peer : peers) {
      assertThat(peer.heard()).hasSize(30).allMatch(text -> text.contains("$/unsubscribed"));
    }
  }

  @Test
  void aSubscriptionThatWaitsForItsDecisionDuringAChangeIsDecidedByTheNewRules() {
    Slow slow = new Slow();
    Server running = start(slow);
    TestPeer peer = dial("alice::");
    peer.send(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.subscribe\",\"params\":{\"topic\":\"a\"}}");
    running.access().authoriser(new AccessRules(List.of()));
    slow.answer("a", Decision.allow());
    network.runUntilIdle();

    assertThat(errorCode(peer.response(1))).isEqualTo(FORBIDDEN);
  }

  @Test
  void aTokenWithFewerRolesEndsWhatItDoesNotAllow() {
    start(
        new AccessRules(
            List.of(
                AccessRule.allow(Action.SUBSCRIBE).on("a").roles("agent").build(),
                AccessRule.allow(Action.SUBSCRIBE).on("b").anyone().build(),
                AccessRule.allow(Action.CALL).on("quick").roles("agent").build())));
    TestPeer peer = dial("alice:agent:");
    peer.send("{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1}}");
    peer.heard();
    assertThat(code(peer, "rpc.subscribe", "{\"topic\":\"a\"}")).isZero();
    assertThat(code(peer, "rpc.subscribe", "{\"topic\":\"b\"}")).isZero();
    assertThat(code(peer, "quick", "{}")).isZero();

    assertThat(code(peer, "rpc.auth", "{\"token\":\"alice:agent:\"}")).isZero();
    assertThat(peer.heardNothing()).isTrue();
    assertThat(code(peer, "rpc.auth", "{\"token\":\"alice:guest:\"}")).isZero();
    network.runUntilIdle();
    assertThat(peer.heard()).singleElement().asString().contains("$/unsubscribed", "\"a\"");
    assertThat(code(peer, "quick", "{}")).isEqualTo(FORBIDDEN);
  }

  /** Always answers the same, and counts. */
  private static final class Counting implements Authoriser {
    private final Decision decision;
    private final List<AccessRequest> asked = new ArrayList<>();

    Counting(Decision decision) {
      this.decision = decision;
    }

    @Override
    public CompletableFuture<Decision> decide(AccessRequest request) {
      asked.add(request);
      return CompletableFuture.completedFuture(decision);
    }
  }
}
