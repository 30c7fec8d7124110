package dev.everwire.session.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.internal.stream.Outflow;
import dev.everwire.session.stream.ItemStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What leaves together, and what does not because of its size or its content. */
class BatchesTest {
  private static final RawJson FOUR_HUNDRED = RawJson.parse("[\"" + "x".repeat(396) + "\"]");
  private static final RawJson TWO_THOUSAND = RawJson.parse("[\"" + "x".repeat(1_996) + "\"]");

  private final EngineHarness h = new EngineHarness(SessionLimits.DEFAULT);

  private void everwire(long maxMessageBytes) {
    h.engine.establish(
        Heartbeat.DEFAULT, new PeerProfile(Set.of(PeerProfile.BATCH), maxMessageBytes), 1.0, h.now);
  }

  private OutboundCall call(@Nullable RawJson params) {
    return OutboundCall.of("hers", params, CallOptions.withoutDeadline(), h.outcomes::add);
  }

  private List<String> send(List<Outgoing.Member> members) {
    List<Long> deadlines = new ArrayList<>();
    for (Outgoing.Member member : members) {
      if (member instanceof Outgoing.Member.Called) {
        deadlines.add(h.now + EngineHarness.SECOND);
      }
    }
    var unused = h.engine.batch(members, deadlines, h.now);
    return h.effects.all();
  }

  @Test
  void aBatchLongerThanThePeerReadsLeavesInSeveralArrays() {
    everwire(1_500);
    List<Outgoing.Member> members = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      members.add(new Outgoing.Member.Called(call(FOUR_HUNDRED)));
    }
    assertThat(send(members))
        .hasSizeGreaterThan(1)
        .allSatisfy(array -> assertThat(array).startsWith("[{").hasSizeLessThan(1_500))
        .anyMatch(array -> array.contains("s:1") && array.contains("s:2"));
    for (int i = 1; i <= 5; i++) {
      h.receive(EngineHarness.success("\"s:" + i + "\"", "1"));
    }
    assertThat(h.outcomes).hasSize(5).allMatch(CallOutcome.Answered.class::isInstance);
  }

  @Test
  void onlyTheMembersThatAreTooLargeStayHere() {
    everwire(1_500);
    List<String> sent =
        send(
            List.of(
                new Outgoing.Member.Called(call(TWO_THOUSAND)),
                new Outgoing.Member.Told("told", TWO_THOUSAND),
                new Outgoing.Member.Told("small", null),
                new Outgoing.Member.Called(call(null))));
    assertThat(sent).hasSize(1);
    assertThat(sent.getFirst()).contains("small", "hers").doesNotContain("told");
    assertThat(h.outcomes)
        .singleElement()
        .isInstanceOfSatisfying(
            CallOutcome.Refused.class,
            refused -> assertThat(refused.fault().code()).isEqualTo(FaultCode.TOO_LARGE));
  }

  @Test
  void nobodyWaitsForTheAnswerToWhatCannotBeWritten() {
    everwire(1_500);
    h.effects.unwritable = true;
    assertThatThrownBy(() ->
            send(
                List.of(
                    new Outgoing.Member.Called(call(null)),
                    new Outgoing.Member.Called(call(null)))))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> h.engine.call(call(null), h.now + EngineHarness.SECOND, h.now))
        .isInstanceOf(IllegalStateException.class);
    assertThat(h.outcomes).hasSize(3).allMatch(CallOutcome.Refused.class::isInstance);
    assertThat(h.engine.pendingCalls()).isZero();
  }

  @Test
  void anArgumentEndsWithNoLargerFaultThanThePeerReads() {
    h.engine.establish(
        Heartbeat.DEFAULT, new PeerProfile(Set.of(PeerProfile.STREAM), 1_500), 1.0, h.now);
    OutboundCall call =
        new OutboundCall(
            "hers",
            RawJson.parse("[{\"$stream\":1}]"),
            CallOptions.withoutDeadline(),
            h.outcomes::add,
            null,
            List.of(new Argument(ItemStream.of(List.of(1)))),
            null,
            null);
    h.engine.call(call, h.now + EngineHarness.SECOND, h.now);
    h.effects.all();
    Outflow out = h.effects.produced.getFirst();
    h.engine.sent(out, new Fault(7, "no", TWO_THOUSAND));
    assertThat(h.effects.next()).contains("$/end", "\"code\":7").hasSizeLessThan(1_500);
  }
}
