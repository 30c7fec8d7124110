package dev.everwire.netty.internal.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerWheelTest {
  private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(30); // overflows soon

  private final TimerWheel wheel = new TimerWheel(START);

  @Test
  void aTimerIsDueWithTheFirstTickAfterItsTime() {
    Entry entry = add(START + millis(120), START);
    assertThat(wheel.advance(START + millis(149))).isEmpty();
    assertThat(wheel.advance(START + millis(150))).containsExactly(entry);
    assertThat(wheel.isEmpty()).isTrue();
    assertThat(entry.linked()).isFalse();
  }

  @Test
  void aTimeThatIsOverIsDueWithTheNextTick() {
    Entry entry = add(START - millis(500), START);
    assertThat(wheel.advance(START + millis(50))).containsExactly(entry);
  }

  @Test
  void whatIsDueComesInTheOrderOfItsTimes() {
    Entry third = add(START + millis(49), START);
    Entry first = add(START + millis(10), START);
    Entry second = add(START + millis(20), START);
    Entry alike = add(START + millis(20), START);
    assertThat(wheel.advance(START + millis(100))).containsExactly(first, second, alike, third);
  }

  @Test
  void aTimerFurtherThanOneRoundWaits() {
    Entry far = add(START + millis(60_000), START);
    Entry near = add(START + millis(60_000 - 25_600), START); // the same slot, one round before
    for (long at = 0; at < 34_400; at += 50) {
      assertThat(wheel.advance(START + millis(at))).isEmpty();
    }
    assertThat(wheel.advance(START + millis(34_400))).containsExactly(near);
    assertThat(wheel.advance(START + millis(59_950))).isEmpty();
    assertThat(wheel.advance(START + millis(60_000))).containsExactly(far);
  }

  @Test
  void aRemovedTimerIsNeverDue() {
    Entry first = add(START + millis(10), START);
    Entry middle = add(START + millis(10), START);
    Entry last = add(START + millis(10), START);
    wheel.remove(middle);
    wheel.remove(middle);
    wheel.remove(last);
    assertThat(wheel.size()).isEqualTo(1);
    Entry more = add(START + millis(10), START);
    wheel.remove(first);
    assertThat(wheel.advance(START + millis(50))).containsExactly(more);
  }

  @Test
  void anEmptyWheelCatchesUpWithoutTurning() {
    add(START + millis(10), START);
    wheel.advance(START + millis(50));
    long later = START + TimeUnit.DAYS.toNanos(100);
    add(later + millis(10), later);
    assertThat(wheel.nextTickAt() - later).isBetween(1L, TimerWheel.TICK_NANOS);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neverEarlyAndAtMostOneTickLate(long seed) {
    var random = new Random(seed);
    long now = START;
    List<Entry> waiting = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      switch (random.nextInt(4)) {
        case 0, 1 -> waiting.add(add(now + millis(random.nextInt(70_000)), now));
        case 2 -> {
          if (!waiting.isEmpty()) {
            wheel.remove(waiting.remove(random.nextInt(waiting.size())));
          }
        }
        default -> {
          now += random.nextLong(random.nextInt(100) == 0 ? millis(90_000) : millis(120));
          List<TimerWheel.Node> due = wheel.advance(now);
          long at = now;
          assertThat(due)
              .as("seed %d, step %d", seed, step)
              .isSortedAccordingTo((a, b) ->
                  Long.compare(((Entry) a).deadline - START, ((Entry) b).deadline - START))
              .allMatch(node -> ((Entry) node).deadline - at <= 0);
          waiting.removeAll(due);
          assertThat(waiting)
              .as("seed %d, step %d", seed, step)
              .noneMatch(entry -> at - entry.deadline >= TimerWheel.TICK_NANOS);
        }
      }
      assertThat(wheel.size()).isEqualTo(waiting.size());
    }
  }

  private Entry add(long deadline, long now) {
    var entry = new Entry(deadline);
    wheel.add(entry, deadline, now);
    return entry;
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private static final class Entry extends TimerWheel.Node {
    private final long deadline;

    Entry(long deadline) {
      this.deadline = deadline;
    }
  }
}
