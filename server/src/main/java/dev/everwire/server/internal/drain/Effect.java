package dev.everwire.server.internal.drain;

import java.time.Duration;

/** What a {@link DrainCourse} wants done. */
sealed interface Effect {

  /** Looks on all loops at that time, behind all that was wanted before. */
  record LookAt(long at) implements Effect {}

  record WakeAt(long at) implements Effect {}

  /**
   * Tells sessions to move.
   *
   * @param most how many
   * @param jitter each at a random moment so long from now
   * @param closeIn when they are closed at the latest
   */
  record Tell(int most, Duration jitter, Duration closeIn) implements Effect {}

  /** New calls are refused from now on. */
  record Refuse() implements Effect {}

  /** Begins to close so many more. */
  record Close(int more) implements Effect {}

  /** Cuts whoever is still there. */
  record Cut() implements Effect {}
}
