package dev.everwire.server.internal.drain;

import dev.everwire.server.drain.DrainReport;

/** How far a drain has come. Times are nanoseconds of the loop. */
sealed interface Phase {

  /** Nobody was counted yet. */
  record Beginning() implements Phase {}

  /**
   * Sessions are told to move.
   *
   * @param all how many there were
   * @param told how many know
   */
  record Telling(int all, int told) implements Phase {}

  /** Sessions leave by themselves. */
  record Leaving(long until) implements Phase {}

  /**
   * New calls are refused, and what waits is sent.
   *
   * @param waited how many messages there were; less than 0 before they were counted
   * @param left how many there are
   */
  record Flushing(long until, long waited, long left) implements Phase {}

  /** Calls that run are waited for. */
  record Finishing(long flushed) implements Phase {}

  /**
   * Connections are closed.
   *
   * @param answered how many since it was last asked whether enough do
   * @param askAt when that is asked next
   * @param hurried everybody was sent a Close frame
   */
  record Closing(long flushed, int answered, long askAt, boolean hurried) implements Phase {}

  /**
   * The time is over.
   *
   * @param before who was there then
   */
  record Cutting(long flushed, Tally before, long until) implements Phase {}

  record Done(DrainReport report) implements Phase {}
}
