package dev.everwire.server.internal.drain;

/**
 * Who is there, counted on the loops.
 *
 * @param sessions connections on which hello was said
 * @param untold those among them that do not know yet that they have to move
 * @param calls of peers that run or wait
 * @param waiting messages that have not left this process
 */
record View(int sessions, int untold, int calls, long waiting) {
  static final View NOBODY = new View(0, 0, 0, 0);

  View plus(View other) {
    return new View(
        sessions + other.sessions,
        untold + other.untold,
        calls + other.calls,
        waiting + other.waiting);
  }
}
