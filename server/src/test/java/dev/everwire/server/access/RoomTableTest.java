package dev.everwire.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.spi.auth.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Rooms whose name begins with their type: roles by rank, permissions, rooms that all may read, and
 * owners and grants that an application knows. Each row of the table is checked for each role, each
 * set of permissions and each action.
 */
class RoomTableTest {
  private static final List<String> ROLES =
      List.of("guest", "customer", "agent", "supervisor", "admin", "system");
  private static final List<Set<String>> PERMISSIONS =
      List.of(
          Set.of(),
          Set.of("read"),
          Set.of("write"),
          Set.of("read", "write"),
          Set.of("read", "admin"),
          Set.of("read", "write", "admin"));
  private static final Action[] HEAR = {Action.SUBSCRIBE, Action.HISTORY};

  private record Type(String role, Set<String> permissions, boolean owner, boolean open) {}

  private static final Map<String, Type> TABLE =
      Map.of(
          "quote", new Type("customer", Set.of("read"), true, false),
          "policy", new Type("customer", Set.of("read"), true, false),
          "admin", new Type("admin", Set.of("read", "admin"), false, false),
          "analytics", new Type("agent", Set.of("read"), false, false),
          "notification", new Type("customer", Set.of("read"), true, false),
          "customer", new Type("customer", Set.of("read", "write"), true, false),
          "agent", new Type("agent", Set.of("read", "write"), false, false),
          "broadcast", new Type("guest", Set.of("read"), false, true));

  /** The same, as one would write it down for a server. */
  private static final AccessRules RULES =
      AccessRules.of(
          List.of(
                  hear("quote:*", "policy:*", "notification:*")
                      .roles("customer")
                      .permissions("read"),
                  write("quote:*", "policy:*", "notification:*")
                      .roles("customer")
                      .permissions("read", "write"),
                  hear("admin:*").roles("admin").permissions("read", "admin"),
                  write("admin:*").roles("admin").permissions("read", "admin", "write"),
                  hear("analytics:*").roles("agent").permissions("read"),
                  write("analytics:*").roles("agent").permissions("read", "write"),
                  hear("customer:*").roles("customer").permissions("read", "write"),
                  write("customer:*").roles("customer").permissions("read", "write"),
                  hear("agent:*").roles("agent").permissions("read", "write"),
                  write("agent:*").roles("agent").permissions("read", "write"),
                  hear("broadcast:*").users("*"),
                  write("broadcast:*").users("*").permissions("write"))
              .stream()
              .map(AccessRule.Builder::build)
              .toList(),
          ROLES);

  private static AccessRule.Builder hear(String... rooms) {
    return AccessRule.allow(Action.SUBSCRIBE, HEAR).on(rooms);
  }

  private static AccessRule.Builder write(String... rooms) {
    return AccessRule.allow(Action.PUBLISH).on(rooms);
  }

  @TestFactory
  List<DynamicTest> everyRowHoldsForEveryRoleAndPermission() {
    List<DynamicTest> tests = new ArrayList<>();
    TABLE.forEach((type, row) ->
        ROLES.forEach(role ->
            tests.add(DynamicTest.dynamicTest(type + " " + role, () -> check(type, row, role)))));
    return tests;
  }

  private static void check(String type, Type row, String role) {
    for (Set<String> permissions : PERMISSIONS) {
      Principal principal =
          Principal.of("u", "test").withRoles(Set.of(role)).withPermissions(permissions);
      boolean access =
          row.open()
              || (ROLES.indexOf(role) >= ROLES.indexOf(row.role())
                  && permissions.containsAll(row.permissions()));
      for (Action action : HEAR) {
        assertThat(allowed(RULES, principal, action, type + ":1"))
            .as("%s %s %s %s", type, role, permissions, action)
            .isEqualTo(access);
      }
      assertThat(allowed(RULES, principal, Action.PUBLISH, type + ":1"))
          .as("%s %s %s publish", type, role, permissions)
          .isEqualTo(access && permissions.contains("write"));
    }
  }

