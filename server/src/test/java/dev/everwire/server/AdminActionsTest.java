package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.wire.Welcome;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an administrator can do to people: throw them out, take back, tell them something. */
final class AdminActionsTest {
  private final AdminHall hall = new AdminHall();

  @AfterEach
  void close() {
    hall.close();
  }

  // ---- kick

  @Test
  void whoIsKickedIsClosedWith4410AndItsTokenIsWorthless() {
    TestPeer ann = hall.dial("?user=ann");
    Welcome session = hall.hello(ann);
    JsonMembers answer =
        hall.ask("kick", "{\"session\":\"" + session.session() + "\",\"reason\":\"enough\"}");
    assertThat(answer.integer("closed")).isOne();
    assertThat(answer.integer("lost")).isZero();
    assertThat(ann.closeCode()).isEqualTo(4410);
    startsAnew(session, "?user=ann");
  }

  @Test
  void aLostSessionIsKickedAndItsTokenIsWorthless() {
    Welcome lost = hall.lost("?user=ann");
    JsonMembers answer = hall.ask("kick", "{\"session\":\"" + lost.session() + "\"}");
    assertThat(answer.integer("closed")).isZero();
    assertThat(answer.integer("lost")).isOne();
    assertThat(hall.allSessions("")).isEmpty();
    startsAnew(lost, "?user=ann");
  }

  /** The token of a session that goes on would bring it back; this one brings a fresh one. */
  private void startsAnew(Welcome former, String query) {
    Welcome fresh = hall.resume(hall.dial(query), former);
    assertThat(fresh.resumed()).isFalse();
    assertThat(fresh.reason()).isEqualTo("replayed");
    assertThat(fresh.session()).isNotEqualTo(former.session());
  }

  @Test
  void aUserIsKickedWithAllConnectionsAndLostSessionsAndNobodyElse() {
    TestPeer session = hall.dial("?user=ann");
    Welcome kept = hall.hello(session);
    TestPeer plain = hall.dial("?user=ann");
    Welcome lost = hall.lost("?user=ann");
    TestPeer bob = hall.dial("?user=bob");
    Welcome bobs = hall.lost("?user=bob");

    JsonMembers answer = hall.ask("kick", "{\"user\":\"ann\",\"code\":4403}");
    assertThat(answer.integer("closed")).isEqualTo(2);
    assertThat(answer.integer("lost")).isOne();
    assertThat(session.closeCode()).isEqualTo(4403);
    assertThat(plain.closeCode()).isEqualTo(4403);
    assertThat(bob.open()).isTrue();
    assertThat(hall.allSessions("")).containsExactly(bobs.session());
    startsAnew(kept, "?user=ann");
    startsAnew(lost, "?user=ann");
  }

  @Test
  void aTagIsKickedWhetherItsSessionsAreLostOrNot() {
    TestPeer here = hall.dial("");
    TestPeer gone = hall.dial("");
    for (TestPeer peer : List.of(here, gone)) {
      String session = hall.hello(peer).session();
      hall.server.registry().session(session).orElseThrow().tag("trial");
    }
    gone.abort();
    JsonMembers answer = hall.ask("kick", "{\"tag\":\"trial\"}");
    assertThat(answer.integer("closed")).isOne();
    assertThat(answer.integer("lost")).isOne();
    assertThat(hall.allSessions("")).isEmpty();
  }

  @Test
  void aConnectionIsKickedThatSpeaksNothingOfOurs() {
    TestPeer raw = TestPeer.dial(hall.network, "ws://server/raw");
    assertThat(hall.ask("kick", "{\"connection\":\"n-2\"}").integer("closed")).isOne();
    assertThat(raw.closeCode()).isEqualTo(4410);
  }

  @Test
  void whoKicksItselfHearsTheAnswerFirst() {
    TestPeer other = hall.dial("?user=root");
    assertThat(hall.ask("kick", "{\"user\":\"root\"}").integer("closed")).isEqualTo(2);
    assertThat(other.closeCode()).isEqualTo(4410);
    assertThat(hall.admin.closeCode()).isEqualTo(4410);
  }

  @Test
  void aSessionIsKickedWhoseClientNeverAnswersTheClose() {
    TestPeer ann = hall.dial("?user=ann");
    Welcome session = hall.hello(ann);
    ann.reading(false);
    hall.ask("kick", "{\"session\":\"" + session.session() + "\"}");
    ann.abort();
    assertThat(hall.allSessions("")).isEmpty();
    startsAnew(session, "?user=ann");
  }

  @Test
  void nobodyIsKickedByAName() {
    JsonMembers answer = hall.ask("kick", "{\"session\":\"nobody\"}");
    assertThat(answer.integer("closed")).isZero();
    assertThat(hall.admin.open()).isTrue();
  }

  // ---- revoke

  @Test
  void aRevokedUserIsClosedAndItsSessionsAreForgotten() {
    TestPeer ann = hall.dial("?user=ann");
    hall.hello(ann);
    hall.lost("?user=ann");
    Welcome bob = hall.lost("?user=bob");
    assertThat(hall.ask("revoke", "{\"user\":\"ann\"}").bool("revoked", false)).isTrue();
    assertThat(ann.closeCode()).isEqualTo(4401);
    assertThat(hall.allSessions("")).containsExactly(bob.session());
  }

  @Test
  void aRevokedSessionIsForgotten() {
    Welcome lost = hall.lost("?user=ann");
    hall.ask("revoke", "{\"session\":\"" + lost.session() + "\"}");
    assertThat(hall.allSessions("")).isEmpty();
    startsAnew(lost, "?user=ann");
  }

  // ---- alert

