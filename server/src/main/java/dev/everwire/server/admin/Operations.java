package dev.everwire.server.admin;

import dev.everwire.server.drain.DrainReport;
import java.lang.System.Logger.Level;

/**
 * What the program around a server does when an administrator asks for it. Each method is called on
 * a worker and may block; {@link #reload} is never called while it runs. A method that throws
 * {@link UnsupportedOperationException} with one sentence says by that that there is nothing of the
 * kind here, which is what all of them do unless overridden. {@link IllegalArgumentException} with
 * one sentence says what was wrong with what was asked; that sentence is shown to the
 * administrator.
 */
public interface Operations {

  /** Knows of nothing. */
  Operations NONE = new Operations() {};

  /**
   * Reads the configuration again and applies what can change while the server runs, or nothing if
   * anything in it is wrong or cannot change.
   *
   * @param dryRun whether to say only what would change
   */
  default Reloaded reload(boolean dryRun) {
    throw new UnsupportedOperationException("this server has no configuration to reload");
  }

  /**
   * Has a logger, and those below it that have no level of their own, say more or less from now on.
   *
   * @param logger for instance {@code dev.everwire.server}; empty for all
   * @return what held before
   */
  default Level logLevel(String logger, Level level) {
    throw new UnsupportedOperationException("the log levels of this server cannot be changed");
  }

  /**
   * An administrator asked the server to drain, and that is done: {@link
   * dev.everwire.server.Server#close} may follow. Nothing unless overridden.
   */
  default void drained(DrainReport report) {}
}
