package dev.everwire.simulation;

import java.util.function.LongConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Plays seeds: 1 up to the usual number, up to {@code -Deverwire.seeds}, or only {@code
 * -Deverwire.seed}. One that fails is named.
 */
final class Seeds {
  private static final Logger LOG = Logger.getLogger("dev.everwire"); // kept: loggers are weak

  private Seeds() {}

  /**
   * On this thread, which is no virtual one, so that it can carry those of a world.
   *
   * @param usual how many, unless said
   */
  static void forEach(int usual, LongConsumer play) {
    LOG.setLevel(Level.OFF); // handlers fail by the thousand here
    Long only = Long.getLong("everwire.seed");
    long first = only == null ? 1 : only;
    long last = only == null ? Integer.getInteger("everwire.seeds", usual) : only;
    for (long seed = first; seed <= last; seed++) {
      try {
        play.accept(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ", " + e.getMessage(), e);
      }
    }
  }
}
