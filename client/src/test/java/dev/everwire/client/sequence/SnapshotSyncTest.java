package dev.everwire.client.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.sequence.SnapshotSync.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A snapshot and updates, step by step. */
class SnapshotSyncTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final SyncOptions options = SyncOptions.DEFAULT;
  private SnapshotSync<String, String> sync = new SnapshotSync<>(options, new Random(1));
  private long now = -5 * SECOND; // nanoseconds may be negative
  private long attempt;

  @Test
  void whatTheSnapshotCoversIsDroppedAndTheRestApplied() {
    assertThat(told(sync.restart(now))).containsExactly("fetch");
    update(7);
    update(8);
    assertThat(told(sync.update(SequenceRange.of(9, 11), "", now))).isEmpty();
    assertThat(sync.inSync()).isFalse();

    assertThat(fetched(8)).containsExactly("load 8", "apply 9-11");

    assertThat(sync.inSync()).isTrue();
    assertThat(sync.wakeAt()).isEqualTo(SnapshotSync.NEVER);
    assertThat(update(12)).containsExactly("apply 12");
    assertThat(update(12)).isEmpty();
    assertThat(update(3)).isEmpty();
  }

  @Test
  void aRangeThatBeginsWithinTheSnapshotIsApplied() {
    sync.restart(now);
    sync.update(SequenceRange.of(5, 9), "", now);
    attempt = 1;

    assertThat(fetched(7)).containsExactly("load 7", "apply 5-9");
  }

  @Test
  void aGapPutsTheStateInDoubtUntilASnapshotCoversIt() {
    live(10);

    assertThat(update(13)).containsExactly("doubt missing: 11-12", "fetch");
    assertThat(update(14)).isEmpty();

    assertThat(fetched(12)).containsExactly("load 12", "apply 13", "apply 14");
    assertThat(sync.inSync()).isTrue();
  }

  @Test
  void aSnapshotThatIsTooOldIsNotTakenAndAnotherIsAskedForLater() {
    live(10);
    update(13);

    assertThat(fetched(11)).isEmpty();

    long wait = sync.wakeAt() - now;
    assertThat(wait).isBetween(SECOND / 4, SECOND / 2);
    assertThat(told(sync.wake(now + wait - 1))).isEmpty();
    now += wait;
    assertThat(told(sync.wake(now))).containsExactly("fetch");
    assertThat(fetched(12)).containsExactly("load 12", "apply 13");
  }

  @Test
  void anOldSnapshotIsNotTakenEitherWhenNothingWaits() {
    live(10);
    update(11);
    update(12);
    assertThat(told(sync.restart(now))).containsExactly("doubt begun anew", "fetch");
    sync.update(SequenceRange.of(20), "", now);

    assertThat(fetched(18)).isEmpty();
    now = sync.wakeAt();
    sync.wake(now);
    attempt++;
    assertThat(fetched(25)).containsExactly("load 25");
  }

  @Test
  void itIsNotTriedForEver() {
    assertThat(told(sync.restart(now))).containsExactly("fetch");
    long waited = 0;
    for (int i = 1; i <= options.attempts(); i++) {
      assertThat(told(sync.fetchFailed(attempt, "down", now))).isEmpty();
      waited += sync.wakeAt() - now;
      now = sync.wakeAt();
      assertThat(told(sync.wake(now))).containsExactly("fetch");
    }
    assertThat(waited).isBetween(30 * SECOND, 94 * SECOND);

    assertThat(told(sync.fetchFailed(attempt, "down", now))).containsExactly("give up: down");
    assertThat(update(5)).isEmpty();
    assertThat(sync.wakeAt()).isEqualTo(SnapshotSync.NEVER);

    assertThat(told(sync.restart(now))).containsExactly("fetch");
  }

  @Test
  void aFeedThatKeepsLosingIsGivenUpUnlessItIsStableInBetween() {
    live(0);
    long n = 0;
    int fetches = 0;
    String last = "";
    while (!last.startsWith("give up")) {
      n += 2;
      List<String> steps = new ArrayList<>(update(n));
      if (!steps.contains("fetch")) {
        if (sync.wakeAt() == SnapshotSync.NEVER) {
          last = steps.getLast();
          continue;
        }
        now = sync.wakeAt();
        steps.addAll(told(sync.wake(now)));
      }
      assertThat(steps).contains("fetch");
      fetches++;
      fetched(n);
    }
    assertThat(fetches).isEqualTo(options.attempts());

    sync = new SnapshotSync<>(options, new Random(1));
    live(0);
    for (n = 2; n <= 200; n += 2) {
      now += 31 * SECOND;
      assertThat(update(n)).contains("fetch");
      fetched(n);
    }
  }

  @Test
  void aSnapshotThatDoesNotComeIsAFailure() {
    sync.restart(now);
    assertThat(sync.wakeAt() - now).isEqualTo(10 * SECOND);
    now += 10 * SECOND;

    assertThat(told(sync.wake(now))).isEmpty();
    assertThat(told(sync.fetched(1, new Snapshot<>("late", 5), now))).isEmpty();

    now = sync.wakeAt();
    attempt = 1;
    assertThat(told(sync.wake(now))).containsExactly("fetch");
    assertThat(fetched(5)).containsExactly("load 5");
  }

  @Test
  void whereDisorderIsAllowedSomeWaitForTheOneThatIsLate() {
    sync = new SnapshotSync<>(options.reorder(2), new Random(1));
    live(10);

    assertThat(update(12)).isEmpty();
    assertThat(sync.inSync()).isFalse();
    assertThat(update(13)).isEmpty();
    assertThat(update(11)).containsExactly("apply 11", "apply 12", "apply 13");
    assertThat(sync.inSync()).isTrue();

    update(15);
    update(16);
    assertThat(update(17)).containsExactly("doubt missing: 14", "fetch");
  }

  @Test
  void whatWaitsIsBoundedAndANewerSnapshotIsNeededThen() {
    sync = new SnapshotSync<>(options.buffered(3), new Random(1));
    sync.restart(now);
    attempt = 1;
    for (int n = 1; n <= 10; n++) {
      update(n);
    }

    assertThat(fetched(6)).isEmpty();
    now = sync.wakeAt();
    sync.wake(now);
    attempt++;
    assertThat(fetched(7)).containsExactly("load 7", "apply 8", "apply 9", "apply 10");
  }

  @Test
  void whatWasLostOnTheWayNeedsASnapshotFromAfterThat() {
    live(10);
    assertThat(told(sync.lost("too fast", -1, now))).containsExactly("doubt too fast", "fetch");
    long former = attempt;

    sync.lost("too fast", -1, now);
    assertThat(told(sync.fetched(former, new Snapshot<>("", 10), now))).isEmpty();
    now = sync.wakeAt();
    attempt++;
    assertThat(told(sync.wake(now))).containsExactly("fetch");
    assertThat(fetched(20)).containsExactly("load 20");
  }

  @Test
  void whatWasThrownAwayIsKnownToExist() {
    live(100);
    assertThat(told(sync.lost("too fast", 200, now))).contains("fetch");

    assertThat(fetched(100)).isEmpty();
    now = sync.wakeAt();
    assertThat(told(sync.wake(now))).containsExactly("fetch");
    assertThat(fetched(200)).containsExactly("load 200");
  }

  @Test
  void aStableTimeBeforeANewBeginningStartsTheCountOver() {
    sync.restart(now);
    attempt = 1;
    for (int i = 0; i < options.attempts(); i++) {
      sync.fetchFailed(attempt, "down", now);
      now = sync.wakeAt();
      assertThat(told(sync.wake(now))).containsExactly("fetch");
    }
    fetched(5);
    now += 31 * SECOND;
    assertThat(told(sync.restart(now))).containsExactly("doubt begun anew", "fetch");

    assertThat(told(sync.fetchFailed(attempt, "down", now))).isEmpty();
    now = sync.wakeAt();
    assertThat(told(sync.wake(now))).containsExactly("fetch");
  }

  private void live(long last) {
    assertThat(told(sync.restart(now))).contains("fetch");
    assertThat(fetched(last)).containsExactly("load " + last);
  }

  private List<String> update(long n) {
    return told(sync.update(SequenceRange.of(n), "", now));
  }

  private List<String> fetched(long last) {
    return told(sync.fetched(attempt, new Snapshot<>("", last), now));
  }

  private List<String> told(List<Step<String, String>> steps) {
    List<String> told = new ArrayList<>();
    for (Step<String, String> step : steps) {
      told.add(
          switch (step) {
            case Step.Fetch<String, String>(long asked) -> {
              attempt = asked;
              yield "fetch";
            }
            case Step.Load<String, String>(Snapshot<String> snapshot) -> "load " + snapshot.last();
            case Step.Apply<String, String>(String update, SequenceRange range) -> "apply " + range;
            case Step.Doubt<String, String>(String why) -> "doubt " + why;
            case Step.GiveUp<String, String>(String why) -> "give up: " + why;
          });
    }
    return told;
  }
}
