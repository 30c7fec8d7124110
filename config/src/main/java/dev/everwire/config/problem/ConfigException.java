package dev.everwire.config.problem;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration cannot be used. Tells everything that is wrong with it, at once. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /**
   * @param problems at least one; told in the order of their places
   */
  public ConfigException(Collection<Problem> problems) {
    super(problems.stream().sorted().map(Problem::toString).collect(Collectors.joining("\n")));
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("problems: none (expected: at least 1)");
    }
    this.problems = problems.stream().sorted().distinct().toList();
  }

  /** Sorted: the file from top to bottom, then the environment, then the rest. */
  public List<Problem> problems() {
    return problems;
  }
}
