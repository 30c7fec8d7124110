package dev.everwire.session.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.CallMeta;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.SessionLimits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How much may wait. */
class InboundTest {
  private static final RawJson MEBIBYTE = RawJson.string("x".repeat((1 << 20) - 2));

  private final Inbound inbound = new Inbound(SessionLimits.DEFAULT);

  @Test
  void whatWaitsIsBoundedInBytesToo() {
    for (int i = 0; i < 15; i++) {
      inbound.queue(call(null), method(Execution.CONCURRENT));
    }
    assertThat(inbound.saturated()).isFalse();
    inbound.admit(call(1), method(Execution.IN_ORDER));
    assertThat(inbound.saturated()).isTrue();
    inbound.admit(call(2), method(Execution.CONCURRENT));
    for (int i = 18; i < 160; i++) {
      inbound.queue(call(null), method(Execution.CONCURRENT));
    }
    assertThat(inbound.overflowing()).isFalse();
    inbound.queue(call(null), method(Execution.CONCURRENT));
    assertThat(inbound.overflowing()).isTrue();
  }

  @Test
  void whatHasBegunOrWasGivenUpWeighsNothing() {
    for (int i = 0; i < 8; i++) {
      inbound.queue(call(null), method(Execution.CONCURRENT));
    }
    for (int i = 0; i < 8; i++) {
      inbound.admit(call(i), method(Execution.CONCURRENT));
    }
    assertThat(inbound.saturated()).isTrue();
    for (int i = 0; i < 7; i++) {
      InboundCall cancelled = inbound.find(new RequestId(Integer.toString(i)));
      assertThat(cancelled).isNotNull();
      inbound.giveUp(cancelled);
    }
    assertThat(inbound.relieved()).isFalse();
    assertThat(inbound.next(true, 0)).isNotNull();
    assertThat(inbound.relieved()).isTrue();
    inbound.dropWaitingRequests();
    assertThat(inbound.size()).isEqualTo(8);
  }

  private static Exposed method(Execution execution) {
    return Exposed.of("work", call -> null, execution);
  }

  private static InboundCall call(@Nullable Integer id) {
    return new InboundCall(
        id == null ? null : new RequestId(id.toString()),
        "work",
        MEBIBYTE,
        CallMeta.NONE,
        null,
        (call, response) -> call.end(),
        0);
  }
}
