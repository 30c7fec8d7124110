package dev.everwire.client.internal.calls;

import static dev.everwire.client.internal.calls.QueueByHand.SECOND;
import static dev.everwire.client.internal.calls.QueueByHand.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.WhenFull;
import dev.everwire.client.link.WhileAway;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.internal.Outgoing;
import dev.everwire.session.internal.rpc.CallOutcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What waits for a connection, and what becomes of it. */
class CallQueueTest {
  private static final CallOptions IDEMPOTENT = CallOptions.DEFAULT.idempotent();

  private final QueueByHand h = new QueueByHand(WhileAway.DEFAULT);

  private static RawJson text(int length) {
    return RawJson.parse("[\"" + "x".repeat(length) + "\"]");
  }

  @Test
  void whatIsMadeWhileAwayIsSentInOrderWhenThereIsAConnection() {
    h.calls("a", "b");
    assertThat(h.queue.tell("c", null)).isEqualTo(Offer.QUEUED);
    h.calls("d");
    assertThat(h.room.messages()).isEqualTo(4);
    FakeWire wire = h.online(256);
    assertThat(wire.sent).containsExactly("a", "b", "c!", "d");
    assertThat(h.room.messages()).isZero();
    wire.answer("b");
    wire.answer("a");
    wire.answer("d");
    assertThat(h.outcome("b")).isInstanceOf(CallOutcome.Answered.class);
    h.assertExhausted();
  }

  @Test
  void whileThereIsAConnectionNothingWaits() {
    FakeWire wire = h.online(256);
    h.calls("a");
    assertThat(h.queue.tell("b", null)).isEqualTo(Offer.QUEUED);
    assertThat(wire.sent).containsExactly("a", "b!");
    wire.full = true;
    assertThat(h.queue.tell("c", null)).isEqualTo(Offer.FULL);
    h.calls("d");
    assertThat(h.outcome("d")).isInstanceOf(CallOutcome.Refused.class);
  }

  @Test
  void aDeadlineCountsFromWhenTheCallWasMade() {
    h.call("a", CallOptions.within(Duration.ofSeconds(5)));
    h.call("b", CallOptions.within(Duration.ofSeconds(20)));
    assertThat(h.queue.untilDue()).isEqualTo(5 * SECOND);
    h.at(5);
    assertThat(h.outcome("a")).isEqualTo(new CallOutcome.Expired());
    FakeWire wire = h.online(256);
    assertThat(wire.sent).containsExactly("b");
    assertThat(wire.open.get("b").options().within()).hasValue(Duration.ofSeconds(15));
  }

  @Test
  void aCallWhoseWaiterHasGivenUpIsNeverSent() {
    Outgoing.Running a = h.call("a");
    h.calls("b");
    a.cancel();
    a.cancel();
    assertThat(h.outcome("a")).isEqualTo(new CallOutcome.Cancelled());
    assertThat(h.online(256).sent).containsExactly("b");
  }

  @Test
  void whatWaitedTooLongEndsWithAWordAboutIt() {
    h.call("a", CallOptions.withoutDeadline());
    var unused = h.queue.tell("b", null);
    h.at(29.9);
    assertThat(h.outcomes).isEmpty();
    h.at(30);
    assertThat(h.outcome("a")).isEqualTo(new CallOutcome.Lost(false, "no connection within PT30S"));
    assertThat(h.dropped).containsExactly("2: no connection within PT30S");
    h.assertExhausted();
  }

  @Test
  void anAgeCountsFromWhenTheConnectionWasGone() {
    FakeWire wire = h.online(1);
    h.call("a", CallOptions.withoutDeadline().idempotent());
    h.call("b", CallOptions.withoutDeadline());
    h.at(100);
    assertThat(h.outcomes).isEmpty();
    h.lose(wire);
    h.at(129);
    assertThat(h.outcomes).isEmpty();
    h.at(130);
    assertThat(h.outcome("a")).isEqualTo(new CallOutcome.Lost(true, "no connection within PT30S"));
    assertThat(h.outcome("b")).isEqualTo(new CallOutcome.Lost(false, "no connection within PT30S"));
    h.assertExhausted();
  }

