package dev.everwire.server.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.wire.Welcome;
import dev.everwire.server.Server;
import dev.everwire.server.TestPeer;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.spi.auth.Revocation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is taken back ends at once. */
final class RevocationTest extends AuthenticationSuite {
  @Test
  void aRevokedUserIsOutNowWithAllItHas() {
    Server running = serve(terms -> terms);
    tokens.user("t1", "alice", null).user("t2", "alice", null).user("t3", "bob", null);
    TestPeer one = bearing("t1");
    TestPeer lost = bearing("t2");
    Welcome session = welcome(lost, "");
    lost.abort();
    TestPeer raw = TestPeer.dial(network, "ws://server/raw", Map.of("authorization", "Bearer t1"));
    TestPeer other = bearing("t3");

    running.access().revoke(new Revocation.User("alice", in(Duration.ZERO)));
    network.runUntilIdle();
    assertThat(List.of(one.closeCode(), raw.closeCode())).containsOnly(4401);
    assertThat(who(other)).contains("bob");
    assertThat(bearing("t1").failure().status()).isEqualTo(401);
    TestPeer back = comingBack("t2");
    assertThat(String.valueOf(hello(back, resuming(session)))).contains("-32001", "revoked");
    tokens.user("t4", "alice", in(Duration.ofSeconds(1)), null);
    assertThat(who(bearing("t4"))).contains("alice");
  }

  @Test
  void aRevokedTokenTakesOnlyItsOwnWithIt() {
    Server running = serve(terms -> terms);
    tokens.user("t1", "alice", null).user("t2", "alice", null);
    TestPeer one = bearing("t1");
    TestPeer two = bearing("t2");

    running.access().revoke(new Revocation.Token("id-of-t1"));
    network.runUntilIdle();
    assertThat(one.closeCode()).isEqualTo(4401);
    assertThat(who(two)).contains("alice");
    assertThat(bearing("t1").failure().status()).isEqualTo(401);
  }

  @Test
  void aRevokedSessionIsOverAndItsUserMayComeBack() {
    Server running = serve(terms -> terms);
    tokens.user("t1", "alice", null);
    TestPeer peer = bearing("t1");
    Welcome session = welcome(peer, "");

    running.access().revoke(new Revocation.Session(session.session()));
    network.runUntilIdle();
    assertThat(peer.closeCode()).isEqualTo(4401);
    TestPeer back = bearing("t1");
    Welcome again = welcome(back, resuming(session));
    assertThat(again.resumed()).isFalse();
    assertThat(again.user()).isEqualTo("alice");
  }

  @Test
  void whoIsNamedAfterARevocationIsNotMeantByIt() {
    Server running =
        serve(
            terms -> terms.withAnonymous(true),
            builder ->
                builder
                    .identify(handshake -> Optional.ofNullable(handshake.query().get("user")))
                    .login(params -> Optional.of(params.get(0, "user", String.class))));
    TestPeer before = TestPeer.dial(network, WS + "?user=alice");
    running.access().revoke(new Revocation.User("alice", in(Duration.ZERO)));
    network.runUntilIdle();
    assertThat(before.closeCode()).isEqualTo(4401);
    network.advance(Duration.ofMillis(10));

    assertThat(who(TestPeer.dial(network, WS + "?user=alice"))).contains("alice");
    TestPeer later = dial();
    assertThat(later.call(1, "rpc.login", "[\"alice\"]").toString()).contains("true");
    assertThat(who(later)).contains("alice");
  }

  @Test
  void aSessionThatIsRevokedWhileItMovesIsOverAllTheSame() {
    for (int steps = 0; steps < 12; steps++) {
      Server running = serve(terms -> terms);
      tokens.user("t1", "alice", null);
      TestPeer former = bearing("t1");
      Welcome session = welcome(former, "");
      TestPeer later = comingBack("t1");
      later.queue(
          "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1,\"caps\":[\"ack\"]"
              + resuming(session)
              + "}}");
      network.runPasses(steps);
      running.access().revoke(new Revocation.Session(session.session()));
      network.runUntilIdle();

      assertThat(former.open()).as("former after %s passes", steps).isFalse();
      List<String> heard = later.heard();
      if (heard.toString().contains("\"resumed\":true")) {
        assertThat(later.closeCode()).as("later after %s passes", steps).isEqualTo(4401);
      }
      close();
    }
  }

  @Test
  void whoIsRevokedWhileItIsLookedUpDoesNotComeIn() {
    Server running = serve(terms -> terms);
    tokens.user("t1", "alice", null);
    TestPeer peer = dial();
    tokens.hold();
    peer.send(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.auth\",\"params\":{\"token\":\"t1\"}}");
    running.access().revoke(new Revocation.User("alice", in(Duration.ofSeconds(1))));
    tokens.letGo();
    network.runUntilIdle();

    assertThat(peer.response(1).toString()).contains("\"reason\":\"revoked\"");
    assertThat(peer.closeCode()).isEqualTo(4401);
  }

  @Test
  void whoComesInAndWhoDoesNotStandsInTheAudit() {
    List<AuditEvent> told = new ArrayList<>();
    Server running = serve(terms -> terms, builder -> builder.audit(told::add));
    tokens.user("t1", "alice", null);
    TestPeer peer = bearing("t1");
    var unused = bearing("sesame").failure();
    peer.call(1, "rpc.auth", "{\"token\":\"sesame\"}");
    running.access().revoke(new Revocation.Token("id-of-t1"));
    network.runUntilIdle();

    assertThat(told)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly(
            "Authenticated", "AuthenticationFailed", "AuthenticationFailed", "Revoked");
    assertThat(told.getFirst().who().user()).isEqualTo("alice");
    assertThat(told.getLast())
        .isInstanceOfSatisfying(
            AuditEvent.Revoked.class, event -> assertThat(event.connections()).isEqualTo(1));
    assertThat(told.toString()).doesNotContain("sesame");
  }
}
