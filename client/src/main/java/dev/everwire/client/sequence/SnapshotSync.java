package dev.everwire.client.sequence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Decides how a state is kept by a snapshot and the updates behind it: what to apply, what to drop,
 * when what is there is no longer true and a new snapshot is needed. Touches nothing: it is told
 * what happens and answers what to do, in order. One thread at a time; {@code now} are nanoseconds
 * that only grow. {@link SyncedFeed} carries it out.
 *
 * <p>Standing at 7: 8 is applied; 8 again is dropped; 11 shows that 9–10 are missing, so the state
 * is in doubt and a snapshot is fetched. A snapshot as of 10 and the 11 that waited make it true
 * again. One as of 8 does not: 9 and 10 are still missing, so another is fetched, later and later,
 * and at last no more.
 *
 * <p>A range that begins within what the state contains is applied whole. So where ranges can
 * straddle a snapshot, updates must say what is (quantity at a price is 5), not what changed (3
 * more).
 */
public final class SnapshotSync<S, U> {
  /** No timer is needed. */
  public static final long NEVER = Long.MAX_VALUE;

  /** What is to be done. */
  public sealed interface Step<S, U> {

    /** Ask for a snapshot; answered by {@link #fetched} or {@link #fetchFailed}. */
    record Fetch<S, U>(long attempt) implements Step<S, U> {}

    /** Take the snapshot in place of what is there. */
    record Load<S, U>(Snapshot<S> snapshot) implements Step<S, U> {}

    record Apply<S, U>(U update, SequenceRange range) implements Step<S, U> {}

    /** What is there is not true any more, until the next {@link Load}. */
    record Doubt<S, U>(String why) implements Step<S, U> {}

    /** Nothing is tried any more, until {@link #restart}. */
    record GiveUp<S, U>(String why) implements Step<S, U> {}
  }

  private enum Phase {
    NEW,
    FETCHING,
    /** Waits before the next fetch. */
    RESTING,
    LIVE,
    GIVEN_UP
  }

  private record Held<U>(SequenceRange range, U update) {}

  private final SyncOptions options;
  private final int reorder;
  private final RandomGenerator random;
  private final TreeMap<Long, Held<U>> held = new TreeMap<>(); // by their last number
  private Phase phase = Phase.NEW;
  private long at; // while live: the last number that the state contains
  private long seen = -1; // the highest number known to exist
  private long attempt;
  private int failures; // in a row
  private long since; // while live: from when on
  private long wakeAt = NEVER;

  public SnapshotSync(SyncOptions options, RandomGenerator random) {
    this.options = options;
    this.reorder = Math.min(options.reorder(), options.buffered() - 1); // else it never is too much
    this.random = random;
  }

  /** Whether the state is that of the newest update seen. */
  public boolean inSync() {
    return phase == Phase.LIVE && held.isEmpty();
  }

  /** When to call {@link #wake}, or {@link #NEVER}. Changes with each input. */
  public long wakeAt() {
    return wakeAt;
  }

  /** Begins, and begins anew where numbers do not go on, as after a reconnect. */
  public List<Step<S, U>> restart(long now) {
    List<Step<S, U>> steps = new ArrayList<>();
    doubt("begun anew", steps);
    if (phase == Phase.GIVEN_UP || (phase == Phase.LIVE && stable(now))) {
      failures = 0;
    }
    held.clear();
    seen = -1;
    fetch(now, steps);
    return steps;
  }

  public List<Step<S, U>> update(SequenceRange range, U update, long now) {
    List<Step<S, U>> steps = new ArrayList<>(1);
    if (phase == Phase.NEW || phase == Phase.GIVEN_UP) {
      return steps;
    }
    seen = Math.max(seen, range.last());
    if (phase == Phase.LIVE && range.last() <= at) {
      return steps;
    }
    hold(range, update);
    if (phase == Phase.LIVE) {
      drain(steps);
      if (held.size() > reorder) {
        resync("missing: " + hole(), now, steps);
      }
    }
    return steps;
  }

  /**
   * Updates were lost on the way here, or not taken.
   *
   * @param last the highest number among them, or -1 if it is not known
   */
  public List<Step<S, U>> lost(String why, long last, long now) {
    List<Step<S, U>> steps = new ArrayList<>();
    if (phase != Phase.GIVEN_UP && phase != Phase.NEW) {
      seen = Math.max(seen, last);
    }
    if (phase == Phase.LIVE) {
      resync(why, now, steps);
    } else if (phase == Phase.FETCHING) {
      // What is on its way may be older than what was lost.
      attempt++;
      failed(why, now, steps);
    }
    return steps;
  }

