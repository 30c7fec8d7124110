package dev.everwire.config.acts;

import java.util.List;

/** access. */
final class AccessActs {
  private AccessActs() {}

  static List<Proof> all() {
    return List.of(
        known("access.rankedRoles", "[]", "[user, admin]")
            .with("access.rules", "[{roles: [user]}]")
            .seen(AccessActs::may),
        known("access.rules", "none", "[]").seen(AccessActs::may),
        rule("effect", "allow", "deny", "effect: %s, anyone: true"),
        rule("actions", "call", "publish", "actions: [%s], anyone: true"),
        rule("resources", "add", "other", "resources: [%s], anyone: true"),
        rule("roles", "admin", "other", "roles: [%s]"),
        rule("permissions", "write", "other", "permissions: [%s]"),
        rule("users", "ann", "bob", "users: [%s]"),
        rule("tenants", "acme", "other", "tenants: [%s]"),
        rule("anyone", "anyone: true", "anyone: false, users: [bob]", "%s"));
  }

  private static Proof rule(String option, String one, String other, String rule) {
    return known("access.rules[]." + option, one, other)
        .in("access.rules", "[{" + rule + "}]")
        .seen(AccessActs::may);
  }

  private static Proof known(String option, Object one, Object other) {
    return ConnectionActs.known(Proof.of(option, one, other));
  }

  private static Object may(World world) {
    return world
        .bearing(
            World.token(
                world
                    .claims("ann")
                    .tenant("acme")
                    .roles(List.of("admin"))
                    .permissions(List.of("write"))))
        .may("add", "[]");
  }
}
