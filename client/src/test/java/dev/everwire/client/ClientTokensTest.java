package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ClientSettings;
import dev.everwire.client.link.Status;
import dev.everwire.client.link.TokenPlace;
import dev.everwire.client.link.TokenSupplier;
import dev.everwire.session.transport.Acceptor.Refuse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who the client is: asked, said, refused, renewed. */
class ClientTokensTest {
  private final ClientFixture fixture = new ClientFixture();
  private final List<Boolean> asked = new ArrayList<>(); // with which flag

  @AfterEach
  void noTokenIsTold() {
    fixture.close();
    assertThat(fixture.events.toString()).doesNotContain("secret");
  }

  @Test
  void theSupplierIsAskedBeforeEveryDialAndItsTokenGoesInTheHeader() {
    fixture.live(fixture.builder().tokens(this::numbered));
    assertThat(fixture.server.handshake().header("authorization")).isEqualTo("Bearer secret1");

    fixture.server.cut();
    fixture.network.advance(Duration.ofMillis(1_100));
    assertThat(fixture.server.hear()).doesNotContain("secret");
    assertThat(fixture.server.handshake().header("authorization")).isEqualTo("Bearer secret2");
    assertThat(asked).containsExactly(false, false);
  }

  @Test
  void inTheMessageItGoesWithHelloAndNotInAHeader() {
    fixture.start(fixture.builder().tokens(this::numbered, TokenPlace.MESSAGE));
    assertThat(fixture.server.hear()).contains("\"auth\":{\"token\":\"secret1\"}");
    assertThat(fixture.server.handshake().header("authorization")).isNull();
    assertThat(fixture.client().status()).isEqualTo(new Status.Authenticating());
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aRefusedUpgradeIsAnsweredWithAnotherTokenAsOftenAsIsAllowed(int status) {
    fixture.server.refuse(Refuse.with(status, "no"));
    fixture.start(
        fixture.builder().tokens(this::numbered).settings(settings().authRetries(2).build()));
    fixture.network.advance(Duration.ofMinutes(1));

    assertThat(asked).containsExactly(false, true, true);
    assertThat(fixture.client().status()).isInstanceOf(Status.Failed.class);
    assertThat(fixture.events(ClientEvent.AuthenticationFailed.class))
        .extracting(ClientEvent.AuthenticationFailed::willRetry)
        .containsExactly(true, true, false);
  }

  @ParameterizedTest
  @ValueSource(ints = {4401, 4403, 4101})
  void aCloseCodeAboutTheTokenIsAnsweredWithAnother(int code) {
    fixture.live(fixture.builder().tokens(this::numbered));
    fixture.server.close(code, "no");
    fixture.network.advance(Duration.ofMillis(1_100));
    fixture.server.welcome();
    assertThat(asked).containsExactly(false, true);

    fixture.server.cut();
    fixture.network.advance(Duration.ofMillis(2_100));
    fixture.server.welcome();
    assertThat(asked).containsExactly(false, true, false); // the last one was good
  }

  @Test
  void aHelloRefusedForItsTokenIsSaidAgainWithAnother() {
    fixture.start(fixture.builder().tokens(this::numbered, TokenPlace.MESSAGE));
    fixture.server.refuse(fixture.server.hear(), -32001);
    fixture.network.advance(Duration.ofMillis(1_100));

    assertThat(fixture.server.hear()).contains("secret2");
    assertThat(asked).containsExactly(false, true);
  }

  @Test
  void aFixedTokenThatIsRefusedIsTheEnd() {
    fixture.server.refuse(Refuse.with(401, "no"));
    fixture.start(fixture.builder().token("secret"));
    fixture.network.advance(Duration.ofMinutes(1));

    assertThat(fixture.client().status()).isInstanceOf(Status.Failed.class);
    assertThat(fixture.server.connections()).isZero();
    assertThat(fixture.events(ClientEvent.AuthenticationFailed.class))
        .containsExactly(
            new ClientEvent.AuthenticationFailed(0, "refused with status 401 (HTTP 401)", false));
    assertThat(TokenSupplier.fixed("secret").toString()).doesNotContain("secret");
  }

  @Test
  void aSupplierThatFailsIsAskedAgain() {
    List<TokenSupplier> behaviours =
        List.of(
            renew -> {
              throw new IllegalStateException("vault");
            },
            renew -> "",
            renew -> "line\nbreak",
            renew -> {
              throw new AssertionError("vault");
            },
            renew -> "secret");
    fixture.start(
        fixture
            .builder()
            .tokens(renew -> {
              asked.add(renew);
              return behaviours.get(asked.size() - 1).token(renew);
            }));
    fixture.network.advance(Duration.ofMillis(10_900));
    fixture.server.welcome();

    assertThat(asked).hasSize(5);
    assertThat(fixture.statuses().toList().toString())
        .contains("no token: java.lang.IllegalStateException: vault");
    assertThat(fixture.server.connections()).isEqualTo(1);
  }

  @Test
  void anAnswerThatComesTooLateIsNotHeard() {
    List<Runnable> held = new ArrayList<>();
    fixture.start(fixture.builder().workers(task -> hold(task, held)).tokens(this::numbered));
    fixture.network.advance(Duration.ofMillis(10_100));
    assertThat(fixture.client().status())
        .isInstanceOfSatisfying(
            Status.Reconnecting.class,
            waiting -> assertThat(waiting.why()).isEqualTo("no token in time"));
    held.forEach(Runnable::run);
    fixture.network.runUntilIdle();
    assertThat(fixture.server.connections()).isZero();

    fixture.network.advance(Duration.ofMillis(1_100));
    fixture.server.welcome();
    assertThat(asked).containsExactly(false);
  }

  private boolean heldOne;

  private void hold(Runnable task, List<Runnable> held) {
    // The first task tells a status, the second asks for a token.
    if (!heldOne && task.getClass().getSimpleName().equals("Question")) {
      heldOne = true;
      held.add(task);
    } else {
      task.run();
    }
  }

  // ---- renewed on the living connection

  @Test
  void theTokenIsRenewedBeforeItExpires() {
    fixture.start(fixture.builder().tokens(this::numbered, TokenPlace.MESSAGE));
    assertThat(fixture.server.hear()).contains("secret1");
    fixture.server.say(ScriptedServer.WELCOME.replace("\"caps\"", "\"authExpiresIn\":20,\"caps\""));
    fixture.network.advance(Duration.ofMillis(18_100));

    String request = fixture.hear(said -> said.contains("rpc.auth"));
    assertThat(request).contains("secret2");
    assertThat(asked).containsExactly(false, true);
    fixture.server.answer(request, "{\"user\":\"u\",\"authExpiresIn\":10}");
    fixture.network.advance(Duration.ofMillis(9_100));
    String again = fixture.hear(said -> said.contains("rpc.auth"));
    fixture.server.answer(again, "{\"user\":\"u\"}");
    fixture.server.hearNothing();
    assertThat(fixture.events(ClientEvent.AuthenticationFailed.class)).isEmpty();
  }

  @Test
  void theServerMayAskForItButNotMoreOftenThanEveryFewSeconds() {
    fixture.live(fixture.builder().tokens(this::numbered));
    for (int i = 0; i < 100; i++) {
      expiring(0);
    }
    fixture.network.advance(Duration.ofMillis(200));
    String request = fixture.server.hear();
    fixture.server.answer(request, "{\"authExpiresIn\":1}");
    for (int i = 0; i < 100; i++) {
      expiring(0);
    }
    fixture.network.advance(Duration.ofMillis(4_500));
    assertThat(asked).hasSize(2);
    fixture.network.advance(Duration.ofMillis(600));
    assertThat(asked).hasSize(3);
  }

  @Test
  void aRefusedRenewalIsTriedAgainAFewTimes() {
    fixture.live(
        fixture.builder().tokens(this::numbered).settings(settings().authRetries(1).build()));
    expiring(0);
    fixture.network.advance(Duration.ofMillis(100));
    fixture.server.refuse(fixture.server.hear(), -32001);
    fixture.network.advance(Duration.ofMillis(5_200));
    fixture.server.refuse(fixture.server.hear(), -32001);
    fixture.network.advance(Duration.ofSeconds(6));

    assertThat(asked).hasSize(3);
    assertThat(fixture.events(ClientEvent.AuthenticationFailed.class))
        .extracting(ClientEvent.AuthenticationFailed::willRetry)
        .containsExactly(true, false);
    assertThat(fixture.client().status()).isEqualTo(new Status.Ready(false));
  }

  @Test
  void aRenewalThatIsNotAnsweredIsTriedAgainAndOneThatIsNotKnownIsNot() {
    fixture.live(fixture.builder().tokens(this::numbered));
    expiring(0);
    fixture.network.advance(Duration.ofMillis(100));
    assertThat(fixture.server.hear()).contains("rpc.auth");
    fixture.network.advance(Duration.ofSeconds(10));
    fixture.server.say("{\"jsonrpc\":\"2.0\",\"method\":\"$/pong\"}");
    fixture.network.advance(Duration.ofMillis(5_300));
    String again = fixture.hear(said -> said.contains("rpc.auth"));
    assertThat(fixture.events(ClientEvent.AuthenticationFailed.class)).hasSize(1);
    fixture.server.refuse(again, -32601);
    fixture.network.advance(Duration.ofSeconds(9));

    assertThat(asked).hasSize(3);
    assertThat(fixture.events(ClientEvent.AuthenticationFailed.class)).hasSize(1);
  }

  @Test
  void whatTheServerSaysBeforeATokenEndsDoesNotPutItsRenewalOff() {
    fixture.start(fixture.builder().tokens(this::numbered, TokenPlace.MESSAGE));
    assertThat(fixture.server.hear()).contains("secret1");
    fixture.server.say(ScriptedServer.WELCOME.replace("\"caps\"", "\"authExpiresIn\":40,\"caps\""));
    fixture.network.advance(Duration.ofSeconds(20));
    expiring(20_000); // at 38 s, by itself
    fixture.server.say("{\"jsonrpc\":\"2.0\",\"method\":\"$/ping\"}");
    fixture.network.advance(Duration.ofMillis(16_300));

    assertThat(fixture.hear(said -> said.contains("rpc.auth"))).contains("secret2");
  }

  @Test
  void aSupplierThatHangsWhenATokenIsRenewedIsGivenUp() {
    List<Runnable> held = new ArrayList<>();
    boolean[] hang = {false};
    fixture.live(
        fixture
            .builder()
            .workers(task -> {
              if (hang[0] && task.getClass().getSimpleName().equals("Question")) {
                held.add(task);
              } else {
                task.run();
              }
            })
            .tokens(this::numbered));
    hang[0] = true;
    expiring(0);
    fixture.network.advance(Duration.ofSeconds(10));
    fixture.server.say("{\"jsonrpc\":\"2.0\",\"method\":\"$/ping\"}");
    fixture.network.advance(Duration.ofMillis(400));

    assertThat(held).hasSize(1);
    assertThat(fixture.events(ClientEvent.AuthenticationFailed.class))
        .extracting(ClientEvent.AuthenticationFailed::willRetry)
        .containsExactly(true);
  }

  @Test
  void aFixedTokenIsNotRenewed() {
    fixture.live(fixture.builder().token("secret"));
    expiring(0);
    fixture.network.advance(Duration.ofSeconds(6));
    fixture.server.hearNothing();
  }

  private void expiring(long inMs) {
    fixture.server.say(
        "{\"jsonrpc\":\"2.0\",\"method\":\"$/authExpiring\",\"params\":{\"inMs\":" + inMs + "}}");
  }

  private ClientSettings.Builder settings() {
    return ClientSettings.builder()
        .reconnect((failures, random) -> Optional.of(Duration.ofSeconds(failures)));
  }

  private String numbered(boolean renew) {
    asked.add(renew);
    return "secret" + asked.size();
  }
}
