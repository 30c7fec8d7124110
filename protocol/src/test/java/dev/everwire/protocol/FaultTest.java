package dev.everwire.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.json.RawJson;
import org.junit.jupiter.api.Test;

final class FaultTest {

  @Test
  void aFaultHasNoDataUnlessItIsGiven() {
    assertThat(Fault.of(FaultCode.FORBIDDEN, "not yours"))
        .isEqualTo(new Fault(-32003, "not yours", null));
  }

  @Test
  @SuppressWarnings("NullAway") // that null is refused at run time is the point
  void aFaultHasAMessage() {
    assertThatThrownBy(() -> new Fault(1, null, null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void aFaultSaysWhenToTryAgain() {
    Fault fault = Fault.of(FaultCode.RATE_LIMITED, "slow down").retryAfterMillis(1_500);

    assertThat(fault.code()).isEqualTo(FaultCode.RATE_LIMITED);
    assertThat(fault.message()).isEqualTo("slow down");
    assertThat(fault.data()).isEqualTo(RawJson.parse("{\"retryable\":true,\"retryAfterMs\":1500}"));
  }

  @Test
  void anExceptionCarriesItsFault() {
    FaultException exception =
        new FaultException(FaultCode.CONFLICT, "key taken", RawJson.parse("[1]"));

    assertThat(exception.fault())
        .isEqualTo(new Fault(FaultCode.CONFLICT, "key taken", RawJson.parse("[1]")));
    assertThat(exception).hasMessage("key taken (-32009)");
  }
}
