package dev.everwire.server.authorisation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.server.Server;
import dev.everwire.server.TestPeer;
import dev.everwire.server.access.AccessRule;
import dev.everwire.server.access.AccessRules;
import dev.everwire.server.access.Action;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.server.access.Authentication;
import dev.everwire.server.access.Decision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who may do what on a server, by rules and by restrictions. */
final class WhoMayTest extends Guarded {

  // ---- rules

  @Test
  void whatNoRuleNamesIsDeniedForEveryKindOfThing() {
    start(new AccessRules(List.of()));
    TestPeer peer = dial("alice::");

    assertThat(code(peer, "threaded", "{}")).isEqualTo(FORBIDDEN);
    assertThat(code(peer, "ordered", "{}")).isEqualTo(FORBIDDEN);
    assertThat(code(peer, "quick", "{}")).isEqualTo(FORBIDDEN);
    assertThat(code(peer, "orders.read", "{}")).isEqualTo(FORBIDDEN);
    assertThat(code(peer, "rpc.subscribe", "{\"topic\":\"a\"}")).isEqualTo(FORBIDDEN);
    assertThat(code(peer, "rpc.history", "{\"topic\":\"a\"}")).isEqualTo(FORBIDDEN);
    assertThat(code(peer, "rpc.publish", "{\"topic\":\"a\",\"data\":1}")).isEqualTo(FORBIDDEN);
    assertThat(code(peer, "rpc.admin.stats", "{}")).isEqualTo(FORBIDDEN);
    assertThat(code(peer, "rpc.discover", "{}")).isEqualTo(FORBIDDEN);
    assertThat(ran).isEmpty();
    assertThat(denials())
        .containsExactly(
            "CALL threaded",
            "CALL ordered",
            "CALL quick",
            "CALL orders.read",
            "SUBSCRIBE a",
            "HISTORY a",
            "PUBLISH a",
            "ADMINISTER stats",
            "CALL rpc.discover");
  }

  @Test
  void whatARuleAllowsIsServed() {
    start(
        new AccessRules(
            List.of(
                AccessRule.allow(Action.values()[0], Action.values())
                    .on("**")
                    .users("*")
                    .build())));
    TestPeer peer = dial("alice::");

    for (String method : List.of("threaded", "ordered", "quick", "orders.read", "rpc.discover")) {
      assertThat(code(peer, method, "{}")).as(method).isZero();
    }
    assertThat(code(peer, "rpc.subscribe", "{\"topic\":\"a\"}")).isZero();
    assertThat(code(peer, "rpc.history", "{\"topic\":\"a\"}")).isZero();
    assertThat(code(peer, "rpc.publish", "{\"topic\":\"a\",\"data\":1}")).isZero();
    assertThat(code(peer, "rpc.admin.stats", "{}")).isZero();
    assertThat(denials()).isEmpty();
  }

  @Test
  void thePeerIsNotToldWhyAndTheAuditLogIs() {
    start(new AccessRules(List.of(AccessRule.deny(Action.CALL).on("quick").anyone().build())));

    JsonMembers error = dial("alice::").call(1, "quick", "{}").members().object("error");

    assertThat(error.string("message")).isEqualTo("not allowed");
    assertThat(error.names().contains("data")).isFalse();
    assertThat(audit.stream().filter(AuditEvent.Denied.class::isInstance))
        .singleElement()
        .satisfies(event -> {
          AuditEvent.Denied denied = (AuditEvent.Denied) event;
          assertThat(denied.reason()).isEqualTo("rule 1");
          assertThat(denied.who().user()).isEqualTo("alice");
          assertThat(denied.who().tenant()).isEqualTo("acme");
          assertThat(denied.who().connection()).isNotNull();
        });
  }

  @Test
  void aDeniedNotificationIsDroppedAndToldToTheAuditLog() {
    start(new AccessRules(List.of()));
    TestPeer peer = dial("alice::");
    for (String method : List.of("threaded", "ordered", "quick")) {
      peer.send("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\"}");
    }
    peer.send(
        "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.publish\",\"params\":{\"topic\":\"a\",\"data\":1}}");

    assertThat(ran).isEmpty();
    assertThat(peer.heardNothing()).isTrue();
    assertThat(denials())
        .containsExactlyInAnyOrder("CALL threaded", "CALL ordered", "CALL quick", "PUBLISH a");
    assertThat(peer.open()).isTrue();
  }

