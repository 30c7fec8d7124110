package dev.everwire.server.access;

import dev.everwire.spi.auth.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Decides by rules: they are asked in their order, and the first that is about the action, the
 * resource and the principal says whether it is allowed. What no rule is about is denied, unless
 * the method itself says that this principal is let in. Immutable; safe from any thread.
 */
public final class AccessRules implements Authoriser {
  private static final Decision ALLOWED = Decision.allow();
  private static final Decision NO_RULE = Decision.deny("no rule");

  private final Map<Action, List<Compiled>> rules;
  private final Map<String, Set<String>> atLeast; // a ranked role and those above it

  public AccessRules(List<AccessRule> rules) {
    this(rules, List.of());
  }

  private AccessRules(List<AccessRule> given, List<String> rankedRoles) {
    if (new HashSet<>(rankedRoles).size() < rankedRoles.size() || rankedRoles.contains("")) {
      throw new IllegalArgumentException(
          "rankedRoles: " + rankedRoles + " (expected: names, each once)");
    }
    atLeast =
        rankedRoles.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    role -> role,
                    role ->
                        Set.copyOf(
                            rankedRoles.subList(rankedRoles.indexOf(role), rankedRoles.size()))));
    List<AccessRule> all = List.copyOf(given);
    rules =
        Set.of(Action.values()).stream()
            .collect(
                Collectors.toUnmodifiableMap(action -> action, action -> compiled(all, action)));
  }

  /** As the constructor. */
  public static AccessRules of(AccessRule... rules) {
    return new AccessRules(List.of(rules));
  }

  /**
   * As the constructor, for roles of which each includes those below it.
   *
   * @param rankedRoles lowest first; a role that is not among them stands for itself
   * @throws IllegalArgumentException if a role is named twice
   */
  public static AccessRules of(List<AccessRule> rules, List<String> rankedRoles) {
    return new AccessRules(rules, rankedRoles);
  }

  @Override
  public CompletionStage<Decision> decide(AccessRequest request) {
    return CompletableFuture.completedStage(decision(request));
  }

  /** As {@link #decide}, without a stage. */
  public Decision decision(AccessRequest request) {
    List<Compiled> asked = rules.get(request.action());
    if (asked != null) {
      for (int i = 0; i < asked.size(); i++) {
        Compiled rule = asked.get(i);
        if (rule.matches(request)) {
          return rule.decision;
        }
      }
    }
    return request.declared() ? ALLOWED : NO_RULE;
  }

  @Override
  public boolean hasRole(Principal principal, String role) {
    Set<String> enough = atLeast.get(role);
    return enough == null
        ? principal.roles().contains(role)
        : !Collections.disjoint(enough, principal.roles());
  }

  private List<Compiled> compiled(List<AccessRule> given, Action action) {
    List<Compiled> all = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      AccessRule rule = given.get(i);
      if (rule.actions().contains(action)) {
        all.add(compiled(rule, action, i + 1));
      }
    }
    return List.copyOf(all);
  }

  private Compiled compiled(AccessRule rule, Action action, int number) {
    Set<String> roles = new HashSet<>(rule.roles());
    rule.roles().forEach(role -> roles.addAll(atLeast.getOrDefault(role, Set.of())));
    return new Compiled(
        rule.resources().stream().map(text -> ResourcePattern.of(action, text)).toList(),
        rule,
        Set.copyOf(roles),
        rule.allow()
            ? new Decision.Allow(rule.cacheFor())
            : new Decision.Deny("rule " + number, rule.cacheFor()));
  }

  /**
   * @param roles each of which is enough
   */
  private record Compiled(
      List<ResourcePattern> patterns, AccessRule rule, Set<String> roles, Decision decision) {

    boolean matches(AccessRequest request) {
      return about(request.principal()) && about(request);
    }

    private boolean about(AccessRequest request) {
      for (int i = 0; i < patterns.size(); i++) {
        if (patterns.get(i).matches(request.resource(), request.principal())) {
          return true;
        }
      }
      return false;
    }

    private boolean about(Principal principal) {
      return rule.anyone()
          || ((roles.isEmpty() || !Collections.disjoint(roles, principal.roles()))
              && principal.permissions().containsAll(rule.permissions())
              && (rule.users().isEmpty() || named(principal))
              && (rule.tenants().isEmpty()
                  || (principal.tenant() != null && rule.tenants().contains(principal.tenant()))));
    }

    private boolean named(Principal principal) {
      String user = principal.user();
      return user != null && (rule.users().contains(user) || rule.users().contains("*"));
    }
  }
}