  @Test
  void anUnknownTypeOfRoomAndAnUnknownUserAreRefused() {
    Principal highest =
        Principal.of("u", "test")
            .withRoles(Set.of("system"))
            .withPermissions(Set.of("read", "write", "admin"));

    for (String room : List.of("secret:1", "quote", "quotes:1", "quote:1/x", "x/quote:1")) {
      assertThat(allowed(RULES, highest, Action.SUBSCRIBE, room)).as(room).isFalse();
    }
    TABLE
        .keySet()
        .forEach(type -> {
          assertThat(allowed(RULES, Principal.anonymous(), Action.SUBSCRIBE, type + ":1"))
              .isFalse();
        });
  }

  // ---- what only the application knows

  /** Owners may do everything in their rooms, grants end; all else is left to the rules. */
  private static final class Rooms implements Authoriser {
    private record Grant(String room, String user, Action action) {}

    private final Map<String, String> owners = new HashMap<>();
    private final Map<Grant, Instant> grants = new HashMap<>();
    private Instant now = Instant.EPOCH;

    @Override
    public CompletionStage<Decision> decide(AccessRequest request) {
      String user = request.principal().user();
      Decision own = user == null ? null : own(user, request);
      return own == null ? RULES.decide(request) : CompletableFuture.completedStage(own);
    }

    private @Nullable Decision own(String user, AccessRequest request) {
      Type type = TABLE.get(request.resource().split(":", 2)[0]);
      if (type != null && type.owner() && user.equals(owners.get(request.resource()))) {
        return new Decision.Allow(AccessRule.CACHE_FOR);
      }
      Instant end = grants.get(new Grant(request.resource(), user, request.action()));
      if (end == null || !now.isBefore(end)) {
        return null;
      }
      Duration left = Duration.between(now, end);
      return new Decision.Allow(
          left.compareTo(AccessRule.CACHE_FOR) < 0 ? left : AccessRule.CACHE_FOR);
    }
  }

  @Test
  void anOwnerMayDoEverythingWhereTheTypeOfRoomHasOwners() {
    Rooms rooms = new Rooms();
    rooms.owners.put("quote:1", "olga");
    rooms.owners.put("analytics:1", "olga");
    Principal olga = Principal.of("olga", "test").withRoles(Set.of("guest"));

    assertThat(allowed(rooms, olga, Action.SUBSCRIBE, "quote:1")).isTrue();
    assertThat(allowed(rooms, olga, Action.PUBLISH, "quote:1")).isTrue();
    assertThat(allowed(rooms, olga, Action.SUBSCRIBE, "quote:2")).isFalse();
    assertThat(allowed(rooms, olga, Action.SUBSCRIBE, "analytics:1")).isFalse();
    assertThat(allowed(rooms, Principal.of("bob", "test"), Action.SUBSCRIBE, "quote:1")).isFalse();
  }

  @Test
  void aGrantHoldsForOneRoomAndOneActionAndEnds() {
    Rooms rooms = new Rooms();
    Principal bob = Principal.of("bob", "test");
    rooms.grants.put(
        new Rooms.Grant("admin:1", "bob", Action.SUBSCRIBE), Instant.EPOCH.plusSeconds(60));

    assertThat(allowed(rooms, bob, Action.SUBSCRIBE, "admin:1")).isTrue();
    assertThat(allowed(rooms, bob, Action.PUBLISH, "admin:1")).isFalse();
    assertThat(allowed(rooms, bob, Action.SUBSCRIBE, "admin:2")).isFalse();
    assertThat(decision(rooms, bob, Action.SUBSCRIBE, "admin:1").cacheFor())
        .isEqualTo(Duration.ofSeconds(60)); // not remembered for longer than it holds

    rooms.now = Instant.EPOCH.plusSeconds(60);
    assertThat(allowed(rooms, bob, Action.SUBSCRIBE, "admin:1")).isFalse();
  }

  private static Decision decision(
      Authoriser authoriser, Principal principal, Action action, String room) {
    return authoriser
        .decide(new AccessRequest(principal, action, room, false))
        .toCompletableFuture()
        .join();
  }

  private static boolean allowed(
      Authoriser authoriser, Principal principal, Action action, String room) {
    return decision(authoriser, principal, action, room) instanceof Decision.Allow;
  }
}
