package dev.everwire.server.internal.drain;

/** What a {@link DrainCourse} is told. */
sealed interface Input {
  Tally tally();

  /** The time that was asked for has come. */
  record Wake(Tally tally) implements Input {}

  /** All loops have looked. */
  record Looked(Tally tally, View view) implements Input {}

  /**
   * Somebody has left.
   *
   * @param answered how many of those that were asked to close
   */
  record Left(Tally tally, int answered) implements Input {}

  /** Those that were still there have been cut. */
  record Cut(Tally tally, int failed) implements Input {}
}
