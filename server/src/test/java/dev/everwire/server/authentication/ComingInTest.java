package dev.everwire.server.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.server.Server;
import dev.everwire.server.TestPeer;
import dev.everwire.server.access.Authentication;
import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Authenticator.Verdict;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Showing who one is with the handshake, and what becomes of strangers. */
final class ComingInTest extends AuthenticationSuite {
  @Test
  void aGoodTokenInTheHandshakeSaysWhoCalls() {
    serve(terms -> terms);
    tokens.user("t1", "alice", null);

    assertThat(who(bearing("t1"))).contains("alice [role-of-t1]");
  }

  @ParameterizedTest
  @CsvSource({"INVALID,401", "EXPIRED,401", "REVOKED,401", "FORBIDDEN,403"})
  void aBadTokenInTheHandshakeIsRefusedBeforeTheUpgrade(Reason reason, int status) {
    Server running = serve(terms -> terms);
    tokens.says("bad", new Verdict.Refused(reason, "not this one"));

    assertThat(bearing("bad").failure().status()).isEqualTo(status);
    assertThat(running.connections()).isZero();
  }

  @Test
  void whoCannotBeLookedUpNowIsToldWhenToComeBack() {
    serve(terms -> terms);
    tokens.says("t1", Tokens.unavailable());

    var failure = bearing("t1").failure();
    assertThat(failure.status()).isEqualTo(503);
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void anAuthenticatorThatNeverAnswersIsGivenUp() {
    serve(terms -> terms.withAnswerWithin(Duration.ofSeconds(2)));
    tokens.hold();
    TestPeer peer = bearing("t1");
    network.advance(Duration.ofMillis(2_200));

    assertThat(peer.failure().status()).isEqualTo(503);
  }

  @Test
  void anAuthenticatorThatTakesItsTimeHoldsUpNobodyElse() {
    Server running = serve(terms -> terms);
    tokens.user("t1", "alice", null).user("t2", "bob", null);
    tokens.hold();
    TestPeer slow = bearing("t1");
    assertThat(running.connections()).isZero();
    tokens.letGo();
    network.runUntilIdle();

    assertThat(who(slow)).contains("alice");
    assertThat(who(bearing("t2"))).contains("bob");
  }

  @Test
  void anAuthenticatorThatThrowsLetsNobodyIn() {
    serve(
        terms -> terms,
        builder ->
            builder.authentication(
                Authentication.by(credentials -> {
                  throw new IllegalStateException("expected by the test");
                })));

    assertThat(bearing("t1").failure().status()).isEqualTo(503);
  }

  @Test
  void aCookieIsNeverLookedAt() {
    serve(terms -> terms);
    tokens.user("t1", "alice", null);
    TestPeer peer = dial("cookie", "token=t1; authorization=Bearer t1");

    assertThat(who(peer)).contains("-32001");
    assertThat(tokens.asked().getLast().headers()).doesNotContainKey("cookie");
  }

  @Test
  void aTokenInTheQueryCountsOnlyWhereThatIsSwitchedOn() {
    serve(terms -> terms);
    tokens.user("t1", "alice", null);
    assertThat(who(TestPeer.dial(network, WS + "?access_token=t1"))).contains("-32001");
  }

  @Test
  void aTokenInTheQueryIsTakenWhereThatIsSwitchedOn() {
    serve(terms -> terms.withQueryParameter("access_token"));
    tokens.user("t1", "alice", null);
    assertThat(who(TestPeer.dial(network, WS + "?access_token=t1"))).contains("alice");
  }

  @Test
  void anApplicationsOwnEndpointLetsInOnlyWhoShowsItWithTheHandshake() {
    serve(terms -> terms);
    tokens.user("t1", "alice", null);

    assertThat(TestPeer.dial(network, "ws://server/raw").failure().status()).isEqualTo(401);
    assertThat(
            TestPeer.dial(network, "ws://server/raw", Map.of("authorization", "Bearer t1")).open())
        .isTrue();
  }

  @Test
  void whoBringsNothingIsServedNothing() {
    serve(terms -> terms);
    TestPeer peer = dial();

    assertThat(who(peer)).contains("-32001");
    assertThat(peer.call(1, "rpc.subscribe", "{\"topic\":\"a\"}").toString()).contains("-32001");
    assertThat(peer.call(2, "rpc.publish", "{\"topic\":\"a\",\"data\":1}").toString())
        .contains("-32001");
    assertThat(peer.call(3, "rpc.history", "{\"topic\":\"a\"}").toString()).contains("-32001");
    assertThat(peer.call(4, "rpc.discover", "{}").toString()).contains("-32001");
    assertThat(peer.call(5, "rpc.admin.stats", "{}").toString()).contains("-32001");
    assertThat(peer.call(6, "nothing.there", "{}").toString()).contains("-32001");
    assertThat(String.valueOf(hello(peer, ""))).contains("-32001");
    assertThat(peer.open()).isTrue();
  }

  @Test
  void whoDoesNotShowItInTimeIsClosed() {
    Server running = serve(terms -> terms);
    TestPeer peer = dial();
    network.advance(Duration.ofMillis(9_800));
    assertThat(peer.open()).isTrue();
    network.advance(Duration.ofMillis(400));

    assertThat(peer.closeCode()).isEqualTo(4408);
    assertThat(running.connections()).isZero();
    assertThat(network.timers()).isZero();
  }

  @Test
  void whoGoesOnAskingWithoutShowingItIsClosedSooner() {
    serve(terms -> terms);
    TestPeer peer = dial();
    for (int i = 1; i < 16; i++) {
      peer.call(i, "who", "[]");
    }
    assertThat(peer.open()).isTrue();
    peer.send("{\"jsonrpc\":\"2.0\",\"method\":\"who\"}");

    assertThat(peer.closeCode()).isEqualTo(4401);
  }

  @Test
  void whereAnonymousIsSwitchedOnWhoBringsNothingIsNobody() {
    serve(terms -> terms.withAnonymous(true));
    TestPeer peer = dial();
    pass(peer, 60);

    assertThat(who(peer)).contains("nobody []");
    assertThat(bearing("forged").failure().status()).isEqualTo(401);
  }

  @Test
  void whoIsNotKnownMayNotSendMuch() {
    serve(terms -> terms);
    tokens.user("t1", "alice", null);
    String large = "\"" + "x".repeat(70_000) + "\"";
    TestPeer stranger = dial();
    stranger.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"who\",\"params\":[" + large + "]}");
    assertThat(stranger.closeCode()).isEqualTo(1009);

    TestPeer known = dial();
    known.call(1, "rpc.auth", "{\"token\":\"t1\"}");
    assertThat(known.call(2, "who", "[" + large + "]").toString()).contains("alice");
    assertThat(bearing("t1").call(2, "who", "[" + large + "]").toString()).contains("alice");
  }
}
