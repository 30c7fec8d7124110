package dev.everwire.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong values are refused where they are given, naming the value and the expectation. */
class OptionsTest {

  @ParameterizedTest
  @ValueSource(strings = {"_private", "rpc.mine", "$/mine", ""})
  void reservedMethodNamesAreRefused(String name) {
    assertThatThrownBy(() -> Methods.builder().add(name, call -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void aMethodIsGivenOnce() {
    Methods.Builder builder = Methods.builder().add("a", call -> 1);
    assertThatThrownBy(() -> builder.add("a", call -> 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(builder.build().find("a")).isNotNull();
    assertThat(builder.build().find("b")).isNull();
  }

  @Test
  void heartbeatsAndDeadlinesArePositive() {
    assertThatThrownBy(() -> new Heartbeat(Duration.ZERO, Duration.ofSeconds(1)))
        .hasMessage("interval: PT0S (expected: >= PT0.001S)");
    assertThatThrownBy(() -> new Heartbeat(Duration.ofSeconds(1), Duration.ZERO))
        .hasMessage("timeout: PT0S (expected: >= PT0.001S)");
    assertThatThrownBy(() -> CallOptions.within(Duration.ZERO))
        .hasMessage("within: PT0S (expected: > 0, <= P365D)");
  }

  @Test
  void limitsAreCheckedTogether() {
    assertThatThrownBy(
            () -> new SessionLimits(200, 100, 32, 31, 1_000, 1_000, Duration.ofSeconds(10)))
        .hasMessage("maxAdmittedCalls: 31 (expected: >= 32)");
  }
}
