package dev.everwire.server.internal.drain;

import java.util.List;

/** What comes next, and what is to be done for it, in order. */
record Step(Phase phase, List<Effect> effects) {
  static Step to(Phase phase, Effect... effects) {
    return new Step(phase, List.of(effects));
  }
}
