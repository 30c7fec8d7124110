package dev.everwire.config;

import dev.everwire.config.problem.Place;
import dev.everwire.config.problem.Problem;
import java.util.List;
import java.util.Map;

/**
 * A configuration that can be used, and what is better known about it.
 *
 * @param warnings sorted; to be told to whoever starts the server
 * @param said where each option was said, by its path; of those that nobody has said it is the
 *     preset that speaks
 */
public record Loaded(Config config, List<Problem> warnings, Map<String, Place> said) {
  public Loaded {
    said = Map.copyOf(said);
    warnings = List.copyOf(warnings);
  }

  /** Where an option got its value. */
  public Place place(String path) {
    return said.getOrDefault(path, Place.preset(config.preset()));
  }
}
