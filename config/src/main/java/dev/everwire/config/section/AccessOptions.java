package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Live;
import dev.everwire.server.access.AccessRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may do what. Immutable. */
public record AccessOptions(
    @Doc("Roles of which each includes those before it, lowest first; others stand for themselves.")
        @Live
        List<String> rankedRoles,
    @Doc(
            "Asked in their order, the first that fits holds, and what none names is denied. None for letting everybody who is in do what topics and methods allow.")
        @Live
        @Nullable List<RuleOptions> rules) {
  /** Everybody may do what topics and methods allow. */
  public static final AccessOptions DEFAULT = new AccessOptions(List.of(), null);

  public AccessOptions {
    rankedRoles = List.copyOf(rankedRoles);
    rules = rules == null ? null : List.copyOf(rules);
  }

  /**
   * Null if everybody may do what topics and methods allow.
   *
   * @throws IllegalArgumentException if a role is ranked twice
   */
  public @Nullable AccessRules accessRules() {
    List<RuleOptions> said = rules;
    return said == null
        ? null
        : AccessRules.of(said.stream().map(RuleOptions::rule).toList(), rankedRoles);
  }
}
