package dev.everwire.client.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.sequence.SnapshotSync.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * An exchange whose feed loses, doubles and disorders updates, and whose snapshots are old, late or
 * do not come. The consumer's book is at every moment what the true one was at the number where it
 * stands, or it says that it is not; and once the feed behaves, it is the true one.
 */
class SnapshotSyncRandomTest {
  private static final int SEEDS = 3_000;
  private static final int STEPS = 200;
  private static final int LEVELS = 6;

  @Test
  void theBookIsTrueOrSaysThatItIsNot() {
    int given = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      World world = new World(seed);
      try {
        world.run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ", step " + world.step, e);
      }
      given += world.givenUp ? 1 : 0;
    }
    assertThat(given).isBetween(1, SEEDS / 2); // both ends of the story are told
  }

  /** Quantities by level; what an update says is absolute. */
  private record Change(int level, int quantity) {}

  private record Update(SequenceRange range, List<Change> changes) {}

  private static final class World {
    private final Random random;
    private final SnapshotSync<int[], Update> sync;
    private final List<int[]> history = new ArrayList<>(); // the true book at each number
    private final List<Update> wire = new ArrayList<>();
    private long now;
    private int step;
    private int[] book = new int[LEVELS];
    private long at = -1; // where the book stands; -1 while it is in doubt
    private long asked; // the attempt that waits for a snapshot, 0 for none
    private boolean givenUp;

    World(long seed) {
      this.random = new Random(seed);
      SyncOptions options =
          SyncOptions.DEFAULT
              .buffered(random.nextInt(2, 30))
              .reorder(random.nextInt(3))
              .stableAfter(Duration.ofSeconds(random.nextInt(1, 40)))
              .attempts(random.nextInt(3, 30));
      this.sync = new SnapshotSync<>(options, random);
      history.add(new int[LEVELS]);
    }

    void run() {
      carryOut(sync.restart(now));
      for (step = 0; step < STEPS; step++) {
        switch (random.nextInt(10)) {
          case 0, 1, 2, 3 -> publish();
          case 4, 5, 6 -> deliver(true);
          case 7 -> answer(true);
          case 8 -> pass(random.nextInt(3_000));
          default -> {
            if (random.nextInt(10) == 0) {
              carryOut(sync.lost("somewhere", -1, now));
            }
          }
        }
        check();
      }
      settle();
    }

    private void settle() {
      for (int i = 0; i < 200 && !givenUp; i++) {
        publish();
        while (!wire.isEmpty()) {
          deliver(false);
        }
        answer(false);
        pass(20_000);
        check();
      }
      assertThat(sync.inSync()).isNotEqualTo(givenUp);
      assertThat(at).isEqualTo(givenUp ? -1 : history.size() - 1);
    }

    private void check() {
      if (at >= 0) {
        assertThat(book).isEqualTo(history.get((int) at));
      }
      assertThat(sync.inSync() && at < 0).isFalse();
      assertThat(sync.wakeAt() == SnapshotSync.NEVER).isEqualTo(at >= 0 || givenUp);
    }

    private void publish() {
      int count = random.nextInt(1, 4);
      long first = history.size();
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Change change = new Change(random.nextInt(LEVELS), random.nextInt(1_000));
        changes.add(change);
        int[] next = history.getLast().clone();
        next[change.level()] = change.quantity();
        history.add(next);
      }
      wire.add(new Update(SequenceRange.of(first, history.size() - 1), changes));
    }

    private void deliver(boolean badly) {
      if (wire.isEmpty()) {
        return;
      }
      int fault = badly ? random.nextInt(20) : 19;
      if (fault == 0) {
        wire.removeFirst();
        return;
      }
      Update next = wire.get(fault == 1 ? random.nextInt(wire.size()) : 0);
      if (fault != 2) {
        wire.remove(next);
      }
      carryOut(sync.update(next.range(), next, now));
    }

    private void answer(boolean badly) {
      if (asked == 0) {
        return;
      }
      long attempt = asked;
      if (badly && random.nextInt(4) == 0) {
        if (random.nextBoolean()) {
          carryOut(sync.fetchFailed(attempt, "down", now));
        }
        return;
      }
      asked = 0;
      int age = badly ? random.nextInt(12) : 0;
      int last = Math.max(0, history.size() - 1 - age);
      carryOut(sync.fetched(attempt, new Snapshot<>(history.get(last).clone(), last), now));
    }

    private void pass(int millis) {
      now += Duration.ofMillis(millis).toNanos();
      carryOut(sync.wake(now));
    }

    private void carryOut(List<Step<int[], Update>> steps) {
      for (Step<int[], Update> next : steps) {
        switch (next) {
          case Step.Fetch<int[], Update>(long attempt) -> asked = attempt;
          case Step.Load<int[], Update>(Snapshot<int[]> snapshot) -> {
            book = snapshot.value();
            at = snapshot.last();
          }
          case Step.Apply<int[], Update>(Update update, SequenceRange range) -> apply(update);
          case Step.Doubt<int[], Update>(String why) -> at = doubted();
          case Step.GiveUp<int[], Update>(String why) -> givenUp = true;
        }
      }
    }

    private long doubted() {
      assertThat(at).as("it was not in doubt").isNotNegative();
      return -1;
    }

    private void apply(@Nullable Update update) {
      assertThat(update).isNotNull();
      update.changes().forEach(change -> book[change.level()] = change.quantity());
      at = update.range().last();
    }
  }
}