  @Test
  void oneMoreThanFitsIsRefused() {
    QueueByHand small = new QueueByHand(keeping(2));
    small.calls("a");
    assertThat(small.queue.tell("b", null)).isEqualTo(Offer.QUEUED);
    assertThat(small.queue.tell("c", null)).isEqualTo(Offer.FULL);
    small.calls("d");
    assertThat(small.outcome("d"))
        .isInstanceOfSatisfying(
            CallOutcome.Refused.class,
            refused -> assertThat(refused.fault().code()).isEqualTo(FaultCode.OVERLOADED));
    assertThat(small.online(256).sent).containsExactly("a", "b!");
  }

  @Test
  void theOldestGiveWayWhereThatWasAskedFor() {
    QueueByHand small = new QueueByHand(keeping(2).whenFull(WhenFull.DROP_OLDEST));
    small.calls("a");
    assertThat(small.queue.tell("b", null)).isEqualTo(Offer.QUEUED);
    assertThat(small.queue.tell("c", null)).isEqualTo(Offer.QUEUED);
    assertThat(small.outcome("a")).isInstanceOf(CallOutcome.Refused.class);
    small.calls("d");
    assertThat(small.dropped).hasSize(2);
    FakeWire wire = small.online(256);
    assertThat(wire.sent).containsExactly("c!", "d");
    wire.answer("d");
    small.assertExhausted();
  }

  @Test
  void bytesAreBoundedTooButOneMessageMayAlwaysWait() {
    QueueByHand small = new QueueByHand(WhileAway.queue(10, 1_000, Duration.ofSeconds(30)));
    assertThat(small.queue.tell("a", text(5_000))).isEqualTo(Offer.QUEUED);
    assertThat(small.queue.tell("b", null)).isEqualTo(Offer.FULL);
    assertThat(small.online(256).sent).containsExactly("a!");
    small.queue.offline();
    assertThat(small.queue.tell("c", text(600))).isEqualTo(Offer.QUEUED);
    assertThat(small.queue.tell("d", text(600))).isEqualTo(Offer.FULL);
  }

  @Test
  void whereNothingWaitsEverythingEndsAtOnce() {
    QueueByHand fast = new QueueByHand(WhileAway.FAIL_FAST);
    fast.calls("a");
    assertThat(fast.outcome("a")).isEqualTo(new CallOutcome.Lost(false, "not connected"));
    assertThat(fast.queue.tell("b", null)).isEqualTo(Offer.CLOSED);
    FakeWire wire = fast.online(1);
    fast.call("c", IDEMPOTENT);
    fast.calls("d");
    assertThat(fast.queue.tell("e", null)).isEqualTo(Offer.QUEUED);
    fast.lose(wire);
    assertThat(fast.outcome("c")).isEqualTo(new CallOutcome.Lost(true, "cut"));
    assertThat(fast.outcome("d")).isEqualTo(new CallOutcome.Lost(false, "not connected"));
    assertThat(fast.dropped).containsExactly("2: there is no connection");
    fast.assertExhausted();
  }

  @Test
  void aCallThatFailsFastNeverWaitsForAConnection() {
    CallOptions fast = CallOptions.DEFAULT.failFast();
    h.call("a", fast);
    assertThat(h.outcome("a")).isEqualTo(new CallOutcome.Lost(false, "not connected"));
    FakeWire wire = h.online(1);
    h.call("b", fast.idempotent());
    h.call("c", fast);
    h.calls("d");
    h.lose(wire);
    assertThat(h.outcome("b")).isEqualTo(new CallOutcome.Lost(true, "cut"));
    assertThat(h.outcome("c")).isEqualTo(new CallOutcome.Lost(false, "not connected"));
    assertThat(h.online(1).sent).containsExactly("d");
  }

  @Test
  void idempotentCallsThatWereLostGoFirstAndInOrder() {
    FakeWire first = h.online(3);
    h.call("a", IDEMPOTENT);
    h.call("b");
    h.call("c", IDEMPOTENT);
    h.call("d", IDEMPOTENT);
    h.calls("e");
    h.at(1);
    h.lose(first);
    assertThat(h.outcomes).containsOnlyKeys("b");
    assertThat(h.outcome("b")).isEqualTo(new CallOutcome.Lost(true, "cut"));
    assertThat(first.sent).containsExactly("a", "b", "c");
    h.calls("f");
    h.at(2);
    FakeWire second = h.online(256);
    assertThat(second.sent).containsExactly("a", "c", "d", "e", "f");
    assertThat(second.open.get("a").options().within()).hasValue(Duration.ofSeconds(28));
    second.answer("a");
    assertThat(h.outcome("a")).isInstanceOf(CallOutcome.Answered.class);
  }

