package dev.everwire.client.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
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
  void withoutJitterTheDelaysAreTheKnownSequence() {
    ReconnectPolicy policy =
        ReconnectPolicy.exponential(Duration.ofMillis(100), 2, Duration.ofSeconds(1), 0);

    assertThat(millis(policy, 7)).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L, 1000L);
    assertThat(policy.delay(Integer.MAX_VALUE, always(0.5))).contains(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @CsvSource({"1.0, 100, 100, 100", "1.5, 100, 150, 225", "10, 100, 1000, 10000"})
  void theFactorIsFree(double factor, long first, long second, long third) {
    ReconnectPolicy policy =
        ReconnectPolicy.exponential(Duration.ofMillis(100), factor, Duration.ofSeconds(10), 0);

    assertThat(millis(policy, 3)).containsExactly(first, second, third);
  }

  @Test
  void linearGrowsByAStepUpToTheCap() {
    ReconnectPolicy policy = ReconnectPolicy.linear(Duration.ofMillis(300), Duration.ofSeconds(1));

    assertThat(millis(policy, 5)).containsExactly(300L, 600L, 900L, 1000L, 1000L);
    assertThat(policy.delay(Integer.MAX_VALUE, always(0.5))).contains(Duration.ofSeconds(1));
  }

  @Test
  void immediateIsAtOnceAndThenTenTimesASecond() {
    assertThat(millis(ReconnectPolicy.immediate(), 4)).containsExactly(0L, 100L, 100L, 100L);
  }

  @Test
  void everyPolicyMayLeaveAPartToChance() {
    ReconnectPolicy fixed = ReconnectPolicy.fixed(Duration.ofSeconds(10));

    assertThat(fixed.jitter(0.2).delay(1, always(0))).contains(Duration.ofSeconds(8));
    assertThat(fixed.jitter(0.2).delay(1, always(0.5))).contains(Duration.ofSeconds(9));
    assertThat(fixed.jitter(0)).isSameAs(fixed);
    assertThat(ReconnectPolicy.never().jitter(1).delay(1, always(0.5))).isEmpty();
    assertThat(fixed.atMost(1).jitter(0.5).delay(2, always(0.5))).isEmpty();
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
    assertThatThrownBy(() -> ReconnectPolicy.exponential(CAP, BASE))
        .hasMessage("base: PT1M (expected: at most the cap, PT1S)");
    assertThatThrownBy(() -> ReconnectPolicy.exponential(BASE, 0.99, CAP, 0))
        .hasMessage("factor: 0.99 (expected: >= 1, finite)");
    assertThatThrownBy(() -> ReconnectPolicy.exponential(BASE, Double.NaN, CAP, 0))
        .hasMessage("factor: NaN (expected: >= 1, finite)");
    assertThatThrownBy(() -> ReconnectPolicy.exponential(BASE, 1.0 / 0, CAP, 0))
        .hasMessage("factor: Infinity (expected: >= 1, finite)");
    assertThatThrownBy(() -> ReconnectPolicy.linear(CAP, BASE))
        .hasMessage("step: PT1M (expected: at most the cap, PT1S)");
    assertThatThrownBy(() -> ReconnectPolicy.linear(Duration.ZERO, BASE))
        .hasMessage("step: PT0S (expected: > 0, at most a day)");
    assertThatThrownBy(() -> ReconnectPolicy.immediate().jitter(-0.1))
        .hasMessage("jitter: -0.1 (expected: 0.0-1.0)");
    assertThatThrownBy(() -> ReconnectPolicy.fixed(Duration.ofSeconds(-1)))
        .hasMessageStartingWith("delay: PT-1S");
    assertThatThrownBy(() -> ReconnectPolicy.never().atMost(0))
        .hasMessage("failures: 0 (expected: >= 1)");
  }

  private static List<Long> millis(ReconnectPolicy policy, int failures) {
    return IntStream.rangeClosed(1, failures)
        .mapToObj(failed -> policy.delay(failed, always(0.5)).orElseThrow().toMillis())
        .toList();
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
