package dev.everwire.session.internal;

import static dev.everwire.session.internal.EngineHarness.failure;
import static dev.everwire.session.internal.EngineHarness.success;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Offer;
import dev.everwire.session.SessionLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a method's execution decides when its handler runs. */
class ExecutionTest {
  private final EngineHarness h = new EngineHarness();

  @Test
  void methodsInOrderRunOneAtATimeAsTheyCameBesideTheOthers() {
    h.request(1, "turn");
    h.request(2, "turn");
    h.request(3, "work");
    assertThat(h.effects.all()).containsExactly("run turn", "run work");
    h.finish(0, "1");
    assertThat(h.effects.all()).containsExactly(success(1, "1"), "run turn");
  }

  @Test
  void notificationsInOrderTakeTurnsWithRequestsInOrder() {
    h.request(1, "turn");
    h.notification("turn");
    h.request(2, "turn");
    assertThat(h.effects.all()).containsExactly("run turn");
    h.finish(0, "1");
    assertThat(h.effects.all()).containsExactly(success(1, "1"), "run turn");
    assertThat(h.started(1).notification()).isTrue();
    h.engine.returned(h.started(1), h.now);
    assertThat(h.effects.all()).containsExactly("run turn");
    assertThat(h.started(2).notification()).isFalse();
  }

  @Test
  void aNotificationInOrderKeepsItsPlaceAmongTheNotifications() {
    h.notification("tell");
    h.notification("turn");
    h.notification("tell");
    assertThat(h.effects.all()).containsExactly("run tell");
    h.engine.returned(h.started(0), h.now);
    assertThat(h.effects.all()).containsExactly("run turn");
    h.engine.returned(h.started(1), h.now);
    assertThat(h.effects.all()).containsExactly("run tell");
  }

  @Test
  void theNextInOrderStartsWhileTheRunningOneWaitsForThePeer() {
    h.request(1, "turn");
    h.request(2, "turn");
    assertThat(h.effects.all()).containsExactly("run turn");
    h.callOutFrom(0);
    assertThat(h.effects.next()).contains("\"s:1\"");
    assertThat(h.effects.next()).isEqualTo("run turn");
    h.request(3, "turn");
    h.effects.assertExhausted();
    h.finish(1, "2");
    assertThat(h.effects.all()).containsExactly(success(2, "2"), "run turn");
  }

  @Test
  void whatOthersWaitForLetsNoHandlerInOrderBegin() {
    h.callOut();
    h.request(9, "work");
    h.effects.all();
    h.callOutFrom(0);
    h.request(1, "turn");
    h.request(2, "turn");
    h.notification("turn");
    assertThat(h.effects.all()).hasSize(2).contains("run turn");
    h.finish(1, "1");
    assertThat(h.effects.all()).containsExactly(success(1, "1"), "run turn");
    h.finish(2, "2");
    assertThat(h.effects.all()).containsExactly(success(2, "2"), "run turn");
  }

  @Test
  void aHandlerInOrderHoldsTheNextOneUpAgainOnceItHasItsAnswer() {
    h.request(1, "turn");
    h.callOutFrom(0);
    h.receive(success("\"s:1\"", "1"));
    h.request(2, "turn");
    assertThat(h.effects.all()).filteredOn(done -> done.equals("run turn")).hasSize(1);
    assertThat(h.outcomes).hasSize(1);
    h.finish(0, "1");
    assertThat(h.effects.all()).containsExactly(success(1, "1"), "run turn");
  }

  @Test
  void whatIsCalledForAHandlerThatHasReturnedHoldsNobodyUp() {
    h.request(1, "turn");
    h.callOutFrom(0);
    h.finish(0, "1");
    h.callOutFrom(0);
    h.receive(success("\"s:1\"", "1"));
    h.request(2, "turn");
    h.request(3, "turn");
    h.receive(success("\"s:2\"", "1"));
    assertThat(h.effects.all()).filteredOn(done -> done.equals("run turn")).hasSize(2);
    h.finish(1, "2");
    assertThat(h.effects.all()).containsExactly(success(2, "2"), "run turn");
  }

