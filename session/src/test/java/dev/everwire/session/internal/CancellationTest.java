package dev.everwire.session.internal;

import static dev.everwire.session.internal.EngineHarness.SECOND;
import static dev.everwire.session.internal.EngineHarness.failure;
import static dev.everwire.session.internal.EngineHarness.success;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.RequestId;
import dev.everwire.session.internal.rpc.CallOutcome;
import org.junit.jupiter.api.Test;

class CancellationTest {
  private static final String TOLD =
      "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":\"s:1\"}}";

  private final EngineHarness h = new EngineHarness();

  @Test
  void aPlainPeerIsNotTold() {
    cancelOurs();
    h.effects.assertExhausted();
  }

  @Test
  void aPlainPeerThatSpeaksOfControlItselfIsTold() {
    h.notification("$/setTrace", "{\"value\":\"off\"}");
    cancelOurs();
    assertThat(h.effects.all()).containsExactly(TOLD);
  }

  @Test
  void aPlainPeerOfWhichWeWereAssuredIsTold() {
    h.engine.cancelPlain();
    cancelOurs();
    assertThat(h.effects.all()).containsExactly(TOLD);
  }

  @Test
  void aPlainPeerOfControlIsToldOfADeadlineToo() {
    h.notification("$/anything");
    h.engine.call("hers", null, SECOND, h.outcomes::add);
    h.effects.all();
    h.now = SECOND;
    h.tick();
    assertThat(h.effects.all()).containsExactly(TOLD);
    assertThat(h.outcomes).containsExactly(new CallOutcome.Expired());
  }

  @Test
  void aCallThatHasEndedIsNotCancelled() {
    h.request(1, "work");
    h.finish(0, "1");
    h.effects.all();
    h.cancel(1);
    h.cancel(2);
    h.cancel("\"1\"");
    h.notification("$/cancelRequest");
    h.effects.assertExhausted();
    assertThat(h.engine.ignored()).isEqualTo(4);
  }

  @Test
  void aMemberOfABatchIsCancelledInItsArray() {
    h.receive(
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"work\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"work\"}]");
    h.effects.all();
    h.cancel(1);
    assertThat(h.effects.all()).containsExactly("interrupt work");
    h.finish(1, "2");
    assertThat(h.effects.next())
        .startsWith("[" + failure(1, -32800))
        .endsWith(success(2, "2") + "]");
    h.finish(0, "1");
    h.effects.assertExhausted();
  }

  @Test
  void anIdIsFreeAgainOnceItsCallWasCancelledThoughTheHandlerStillRuns() {
    h.request(1, "work");
    h.cancel(1);
    h.request(1, "work");
    h.effects.all();
    h.finish(0, "\"old\"");
    h.effects.assertExhausted();
    h.cancel(1);
    assertThat(h.effects.next()).startsWith(failure(1, -32800));
    assertThat(h.effects.next()).isEqualTo("interrupt work");
  }

  @Test
  void aDuplicateIdInOneBatchIsRefusedAndTheFirstIsAnsweredOnce() {
    h.receive(
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"work\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"work\"}]");
    h.effects.all();
    h.finish(0, "1");
    assertThat(h.effects.next())
        .startsWith("[" + failure(1, -32600))
        .endsWith("," + success(1, "1") + "]");
    assertThat(h.engine.inboundCalls()).isZero();
  }

  private void cancelOurs() {
    RequestId id = h.engine.call("hers", null, SECOND, h.outcomes::add);
    assertThat(id).isNotNull();
    h.effects.all();
    h.engine.cancel(id);
    assertThat(h.outcomes).containsExactly(new CallOutcome.Cancelled());
  }
}
