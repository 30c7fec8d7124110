package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Form;
import dev.everwire.config.word.Otherwise;
import dev.everwire.server.access.AccessRule;
import dev.everwire.server.access.Action;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Who may do what. Immutable. */
public record RuleOptions(
    @Doc("Whether those it names are let do it or kept from it.") @Otherwise("allow") Effect effect,
    @Doc("What they want to do; none said is everything, but allows no administration.")
        List<Action> actions,
    @Doc(
            "What they do it to: names of methods, topics or acts of administration, with * at the end of a name or segment; ** is everything, as is none said.")
        @Form(pattern = "[^\\x00-\\x1f\\x7f]{1,256}", expected = "1 to 256 printable characters")
        List<String> resources,
    @Doc("Who has one of these roles.")
        @Form(pattern = "[^\\x00-\\x1f\\x7f]{1,256}", expected = "1 to 256 printable characters")
        List<String> roles,
    @Doc("Who has all of these permissions.")
        @Form(pattern = "[^\\x00-\\x1f\\x7f]{1,256}", expected = "1 to 256 printable characters")
        List<String> permissions,
    @Doc("Who is one of these users; * is anybody who has a name.")
        @Form(pattern = "[^\\x00-\\x1f\\x7f]{1,256}", expected = "1 to 256 printable characters")
        List<String> users,
    @Doc("Who belongs to one of these tenants.")
        @Form(pattern = "[^\\x00-\\x1f\\x7f]{1,256}", expected = "1 to 256 printable characters")
        List<String> tenants,
    @Doc("Whether it is about everybody, anonymous ones too.") @Otherwise("false") boolean anyone) {
  private static final String EVERYTHING = "**";

  /** What a rule says. */
  public enum Effect {
    ALLOW,
    DENY
  }

  /**
   * @throws IllegalArgumentException if it is about nobody, or a resource is malformed
   */
  public RuleOptions {
    actions = List.copyOf(actions);
    resources = List.copyOf(resources);
    roles = List.copyOf(roles);
    permissions = List.copyOf(permissions);
    users = List.copyOf(users);
    tenants = List.copyOf(tenants);
    rule(effect, actions, resources, roles, permissions, users, tenants, anyone);
  }

  public AccessRule rule() {
    return rule(effect, actions, resources, roles, permissions, users, tenants, anyone);
  }

  private static AccessRule rule(
      Effect effect,
      List<Action> actions,
      List<String> resources,
      List<String> roles,
      List<String> permissions,
      List<String> users,
      List<String> tenants,
      boolean anyone) {
    return new AccessRule(
        effect == Effect.ALLOW,
        actions.isEmpty() ? whole(effect) : Set.copyOf(actions),
        resources.isEmpty() ? List.of(EVERYTHING) : resources,
        Set.copyOf(roles),
        Set.copyOf(permissions),
        Set.copyOf(users),
        Set.copyOf(tenants),
        anyone,
        AccessRule.CACHE_FOR);
  }

  /** Whoever is to administer has to be said so; whoever is kept out is kept out of everything. */
  private static Set<Action> whole(Effect effect) {
    return effect == Effect.DENY
        ? EnumSet.allOf(Action.class)
        : EnumSet.complementOf(EnumSet.of(Action.ADMINISTER));
  }
}
