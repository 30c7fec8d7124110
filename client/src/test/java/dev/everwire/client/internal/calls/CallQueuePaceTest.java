package dev.everwire.client.internal.calls;

import static dev.everwire.client.internal.calls.QueueByHand.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.WhileAway;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Offer;
import dev.everwire.session.CallOptions;
import dev.everwire.session.internal.Outgoing;
import dev.everwire.session.internal.rpc.CallOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many go at once, how fast, and what goes together. */
class CallQueuePaceTest {
  private final QueueByHand h = new QueueByHand(WhileAway.DEFAULT);

  private static Outgoing.Member.Told told(String method) {
    return new Outgoing.Member.Told(method, null);
  }

  private Outgoing.Member.Called member(String method) {
    return member(method, CallOptions.DEFAULT);
  }

  private Outgoing.Member.Called member(String method, CallOptions options) {
    return new Outgoing.Member.Called(h.outbound(method, options, null));
  }

  // ---- the server's limit

  @Test
  void noMoreCallsThanTheServerTakesAreOnTheWire() {
    FakeWire wire = h.online(2);
    h.calls("a", "b", "c", "d");
    assertThat(wire.sent).containsExactly("a", "b");
    wire.answer("b");
    assertThat(wire.sent).containsExactly("a", "b", "c");
    wire.answer("a");
    wire.answer("c");
    wire.answer("d");
    h.assertExhausted();
  }

  @Test
  void whoeverComesLaterDoesNotOvertake() {
    FakeWire wire = h.online(1);
    h.calls("a", "b");
    assertThat(h.queue.tell("c", null)).isEqualTo(Offer.QUEUED);
    assertThat(wire.sent).containsExactly("a");
    wire.answer("a");
    assertThat(wire.sent).containsExactly("a", "b", "c!");
  }

  @Test
  void aCallThatIsCancelledOnTheWireMakesRoom() {
    FakeWire wire = h.online(1);
    Outgoing.Running a = h.call("a");
    h.calls("b");
    a.cancel();
    assertThat(h.outcome("a")).isEqualTo(new CallOutcome.Cancelled());
    assertThat(wire.cancelled).containsExactly("a");
    assertThat(wire.sent).containsExactly("a", "b");
  }

  @Test
  void moreThanMayBePendingInAllIsRefusedOnTheSpot() {
    QueueByHand few = new QueueByHand(WhileAway.DEFAULT, 3);
    FakeWire wire = few.online(2);
    few.calls("a", "b", "c", "d");
    assertThat(few.outcome("d"))
        .isInstanceOfSatisfying(
            CallOutcome.Refused.class,
            refused -> assertThat(refused.fault().code()).isEqualTo(FaultCode.OVERLOADED));
    wire.answer("a");
    few.calls("e");
    assertThat(few.outcomes).doesNotContainKey("e");
  }

  @Test
  void aDeadlineIsKeptWhileWaitingForTheServerToo() {
    FakeWire wire = h.online(1);
    h.call("a", CallOptions.withoutDeadline());
    h.call("b", CallOptions.within(Duration.ofSeconds(2)));
    assertThat(h.queue.untilDue()).isEqualTo(2 * SECOND);
    h.at(2);
    assertThat(h.outcome("b")).isEqualTo(new CallOutcome.Expired());
    wire.answer("a");
    assertThat(wire.sent).containsExactly("a");
    h.assertExhausted();
  }

  @Test
  void theConnectionsOwnQueueIsNotFloodedAfterAReconnect() {
    h.calls("a", "b");
    FakeWire wire = new FakeWire();
    wire.unsent = 1 << 20;
    h.queue.online(wire, 256, Resumption.NONE, () -> {});
    assertThat(wire.sent).isEmpty();
    assertThat(h.queue.untilDue()).isLessThan(SECOND);
    wire.unsent = 0;
    h.at(0.02);
    assertThat(wire.sent).containsExactly("a", "b");
  }