  @Test
  void aCallThatCannotBeSentLetsNobodyPass() {
    h.request(1, "turn");
    h.effects.all();
    h.effects.offer = Offer.FULL;
    h.callOutFrom(0);
    h.request(2, "turn");
    h.effects.assertExhausted();
    assertThat(h.outcomes).hasSize(1);
  }

  @Test
  void aCallBackIsNotHeldUpByANotificationThatWaitsForItsTurn() {
    h.request(1, "turn");
    h.effects.all();
    h.notification("turn");
    h.request(2, "work");
    h.effects.assertExhausted();
    h.callOutFrom(0);
    assertThat(h.effects.all()).hasSize(3).contains("run turn", "run work");
  }

  @Test
  void aRequestInOrderIsNotHeldUpByANotificationThatMayBeWaitingForIt() {
    h.notification("tell");
    h.notification("turn");
    h.request(1, "turn");
    assertThat(h.effects.all()).containsExactly("run tell");
    h.callOutFrom(0);
    assertThat(h.effects.all()).hasSize(2).contains("run turn");
    assertThat(h.started(1).notification()).isFalse();
  }

  @Test
  void requestsInOrderAreAdmittedUpToTheSameBound() {
    for (int id = 1; id <= 4; id++) {
      h.request(id, "turn");
    }
    assertThat(h.effects.next()).isEqualTo("run turn");
    assertThat(h.effects.next()).startsWith(failure(4, -32006)).contains("retryAfterMs");
    assertThat(h.engine.inboundCalls()).isEqualTo(3);
  }

  @Test
  void requestsOfBothKindsStartInTheOrderTheyCame() {
    EngineHarness one = new EngineHarness(limits(1, 10));
    one.request(1, "work");
    one.request(2, "turn");
    one.request(3, "work");
    one.finish(0, "1");
    one.finish(1, "2");
    assertThat(one.effects.all())
        .containsExactly("run work", success(1, "1"), "run turn", success(2, "2"), "run work");
  }

  @Test
  void aNonBlockingRequestIsAnsweredBeforeAnythingElseIsRead() {
    h.request(1, "now", "[1]");
    assertThat(h.effects.all()).containsExactly("now now", success(1, "[1]"));
    assertThat(h.engine.inboundCalls()).isZero();
  }

  @Test
  void aNonBlockingRequestNeitherWaitsForNotificationsNorForRoom() {
    h.notification("tell");
    for (int id = 1; id <= 3; id++) {
      h.request(id, "work");
    }
    h.request(4, "now", "[4]");
    h.notification("now");
    assertThat(h.effects.all())
        .containsExactly("run tell", "now now", success(4, "[4]"), "now now");
  }

  @Test
  void aNonBlockingMemberOfABatchIsAnsweredInItsArray() {
    h.receive(
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"work\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"now\"}]");
    assertThat(h.effects.all()).containsExactly("now now", "run work");
    h.finish(0, "1");
    assertThat(h.effects.next()).isEqualTo("[" + success(2, "null") + "," + success(1, "1") + "]");
  }

  @Test
  void aBatchOfNonBlockingRequestsIsAnsweredAtOnce() {
    h.receive(
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"now\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"now\"}]");
    assertThat(h.effects.all())
        .containsExactly(
            "now now", "now now", "[" + success(1, "null") + "," + success(2, "null") + "]");
  }

  @Test
  void whileDrainingNonBlockingRequestsAreRefusedToo() {
    h.engine.drain();
    h.request(1, "now");
    assertThat(h.effects.next()).startsWith(failure(1, -32012));
  }

  @Test
  void aRequestInOrderThatIsCancelledWhileItWaitsGivesItsTurnAway() {
    h.request(1, "turn");
    h.request(2, "turn");
    h.request(3, "turn");
    h.effects.all();
    h.cancel(2);
    assertThat(h.effects.next()).startsWith(failure(2, -32800));
    h.finish(0, "1");
    assertThat(h.effects.all()).containsExactly(success(1, "1"), "run turn");
    h.finish(1, "3");
    assertThat(h.effects.all()).containsExactly(success(3, "3"));
    assertThat(h.engine.inboundCalls()).isZero();
  }

  private static SessionLimits limits(int concurrent, int admitted) {
    return new SessionLimits(200, 100, concurrent, admitted, 4, 2, Duration.ofSeconds(10));
  }
}
