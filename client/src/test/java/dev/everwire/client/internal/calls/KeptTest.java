package dev.everwire.client.internal.calls;

import static dev.everwire.client.internal.calls.QueueByHand.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.WhileAway;
import dev.everwire.session.CallOptions;
import dev.everwire.session.internal.Outgoing;
import dev.everwire.session.internal.rpc.CallOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of calls whose connection is lost while the server keeps the session. */
class KeptTest {
  private static final Duration WINDOW = Duration.ofSeconds(60);
  private static final Resumption FRESH = new Resumption(WINDOW, false, Map.of());
  private static final CallOptions IDEMPOTENT = CallOptions.DEFAULT.idempotent();

  private final QueueByHand h = new QueueByHand(WhileAway.DEFAULT);

  private static Resumption resumed(Map<Long, String> fates) {
    return new Resumption(WINDOW, true, fates);
  }

  private static CallOutcome lost(String why) {
    return new CallOutcome.Lost(true, why);
  }

  @Test
  void theAnswerToHelloSaysWhatBecomesOfEach() {
    FakeWire wire = h.online(256, FRESH);
    h.calls("done", "running", "unknown", "missing");
    h.call("unknownIdempotent", IDEMPOTENT);
    h.calls("new1", "new2");
    h.lose(wire);
    assertThat(h.outcomes).as("all wait").isEmpty();
    assertThat(h.queue.unanswered()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    h.calls("later");

    FakeWire next =
        h.online(
            256,
            resumed(
                Map.of(
                    1L, "done", 2L, "running", 3L, "unknown", 5L, "unknown", 6L, "new", 7L,
                    "new")));
    assertThat(next.sent)
        .containsExactly(
            "done is awaited as 1",
            "running is awaited as 2",
            "new1@6",
            "new2@7",
            "unknownIdempotent",
            "later");
    assertThat(h.outcome("unknown")).isEqualTo(lost("the server does not know what became of it"));
    assertThat(h.outcome("missing")).isEqualTo(lost("the server does not know what became of it"));
    List.of("done", "running", "new1", "new2", "unknownIdempotent", "later").forEach(next::answer);
    assertThat(h.outcome("done")).isInstanceOf(CallOutcome.Answered.class);
    assertThat(h.queue.unanswered()).isEmpty();
    h.assertExhausted();
  }

  @Test
  void aFreshSessionEndsThemOrSendsThemAgain() {
    FakeWire wire = h.online(256, FRESH);
    h.calls("a");
    h.call("b", IDEMPOTENT);
    h.lose(wire);
    FakeWire next = h.online(256, FRESH);
    assertThat(h.outcome("a")).isEqualTo(lost("the server does not know what became of it"));
    assertThat(next.sent).containsExactly("b");
    assertThat(h.queue.unanswered()).containsExactly(1L);
    next.answer("b");
    h.assertExhausted();
  }

  @Test
  void aServerThatKeepsNothingEndsThemAsEver() {
    FakeWire wire = h.online(256);
    h.calls("a");
    assertThat(h.queue.unanswered()).isEmpty();
    h.lose(wire);
    assertThat(h.outcome("a")).isEqualTo(lost("cut"));
    h.assertExhausted();
  }

  @Test
  void oneThatFailsFastEndsWithTheLink() {
    FakeWire wire = h.online(256, FRESH);
    h.call("a", CallOptions.DEFAULT.failFast());
    h.calls("b");
    h.lose(wire);
    assertThat(h.outcome("a")).isEqualTo(lost("cut"));
    assertThat(h.queue.unanswered()).containsExactly(2L);
  }

  @Test
  void aDeadlineCountsOnAndTheServerIsToldAfterwards() {
    FakeWire wire = h.online(256, FRESH);
    h.call("a", CallOptions.within(Duration.ofSeconds(5)));
    h.call("b", CallOptions.within(Duration.ofSeconds(50)));
    h.at(2);
    h.lose(wire);
    assertThat(h.queue.untilDue()).isEqualTo(3 * SECOND);
    h.at(5);
    assertThat(h.outcome("a")).isEqualTo(new CallOutcome.Expired());
    assertThat(h.queue.untilDue()).isEqualTo(45 * SECOND);

    h.at(10);
    FakeWire next = h.online(256, resumed(Map.of(2L, "running")));
    assertThat(next.givenUp).containsExactly(1L);
    assertThat(next.open.get("b").options().within()).hasValue(Duration.ofSeconds(40));
    next.answer("b");
    h.assertExhausted();
  }

  @Test
  void whoGivesUpEndsAtOnceAndTheServerIsToldAfterwards() {
    FakeWire wire = h.online(256, FRESH);
    Outgoing.Running a = h.call("a");
    h.calls("b");
    h.lose(wire);
    a.cancel();
    a.cancel();
    assertThat(h.outcome("a")).isEqualTo(new CallOutcome.Cancelled());
    assertThat(h.queue.unanswered()).containsExactly(2L);
    FakeWire next = h.online(256, resumed(Map.of(2L, "done")));
    assertThat(next.givenUp).containsExactly(1L);
    next.answer("b");
    FakeWire third = h.online(256, resumed(Map.of()));
    assertThat(third.givenUp).isEmpty();
    h.assertExhausted();
  }

  @Test
  void whatWasCancelledJustBeforeTheLossIsToldAgain() {
    FakeWire wire = h.online(256, FRESH);
    Outgoing.Running a = h.call("a");
    h.calls("b");
    a.cancel();
    assertThat(wire.cancelled).containsExactly("a");
    h.lose(wire);
    FakeWire next = h.online(256, resumed(Map.of(2L, "running")));
    assertThat(next.givenUp).containsExactly(1L);
    next.answer("b");
    h.assertExhausted();
  }

  @Test
  void ofAFreshSessionNothingIsGivenUp() {
    FakeWire wire = h.online(256, FRESH);
    Outgoing.Running a = h.call("a");
    h.lose(wire);
    a.cancel();
    assertThat(h.online(256, FRESH).givenUp).isEmpty();
    h.assertExhausted();
  }

  @Test
  void theyWaitNoLongerThanTheServerKeepsTheSession() {
    FakeWire wire = h.online(256, FRESH);
    h.call("a", CallOptions.withoutDeadline());
    h.call("b", CallOptions.withoutDeadline().idempotent());
    h.lose(wire);
    assertThat(h.queue.untilDue()).isEqualTo(60 * SECOND);
    h.at(59);
    assertThat(h.outcomes).isEmpty();
    h.at(60);
    assertThat(h.outcome("a")).isEqualTo(lost("the session was not resumed in time"));
    assertThat(h.queue.unanswered()).isEmpty();
    assertThat(h.outcome("b"))
        .as("waited for a connection all the time")
        .isEqualTo(lost("no connection within PT30S"));
    assertThat(h.online(256, resumed(Map.of())).sent).isEmpty();
    h.assertExhausted();
  }

  @Test
  void theWindowBeginsWithTheLossAndAnewWithTheNext() {
    FakeWire wire = h.online(256, FRESH);
    h.call("a", CallOptions.withoutDeadline());
    h.at(100);
    h.lose(wire);
    h.at(150);
    FakeWire next = h.online(256, resumed(Map.of(1L, "running")));
    h.at(155);
    h.lose(next);
    h.at(214);
    assertThat(h.outcomes).isEmpty();
    h.at(215);
    assertThat(h.outcome("a")).isEqualTo(lost("the session was not resumed in time"));
    h.assertExhausted();
  }

  @Test
  void lostAgainAndAgainACallIsStillTheSame() {
    FakeWire wire = h.online(256, FRESH);
    h.calls("a", "b");
    h.lose(wire);
    FakeWire second = h.online(256, resumed(Map.of(1L, "running", 2L, "new")));
    assertThat(second.sent).containsExactly("a is awaited as 1", "b@2");
    h.lose(second);
    assertThat(h.queue.unanswered()).containsExactly(1L, 2L);
    FakeWire third = h.online(256, resumed(Map.of(1L, "done", 2L, "running")));
    third.answer("a");
    third.answer("b");
    h.assertExhausted();
  }

  @Test
  void oneThatFindsNoRoomGoesAsANewOne() {
    FakeWire wire = h.online(256, FRESH);
    h.calls("a");
    h.lose(wire);
    FakeWire next = new FakeWire();
    next.full = true;
    next.number = 1;
    h.queue.online(next, 256, resumed(Map.of(1L, "new")), () -> {});
    assertThat(h.outcomes).isEmpty();
    assertThat(h.queue.unanswered()).isEmpty();
    next.full = false;
    h.at(1);
    assertThat(next.sent).endsWith("a");
    assertThat(next.numbers).containsEntry("a", 2L);
    next.answer("a");
    h.assertExhausted();
  }

  @Test
  void whatIsTakenUpCountsAmongWhatTheServerTakesAtOnce() {
    FakeWire wire = h.online(2, FRESH);
    h.calls("a", "b", "c");
    h.lose(wire);
    FakeWire next = h.online(2, resumed(Map.of(1L, "running", 2L, "new")));
    assertThat(next.sent).containsExactly("a is awaited as 1", "b@2");
    next.answer("a");
    assertThat(next.sent).endsWith("c");
  }

  @Test
  void aSuccessorTakesOverWhatTheFormerConnectionHas() {
    FakeWire former = h.online(256, FRESH);
    h.calls("a", "b");
    assertThat(h.queue.unanswered()).containsExactly(1L, 2L);
    h.queue.hold(true);
    h.calls("c");
    h.queue.tell("d", null);
    assertThat(former.sent).as("the former takes no new ones").containsExactly("a", "b");

    FakeWire next = h.online(256, resumed(Map.of(1L, "running", 2L, "unknown")));
    assertThat(former.sent).containsExactly("a", "b", "a is forgotten");
    assertThat(next.sent).containsExactly("a is awaited as 1", "c", "d!");
    next.answer("a");
    former.answer("b"); // it was on its way
    next.answer("c");
    h.assertExhausted();
  }

  @Test
  void aFreshSessionLeavesWhatTheFormerConnectionHasThere() {
    FakeWire former = h.online(256, FRESH);
    h.calls("a", "b");
    h.call("c", IDEMPOTENT);
    FakeWire next = h.online(256, FRESH);
    assertThat(next.sent).isEmpty();
    former.answer("a");
    former.lose();
    assertThat(h.outcome("b")).isEqualTo(lost("cut"));
    assertThat(next.sent).containsExactly("c");
    next.answer("c");
    h.assertExhausted();
  }

  @Test
  void whenNoSuccessorComesThePresentConnectionGoesOn() {
    FakeWire wire = h.online(256, FRESH);
    h.queue.hold(true);
    h.calls("a");
    assertThat(wire.sent).isEmpty();
    h.queue.hold(false);
    assertThat(wire.sent).containsExactly("a");
  }

  @Test
  void aConnectionThatGoesBeforeItsCallsEndIsLost() {
    FakeWire wire = h.online(256, FRESH);
    h.calls("a");
    h.queue.offline();
    wire.lose();
    assertThat(h.outcomes).isEmpty();
    FakeWire next = h.online(256, resumed(Map.of(1L, "done")));
    next.answer("a");
    h.assertExhausted();
  }

  @Test
  void theEndOfTheClientEndsThem() {
    FakeWire wire = h.online(256, FRESH);
    h.calls("a");
    h.call("b", IDEMPOTENT);
    h.lose(wire);
    h.queue.end("closed");
    assertThat(h.outcome("a")).isEqualTo(lost("closed"));
    assertThat(h.outcome("b")).isEqualTo(lost("closed"));
    h.assertExhausted();
  }

  @Test
  void aClientThatQueuesNothingStillWaitsForTheResume() {
    QueueByHand none = new QueueByHand(WhileAway.FAIL_FAST);
    FakeWire wire = none.online(256, FRESH);
    none.calls("a");
    none.lose(wire);
    assertThat(none.outcomes).isEmpty();
    FakeWire next = none.online(256, resumed(Map.of(1L, "running")));
    next.answer("a");
    none.assertExhausted();
  }
}
