package dev.everwire.session.internal.rpc;

/** Something with a deadline that {@link Deadlines} may hold. Event loop only. */
abstract class Timed {
  static final int NOWHERE = -1;

  final long deadline; // nanoseconds of the loop
  int place = NOWHERE; // in the heap of its Deadlines

  Timed(long deadline) {
    this.deadline = deadline;
  }
}
