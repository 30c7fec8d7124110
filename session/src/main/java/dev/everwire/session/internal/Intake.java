package dev.everwire.session.internal;

/** Lets what a peer says come in, or not. Event loop only; times are nanoseconds of the loop. */
public interface Intake {

  /** A frame of so many bytes came, and its messages follow. */
  void arrived(int bytes);

  /**
   * Whether one more message may come in.
   *
   * @param request whether the peer waits for an answer
   * @return 0, or nanoseconds until it might
   */
  long admit(boolean request, long now);

  /** So much was refused that the peer is to be given up. */
  boolean exhausted();

  /** The connection has ended. */
  void ended();
}
