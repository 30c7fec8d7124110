package dev.everwire.session.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Offer;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.internal.rpc.CallOutcome;
import org.junit.jupiter.api.Test;

/** Calls of ours: each ends once, whatever comes for it. */
class EngineCallsTest extends EngineByHand {
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
  void anAnswerWithoutAResultEndsTheCallItIsForAndIsARequestOtherwise() {
    engine.call("hers", null, SECOND, outcomes::add);
    effects.next();
    receive("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\"}");
    effects.assertExhausted();
    assertThat(outcomes).hasSize(1).first().isInstanceOf(CallOutcome.Refused.class);
    receive("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\"}");
    assertThat(effects.next()).startsWith(failure("\"s:1\"", -32600));
    effects.assertExhausted();
  }

  @Test
  void aMalformedRequestEndsNoCallOfTheSameId() {
    engine.call("hers", null, SECOND, outcomes::add);
    effects.next();
    receive("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"method\":5}");
    assertThat(effects.next()).startsWith(failure("\"s:1\"", -32600));
    assertThat(outcomes).isEmpty();
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
  void aCallPastItsDeadlineExpiresAndAnEverwirePeerIsTold() {
    engine.establish(Heartbeat.DEFAULT, PeerProfile.PLAIN, 1.0, 0);
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
}
