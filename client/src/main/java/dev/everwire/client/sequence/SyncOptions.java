package dev.everwire.client.sequence;

import java.time.Duration;

/** How a state is kept by snapshot and updates. Immutable; each method answers a copy. */
public final class SyncOptions {
  private static final Duration LONGEST = Duration.ofDays(1);

  /**
   * 10 000 updates may wait, none may come out of order; a snapshot comes within 10 s, is asked for
   * 8 times in a row at most with 250 ms to 30 s in between, and 30 s without a gap start the count
   * over.
   */
  public static final SyncOptions DEFAULT =
      new SyncOptions(
          10_000,
          0,
          Duration.ofSeconds(10),
          8,
          Duration.ofMillis(250),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30));

  private final int buffered;
  private final int reorder;
  private final Duration fetchWithin;
  private final int attempts;
  private final Duration firstDelay;
  private final Duration longestDelay;
  private final Duration stableAfter;

  private SyncOptions(
      int buffered,
      int reorder,
      Duration fetchWithin,
      int attempts,
      Duration firstDelay,
      Duration longestDelay,
      Duration stableAfter) {
    this.buffered = buffered;
    this.reorder = reorder;
    this.fetchWithin = fetchWithin;
    this.attempts = attempts;
    this.firstDelay = firstDelay;
    this.longestDelay = longestDelay;
    this.stableAfter = stableAfter;
  }

  /**
   * How many updates wait for a snapshot. Of more the oldest go, so that a newer snapshot is
   * needed.
   */
  public SyncOptions buffered(int updates) {
    return new SyncOptions(
        atLeast("buffered", updates, 1),
        reorder,
        fetchWithin,
        attempts,
        firstDelay,
        longestDelay,
        stableAfter);
  }

  /**
   * How many updates may wait for one that is late before it counts as lost, 0 unless said: a feed
   * over one connection keeps its order. While some wait the state is behind and not {@linkplain
   * SyncedFeed#inSync in sync}.
   */
  public SyncOptions reorder(int updates) {
    return new SyncOptions(
        buffered,
        atLeast("reorder", updates, 0),
        fetchWithin,
        attempts,
        firstDelay,
        longestDelay,
        stableAfter);
  }

  /** How long one snapshot may take. */
  public SyncOptions fetchWithin(Duration within) {
    return new SyncOptions(
        buffered,
        reorder,
        positive("fetchWithin", within),
        attempts,
        firstDelay,
        longestDelay,
        stableAfter);
  }

  /** After so many failures in a row nothing is asked for any more. */
  public SyncOptions attempts(int failures) {
    return new SyncOptions(
        buffered,
        reorder,
        fetchWithin,
        atLeast("attempts", failures, 1),
        firstDelay,
        longestDelay,
        stableAfter);
  }

  /**
   * How long to wait before a snapshot is asked for again: about {@code first} after one failure,
   * twice as long after each other, {@code longest} at most; half of it is chance.
   */
  public SyncOptions delays(Duration first, Duration longest) {
    if (positive("longest", longest).compareTo(positive("first", first)) < 0) {
      throw new IllegalArgumentException("longest: " + longest + " (expected: >= " + first + ")");
    }
    return new SyncOptions(buffered, reorder, fetchWithin, attempts, first, longest, stableAfter);
  }

  /** So long without a gap starts the count of failures over. */
  public SyncOptions stableAfter(Duration time) {
    return new SyncOptions(
        buffered,
        reorder,
        fetchWithin,
        attempts,
        firstDelay,
        longestDelay,
        positive("stableAfter", time));
  }

  public int buffered() {
    return buffered;
  }

  public int reorder() {
    return reorder;
  }

  public Duration fetchWithin() {
    return fetchWithin;
  }

  public int attempts() {
    return attempts;
  }

  public Duration firstDelay() {
    return firstDelay;
  }

  public Duration longestDelay() {
    return longestDelay;
  }

  public Duration stableAfter() {
    return stableAfter;
  }

  private static int atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
    return value;
  }

  private static Duration positive(String name, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0, <= P1D)");
    }
    return value;
  }
}
