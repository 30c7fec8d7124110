package dev.everwire.config.problem;

import java.util.ArrayList;
import java.util.List;

/** Collects what is found wrong, and what is only worth a warning. One thread at a time. */
public final class Findings {
  private static final int MOST = 1_000;

  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  /** More than {@value #MOST} help nobody, and are dropped. */
  public void problem(Place place, String path, String text) {
    if (problems.size() < MOST) {
      problems.add(new Problem(place, path, text));
    }
  }

  public void warning(Place place, String path, String text) {
    if (warnings.size() < MOST) {
      warnings.add(new Problem(place, path, text));
    }
  }

  public boolean clean() {
    return problems.isEmpty();
  }

  public int count() {
    return problems.size();
  }

  /** In the order in which they were found. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** Sorted. */
  public List<Problem> warnings() {
    return warnings.stream().sorted().distinct().toList();
  }

  /**
   * @throws ConfigException if there is a problem
   */
  public void check() throws ConfigException {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }
}