  @Test
  void whoHasNotShownWhoItIsIsNotAskedAboutAtAll() {
    AtomicInteger asked = new AtomicInteger();
    start(request -> {
      asked.incrementAndGet();
      return CompletableFuture.completedStage(Decision.allow());
    });
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");

    for (String method : List.of("threaded", "quick", "vault.open", "rpc.discover")) {
      assertThat(code(peer, method, "{}")).as(method).isEqualTo(-32001);
    }
    assertThat(code(peer, "rpc.publish", "{\"topic\":\"a\",\"data\":1}")).isEqualTo(-32001);
    assertThat(code(peer, "rpc.admin.stats", "{}")).isEqualTo(-32001);
    assertThat(asked).hasValue(0);
    assertThat(ran).isEmpty();
  }

  @Test
  void callsInABatchAreDecidedOneByOne() {
    start(new AccessRules(List.of(AccessRule.allow(Action.CALL).on("quick").anyone().build())));
    TestPeer peer = dial("alice::");
    peer.send(
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"quick\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"threaded\"}]");

    String answer = peer.heard().getFirst();
    assertThat(answer).contains("\"result\"").contains("-32003");
    assertThat(ran).containsExactly("quick");
  }

  // ---- restrictions

  @Test
  void aRestrictedMethodIsForThoseItNamesOnlyAlsoWithoutAnAuthoriser() {
    start(null);

    assertThat(code(dial("a:agent:write"), "orders.place", "{}")).isZero();
    assertThat(code(dial("b:agent:"), "orders.place", "{}")).isEqualTo(FORBIDDEN);
    assertThat(code(dial("c::write"), "orders.place", "{}")).isEqualTo(FORBIDDEN);
    assertThat(code(dial("d::"), "orders.read", "{}")).isZero();
    assertThat(code(dial("e:admin:"), "vault.open", "{}")).isZero();
    assertThat(code(dial("f:agent:"), "vault.open", "{}")).isEqualTo(FORBIDDEN);
    assertThat(code(dial("g:admin:"), "coded", "{}")).isZero();
    assertThat(code(dial("h::"), "coded", "{}")).isEqualTo(FORBIDDEN);
  }

  @Test
  void aRestrictionIsEnoughWhereNoRuleSpeaksAndARuleMayDenyIt() {
    start(
        new AccessRules(List.of(AccessRule.deny(Action.CALL).on("orders.*").users("eve").build())));

    assertThat(code(dial("a:agent:write"), "orders.place", "{}")).isZero();
    assertThat(code(dial("eve:agent:write"), "orders.place", "{}")).isEqualTo(FORBIDDEN);
    assertThat(code(dial("a:agent:write"), "orders.read", "{}")).isEqualTo(FORBIDDEN);
  }

  @Test
  void aRuleDoesNotLiftARestriction() {
    start(new AccessRules(List.of(AccessRule.allow(Action.CALL).on("**").anyone().build())));

    assertThat(code(dial("a::"), "vault.open", "{}")).isEqualTo(FORBIDDEN);
  }

  @Test
  void aHigherRoleIsLetInByARestrictionToALowerOne() {
    start(AccessRules.of(List.of(), List.of("guest", "agent", "admin")));

    assertThat(code(dial("a:admin:write"), "orders.place", "{}")).isZero();
    assertThat(code(dial("b:guest:write"), "orders.place", "{}")).isEqualTo(FORBIDDEN);
  }

  // ---- what is one's own

  @Test
  void theInboxOfOnesOwnSessionIsAlwaysAllowed() {
    Server running = start(new AccessRules(List.of()));
    TestPeer peer = dial("alice::");
    peer.send(
        "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\","
            + "\"params\":{\"v\":1,\"caps\":[\"ack\"]}}");
    peer.heard();

    assertThat(code(peer, "rpc.subscribe", "{\"topic\":\"$inbox\"}")).isZero();
    assertThat(code(peer, "rpc.history", "{\"topic\":\"$inbox\"}")).isZero();
    running.access().changed(null);
    network.runUntilIdle();
    assertThat(peer.heardNothing()).isTrue();
    assertThat(denials()).isEmpty();
  }

  @Test
  void aPatternWithTheUserIsOnesOwnTopicOnly() {
    start(
        new AccessRules(
            List.of(AccessRule.allow(Action.SUBSCRIBE).on("users/{user}").anyone().build())));
    TestPeer peer = dial("alice::");

    assertThat(code(peer, "rpc.subscribe", "{\"topic\":\"users/alice\"}")).isZero();
    assertThat(code(peer, "rpc.subscribe", "{\"topic\":\"users/bob\"}")).isEqualTo(FORBIDDEN);
    assertThat(code(dial("**::"), "rpc.subscribe", "{\"topic\":\"users/bob\"}"))
        .isEqualTo(FORBIDDEN);
  }

