package dev.everwire.session.internal.lifecycle;

/** How long what receives messages has still to live. Event loop only; nanoseconds. */
public interface Lifespan {
  long NEVER = Long.MAX_VALUE;

  /** Until it is closed if nothing comes in; {@link #NEVER} if it is not. */
  long untilIdleTimeout(long now);

  /** Until it is closed because of its age; {@link #NEVER} if it is not. */
  long untilMaxAge(long now);
}
