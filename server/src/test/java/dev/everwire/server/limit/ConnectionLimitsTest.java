package dev.everwire.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ConnectionLimitsTest {
  private static final ConnectionLimits NONE = ConnectionLimits.DEFAULT;

  @Test
  void thereAreNoBoundsUnlessSaid() {
    assertThat(NONE.perNode()).isEqualTo(Integer.MAX_VALUE);
    assertThat(NONE.perAddress()).isEqualTo(Integer.MAX_VALUE);
    assertThat(NONE.perUser()).isEqualTo(Integer.MAX_VALUE);
    assertThat(NONE.perTenant()).isEqualTo(Integer.MAX_VALUE);
    assertThat(NONE.ratePerNode()).isInfinite();
    assertThat(NONE.ratePerAddress()).isInfinite();
  }

  @Test
  void eachBoundIsSetAlone() {
    ConnectionLimits all =
        NONE.withPerNode(1)
            .withPerAddress(2)
            .withPerUser(3)
            .withPerTenant(4)
            .withRatePerNode(5.5, 6)
            .withRatePerAddress(7.5, 8)
            .withReplaceWithin(Duration.ofSeconds(9));
    assertThat(all)
        .isEqualTo(new ConnectionLimits(1, 2, 3, 4, 5.5, 6, 7.5, 8, Duration.ofSeconds(9)));
  }

  @Test
  void whatCannotBeABoundIsRefusedByName() {
    assertThatThrownBy(() -> NONE.withPerNode(0)).hasMessage("perNode: 0 (expected: >= 1)");
    assertThatThrownBy(() -> NONE.withPerAddress(-1)).hasMessageStartingWith("perAddress: -1");
    assertThatThrownBy(() -> NONE.withPerUser(0)).hasMessageStartingWith("perUser: 0");
    assertThatThrownBy(() -> NONE.withPerTenant(0)).hasMessageStartingWith("perTenant: 0");
    assertThatThrownBy(() -> NONE.withRatePerNode(0, 1)).hasMessageStartingWith("ratePerNode: 0.0");
    assertThatThrownBy(() -> NONE.withRatePerNode(Double.NaN, 1))
        .hasMessageStartingWith("ratePerNode: NaN");
    assertThatThrownBy(() -> NONE.withRatePerNode(1, 0)).hasMessageStartingWith("burstPerNode: 0");
    assertThatThrownBy(() -> NONE.withRatePerAddress(2_000_000, 1))
        .hasMessageStartingWith("ratePerAddress: 2000000.0");
    assertThatThrownBy(() -> NONE.withRatePerAddress(0.001, 1_000_000))
        .hasMessageStartingWith("burstPerAddress: 1000000");
    assertThatThrownBy(() -> NONE.withReplaceWithin(Duration.ZERO))
        .hasMessage("replaceWithin: PT0S (expected: > 0, <= PT1M)");
  }
}