  @Test
  void anIdempotentCallIsSentAgainAsOftenAsItsDeadlineAllows() {
    h.call("a", IDEMPOTENT);
    for (int i = 0; i < 5; i++) {
      h.lose(h.online(256));
      h.at(i);
    }
    h.at(30);
    assertThat(h.outcome("a")).isEqualTo(new CallOutcome.Expired());
    h.assertExhausted();
  }

  @Test
  void aLateEndOnAFormerConnectionDoesNotDisturbThePresentOne() {
    FakeWire first = h.online(1);
    h.call("a", IDEMPOTENT);
    h.calls("b");
    h.queue.offline(); // it was let go: its calls have not ended yet
    FakeWire second = h.online(1);
    assertThat(second.sent).containsExactly("b");
    first.end("a", new CallOutcome.Lost(true, "let go"));
    assertThat(h.outcomes).isEmpty();
    second.answer("b");
    assertThat(second.sent).containsExactly("b", "a");
    second.answer("a");
    h.assertExhausted();
  }

  @Test
  void anAnswerThatStillComesOnAFormerConnectionCounts() {
    FakeWire first = h.online(1);
    h.calls("a");
    h.queue.offline();
    FakeWire second = h.online(1);
    first.answer("a");
    assertThat(h.outcome("a")).isInstanceOf(CallOutcome.Answered.class);
    h.calls("b", "c");
    assertThat(second.sent).containsExactly("b");
  }

  @Test
  void aCallThatNeverLeftADyingConnectionWaitsForTheNext() {
    FakeWire wire = h.online(256);
    wire.dead = true; // nobody has told the queue yet
    h.calls("a", "b");
    assertThat(h.outcomes).isEmpty();
    h.queue.offline();
    assertThat(h.online(256).sent).containsExactly("a", "b");
  }

  @Test
  void aNotificationThatFindsTheConnectionClosingWaitsForTheNext() {
    FakeWire wire = h.online(256);
    wire.dead = true; // it says farewell, and its end is told later
    assertThat(h.queue.tell("a", null)).isEqualTo(Offer.QUEUED);
    h.queue.told("b", null, false); // from another thread
    h.calls("c");
    assertThat(h.room.messages()).isEqualTo(3);
    h.queue.offline();
    assertThat(h.online(256).sent).containsExactly("a!", "b!", "c");
    assertThat(h.dropped).isEmpty();
  }

  @Test
  void anAcceptedNotificationThatFindsTheConnectionClosingIsPutBack() {
    FakeWire wire = h.online(256);
    wire.dead = true;
    h.queue.told("a", null, false);
    assertThat(h.room.messages()).isEqualTo(1);
    h.queue.offline();
    assertThat(h.online(256).sent).containsExactly("a!");
  }

  @Test
  void whereNothingWaitsAClosingConnectionIsNone() {
    QueueByHand fast = new QueueByHand(WhileAway.FAIL_FAST);
    fast.online(256).dead = true;
    fast.queue.told("a", null, false);
    assertThat(fast.dropped).containsExactly("1: the connection is closing");
    assertThat(fast.queue.tell("b", null)).isEqualTo(Offer.CLOSED);
    fast.calls("c");
    assertThat(fast.outcome("c")).isEqualTo(new CallOutcome.Lost(false, "not connected"));
    fast.assertExhausted();
  }

  @Test
  void nothingIsSentOnAConnectionThatIsClosing() {
    FakeWire wire = h.online(256);
    wire.closing = true;
    h.calls("a");
    h.queue.batch(List.of(new Outgoing.Member.Told("b", null)));
    assertThat(h.queue.tell("c", null)).isEqualTo(Offer.QUEUED);
    h.queue.told("d", null, false);
    assertThat(wire.sent).isEmpty();
    h.queue.offline();
    assertThat(h.online(256).sent).containsExactly("a", "[b!]", "c!", "d!");
  }

