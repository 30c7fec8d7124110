package dev.everwire.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.server.limit.InboundRates.Bounds;
import org.junit.jupiter.api.Test;

class InboundRatesTest {

  @Test
  void nothingIsBoundedUnlessSaid() {
    assertThat(InboundRates.UNLIMITED.unlimited()).isTrue();
    assertThat(InboundRates.TWENTY_A_SECOND.unlimited()).isFalse();
    assertThat(InboundRates.UNLIMITED.node(Bounds.NONE.bytes(1, 1)).unlimited()).isFalse();
  }

  @Test
  void eachWordKeepsTheOthers() {
    Bounds some = Bounds.messages(5, 50).bytes(1_000, 2_000);
    InboundRates all =
        InboundRates.UNLIMITED.connection(some).user(some).address(some).node(some).closeAfter(7);
    assertThat(all).isEqualTo(new InboundRates(some, some, some, some, 7));
    assertThat(some).isEqualTo(new Bounds(new Rate(5, 50), new Rate(1_000, 2_000)));
  }

  @Test
  void wrongNumbersAreRefused() {
    assertThatThrownBy(() -> new Rate(0, 1))
        .hasMessage("perSecond: 0.0 (expected: > 0, <= 1000000000000)");
    assertThatThrownBy(() -> new Rate(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Rate(1, 0))
        .hasMessage("burst: 0 (expected: >= 1, and there again within PT24H)");
    assertThatThrownBy(() -> new Rate(0.001, 1_000)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> InboundRates.UNLIMITED.closeAfter(0))
        .hasMessage("closeAfter: 0 (expected: >= 1)");
  }
}