  public List<Step<S, U>> fetched(long attempt, Snapshot<S> snapshot, long now) {
    List<Step<S, U>> steps = new ArrayList<>();
    if (phase != Phase.FETCHING || attempt != this.attempt) {
      return steps; // too late
    }
    if (!reaches(snapshot.last())) {
      failed("snapshot of " + snapshot.last() + " is too old for " + seen, now, steps);
      return steps;
    }
    phase = Phase.LIVE;
    wakeAt = NEVER;
    since = now;
    at = snapshot.last();
    seen = Math.max(seen, at);
    steps.add(new Step.Load<>(snapshot));
    drain(steps);
    return steps;
  }

  public List<Step<S, U>> fetchFailed(long attempt, String why, long now) {
    List<Step<S, U>> steps = new ArrayList<>();
    if (phase == Phase.FETCHING && attempt == this.attempt) {
      failed(why, now, steps);
    }
    return steps;
  }

  /** To be called at {@link #wakeAt}; earlier it does nothing. */
  public List<Step<S, U>> wake(long now) {
    List<Step<S, U>> steps = new ArrayList<>();
    if (wakeAt == NEVER || now - wakeAt < 0) {
      return steps;
    }
    if (phase == Phase.RESTING) {
      fetch(now, steps);
    } else if (phase == Phase.FETCHING) {
      failed("no snapshot within " + options.fetchWithin(), now, steps);
    }
    return steps;
  }

  // ---- what follows

  private void resync(String why, long now, List<Step<S, U>> steps) {
    if (stable(now)) {
      failures = 0;
    }
    boolean first = failures == 0;
    doubt(why, steps);
    if (first) {
      failures = 1; // the next within a short time waits
      fetch(now, steps);
    } else {
      failed(why, now, steps);
    }
  }

  private boolean stable(long now) {
    return now - since >= options.stableAfter().toNanos();
  }

  private void doubt(String why, List<Step<S, U>> steps) {
    if (phase == Phase.LIVE) {
      steps.add(new Step.Doubt<>(why));
    }
  }

  private void fetch(long now, List<Step<S, U>> steps) {
    phase = Phase.FETCHING;
    attempt++;
    wakeAt = now + options.fetchWithin().toNanos();
    steps.add(new Step.Fetch<>(attempt));
  }

  private void failed(String why, long now, List<Step<S, U>> steps) {
    failures++;
    if (failures > options.attempts()) {
      phase = Phase.GIVEN_UP;
      wakeAt = NEVER;
      held.clear();
      steps.add(new Step.GiveUp<>(why));
    } else {
      phase = Phase.RESTING;
      wakeAt = now + delay();
    }
  }

  private long delay() {
    long longest = options.longestDelay().toNanos();
    long delay = options.firstDelay().toNanos();
    for (int i = 1; i < failures && delay < longest; i++) {
      delay *= 2;
    }
    delay = Math.min(delay, longest);
    return delay - random.nextLong(delay / 2 + 1);
  }

  // ---- updates that wait

  private void hold(SequenceRange range, U update) {
    Held<U> same = held.get(range.last());
    if (same == null || range.first() < same.range().first()) {
      held.put(range.last(), new Held<>(range, update));
    }
    if (held.size() > options.buffered()) {
      held.pollFirstEntry();
    }
  }

  /** Whether a state as of this number goes on without a hole to the newest update seen. */
  private boolean reaches(long last) {
    long reached = last;
    int ahead = 0;
    for (Held<U> next : held.values()) {
      if (next.range().last() <= reached) {
        continue;
      }
      if (next.range().first() <= reached + 1) {
        reached = next.range().last();
      } else {
        ahead++;
      }
    }
    return ahead == 0 ? reached >= seen : ahead <= reorder;
  }

  private void drain(List<Step<S, U>> steps) {
    for (Map.Entry<Long, Held<U>> head = held.firstEntry();
        head != null && head.getValue().range().first() <= at + 1;
        head = held.firstEntry()) {
      held.pollFirstEntry();
      Held<U> next = head.getValue();
      if (next.range().last() > at) {
        at = next.range().last();
        steps.add(new Step.Apply<>(next.update(), next.range()));
      }
    }
  }

  private SequenceRange hole() {
    return new SequenceRange(at + 1, held.firstEntry().getValue().range().first() - 1);
  }
}
