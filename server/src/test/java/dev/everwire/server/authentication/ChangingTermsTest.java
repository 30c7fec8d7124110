package dev.everwire.server.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.wire.Welcome;
import dev.everwire.server.Server;
import dev.everwire.server.TestPeer;
import dev.everwire.server.access.Authentication;
import dev.everwire.spi.auth.Authenticator.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Odd answers, guesses, and terms that change while a server runs. */
final class ChangingTermsTest extends AuthenticationSuite {
  @Test
  void whatAnAuthenticatorSaysWrongStrandsNobody() {
    serve(terms -> terms.withAnonymous(true));
    tokens.says("t1", new Verdict.Unavailable(Duration.ofSeconds(Long.MAX_VALUE)));
    assertThat(bearing("t1").failure().status()).isEqualTo(503);
    TestPeer peer = dial();
    assertThat(peer.call(1, "rpc.auth", "{\"token\":\"t1\"}").toString()).contains("-32006");
    assertThat(who(peer)).contains("nobody");
  }

  @Test
  void whoGuessesIsClosed() {
    serve(terms -> terms.withAnonymous(true));
    TestPeer peer = dial();
    for (int i = 1; i < 16; i++) {
      peer.call(i, "rpc.auth", "{\"token\":\"guess\"}");
    }
    assertThat(peer.open()).isTrue();
    peer.call(16, "rpc.auth", "{\"token\":\"guess\"}");
    assertThat(peer.closeCode()).isEqualTo(4401);
  }

  @Test
  void nobodyBecomesAnotherWhileTwoTokensAreLookedAt() {
    serve(terms -> terms.withAnonymous(true));
    tokens.user("t1", "alice", null).user("t2", "bob", null);
    TestPeer peer = dial();
    tokens.hold();
    peer.send(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.auth\",\"params\":{\"token\":\"t2\"}}");
    peer.send(
        "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1,\"auth\":{\"token\":\"t1\"}}}");
    tokens.letGo();
    network.runUntilIdle();

    assertThat(peer.heard().toString()).contains("bob", "-32003").doesNotContain("alice");
    assertThat(peer.closeCode()).isEqualTo(4403);
  }

  @Test
  void whereAnonymousIsSwitchedOffNobodyGoesOnAsNobody() {
    Server running = serve(terms -> terms.withAnonymous(true));
    tokens.user("t1", "alice", null);
    TestPeer former = dial();
    Welcome session = welcome(former, "");
    former.abort();
    TestPeer there = dial();
    running.access().authentication(Authentication.by(tokens));

    assertThat(String.valueOf(hello(dial(), resuming(session)))).contains("-32001");
    assertThat(String.valueOf(hello(there, ""))).contains("-32001");
    assertThat(welcome(there, ",\"auth\":{\"token\":\"t1\"}").user()).isEqualTo("alice");
  }

  @Test
  void whereNobodyIsAskedAnyMoreAStrangerIsWelcome() {
    Server running = serve(terms -> terms);
    TestPeer stranger = dial();
    running.access().authentication(Authentication.NONE);
    welcome(stranger, "");
    network.advance(Duration.ofSeconds(11));

    assertThat(who(stranger)).contains("nobody");
  }

  @Test
  void whoWasLetInUnaskedCanShowItLater() {
    Server running = serve(terms -> Authentication.NONE);
    tokens.user("t1", "alice", null);
    TestPeer peer = dial();
    running.access().authentication(Authentication.by(tokens));

    assertThat(peer.call(1, "rpc.auth", "{\"token\":\"t1\"}").toString()).contains("alice");
    assertThat(who(peer)).contains("alice [role-of-t1]");
  }

  @Test
  void aStrangerTakesNobodysName() {
    serve(
        terms -> terms.withAnonymous(true),
        builder ->
            builder.identifyClient(handshake -> Optional.ofNullable(handshake.header("x-client"))));
    TestPeer real = dial("x-client", "till-7");
    TestPeer stranger =
        TestPeer.dial(
            network,
            WS,
            Map.of("x-client", "till-7", "authorization", "Bearer forged", "everwire-resume", "1"));

    assertThat(stranger.open()).isTrue();
    assertThat(real.open()).isTrue();
    hello(stranger, "");
    assertThat(stranger.closeCode()).isEqualTo(4401);
    assertThat(who(real)).contains("nobody");
  }

  @Test
  void aUserThatCannotBeOneIsRefused() {
    serve(
        terms -> terms.withAnonymous(true),
        builder ->
            builder.identify(handshake -> Optional.ofNullable(handshake.query().get("user"))));

    assertThat(TestPeer.dial(network, WS + "?user=").failure().status()).isEqualTo(400);
    assertThat(TestPeer.dial(network, WS + "?user=" + "x".repeat(257)).failure().status())
        .isEqualTo(400);
  }

  @Test
  void aTokenThatIsTooLongIsWrong() {
    serve(terms -> terms.withAnonymous(true));
    TestPeer peer = dial();

    assertThat(peer.call(1, "rpc.auth", "{\"token\":\"" + "x".repeat(65_537) + "\"}").toString())
        .contains("-32001");
    assertThat(tokens.asked()).allMatch(asked -> asked.token() == null);
  }

  @Test
  void anotherAuthenticatorHoldsForWhoComesNext() {
    Server running = serve(terms -> terms);
    tokens.user("t1", "alice", null);
    TestPeer peer = bearing("t1");
    Tokens others = new Tokens().user("t9", "zoe", null);
    running.access().authentication(Authentication.by(others));

    assertThat(who(peer)).contains("alice");
    assertThat(bearing("t1").failure().status()).isEqualTo(401);
    assertThat(who(bearing("t9"))).contains("zoe");
  }
}