  @Test
  void aCallThatRanPerhapsAndGivesWayIsToldSo() {
    QueueByHand small = new QueueByHand(keeping(1).whenFull(WhenFull.DROP_OLDEST));
    FakeWire wire = small.online(256);
    small.call("a", IDEMPOTENT);
    small.lose(wire);
    small.calls("b");
    assertThat(small.outcome("a"))
        .isEqualTo(new CallOutcome.Lost(true, "gave way to newer messages"));
  }

  @Test
  void theOldestCallsGiveWayWhereTooManyArePendingToo() {
    QueueByHand small = new QueueByHand(keeping(100).whenFull(WhenFull.DROP_OLDEST), 2);
    assertThat(small.queue.tell("note", null)).isEqualTo(Offer.QUEUED);
    small.calls("a", "b", "c");
    assertThat(small.outcomes).containsOnlyKeys("a");
    assertThat(small.outcome("a")).isEqualTo(Ends.GAVE_WAY);
    assertThat(small.online(256).sent).containsExactly("note!", "b", "c");
  }

  @Test
  void notificationsOfABatchThatIsRefusedAreReported() {
    QueueByHand small = new QueueByHand(keeping(1));
    small.calls("a");
    small.queue.batch(
        List.of(new Outgoing.Member.Told("b", null), new Outgoing.Member.Told("c", null)));
    assertThat(small.dropped).containsExactly("2: their batch was refused");
  }

  @Test
  void pressureIsNotToldBecauseTheClientEnds() {
    h.calls("a");
    h.queue.end("closed by this client");
    assertThat(h.pressure).isEmpty();
  }

  @Test
  void whatNeverRanAgainIsStillToldToHaveRunPerhaps() {
    FakeWire wire = h.online(256);
    h.call("a", IDEMPOTENT);
    h.lose(wire);
    h.queue.end("closed by this client");
    assertThat(h.outcome("a")).isEqualTo(new CallOutcome.Lost(true, "closed by this client"));
  }

  @Test
  void aRefusedCallIsNotSentAgain() {
    FakeWire wire = h.online(256);
    h.call("a", IDEMPOTENT);
    wire.end("a", new CallOutcome.Refused(Fault.of(FaultCode.OVERLOADED, "server is full")));
    assertThat(h.outcome("a")).isInstanceOf(CallOutcome.Refused.class);
    assertThat(wire.sent).containsExactly("a");
    h.assertExhausted();
  }

  @Test
  void atTheEndAllEnds() {
    h.calls("a");
    var unused = h.queue.tell("b", null);
    FakeWire wire = h.online(1);
    h.calls("c", "d");
    h.queue.end("closed by this client");
    h.queue.end("again");
    assertThat(h.outcome("d")).isEqualTo(new CallOutcome.Lost(false, "closed by this client"));
    wire.lose();
    assertThat(h.outcome("a")).isEqualTo(new CallOutcome.Lost(true, "cut"));
    h.calls("e");
    assertThat(h.outcome("e")).isEqualTo(new CallOutcome.Lost(false, "closed by this client"));
    assertThat(h.queue.tell("f", null)).isEqualTo(Offer.CLOSED);
    h.queue.online(new FakeWire(), 256, Resumption.NONE, () -> {});
    h.calls("g");
    assertThat(h.outcome("g")).isEqualTo(new CallOutcome.Lost(false, "closed by this client"));
    h.assertExhausted();
  }

  @Test
  void whatCannotBeWrittenEndsAndHoldsUpNobody() {
    h.calls("a", "b");
    FakeWire wire = new FakeWire();
    wire.throwing = true;
    h.queue.online(wire, 256, Resumption.NONE, () -> {});
    assertThat(h.outcome("a")).isEqualTo(Ends.NOT_MADE);
    assertThat(h.outcome("b")).isEqualTo(Ends.NOT_MADE);
    wire.throwing = false;
    h.calls("c");
    wire.answer("c");
    h.assertExhausted();
  }

  @Test
  void pressureIsToldAboveHalfAndBelowAQuarter() {
    QueueByHand small = new QueueByHand(keeping(8));
    small.calls("1", "2", "3", "4");
    assertThat(small.pressure).isEmpty();
    Outgoing.Running five = small.call("5");
    assertThat(small.pressure).containsExactly(true);
    five.cancel();
    assertThat(small.pressure).containsExactly(true);
    assertThat(small.online(256).sent).hasSize(4);
    assertThat(small.pressure).containsExactly(true, false);
  }
}
