package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReconnectPolicyTest {
  private static final Duration BASE = Duration.ofSeconds(1);
  private static final Duration CAP = Duration.ofSeconds(60);

  @ParameterizedTest
  @CsvSource({
    "1, 0.0, 0",
    "1, 0.5, 500",
    "1, 0.75, 750",
    "2, 0.5, 1000",
    "3, 0.5, 2000",
    "4, 0.25, 2000",
    "6, 0.5, 16000",
    "7, 0.5, 30000",
    "8, 0.5, 30000",
    "63, 0.5, 30000",
    "64, 0.5, 30000",
    "65, 0.5, 30000",
    "2147483647, 0.5, 30000"
  })
  void exponentialDoublesTheSpreadUpToTheCap(int failures, double chance, long millis) {
    assertThat(ReconnectPolicy.exponential(BASE, CAP).delay(failures, always(chance)))
        .contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"1, 0.0, 800", "1, 0.5, 900", "3, 0.0, 3200", "9, 0.5, 54000"})
  void aSmallerJitterKeepsTheRestFixed(int failures, double chance, long millis) {
    assertThat(ReconnectPolicy.exponential(BASE, CAP, 0.2).delay(failures, always(chance)))
        .contains(Duration.ofMillis(millis));
  }

  @Test
  void noDelayIsEverBeyondTheCap() {
    SplittableRandom random = new SplittableRandom(8842);
    ReconnectPolicy policy = ReconnectPolicy.exponential(BASE, CAP);

    for (int failures = 1; failures < 10_000; failures++) {
      assertThat(policy.delay(failures, random).orElseThrow()).isBetween(Duration.ZERO, CAP);
    }
  }

  @Test
  void fixedIsAlwaysTheSame() {
    ReconnectPolicy policy = ReconnectPolicy.fixed(BASE);

    assertThat(policy.delay(1, always(0.9))).contains(BASE);
    assertThat(policy.delay(1_000, always(0.1))).contains(BASE);
  }

  @Test
  void neverGivesUpAtOnceAndAtMostAfterThatMany() {
    assertThat(ReconnectPolicy.never().delay(1, always(0.5))).isEmpty();

    ReconnectPolicy two = ReconnectPolicy.fixed(BASE).atMost(2);
    assertThat(two.delay(1, always(0.5))).contains(BASE);
    assertThat(two.delay(2, always(0.5))).contains(BASE);
    assertThat(two.delay(3, always(0.5))).isEmpty();
  }

  @Test
  void valuesThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> ReconnectPolicy.exponential(Duration.ZERO, CAP))
        .hasMessage("base: PT0S (expected: > 0, at most a day)");
    assertThatThrownBy(() -> ReconnectPolicy.exponential(BASE, Duration.ofDays(2)))
        .hasMessageStartingWith("cap: PT48H");
    assertThatThrownBy(() -> ReconnectPolicy.exponential(BASE, CAP, 1.5))
        .hasMessage("jitter: 1.5 (expected: 0.0-1.0)");
    assertThatThrownBy(() -> ReconnectPolicy.exponential(BASE, CAP, Double.NaN))
        .hasMessageStartingWith("jitter: NaN");
    assertThatThrownBy(() -> ReconnectPolicy.fixed(Duration.ofSeconds(-1)))
        .hasMessageStartingWith("delay: PT-1S");
    assertThatThrownBy(() -> ReconnectPolicy.never().atMost(0))
        .hasMessage("failures: 0 (expected: >= 1)");
  }

  private static RandomGenerator always(double chance) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        return 0;
      }

      @Override
      public double nextDouble() {
        return chance;
      }
    };
  }
}
