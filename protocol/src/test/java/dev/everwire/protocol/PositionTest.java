package dev.everwire.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PositionTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 9_007_199_254_740_991L})
  void anOffsetIsWhatAJavaScriptNumberHolds(long offset) {
    assertThat(new Position("k3", offset).offset()).isEqualTo(offset);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 9_007_199_254_740_992L, Long.MAX_VALUE, Long.MIN_VALUE})
  void anyOtherOffsetIsRefused(long offset) {
    assertThatThrownBy(() -> new Position("k3", offset))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("offset: ");
  }

  @Test
  void anEpochHasOneTo64Characters() {
    assertThat(new Position("k".repeat(64), 0).epoch()).hasSize(64);
    for (String epoch : new String[] {"", "k".repeat(65)}) {
      assertThatThrownBy(() -> new Position(epoch, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("epoch: ");
    }
  }

  @Test
  void theTextHasEpochAndOffset() {
    assertThat(new Position("k3", 120)).hasToString("k3:120");
  }
}
