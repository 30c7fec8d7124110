package dev.everwire.config.internal.catalogue;

import dev.everwire.config.problem.Findings;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is needed to read values, and what was used for it. One thread at a time.
 *
 * @param environment where secrets may be
 * @param used names of variables that secrets were found in
 */
public record Reading(Findings findings, Map<String, String> environment, Set<String> used) {

  public Reading(Findings findings, Map<String, String> environment) {
    this(findings, environment, new HashSet<>());
  }
}