  @Test
  void whatWaitedAndFindsNoRoomWaitsOn() {
    h.calls("a", "b");
    FakeWire wire = new FakeWire();
    wire.full = true;
    h.queue.online(wire, 256, Resumption.NONE, () -> {});
    assertThat(h.outcomes).isEmpty();
    assertThat(wire.sent).containsExactly("a");
    wire.full = false;
    h.at(0.02);
    assertThat(wire.sent).containsExactly("a", "a", "b");
    wire.answer("a");
    wire.answer("b");
    h.assertExhausted();
  }

  // ---- limiters

  @Test
  void aLimitedCallWaitsForItsTokenAndHoldsUpOnlyItsOwnKind() {
    h.limiters.add("orders", 1, 1);
    FakeWire wire = h.online(256);
    CallOptions limited = CallOptions.DEFAULT.limitedBy("orders");
    h.call("a", limited);
    h.call("b", limited);
    h.call("c", limited);
    h.calls("free");
    assertThat(wire.sent).containsExactly("a", "free");
    assertThat(h.queue.untilDue()).isEqualTo(SECOND);
    h.at(1);
    assertThat(wire.sent).containsExactly("a", "free", "b");
    h.at(2);
    assertThat(wire.sent).containsExactly("a", "free", "b", "c");
  }

  @Test
  void aTokenIsTakenWhenTheCallIsSentNotWhenItIsMade() {
    h.limiters.add("orders", 2, 1);
    CallOptions limited = CallOptions.within(Duration.ofSeconds(60)).limitedBy("orders");
    h.call("a", limited);
    h.call("b", limited);
    h.call("c", limited);
    h.at(20);
    FakeWire wire = h.online(256);
    assertThat(wire.sent).containsExactly("a", "b");
    h.at(21);
    assertThat(wire.sent).containsExactly("a", "b", "c");
  }

  @Test
  void aLimitedCallExpiresWhileItWaits() {
    h.limiters.add("slow", 1, 0.01);
    FakeWire wire = h.online(256);
    h.call("a", CallOptions.DEFAULT.limitedBy("slow"));
    h.call("b", CallOptions.within(Duration.ofSeconds(3)).limitedBy("slow"));
    h.at(3);
    assertThat(h.outcome("b")).isEqualTo(new CallOutcome.Expired());
    wire.answer("a");
    h.assertExhausted();
  }

  @Test
  void whoWouldRatherBeRefusedIsToldWhenToComeBack() {
    h.limiters.add("orders", 1, 1);
    h.online(256);
    CallOptions refused = CallOptions.DEFAULT.limitedOrRefused("orders");
    h.call("a", refused);
    h.call("b", refused);
    assertThat(h.outcomes).containsOnlyKeys("b");
    assertThat(h.outcome("b"))
        .isInstanceOfSatisfying(
            CallOutcome.Refused.class,
            outcome -> {
              assertThat(outcome.fault().code()).isEqualTo(FaultCode.RATE_LIMITED);
              assertThat(String.valueOf(outcome.fault().data())).contains("\"retryAfterMs\":1000");
            });
  }

  @Test
  void whoWouldRatherBeRefusedTakesNoTokenFromThoseWhoWait() {
    h.limiters.add("orders", 1, 1);
    FakeWire wire = h.online(256);
    h.call("a", CallOptions.DEFAULT.limitedBy("orders"));
    h.call("b", CallOptions.DEFAULT.limitedBy("orders"));
    h.now = SECOND; // there is a token, and b has not been told yet
    h.call("c", CallOptions.DEFAULT.limitedOrRefused("orders"));
    h.at(1);
    assertThat(wire.sent).containsExactly("a", "b");
    assertThat(h.outcomes).containsOnlyKeys("c");
  }

  // ---- batches

