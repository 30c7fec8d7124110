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
  void lifetimesAreChecked() {
    assertThatThrownBy(() -> Lifetime.UNLIMITED.idle(Duration.ZERO))
        .hasMessage("idle: PT0S (expected: >= PT0.001S, <= P365D)");
    assertThatThrownBy(() -> Lifetime.UNLIMITED.maxAge(Duration.ofDays(366)))
        .hasMessage("maxAge: PT8784H (expected: >= PT0.001S, <= P365D)");
    assertThatThrownBy(() -> Lifetime.UNLIMITED.spread(Double.NaN))
        .hasMessage("spread: NaN (expected: 0.0-1.0)");
    assertThatThrownBy(() -> Lifetime.UNLIMITED.grace(Duration.ofSeconds(-1)))
        .hasMessage("grace: PT-1S (expected: >= 0, <= PT24H)");
    assertThat(Lifetime.UNLIMITED.unlimited()).isTrue();
    assertThat(Lifetime.TWO_IDLE_MINUTES.unlimited()).isFalse();
  }

  @Test
  void limitsAreCheckedTogether() {
    assertThatThrownBy(
            () -> new SessionLimits(200, 100, 32, 31, 1_000, 1_000, Duration.ofSeconds(10)))
        .hasMessage("maxAdmittedCalls: 31 (expected: >= 32)");
  }

  @Test
  void eachWordAboutACallKeepsTheOthers() {
    CallOptions all =
        CallOptions.within(Duration.ofSeconds(1))
            .idempotent()
            .failFast()
            .limitedBy("orders")
            .window(7)
            .onProgress(String.class, text -> {})
            .lasting(Duration.ofSeconds(2));
    assertThat(all.within()).hasValue(Duration.ofSeconds(2));
    assertThat(all.repeatable()).isTrue();
    assertThat(all.failsFast()).isTrue();
    assertThat(all.limit()).hasValue(new CallOptions.Limit("orders", true));
    assertThat(all.window()).isEqualTo(7);
    assertThat(all.progress()).isPresent();
    assertThat(all.limitedOrRefused("quotes").limit())
        .hasValue(new CallOptions.Limit("quotes", false));
    assertThat(CallOptions.DEFAULT.repeatable()).isFalse();
    assertThat(CallOptions.DEFAULT.failsFast()).isFalse();
    assertThat(CallOptions.DEFAULT.limit()).isEmpty();
  }
}