  // ---- administration

  @Test
  void administrationIsAskedAboutAndWrittenDown() {
    start(
        new AccessRules(
            List.of(AccessRule.allow(Action.ADMINISTER).on("stats", "kick").roles("ops").build())));
    TestPeer ops = dial("olga:ops:");

    assertThat(code(ops, "rpc.admin.stats", "{}")).isZero();
    assertThat(code(ops, "rpc.admin.topics", "{}")).isEqualTo(FORBIDDEN);
    assertThat(code(dial("alice::"), "rpc.admin.stats", "{}")).isEqualTo(FORBIDDEN);
    code(ops, "rpc.admin.kick", "{\"user\":\"nobody\"}");
    List<AuditEvent.Administered> done =
        audit.stream()
            .filter(AuditEvent.Administered.class::isInstance)
            .map(AuditEvent.Administered.class::cast)
            .toList();
    assertThat(done).extracting(AuditEvent.Administered::what).containsExactly("stats", "kick");
    assertThat(done).extracting(AuditEvent.Administered::acts).containsExactly(false, true);
    assertThat(done).allMatch(event -> "olga".equals(event.who().user()));
  }

  @Test
  void whereBothArePresentRulesAndTheServersOwnWordMustLetAnAdministrator() {
    server =
        started(
            builder(
                    new AccessRules(
                        List.of(AccessRule.allow(Action.ADMINISTER).on("**").roles("ops").build())))
                .administration(caller -> caller.user().filter("olga"::equals).isPresent()));

    assertThat(code(dial("olga:ops:"), "rpc.admin.stats", "{}")).isZero();
    assertThat(code(dial("olga::"), "rpc.admin.stats", "{}")).isEqualTo(FORBIDDEN);
    assertThat(code(dial("oscar:ops:"), "rpc.admin.stats", "{}")).isEqualTo(FORBIDDEN);
  }

  // ---- a dialect

  @Test
  void aPeerOfRpcWebsocketsHearsOnlyWhatItMay() {
    start(
        new AccessRules(
            List.of(
                AccessRule.allow(Action.SUBSCRIBE).on("a").anyone().build(),
                AccessRule.allow(Action.CALL).on("quick").anyone().build())));
    TestPeer peer = dial("alice::");

    assertThat(peer.call(1, "rpc.on", "[\"a\"]").members().object("result").string("a"))
        .isEqualTo("ok");
    assertThat(peer.call(2, "rpc.on", "[\"b\"]").members().names().contains("error")).isTrue();
    assertThat(errorCode(peer.call(3, "__listMethods", "[]"))).isEqualTo(-32605); // its own word
    assertThat(peer.call(4, "quick", "[]").members().names().contains("result")).isTrue();
  }

  // ---- who is known by other means

  @Test
  void whoeverTheServerFoundOutOtherwiseIsAPrincipalToo() {
    server =
        started(
            builder(
                    AccessRules.of(
                        AccessRule.allow(Action.CALL).on("quick").toUsers("ida"),
                        AccessRule.allow(Action.CALL).on("threaded").toAnyone()))
                .authentication(Authentication.NONE)
                .identify(handshake -> Optional.ofNullable(handshake.bearerToken())));

    assertThat(code(dial("ida"), "quick", "{}")).isZero();
    assertThat(code(dial("ulf"), "quick", "{}")).isEqualTo(FORBIDDEN);
    TestPeer nobody = TestPeer.dial(network, "ws://server/ws", Map.of());
    assertThat(code(nobody, "quick", "{}")).isEqualTo(FORBIDDEN);
    assertThat(code(nobody, "threaded", "{}")).isZero();
  }

  @Test
  void whoLogsInByADialectIsAPrincipalFromThenOn() {
    server =
        started(
            builder(AccessRules.of(AccessRule.allow(Action.CALL).on("quick").toUsers("ida")))
                .authentication(Authentication.NONE)
                .login(params -> Optional.of(params.get(0, "user", String.class))));
    TestPeer peer = TestPeer.dial(network, "ws://server/ws", Map.of());

    assertThat(code(peer, "quick", "[]")).isEqualTo(FORBIDDEN);
    assertThat(code(peer, "rpc.login", "[\"ida\"]")).isZero();
    assertThat(code(peer, "quick", "[]")).isZero();
  }
}
