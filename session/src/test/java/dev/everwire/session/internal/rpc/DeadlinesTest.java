package dev.everwire.session.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private static final class Entry extends Timed {
    Entry(long deadline) {
      super(deadline);
    }
  }

  @Test
  void theEarliestIsFirstWhateverIsAddedAndTakenOut() {
    SplittableRandom random = new SplittableRandom(8);
    Deadlines<Entry> deadlines = new Deadlines<>();
    List<Entry> held = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      if (held.isEmpty() || random.nextInt(100) < 52) {
        Entry entry = new Entry(random.nextInt(1_000));
        deadlines.add(entry);
        held.add(entry);
      } else {
        deadlines.remove(held.remove(random.nextInt(held.size())));
      }
      long first = held.stream().mapToLong(entry -> entry.deadline).min().orElse(Long.MAX_VALUE);
      assertThat(deadlines.untilFirst(0)).describedAs("step %d", step).isEqualTo(first);
      assertThat(deadlines.size()).isEqualTo(held.size());
    }
    held.sort(Comparator.comparingLong(entry -> entry.deadline));
    for (Entry expected : held) {
      Entry polled = deadlines.pollDue(1_000);
      assertThat(polled).isNotNull();
      assertThat(polled.deadline).isEqualTo(expected.deadline);
    }
    assertThat(deadlines.pollDue(1_000)).isNull();
  }

  @Test
  void onlyWhatIsDueIsPolled() {
    Deadlines<Entry> deadlines = new Deadlines<>();
    Entry soon = new Entry(5);
    deadlines.add(new Entry(9));
    deadlines.add(soon);
    assertThat(deadlines.pollDue(4)).isNull();
    assertThat(deadlines.pollDue(5)).isSameAs(soon);
    assertThat(deadlines.pollDue(5)).isNull();
    assertThat(deadlines.untilFirst(5)).isEqualTo(4);
  }

  @Test
  void timeMayWrapAround() {
    Deadlines<Entry> deadlines = new Deadlines<>();
    Entry before = new Entry(Long.MAX_VALUE - 1);
    deadlines.add(new Entry(Long.MIN_VALUE + 1));
    deadlines.add(before);
    assertThat(deadlines.pollDue(Long.MAX_VALUE)).isSameAs(before);
    assertThat(deadlines.untilFirst(Long.MAX_VALUE)).isEqualTo(2);
  }

  @Test
  void whatIsNotHeldIsNotTakenOutAndAClearedQueueHoldsNothing() {
    Deadlines<Entry> deadlines = new Deadlines<>();
    Entry entry = new Entry(1);
    deadlines.remove(entry);
    deadlines.add(entry);
    deadlines.clear();
    deadlines.remove(entry);
    assertThat(deadlines.size()).isZero();
    deadlines.add(entry);
    assertThat(deadlines.size()).isEqualTo(1);
  }
}