  @Test
  void aBatchWaitsAsOneAndLeavesAsOne() {
    List<Outgoing.Running> running =
        h.queue.batch(List.of(member("a"), told("b"), member("c"), member("d")));
    assertThat(running).hasSize(3);
    h.calls("e");
    running.get(1).cancel();
    assertThat(h.outcome("c")).isEqualTo(new CallOutcome.Cancelled());
    assertThat(h.room.messages()).isEqualTo(4);
    FakeWire wire = h.online(256);
    assertThat(wire.sent).containsExactly("[a, b!, d]", "e");
    wire.answer("a");
    running.get(2).cancel();
    assertThat(wire.cancelled).containsExactly("d");
    wire.answer("e");
    h.assertExhausted();
  }

  @Test
  void aBatchWaitsUntilAllItsCallsMayGo() {
    FakeWire wire = h.online(3);
    h.calls("a");
    h.queue.batch(List.of(member("b"), member("c"), member("d")));
    h.calls("e");
    assertThat(wire.sent).containsExactly("a");
    wire.answer("a");
    assertThat(wire.sent).containsExactly("a", "[b, c, d]");
    wire.answer("c");
    assertThat(wire.sent).containsExactly("a", "[b, c, d]", "e");
  }

  @Test
  void aBatchLargerThanTheServerTakesGoesWhenNothingElseIsOut() {
    FakeWire wire = h.online(2);
    h.calls("a");
    h.queue.batch(List.of(member("b"), member("c"), member("d")));
    wire.answer("a");
    assertThat(wire.sent).containsExactly("a", "[b, c, d]");
  }

  @Test
  void callsOfALostBatchAreSentAgainOneByOneIfTheyMay() {
    CallOptions idempotent = CallOptions.DEFAULT.idempotent();
    FakeWire first = h.online(256);
    h.queue.batch(
        List.of(member("a", idempotent), member("b"), told("c"), member("d", idempotent)));
    assertThat(first.sent).containsExactly("[a, b, c!, d]");
    h.lose(first);
    assertThat(h.outcomes).containsOnlyKeys("b");
    FakeWire second = h.online(256);
    assertThat(second.sent).containsExactly("a", "d");
    second.answer("a");
    second.answer("d");
    h.assertExhausted();
  }

  @Test
  void inABatchCallsEndByThemselves() {
    h.queue.batch(
        List.of(
            member("fast", CallOptions.DEFAULT.failFast()),
            member("short", CallOptions.within(Duration.ofSeconds(1))),
            member("long", CallOptions.within(Duration.ofSeconds(60)))));
    assertThat(h.outcome("fast")).isEqualTo(new CallOutcome.Lost(false, "not connected"));
    h.at(1);
    assertThat(h.outcome("short")).isEqualTo(new CallOutcome.Expired());
    h.at(30);
    assertThat(h.outcome("long"))
        .isEqualTo(new CallOutcome.Lost(false, "no connection within PT30S"));
    h.assertExhausted();
  }

  @Test
  void aBatchThatDoesNotFitIsRefusedWhole() {
    QueueByHand small = new QueueByHand(QueueByHand.keeping(2));
    small.calls("a");
    small.queue.batch(
        List.of(
            new Outgoing.Member.Called(small.outbound("b", CallOptions.DEFAULT, null)),
            new Outgoing.Member.Called(small.outbound("c", CallOptions.DEFAULT.failFast(), null))));
    assertThat(small.outcomes).containsOnlyKeys("b", "c");
    assertThat(small.room.messages()).isEqualTo(1);
    assertThat(small.online(256).sent).containsExactly("a");
  }

  // ---- readers

  @Test
  void aReaderThatBeganToWaitBeforeItsCallWasSentIsKnownOnTheWire() {
    Outgoing.Running a = h.call("a");
    a.readerWaits(true);
    FakeWire wire = h.online(256);
    assertThat(wire.sent).containsExactly("a", "a is waited for");
  }

  @Test
  void tenThousandThatComeAndGoLeaveNothing() {
    QueueByHand many = new QueueByHand(WhileAway.DEFAULT, 20_000);
    FakeWire wire = many.online(100);
    List<Outgoing.Running> running = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      running.add(many.call("m" + i));
    }
    running.forEach(Outgoing.Running::cancel);
    assertThat(wire.open).isEmpty();
    many.assertExhausted();
  }
}
