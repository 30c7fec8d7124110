package dev.everwire.server.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.wire.Welcome;
import dev.everwire.server.Server;
import dev.everwire.server.TestPeer;
import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Principal;
import dev.everwire.spi.auth.Revocation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How long a connection and a session may rest on a token. */
final class TokenLifeTest extends AuthenticationSuite {
  @Test
  void aSessionIsToldBeforeItsTokenEndsAndClosedAfterTheGrace() {
    serve(terms -> terms);
    tokens.user("t1", "alice", in(Duration.ofSeconds(300)));
    TestPeer peer = bearing("t1");
    assertThat(welcome(peer, "").authExpiresIn()).isEqualTo(300);
    pass(peer, 239);
    assertThat(peer.heard()).noneMatch(text -> text.contains("authExpiring"));
    pass(peer, 2);
    assertThat(peer.heard().toString())
        .contains("$/authExpiring")
        .containsPattern("\"inMs\":59...|60000");
    pass(peer, 80);
    assertThat(who(peer)).contains("alice"); // the grace
    pass(peer, 10);

    assertThat(peer.closeCode()).isEqualTo(4101);
  }

  @Test
  void aNewTokenInTimeKeepsTheConnection() {
    serve(terms -> terms);
    tokens.user("t1", "alice", in(Duration.ofSeconds(30)));
    TestPeer peer = bearing("t1");
    for (int i = 0; i < 12; i++) {
      pass(peer, 20);
      tokens.user("t2", "alice", in(Duration.ofSeconds(30)));
      assertThat(peer.call(i + 10, "rpc.auth", "{\"token\":\"t2\"}").toString())
          .contains("\"authExpiresIn\":30");
    }

    assertThat(who(peer)).contains("alice [role-of-t2]");
  }

  @Test
  void aTokenThatIsOverWithinTheGraceIsLetInAndWarnedAtOnce() {
    serve(terms -> terms);
    tokens.user("t1", "alice", in(Duration.ofSeconds(-10)));
    TestPeer peer = bearing("t1");
    hello(peer, "");
    network.advance(Duration.ofMillis(200));
    assertThat(besides.toString() + peer.heard()).contains("\"inMs\":0");
    pass(peer, 21);

    assertThat(peer.closeCode()).isEqualTo(4101);
  }

  @Test
  void aTokenThatIsOverForLongOpensNoDoor() {
    serve(terms -> terms);
    tokens.user("t1", "alice", in(Duration.ofSeconds(-31)));

    assertThat(bearing("t1").failure().status()).isEqualTo(401);
  }

  @Test
  void aTokenOfManyYearsIsNotOverNow() {
    serve(terms -> terms);
    tokens.user("t1", "alice", Instant.MAX);
    TestPeer peer = bearing("t1");
    pass(peer, 3_600);

    assertThat(who(peer)).contains("alice");
  }

  @Test
  void aValidResumeAsksTheAuthenticatorNothing() {
    serve(terms -> terms);
    tokens.user("t1", "alice", in(Duration.ofMinutes(30)));
    TestPeer former = bearing("t1");
    Welcome first = welcome(former, "");
    former.abort();
    int asked = tokens.asked().size();

    TestPeer later = comingBack("t1");
    Welcome second = welcome(later, resuming(first));
    assertThat(second.resumed()).isTrue();
    assertThat(second.authExpiresIn()).isEqualTo(1_800);
    assertThat(who(later)).contains("alice [role-of-t1]");
    assertThat(tokens.asked()).hasSize(asked);
  }

  @Test
  void aResumeWithANewerTokenIsLookedAtAndRenewsTheSession() {
    serve(terms -> terms);
    tokens
        .user("t1", "alice", in(Duration.ofSeconds(20)))
        .user("t2", "alice", in(Duration.ofHours(1)));
    TestPeer former = bearing("t1");
    Welcome first = welcome(former, "");
    former.abort();
    network.advance(Duration.ofSeconds(60));

    TestPeer later = comingBack("t2");
    Welcome second = welcome(later, resuming(first));
    assertThat(second.resumed()).isTrue();
    assertThat(who(later)).contains("alice [role-of-t2]");
  }

  @Test
  void aResumeOfASessionWhoseTokenIsOverNeedsANewOne() {
    serve(terms -> terms);
    tokens.user("t1", "alice", in(Duration.ofSeconds(10)));
    TestPeer former = bearing("t1");
    Welcome first = welcome(former, "");
    former.abort();
    network.advance(Duration.ofSeconds(60));
    tokens.says("t1", new Verdict.Refused(Reason.EXPIRED, "over"));

    TestPeer later = comingBack("t1");
    assertThat(String.valueOf(hello(later, resuming(first)))).contains("-32013");
    assertThat(later.closeCode()).isEqualTo(4101);
  }

