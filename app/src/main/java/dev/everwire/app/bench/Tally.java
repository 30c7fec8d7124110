package dev.everwire.app.bench;

import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Counts what came back. Event loop only. */
final class Tally {
  private static final long LONGEST_NANOS = Plan.LONGEST.toNanos();
  private static final int DIGITS = 3;

  private final Histogram latency = new Histogram(LONGEST_NANOS, DIGITS);
  private final Consumer<String> end;
  private long messages;
  private long corrupted;
  private long duplicates;
  private long reordered;
  private long missing;
  private long refused;
  private @Nullable String first; // the first thing that went wrong
  private boolean stopped;
  private int ended; // connections

  /**
   * @param end is told why the benchmark cannot go on
   */
  Tally(Consumer<String> end) {
    this.end = end;
  }

  /** Counts from now on; what went wrong before stays counted. */
  void restart() {
    latency.reset();
    messages = 0;
  }

  /** The load is over: connections may end. */
  void stop() {
    stopped = true;
  }

  boolean stopped() {
    return stopped;
  }

  void good(long nanos) {
    messages++;
    latency.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
  }

  void corrupted(String what) {
    corrupted++;
    note(what);
  }

  void duplicate() {
    duplicates++;
    note("a message came twice");
  }

  void missing(long count) {
    missing += count;
    note("a message is missing");
  }

  /** One that was taken for missing came after all. */
  void late() {
    missing--;
    reordered++;
  }

  void refused(String why) {
    refused++;
    note(why);
  }

  void connectionEnded(int code, String reason) {
    ended++;
    if (!stopped) {
      fatal("the server ended a connection with " + code + (reason.isEmpty() ? "" : ": " + reason));
    }
  }

  /** A connection that we cut. */
  void connectionCut() {
    ended++;
  }

  int ended() {
    return ended;
  }

  void fatal(String sentence) {
    end.accept(sentence);
  }

  long messages() {
    return messages;
  }

  Histogram latency() {
    return latency.copy();
  }

  Faults faults() {
    return new Faults(corrupted, duplicates, reordered, missing, refused, first);
  }

  private void note(String what) {
    if (first == null) {
      first = what;
    }
  }

  /**
   * What went wrong, from the first message on.
   *
   * @param corrupted came back with another content
   * @param duplicates came more than once
   * @param reordered came behind one that was sent later
   * @param missing never came
   * @param refused were answered with an error
   * @param first says what went wrong first
   */
  record Faults(
      long corrupted,
      long duplicates,
      long reordered,
      long missing,
      long refused,
      @Nullable String first) {
    boolean none() {
      return corrupted == 0 && duplicates == 0 && reordered == 0 && missing == 0 && refused == 0;
    }
  }
}
