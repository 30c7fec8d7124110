package dev.everwire.netty.internal.frame;

import static dev.everwire.netty.internal.frame.ControlBudget.Verdict.ANSWER;
import static dev.everwire.netty.internal.frame.ControlBudget.Verdict.ANSWER_LATEST;
import static dev.everwire.netty.internal.frame.ControlBudget.Verdict.FLOOD;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ControlBudgetTest {
  private static final long START = Long.MAX_VALUE - 5; // nanoTime may wrap
  private static final long SECOND = 1_000_000_000L;

  private final ControlBudget budget = new ControlBudget(START);

  @Test
  void aBurstIsAnsweredAndMoreIsNot() {
    for (int i = 0; i < ControlBudget.BURST; i++) {
      assertThat(budget.take(START)).isEqualTo(ANSWER);
    }
    assertThat(budget.take(START)).isEqualTo(ANSWER_LATEST);
  }

  @Test
  void whoWaitsIsAnsweredAgain() {
    overdraw(100);
    long wait = budget.nanosUntilAnswer(START);
    assertThat(wait).isEqualTo(101 * SECOND / ControlBudget.PER_SECOND);
    assertThat(budget.take(START + wait)).isEqualTo(ANSWER);
    assertThat(budget.nanosUntilAnswer(START + 10 * SECOND)).isZero();
  }

  @Test
  void aFloodIsCalledOne() {
    overdraw(ControlBudget.MOST_OVERDRAWN);
    assertThat(budget.take(START)).isEqualTo(FLOOD);
  }

  @Test
  void anHourOfQuietBringsNoMoreThanABurst() {
    long later = START + 3600 * SECOND;
    for (int i = 0; i < ControlBudget.BURST; i++) {
      assertThat(budget.take(later)).isEqualTo(ANSWER);
    }
    assertThat(budget.take(later)).isEqualTo(ANSWER_LATEST);
  }

  @Test
  void aSteadyRateIsAnsweredForEver() {
    overdraw(0);
    long now = START;
    for (int i = 0; i < 100_000; i++) {
      now += SECOND / ControlBudget.PER_SECOND;
      assertThat(budget.take(now)).isEqualTo(ANSWER);
    }
  }

  private void overdraw(int by) {
    for (int i = 0; i < ControlBudget.BURST + by; i++) {
      assertThat(budget.take(START)).isNotEqualTo(FLOOD);
    }
  }
}
