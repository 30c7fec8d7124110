package dev.everwire.netty.internal.loop;

/** Something with a duty at the end of a pass of its loop, such as one flush. On the loop. */
public interface Passenger {

  /** What was put off to the end of this pass. */
  void endOfPass();

  /** {@link #endOfPass} failed: ends what cannot go on. */
  void endOfPassFailed(Throwable cause);
}
