package dev.everwire.server.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.server.TestPeer;
import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Credentials;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Showing who one is in hello and by {@code rpc.auth}. */
final class ShownInMessagesTest extends AuthenticationSuite {
  @Test
  void aTokenInHelloSaysWhoCalls() {
    serve(terms -> terms);
    tokens.user("t1", "alice", in(Duration.ofMinutes(5)));
    TestPeer peer = dial();
    Welcome welcome = welcome(peer, ",\"auth\":{\"token\":\"t1\"}");

    assertThat(welcome.user()).isEqualTo("alice");
    assertThat(welcome.authExpiresIn()).isEqualTo(300);
    assertThat(who(peer)).contains("alice [role-of-t1]");
    assertThat(tokens.asked().getLast().occasion()).isEqualTo(Credentials.Occasion.HELLO);
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID,-32001,4401",
    "REVOKED,-32001,4401",
    "EXPIRED,-32013,4101",
    "FORBIDDEN,-32003,4403"
  })
  void aBadTokenInHelloIsRefusedAndEndsTheConnection(Reason reason, int fault, int close) {
    serve(terms -> terms);
    tokens.says("bad", new Verdict.Refused(reason, "not this one"));
    TestPeer peer = dial();
    String answer = String.valueOf(hello(peer, ",\"auth\":{\"token\":\"bad\"}"));

    assertThat(answer).contains(String.valueOf(fault), "not this one");
    assertThat(peer.closeCode()).isEqualTo(close);
  }

  @Test
  void whatFollowsHelloInTheSameFlightWaitsForTheAuthenticator() {
    serve(terms -> terms);
    tokens.user("t1", "alice", null);
    TestPeer peer = dial();
    tokens.hold();
    peer.queue(
        "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1,\"auth\":{\"token\":\"t1\"}}}");
    peer.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"who\"}");
    assertThat(peer.heardNothing()).isTrue();
    tokens.letGo();
    network.runUntilIdle();

    assertThat(peer.response(1).toString()).contains("alice");
  }

  @Test
  void aHelloThatCannotBeLookedUpNowMayBeSaidAgain() {
    serve(terms -> terms);
    tokens.says("t1", Tokens.unavailable());
    TestPeer peer = dial();
    assertThat(String.valueOf(hello(peer, ",\"auth\":{\"token\":\"t1\"}")))
        .contains("-32006", "\"retryAfterMs\":3000");
    tokens.user("t1", "alice", null);

    assertThat(welcome(peer, ",\"auth\":{\"token\":\"t1\"}").user()).isEqualTo("alice");
  }

  @Test
  void helloCannotMakeAnotherUserOfWhoTheHandshakeShowed() {
    serve(terms -> terms);
    tokens.user("t1", "alice", null).user("t2", "bob", null);
    TestPeer peer = bearing("t1");

    assertThat(String.valueOf(hello(peer, ",\"auth\":{\"token\":\"t2\"}"))).contains("-32003");
    assertThat(peer.closeCode()).isEqualTo(4403);
  }

  @Test
  void aPlainPeerMayShowItByACall() {
    serve(terms -> terms);
    tokens.user("t1", "alice", in(Duration.ofMinutes(1)));
    TestPeer peer = dial();
    RawJson answer = peer.call(1, "rpc.auth", "{\"token\":\"t1\"}");

    assertThat(answer.toString()).contains("\"user\":\"alice\"", "\"authExpiresIn\":60");
    assertThat(who(peer)).contains("alice");
    network.advance(Duration.ofSeconds(20));
    assertThat(peer.open()).isTrue();
  }

  @Test
  void aBadTokenByACallEndsTheConnectionOfWhoIsNotKnown() {
    serve(terms -> terms);
    TestPeer peer = dial();

    assertThat(peer.call(1, "rpc.auth", "{\"token\":\"bad\"}").toString())
        .contains("-32001", "\"reason\":\"invalid\"");
    assertThat(peer.closeCode()).isEqualTo(4401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad", "t2"})
  void aBadTokenByACallCostsWhoIsKnownNothing(String token) {
    serve(terms -> terms);
    tokens.user("t1", "alice", null).user("t2", "bob", null);
    TestPeer peer = bearing("t1");
    assertThat(peer.call(1, "rpc.auth", "{\"token\":\"" + token + "\"}").toString())
        .contains("error");

    assertThat(who(peer)).contains("alice [role-of-t1]");
  }

  @Test
  void whatCannotBeATokenIsToldByName() {
    serve(terms -> terms);
    TestPeer peer = dial();

    assertThat(peer.call(1, "rpc.auth", "{}").toString()).contains("-32602", "token");
    assertThat(peer.call(2, "rpc.auth", "{\"token\":7}").toString()).contains("-32602", "token");
    assertThat(peer.open()).isTrue();
  }

  @Test
  void oneTokenIsLookedAtAtATime() {
    serve(terms -> terms);
    tokens.user("t1", "alice", null);
    TestPeer peer = bearing("t1");
    tokens.hold();
    peer.queue(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.auth\",\"params\":{\"token\":\"t1\"}}");
    assertThat(peer.call(2, "rpc.auth", "{\"token\":\"t1\"}").toString()).contains("-32006");
    assertThat(who(peer)).contains("alice"); // who is known goes on meanwhile
    tokens.letGo();
    network.runUntilIdle();

    assertThat(peer.response(1).toString()).contains("alice");
  }
}