  @Test
  void whoLoggedInOnAnAnonymousConnectionIsTheSameAfterACut() {
    Server running = serve(terms -> terms.withAnonymous(true));
    tokens.user("t1", "alice", null);
    TestPeer former = dial();
    Welcome first = welcome(former, "");
    former.call(1, "rpc.auth", "{\"token\":\"t1\"}");
    assertThat(who(former)).contains("alice");
    former.abort();

    TestPeer later = dial();
    Welcome second = welcome(later, resuming(first));
    assertThat(second.resumed()).isTrue();
    assertThat(second.user()).isEqualTo("alice");
    assertThat(who(later)).contains("alice [role-of-t1]");
    later.abort();
    running.access().revoke(new Revocation.User("alice", in(Duration.ZERO)));
    network.runUntilIdle();
    assertThat(welcome(dial(), resuming(second)).resumed()).isFalse();
  }

  @Test
  void aSessionThatIsOverInTimeIsNotGoneOnWithByItsTokenAlone() {
    serve(terms -> terms.withAnonymous(true));
    tokens.user("t1", "alice", in(Duration.ofSeconds(10)));
    TestPeer former = bearing("t1");
    Welcome first = welcome(former, "");
    former.abort();
    network.advance(Duration.ofSeconds(60));

    TestPeer later = dial();
    assertThat(String.valueOf(hello(later, resuming(first)))).contains("-32013");
    assertThat(later.closeCode()).isEqualTo(4101);
  }

  @Test
  void sameNamesOfTwoTenantsAreTwoUsers() {
    serve(terms -> terms);
    tokens.says("t1", accepted("acme")).says("t2", accepted("other"));
    TestPeer former = bearing("t1");
    Welcome first = welcome(former, "");
    assertThat(former.call(1, "rpc.auth", "{\"token\":\"t2\"}").toString()).contains("-32003");
    former.abort();

    assertThat(welcome(comingBack("t2"), resuming(first)).reason()).isEqualTo("user_changed");
    assertThat(String.valueOf(hello(bearing("t1"), ",\"auth\":{\"token\":\"t2\"}")))
        .contains("-32003");
  }

  private static Verdict accepted(String tenant) {
    return new Verdict.Accepted(Principal.of("alice", "test").withTenant(tenant));
  }

  @Test
  void theLoginOfAnotherProtocolMakesNobodyElseOfWhoIsKnown() {
    serve(
        terms -> terms,
        builder -> builder.login(params -> Optional.of(params.get(0, "user", String.class))));
    tokens.user("t1", "alice", in(Duration.ofSeconds(30)));
    TestPeer known = bearing("t1");
    assertThat(known.call(1, "rpc.login", "[\"root\"]").toString()).contains("false");
    assertThat(known.call(2, "rpc.login", "[\"alice\"]").toString()).contains("true");
    assertThat(who(known)).contains("alice [role-of-t1]");
    pass(known, 61);
    assertThat(known.closeCode()).isEqualTo(4101);

    TestPeer stranger = dial();
    assertThat(stranger.call(1, "rpc.login", "[\"root\"]").toString()).contains("true");
    assertThat(who(stranger)).contains("root []");
  }

  @Test
  void nobodyResumesTheSessionOfAnother() {
    serve(terms -> terms);
    tokens.user("t1", "alice", null).user("t2", "bob", null);
    TestPeer former = bearing("t1");
    Welcome first = welcome(former, "");
    former.abort();

    TestPeer later = comingBack("t2");
    Welcome second = welcome(later, resuming(first));
    assertThat(second.resumed()).isFalse();
    assertThat(second.user()).isEqualTo("bob");
    assertThat(who(later)).contains("bob [role-of-t2]");
  }

  @Test
  void whoOnlySaysThatItComesBackIsNotIn() {
    serve(terms -> terms);
    TestPeer peer = comingBack("forged");

    assertThat(who(peer)).contains("-32001");
    assertThat(String.valueOf(hello(peer, ""))).contains("-32001");
    assertThat(peer.closeCode()).isEqualTo(4401);
  }

  @Test
  void aResumeTokenAloneIsGoodForItsSessionOnly() {
    serve(terms -> terms);
    tokens.user("t1", "alice", null);
    TestPeer former = bearing("t1");
    Welcome first = welcome(former, "");
    former.abort();

    TestPeer later = dial();
    assertThat(welcome(later, resuming(first)).resumed()).isTrue();
    assertThat(who(later)).contains("alice");
    later.abort();
    network.advance(Duration.ofMinutes(3)); // the session is over, its token is not
    TestPeer last = dial();
    assertThat(String.valueOf(hello(last, resuming(first)))).contains("-32001");
  }
}
