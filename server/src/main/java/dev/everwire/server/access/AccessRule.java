package dev.everwire.server.access;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Allows some people to do something, or denies it; see {@link AccessRules}. Immutable.
 *
 * <p>Whom it is about: everybody with {@code anyone}; otherwise those for whom each kind that is
 * given holds. Kinds are one of the {@code roles}, all of the {@code permissions}, one of the
 * {@code users} ({@code *} is anybody who has a name), one of the {@code tenants}.
 *
 * <p>What it is about: for {@link Action#CALL} and {@link Action#ADMINISTER} names, or their
 * beginnings with {@code *} behind them ({@code orders.*}); for the actions on topics patterns in
 * whose segments {@code *} is all of a segment or the rest of it ({@code prices/*}, {@code
 * quote:*}), {@code {user}} and {@code {tenant}} are those of whoever asks ({@code
 * users/{user}/**}, never of one who has none), and {@code **} is any number of segments at the
 * end. {@code **} alone is everything, for each action.
 *
 * @param allow false if it denies
 * @param actions at least one
 * @param resources at least one, each of them right for all of the actions
 * @param cacheFor how long what it says may be remembered; at most a day, zero for not
 */
public record AccessRule(
    boolean allow,
    Set<Action> actions,
    List<String> resources,
    Set<String> roles,
    Set<String> permissions,
    Set<String> users,
    Set<String> tenants,
    boolean anyone,
    Duration cacheFor) {
  /** How long decisions are usually remembered. */
  public static final Duration CACHE_FOR = Duration.ofMinutes(5);

  private static final Duration LONGEST_CACHE = Duration.ofDays(1);

  /**
   * @throws IllegalArgumentException if it is about nobody or nothing, or says both everybody and
   *     somebody, or a pattern is malformed
   */
  public AccessRule {
    actions = Set.copyOf(actions);
    resources = List.copyOf(resources);
    roles = names("roles", roles);
    permissions = names("permissions", permissions);
    users = names("users", users);
    tenants = names("tenants", tenants);
    if (actions.isEmpty()) {
      throw new IllegalArgumentException("actions: [] (expected: at least one)");
    }
    if (resources.isEmpty()) {
      throw new IllegalArgumentException("resources: [] (expected: at least one)");
    }
    boolean somebody =
        !(roles.isEmpty() && permissions.isEmpty() && users.isEmpty() && tenants.isEmpty());
    if (anyone == somebody) {
      throw new IllegalArgumentException(
          "anyone: "
              + anyone
              + (anyone
                  ? " (expected: false where roles, permissions, users or tenants are given)"
                  : " (expected: true, or roles, permissions, users or tenants)"));
    }
    if (cacheFor.isNegative() || cacheFor.compareTo(LONGEST_CACHE) > 0) {
      throw new IllegalArgumentException(
          "cacheFor: " + cacheFor + " (expected: PT0S to " + LONGEST_CACHE + ")");
    }
    for (Action action : actions) {
      for (String resource : resources) {
        var unused = ResourcePattern.of(action, resource);
      }
    }
  }

  /**
   * Allows these actions: {@code allow(CALL).on("orders.*").toRoles("staff")}. Where several kinds
   * must hold: {@code allow(CALL).on("orders.*").roles("staff").permissions("write").build()}.
   */
  public static Builder allow(Action first, Action... more) {
    return new Builder(true, EnumSet.of(first, more));
  }

  /** Denies these actions, as {@link #allow}. */
  public static Builder deny(Action first, Action... more) {
    return new Builder(false, EnumSet.of(first, more));
  }

  private static Set<String> names(String kind, Set<String> given) {
    if (given.contains("")) {
      throw new IllegalArgumentException(kind + ": \"\" (expected: at least 1 character)");
    }
    return Set.copyOf(given);
  }

  /** Puts a rule together; what it says is remembered for {@link #CACHE_FOR}. One thread. */
  public static final class Builder {
    private final boolean allow;
    private final Set<Action> actions;
    private final List<String> resources = new ArrayList<>();
    private final Set<String> roles = new LinkedHashSet<>();
    private final Set<String> permissions = new LinkedHashSet<>();
    private final Set<String> users = new LinkedHashSet<>();
    private final Set<String> tenants = new LinkedHashSet<>();
    private boolean anyone;
    private Duration cacheFor = CACHE_FOR;

    private Builder(boolean allow, Set<Action> actions) {
      this.allow = allow;
      this.actions = actions;
    }

    public Builder on(String... patterns) {
      resources.addAll(List.of(patterns));
      return this;
    }

    /** Of those who have one of these. */
    public Builder roles(String... names) {
      roles.addAll(List.of(names));
      return this;
    }

    /** Of those who have all of these. */
    public Builder permissions(String... names) {
      permissions.addAll(List.of(names));
      return this;
    }

    public Builder users(String... names) {
      users.addAll(List.of(names));
      return this;
    }

    public Builder tenants(String... names) {
      tenants.addAll(List.of(names));
      return this;
    }

    /** Of everybody, also of those who are anonymous. */
    public Builder anyone() {
      anyone = true;
      return this;
    }

    public Builder cacheFor(Duration time) {
      cacheFor = time;
      return this;
    }

    /** For those who have one of these, and all that was given before. */
    public AccessRule toRoles(String... names) {
      return roles(names).build();
    }

    /** For those who have all of these, and all that was given before. */
    public AccessRule toPermissions(String... names) {
      return permissions(names).build();
    }

    /** For these, {@code *} for everybody with a name, who have all that was given before. */
    public AccessRule toUsers(String... names) {
      return users(names).build();
    }

    /** For the users of these, who have all that was given before. */
    public AccessRule toTenants(String... names) {
      return tenants(names).build();
    }

    /** For everybody, also for those who are anonymous. */
    public AccessRule toAnyone() {
      return anyone().build();
    }

    /**
     * @throws IllegalArgumentException as the constructor
     */
    public AccessRule build() {
      return new AccessRule(
          allow, actions, resources, roles, permissions, users, tenants, anyone, cacheFor);
    }
  }
}
