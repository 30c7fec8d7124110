package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.server.access.AccessRule;
import dev.everwire.server.access.AccessRules;
import dev.everwire.server.access.Action;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.server.access.Authentication;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each act of administration is a permission of its own, and stands in the audit log. */
final class AdminPermissionsTest {
  private static final Instant END = Instant.parse("2030-01-01T01:00:00Z");

  private final List<AuditEvent> audit = new ArrayList<>();

  /** Everybody who has a token is somebody with the role that it names. */
  private AdminHall hall(UnaryOperator<ServerBuilder> more) {
    return new AdminHall(builder ->
        more.apply(
            builder
                .audit(audit::add)
                .administration(caller -> true)
                .authentication(
                    Authentication.by(credentials ->
                            CompletableFuture.completedStage(verdict(credentials.token())))
                        .withAnonymous(true))));
  }

  private static Verdict verdict(@Nullable String token) {
    return token == null
        ? new Verdict.Absent()
        : new Verdict.Accepted(
            Principal.of("u-" + token, "test")
                .withTenant("acme")
                .withRoles(Set.of(token))
                .withToken("id-" + token, null, END));
  }

  private static AccessRules allowing(String role, String... acts) {
    return new AccessRules(
        List.of(
            new AccessRule(
                true,
                Set.of(Action.ADMINISTER),
                List.of(acts),
                Set.of(role),
                Set.of(),
                Set.of(),
                Set.of(),
                false,
                Duration.ZERO)));
  }

  private static TestPeer dial(AdminHall hall, String token) {
    return TestPeer.dial(
        hall.network, "ws://server/ws", Map.of("authorization", "Bearer " + token));
  }

  @Test
  void whoMayLookMayNotThrowAnybodyOut() {
    try (AdminHall hall = hall(builder -> builder.authoriser(allowing("viewer", "sessions")))) {
      TestPeer viewer = dial(hall, "viewer");
      TestPeer other = dial(hall, "guest");
      assertThat(hall.ask(viewer, "sessions", "{}").get("sessions")).isNotNull();
      assertThat(code(hall, viewer, "kick")).isEqualTo(-32003);
      assertThat(code(hall, other, "sessions")).isEqualTo(-32003);
      assertThat(other.open()).isTrue();
    }
  }

  @Test
  void whatIsDoneAndWhatIsDeniedStandsInTheAuditLog() {
    try (AdminHall hall =
        hall(builder -> builder.authoriser(allowing("boss", "kick", "stats", "alert")))) {
      TestPeer boss = dial(hall, "boss");
      audit.clear();
      hall.ask(boss, "stats", "{}");
      hall.ask(boss, "kick", "{\"user\":\"u-guest\",\"reason\":\"enough\"}");
      hall.error(boss, "revoke", "{\"user\":\"u-guest\"}");
      hall.error(boss, "kick", "{\"usr\":\"u-guest\"}");

      assertThat(audit).hasSize(4);
      AuditEvent.Administered looked = (AuditEvent.Administered) audit.get(0);
      assertThat(looked.what()).isEqualTo("stats");
      assertThat(looked.acts()).isFalse();
      AuditEvent.Administered kicked = (AuditEvent.Administered) audit.get(1);
      assertThat(kicked.what()).isEqualTo("kick");
      assertThat(kicked.acts()).isTrue();
      assertThat(kicked.detail()).isEqualTo("user=u-guest code=4410 reason=enough");
      assertThat(kicked.who().user()).isEqualTo("u-boss");
      AuditEvent.Denied denied = (AuditEvent.Denied) audit.get(2);
      assertThat(denied.action()).isEqualTo(Action.ADMINISTER);
      assertThat(denied.resource()).isEqualTo("revoke");
      AuditEvent.Administered mistaken = (AuditEvent.Administered) audit.get(3);
      assertThat(mistaken.acts()).isFalse(); // nothing was done
    }
  }

  @Test
  void theAuditLogSaysWhatMattersHoweverLongNamesAre() {
    try (AdminHall hall = hall(builder -> builder)) {
      audit.clear();
      String name = "x".repeat(256);
      String reason = "r".repeat(123);
      hall.ask("kick", "{\"user\":\"" + name + "\",\"reason\":\"" + reason + "\"}");
      hall.ask("alert", "{\"text\":\"soon\",\"data\":[1,2],\"to\":{\"user\":\"" + name + "\"}}");
      hall.ask("drain", "{\"withinMs\":60000,\"url\":\"wss://elsewhere.example/ws\",\"batch\":7}");

      assertThat(audit)
          .hasSize(3)
          .map(event -> ((AuditEvent.Administered) event).detail())
          .satisfiesExactly(
              kick ->
                  assertThat(kick)
                      .endsWith("x… code=4410 reason=" + reason)
                      .hasSizeLessThanOrEqualTo(256),
              alert ->
                  assertThat(alert)
                      .endsWith("x… severity=info dataBytes=5 text=soon")
                      .hasSizeLessThanOrEqualTo(256),
              drain ->
                  assertThat(drain)
                      .startsWith("url=wss://elsewhere.example/ws within=PT1M ")
                      .contains("batch=7"));
    }
  }

  @Test
  void whoIsMeantIsShownWithoutWhatIsSecret() {
    try (AdminHall hall = hall(builder -> builder)) {
      TestPeer guest = dial(hall, "guest");
      hall.hello(guest);
      JsonMembers shown = hall.ask("inspect", "{\"connection\":\"n-2\"}");
      JsonMembers auth = Objects.requireNonNull(shown.object("auth"));
      assertThat(auth.string("method")).isEqualTo("test");
      assertThat(auth.strings("roles")).containsExactly("guest");
      assertThat(auth.string("tokenId")).isEqualTo("id-guest");
      assertThat(auth.integer("expiresInMs")).isBetween(1L, 3_600_000L);
      assertThat(shown.string("user")).isEqualTo("u-guest");
      assertThat(shown.string("tenant")).isEqualTo("acme");
      JsonMembers row = AdminHall.rows(hall.ask("sessions", "{}"), "sessions").getFirst();
      assertThat(row.strings("roles")).containsExactly("guest");
    }
  }

  @Test
  void aTokenIsRevokedByItsId() {
    try (AdminHall hall = hall(builder -> builder)) {
      TestPeer guest = dial(hall, "guest");
      hall.hello(guest);
      TestPeer other = dial(hall, "other");
      hall.ask("revoke", "{\"token\":\"id-guest\"}");
      assertThat(guest.closeCode()).isEqualTo(4401);
      assertThat(other.open()).isTrue();
      assertThat(hall.allSessions("")).isEmpty();
      assertThat(dial(hall, "guest").open()).isFalse();
    }
  }

  private static long code(AdminHall hall, TestPeer peer, String what) {
    return hall.error(peer, what, "{\"user\":\"u-guest\"}").integer("code");
  }
}
