package dev.everwire.server.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading a configuration again. Immutable.
 *
 * @param changes in which the new one differs, in its order
 * @param applied whether what is live holds now; never in a dry run
 * @param problems why it was not applied, a sentence each; empty if nothing stood in the way
 */
public record Reloaded(List<Change> changes, boolean applied, List<String> problems) {

  /**
   * One option that has another value.
   *
   * @param option with its path, for instance {@code session.resume-within}
   * @param from what holds, never a secret; null if it was not there
   * @param to what would hold, as {@code from}
   * @param live whether it can change without a restart
   */
  public record Change(String option, @Nullable String from, @Nullable String to, boolean live) {}

  public Reloaded {
    changes = List.copyOf(changes);
    problems = List.copyOf(problems);
  }
}
