package dev.everwire.server.internal.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.server.internal.budget.Shedding.Holding;
import dev.everwire.server.internal.budget.Shedding.Why;
import dev.everwire.server.limit.Eviction;
import dev.everwire.server.limit.MemoryLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SheddingTest {
  private static final long MIB = 1024 * 1024;
  private final MemoryLimits limits = MemoryLimits.of(MIB);

  @Test
  void nobodyGoesWhileThereIsRoom() {
    Shedding shedding = new Shedding(limits);
    Shedding.Verdict verdict = shedding.judge(List.of(new Holding(1, 500_000, 9)), 100_000);
    assertThat(verdict.victims()).isEmpty();
    assertThat(verdict.left()).isEqualTo(600_000 + Shedding.EACH_BYTES);
    assertThat(shedding.refusesNew(verdict.left())).isFalse();
    assertThat(shedding.refusesNew(MIB)).isTrue();
  }

  @Test
  void theLongestQueuesGoFirstAndNoMoreThanNeeded() {
    List<Holding> all =
        List.of(
            new Holding(1, 300_000, 0),
            new Holding(2, 500_000, 0),
            new Holding(3, 0, 1_000),
            new Holding(4, 400_000, 0));
    Shedding.Verdict verdict = new Shedding(limits).judge(all, 0);
    assertThat(verdict.victims()).containsExactly(new Shedding.Victim(all.get(1), Why.SLOW));
    assertThat(verdict.left()).isEqualTo(700_000 + 3 * Shedding.EACH_BYTES);
  }

  @Test
  void whoHoldsMoreThanOneMayGoesInAnyCase() {
    Holding large = new Holding(1, 100_000, 0);
    Shedding shedding = new Shedding(limits.withMaxBytesPerConnection(50_000));
    assertThat(shedding.judge(List.of(large, new Holding(2, 10, 0)), 0).victims())
        .containsExactly(new Shedding.Victim(large, Why.TOO_MUCH));
  }

  @Test
  void thenThoseGoWhoWereSilentOrThereForTheLongestTime() {
    List<Holding> all = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      all.add(new Holding(i, 0, i));
    }
    List<Long> silent = evicted(limits, all);
    assertThat(silent).startsWith(399L, 398L).hasSizeBetween(80, 110);
    assertThat(evicted(limits.withEviction(Eviction.OLDEST), all)).startsWith(0L, 1L);
    assertThat(Eviction.named("fifo")).isEqualTo(Eviction.OLDEST);
  }

  private static List<Long> evicted(MemoryLimits limits, List<Holding> all) {
    List<Shedding.Victim> victims = new Shedding(limits).judge(all, 0).victims();
    assertThat(victims).allMatch(victim -> victim.why() == Why.EVICTED);
    return victims.stream().map(victim -> victim.holding().serial()).toList();
  }

  @Test
  void whatIsHeldBesidesTheQueueCountsToo() {
    Shedding shedding = new Shedding(MemoryLimits.UNLIMITED.withMaxBytesPerConnection(100_000));

    assertThat(shedding.judge(List.of(new Holding(1, 10, 200_000, 0)), 0).victims())
        .singleElement()
        .satisfies(victim -> assertThat(victim.why()).isEqualTo(Shedding.Why.TOO_MUCH));
  }
}
