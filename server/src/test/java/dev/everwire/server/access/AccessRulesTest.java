package dev.everwire.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.spi.auth.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessRulesTest {
  private static final Principal ALICE =
      Principal.of("alice", "test")
          .withTenant("acme")
          .withRoles(Set.of("agent"))
          .withPermissions(Set.of("read", "write"));

  @Test
  void theFirstRuleThatIsAboutTheRequestDecides() {
    AccessRules rules =
        rules(
            AccessRule.deny(Action.CALL).on("orders.delete").anyone().build(),
            AccessRule.allow(Action.CALL).on("orders.*").anyone().build(),
            AccessRule.deny(Action.CALL).on("orders.place").anyone().build());

    assertThat(allowed(rules, ALICE, Action.CALL, "orders.place")).isTrue();
    assertThat(rules.decision(request(ALICE, Action.CALL, "orders.delete")))
        .isEqualTo(new Decision.Deny("rule 1", AccessRule.CACHE_FOR));
  }

  @Test
  void whatNoRuleIsAboutIsDeniedUnlessTheMethodItselfLetsItIn() {
    AccessRules rules = rules();

    assertThat(rules.decision(new AccessRequest(ALICE, Action.CALL, "a", false)))
        .isEqualTo(Decision.deny("no rule"));
    assertThat(rules.decision(new AccessRequest(ALICE, Action.CALL, "a", true)))
        .isEqualTo(Decision.allow());
  }

  @Test
  void aRuleIsStrongerThanTheMethodsOwnWord() {
    AccessRules rules = rules(AccessRule.deny(Action.CALL).on("a").anyone().build());

    assertThat(rules.decision(new AccessRequest(ALICE, Action.CALL, "a", true)))
        .isInstanceOf(Decision.Deny.class);
  }

  @Test
  void aRuleSaysHowLongItMayBeRemembered() {
    AccessRules rules =
        rules(
            AccessRule.allow(Action.CALL).on("a").anyone().cacheFor(Duration.ofSeconds(7)).build());

    assertThat(rules.decide(request(ALICE, Action.CALL, "a")).toCompletableFuture().join())
        .isEqualTo(new Decision.Allow(Duration.ofSeconds(7)));
  }

  @ParameterizedTest
  @CsvSource({
    // pattern, topic, whether it matches for alice of acme
    "prices/eur, prices/eur, true",
    "prices/eur, prices/usd, false",
    "prices/eur, prices, false",
    "prices/eur, prices/eur/now, false",
    "prices/*, prices/eur, true",
    "prices/*, prices, false",
    "prices/*, prices/, false",
    "prices/*, prices/eur/now, false",
    "*, prices, true",
    "*, prices/eur, false",
    "*/eur, prices/eur, true",
    "*/eur, /eur, false",
    "logs/**, logs, true",
    "logs/**, logs/a, true",
    "logs/**, logs/a/b, true",
    "logs/**, log, false",
    "logs/**, logsx/a, false",
    "**, anything/at/all, true",
    "quote:*, quote:17, true",
    "quote:*, quote:, false",
    "quote:*, quotes, false",
    "users/{user}, users/alice, true",
    "users/{user}, users/alic, false",
    "users/{user}, users/alicee, false",
    "users/{user}, users/bob, false",
    "users/{user}/**, users/alice/inbox, true",
    "users/{user}/**, users/alice2/inbox, false",
    "user-{user}, user-alice, true",
    "user-{user}, user-, false",
    "t/{tenant}/*, t/acme/x, true",
    "t/{tenant}/*, t/other/x, false",
    "t/{tenant}/{user}, t/acme/alice, true",
    "t/{tenant}/{user}, t/alice/acme, false",
  })
  void topicPatternsMatchSegmentBySegment(String pattern, String topic, boolean matches) {
    for (Action action : List.of(Action.SUBSCRIBE, Action.HISTORY, Action.PUBLISH)) {
      AccessRules rules = rules(AccessRule.allow(action).on(pattern).anyone().build());
      assertThat(allowed(rules, ALICE, action, topic)).isEqualTo(matches);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "orders.place, orders.place, true",
    "orders.place, orders.placed, false",
    "orders.*, orders.place, true",
    "orders.*, orders.a.b, true",
    "orders.*, orders, false",
    "orders.*, ordersX, false",
    "*, anything, true",
    "**, any/thing, true",
  })
  void namesMatchWholeOrByTheirBeginning(String pattern, String name, boolean matches) {
    for (Action action : List.of(Action.CALL, Action.ADMINISTER)) {
      AccessRules rules = rules(AccessRule.allow(action).on(pattern).anyone().build());
      assertThat(allowed(rules, ALICE, action, name)).isEqualTo(matches);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "**", "a/b", "{user}", "{tenant}", "alice/**", "../bob", "a*", " "})
  void aUserNameNeverWidensAPattern(String user) {
    Principal odd = Principal.of(user, "test").withTenant(user);
    AccessRules rules =
        rules(
            AccessRule.allow(Action.SUBSCRIBE)
                .on("users/{user}", "tenants/{tenant}/**", "own/{user}/x")
                .anyone()
                .build());

    for (String topic :
        List.of(
            "users/alice",
            "users/bob",
            "users/a/b",
            "users/a",
            "users/ab",
            "users",
            "tenants/acme/x",
            "tenants/a/b",
            "own/a/b/x",
            "own/bob/x")) {
      assertThat(allowed(rules, odd, Action.SUBSCRIBE, topic)).as(topic).isFalse();
    }
  }

  @Test
  void whoHasNoNameMatchesNoPatternThatNeedsOne() {
    AccessRules rules =
        rules(
            AccessRule.allow(Action.SUBSCRIBE)
                .on("u/{user}", "u-{user}", "t/{tenant}", "t/{tenant}/**")
                .anyone()
                .build());

    for (String topic : List.of("u/null", "u/", "u", "u-", "t/null", "t/", "t", "u/anonymous")) {
      assertThat(allowed(rules, Principal.anonymous(), Action.SUBSCRIBE, topic)).isFalse();
    }
  }

  @Test
  void aRuleHoldsForItsActionsOnly() {
    AccessRules rules =
        rules(AccessRule.allow(Action.SUBSCRIBE, Action.HISTORY).on("a").anyone().build());

    assertThat(allowed(rules, ALICE, Action.SUBSCRIBE, "a")).isTrue();
    assertThat(allowed(rules, ALICE, Action.HISTORY, "a")).isTrue();
    assertThat(allowed(rules, ALICE, Action.PUBLISH, "a")).isFalse();
    assertThat(allowed(rules, ALICE, Action.CALL, "a")).isFalse();
    assertThat(allowed(rules, ALICE, Action.ADMINISTER, "a")).isFalse();
  }

  @Test
  void aRuleForAnyoneIsAlsoForTheAnonymous() {
    AccessRules rules = rules(AccessRule.allow(Action.CALL).on("a").anyone().build());

    assertThat(allowed(rules, Principal.anonymous(), Action.CALL, "a")).isTrue();
  }

  @Test
  void aStarAmongUsersIsAnybodyWithAName() {
    AccessRules rules = rules(AccessRule.allow(Action.CALL).on("a").users("*").build());

    assertThat(allowed(rules, ALICE, Action.CALL, "a")).isTrue();
    assertThat(allowed(rules, Principal.anonymous(), Action.CALL, "a")).isFalse();
  }

  @Test
  void oneRoleIsEnoughAndAllPermissionsAreNeeded() {
    AccessRules roles = rules(AccessRule.allow(Action.CALL).on("a").roles("agent", "x").build());
    AccessRules one = rules(AccessRule.allow(Action.CALL).on("a").permissions("read").build());
    AccessRules more =
        rules(AccessRule.allow(Action.CALL).on("a").permissions("read", "x").build());

    assertThat(allowed(roles, ALICE, Action.CALL, "a")).isTrue();
    assertThat(allowed(one, ALICE, Action.CALL, "a")).isTrue();
    assertThat(allowed(more, ALICE, Action.CALL, "a")).isFalse();
  }

  @Test
  void allKindsThatAreGivenMustHold() {
    AccessRule.Builder draft =
        AccessRule.allow(Action.CALL)
            .on("a")
            .roles("agent")
            .permissions("read")
            .users("alice", "bob")
            .tenants("acme");
    AccessRules rules = rules(draft.build());

    assertThat(allowed(rules, ALICE, Action.CALL, "a")).isTrue();
    for (Principal less :
        List.of(
            ALICE.withRoles(Set.of("guest")),
            ALICE.withPermissions(Set.of("write")),
            ALICE.withTenant("other"),
            ALICE.withTenant(null),
            new Principal(
                "carol", "acme", ALICE.roles(), ALICE.permissions(), "test", null, null, null),
            new Principal(
                null, "acme", ALICE.roles(), ALICE.permissions(), "test", null, null, null))) {
      assertThat(allowed(rules, less, Action.CALL, "a")).isFalse();
    }
  }

  @Test
  void aHigherRoleHasTheLowerOnesToo() {
    AccessRules rules =
        AccessRules.of(
            List.of(
                AccessRule.allow(Action.CALL).on("a").roles("agent").build(),
                AccessRule.allow(Action.CALL).on("b").roles("auditor").build()),
            List.of("guest", "agent", "admin"));

    assertThat(allowed(rules, has("guest"), Action.CALL, "a")).isFalse();
    assertThat(allowed(rules, has("agent"), Action.CALL, "a")).isTrue();
    assertThat(allowed(rules, has("admin"), Action.CALL, "a")).isTrue();
    assertThat(allowed(rules, has("admin"), Action.CALL, "b")).isFalse();
    assertThat(allowed(rules, has("auditor"), Action.CALL, "b")).isTrue();
    assertThat(rules.hasRole(has("admin"), "guest")).isTrue();
    assertThat(rules.hasRole(has("guest"), "admin")).isFalse();
    assertThat(rules.hasRole(has("auditor"), "auditor")).isTrue();
  }

  @Test
  void theShortFormsSayTheSame() {
    AccessRule.Builder same = AccessRule.allow(Action.CALL).on("a");

    assertThat(AccessRule.allow(Action.CALL).on("a").toRoles("x"))
        .isEqualTo(AccessRule.allow(Action.CALL).on("a").roles("x").build());
    assertThat(AccessRule.allow(Action.CALL).on("a").permissions("p").toUsers("u"))
        .isEqualTo(AccessRule.allow(Action.CALL).on("a").users("u").permissions("p").build());
    assertThat(AccessRule.deny(Action.CALL).on("a").toTenants("t"))
        .isEqualTo(AccessRule.deny(Action.CALL).on("a").tenants("t").build());
    assertThat(AccessRule.allow(Action.CALL).on("a").toPermissions("p").permissions())
        .containsExactly("p");
    assertThat(same.toAnyone().anyone()).isTrue();
    assertThat(allowed(AccessRules.of(same.build()), ALICE, Action.CALL, "a")).isTrue();
  }

  @Test
  void aRuleAboutNobodyIsRefused() {
    assertThatThrownBy(() -> AccessRule.allow(Action.CALL).on("a").build())
        .hasMessage("anyone: false (expected: true, or roles, permissions, users or tenants)");
    assertThatThrownBy(() -> AccessRule.allow(Action.CALL).on("a").anyone().roles("x").build())
        .hasMessageStartingWith("anyone: true");
    assertThatThrownBy(() -> AccessRule.allow(Action.CALL).anyone().build())
        .hasMessage("resources: [] (expected: at least one)");
    assertThatThrownBy(() -> AccessRule.allow(Action.CALL).on("a").roles("").build())
        .hasMessage("roles: \"\" (expected: at least 1 character)");
    assertThatThrownBy(() ->
            AccessRule.allow(Action.CALL).on("a").anyone().cacheFor(Duration.ofSeconds(-1)).build())
        .hasMessage("cacheFor: PT-1S (expected: PT0S to PT24H)");
    assertThatThrownBy(() -> AccessRules.of(List.of(), List.of("a", "b", "a")))
        .hasMessage("rankedRoles: [a, b, a] (expected: names, each once)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "a/",
        "/a",
        "a//b",
        "**/a",
        "a/**/b",
        "a**",
        "*a",
        "{id}",
        "{User}",
        "{user}x",
        "a*b",
        "{user}{user}",
        "a b",
        "$inbox",
        "a\n",
        "a/***"
      })
  void aTopicPatternThatIsMalformedIsRefused(String pattern) {
    assertThatThrownBy(() -> AccessRule.allow(Action.SUBSCRIBE).on(pattern).anyone().build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("resources: \"" + pattern + "\" (expected: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.*.b", "*a", "a.**", "***"})
  void aNamePatternThatIsMalformedIsRefused(String pattern) {
    assertThatThrownBy(() -> AccessRule.allow(Action.CALL).on(pattern).anyone().build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("resources: \"" + pattern + "\" (expected: ");
  }

  @Test
  void aResourceMustBeRightForAllActionsOfItsRule() {
    assertThatThrownBy(
            () -> AccessRule.allow(Action.CALL, Action.PUBLISH).on("a/{user}/*/b").anyone().build())
        .hasMessageStartingWith("resources: ");
    assertThat(AccessRule.allow(Action.CALL, Action.PUBLISH).on("**").anyone().build().actions())
        .hasSize(2);
  }

  private static Principal has(String role) {
    return Principal.of("u", "test").withRoles(Set.of(role));
  }

  private static AccessRules rules(AccessRule... rules) {
    return new AccessRules(List.of(rules));
  }

  private static AccessRequest request(Principal who, Action action, String resource) {
    return new AccessRequest(who, action, resource, false);
  }

  private static boolean allowed(AccessRules rules, Principal who, Action action, String resource) {
    return rules.decision(request(who, action, resource)) instanceof Decision.Allow;
  }
}
