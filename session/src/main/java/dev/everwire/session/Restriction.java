package dev.everwire.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whom a method is for. A server asks it before whatever else decides; a client does not, because
 * it knows no roles of its server's. Immutable.
 *
 * @param roles of each set one is needed
 * @param permissions all of which are needed
 */
public record Restriction(List<Set<String>> roles, Set<String> permissions) {
  /** For everybody who has shown who they are. */
  public static final Restriction KNOWN = new Restriction(List.of(), Set.of());

  /**
   * @throws IllegalArgumentException if a set or a name is empty
   */
  public Restriction {
    roles = roles.stream().map(Set::copyOf).distinct().toList();
    permissions = Set.copyOf(permissions);
    if (roles.contains(Set.of())) {
      throw new IllegalArgumentException("roles: [] (expected: at least one)");
    }
    if (permissions.contains("") || roles.stream().anyMatch(set -> set.contains(""))) {
      throw new IllegalArgumentException("restriction: \"\" (expected: names)");
    }
  }

  /** For those who have one of these. */
  public static Restriction roles(String first, String... more) {
    return new Restriction(List.of(together(first, more)), Set.of());
  }

  /** For those who have all of these. */
  public static Restriction permissions(String first, String... more) {
    return new Restriction(List.of(), together(first, more));
  }

  /** Both must hold. */
  public Restriction and(Restriction other) {
    List<Set<String>> allRoles = new ArrayList<>(roles);
    allRoles.addAll(other.roles);
    Set<String> allPermissions = new HashSet<>(permissions);
    allPermissions.addAll(other.permissions);
    return new Restriction(allRoles, allPermissions);
  }

  /**
   * Whether somebody is let in.
   *
   * @param known whether it is known who it is
   * @param hasRole whether it has a role
   */
  public boolean admits(boolean known, Predicate<String> hasRole, Set<String> hasPermissions) {
    if (roles.isEmpty() && permissions.isEmpty()) {
      return known;
    }
    for (Set<String> one : roles) {
      if (one.stream().noneMatch(hasRole)) {
        return false;
      }
    }
    return hasPermissions.containsAll(permissions);
  }

  private static Set<String> together(String first, String... more) {
    Set<String> all = new HashSet<>(List.of(more));
    all.add(first);
    return all;
  }
}