  @Test
  void anAlertReachesSessionsAndNobodyElse() {
    TestPeer ann = hall.dial("?user=ann");
    hall.hello(ann);
    TestPeer bob = hall.dial("?user=bob");
    hall.hello(bob);
    TestPeer plain = hall.dial("");
    hall.lost("?user=carl");

    JsonMembers report =
        hall.ask(
            "alert",
            "{\"text\":\"back at 22:00\",\"severity\":\"warning\",\"data\":{\"until\":22}}");
    assertThat(report.integer("targets")).isEqualTo(2);
    assertThat(report.integer("delivered")).isEqualTo(2);
    assertThat(report.integer("dropped")).isZero();
    assertThat(report.integer("failed")).isZero();
    String told =
        "{\"jsonrpc\":\"2.0\",\"method\":\"$/alert\",\"params\":{\"severity\":\"warning\","
            + "\"message\":\"back at 22:00\",\"data\":{\"until\":22}}}";
    assertThat(ann.heard()).containsExactly(told);
    assertThat(bob.heard()).containsExactly(told);
    assertThat(plain.heardNothing()).isTrue();
  }

  @Test
  void anAlertReachesThoseWhoAreMeant() {
    TestPeer ann = hall.dial("?user=ann");
    String annSession = hall.hello(ann).session();
    TestPeer bob = hall.dial("?user=bob");
    String bobSession = hall.hello(bob).session();
    hall.subscribe(bob, "news");
    hall.subscribe(hall.admin, "news"); // which said no hello
    bob.heard();
    hall.server.registry().session(annSession).orElseThrow().tag("vip");

    alert("{\"user\":\"ann\"}", ann, bob);
    alert("{\"tag\":\"vip\"}", ann, bob);
    alert("{\"topic\":\"news\"}", bob, ann);
    alert("{\"session\":\"" + bobSession + "\"}", bob, ann);
    assertThat(
            hall.ask("alert", "{\"text\":\"x\",\"to\":{\"topic\":\"nothing\"}}").integer("targets"))
        .isZero();
  }

  private void alert(String to, TestPeer meant, TestPeer other) {
    JsonMembers report = hall.ask("alert", "{\"text\":\"x\",\"to\":" + to + "}");
    assertThat(report.integer("targets")).as(to).isOne();
    assertThat(meant.heard()).as(to).hasSize(1);
    assertThat(other.heardNothing()).as(to).isTrue();
  }

  // ---- mistakes

  @Test
  void whatDoesNotFitIsRefusedByItsNameAndNothingIsDone() {
    TestPeer ann = hall.dial("?user=ann");
    hall.hello(ann);
    hall.refused("kick", "{}", "session: expected exactly one");
    hall.refused("kick", "{\"user\":\"ann\",\"tag\":\"x\"}", "tag: expected exactly one");
    hall.refused("kick", "{\"user\":\"ann\",\"code\":1006}", "code: ");
    hall.refused("kick", "{\"user\":\"ann\",\"code\":5000}", "code: ");
    hall.refused("kick", "{\"user\":\"ann\",\"code\":\"4410\"}", "code: ");
    hall.refused("kick", "{\"user\":\"ann\",\"reason\":\"" + "ä".repeat(100) + "\"}", "reason: ");
    hall.refused("kick", "{\"user\":\"ann\",\"resaon\":\"x\"}", "resaon: unknown");
    hall.refused("kick", "{\"user\":7}", "user: expected a string");
    hall.refused("revoke", "{}", "token: ");
    hall.refused("revoke", "{\"usr\":\"ann\"}", "usr: unknown");
    hall.refused("alert", "{}", "text: missing");
    hall.refused("alert", "{\"text\":\"\"}", "text: ");
    hall.refused("alert", "{\"text\":\"x\",\"severity\":\"Very bad\"}", "severity: ");
    hall.refused("alert", "{\"text\":\"x\",\"to\":{}}", "all: expected exactly one");
    hall.refused("alert", "{\"text\":\"x\",\"to\":{\"all\":false}}", "to.all: ");
    hall.refused("alert", "{\"text\":\"x\",\"to\":{\"usr\":\"a\"}}", "to.usr: unknown");
    hall.refused("alert", "{\"text\":\"x\",\"to\":{\"topic\":\"a//b\"}}", "to.topic: ");
    hall.refused("alert", "{\"text\":\"" + "x".repeat(4_097) + "\"}", "text: ");
    hall.refused("alert", "{\"data\":\"" + "x".repeat(16_400) + "\"}", "data: ");
    assertThat(ann.open()).isTrue();
    assertThat(ann.heardNothing()).isTrue();
  }

  @Test
  void whoMayNotChangesNothing() {
    TestPeer ann = hall.dial("?user=ann");
    Welcome session = hall.hello(ann);
    TestPeer bob = hall.dial("?user=bob");
    for (String params :
        List.of("{\"user\":\"ann\"}", "{\"session\":\"" + session.session() + "\"}")) {
      assertThat(hall.error(bob, "kick", params).integer("code")).isEqualTo(-32003);
      assertThat(hall.error(bob, "revoke", params).integer("code")).isEqualTo(-32003);
    }
    assertThat(hall.error(bob, "alert", "{\"text\":\"x\"}").integer("code")).isEqualTo(-32003);
    assertThat(ann.open()).isTrue();
    assertThat(ann.heardNothing()).isTrue();
  }

  @Test
  void whatIsOnlyToldIsNotDone() {
    TestPeer ann = hall.dial("?user=ann");
    hall.admin.send(
        "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.admin.kick\",\"params\":{\"user\":\"ann\"}}");
    assertThat(ann.open()).isTrue();
  }
}
