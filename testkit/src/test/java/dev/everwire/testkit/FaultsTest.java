package dev.everwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultsTest {

  @Test
  void aSeedAlwaysGivesTheSameFaults() {
    for (int dial = 0; dial < 200; dial++) {
      Faults.Plan one = Faults.hostile(7, 1000).next(dial);
      Faults.Plan same = Faults.hostile(7, 1000).next(dial);
      assertThat(same.answer()).isEqualTo(one.answer());
      assertThat(same.latency()).isEqualTo(one.latency());
      assertThat(same.cut()).isEqualTo(one.cut());
      for (int message = 0; message < 20; message++) {
        for (Way way : Way.values()) {
          assertThat(same.delays().nanos(way, message)).isEqualTo(one.delays().nanos(way, message));
        }
      }
    }
  }

  @Test
  void aHostileNetworkKnowsEveryFault() {
    Faults faults = Faults.hostile(1, 1000);
    Set<Faults.Answer> answers = EnumSet.noneOf(Faults.Answer.class);
    Set<CutPlan.Told> told = EnumSet.noneOf(CutPlan.Told.class);
    IntStream.range(0, 1_000)
        .mapToObj(faults::next)
        .forEach(plan -> {
          answers.add(plan.answer());
          told.add(plan.cut().told());
        });
    assertThat(answers).containsExactlyInAnyOrder(Faults.Answer.values());
    assertThat(told).containsExactlyInAnyOrder(CutPlan.Told.values());
  }

  @Test
  void delaysStayWithinTheirBoundAndOnTheirWay() {
    Delays delays = Delays.seeded(3, Duration.ofNanos(10)).only(Way.DOWN);
    for (int message = 0; message < 1_000; message++) {
      assertThat(delays.nanos(Way.UP, message)).isZero();
      assertThat(delays.nanos(Way.DOWN, message)).isBetween(0L, 10L);
    }
    assertThatThrownBy(() -> Delays.seeded(3, Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("most: PT-0.000000001S (expected: >= 0)");
  }

  @Test
  void onlyWhereNobodyIsToldOneWayCanBeSilentAlone() {
    assertThat(CutPlan.afterSent(3).halfOpen(Way.UP).silent()).containsExactly(Way.UP);
    assertThatThrownBy(() -> new CutPlan(1, 1, null, Set.of(Way.UP), CutPlan.Told.BOTH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("silent: [UP] (expected: both ways, or one where nobody is told)");
    assertThatThrownBy(() -> CutPlan.after(Duration.ofSeconds(-1)))
        .hasMessage("after: PT-1S (expected: >= 0)");
  }
}
