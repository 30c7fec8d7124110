package dev.everwire.crowd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.ClientEvent.AuthenticationFailed;
import dev.everwire.client.link.ClientSettings;
import dev.everwire.client.link.ConnectFailedException;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.server.Server;
import dev.everwire.session.transport.Acceptor.Refuse;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is not let in by the upgrade. */
@Timeout(60)
class TokensTest {
  private final List<ClientEvent> events = new CopyOnWriteArrayList<>();
  private final List<Boolean> asked = new CopyOnWriteArrayList<>();
  private Server server;

  @BeforeEach
  void start() throws IOException {
    server =
        Everwire.server(0)
            .admission(handshake ->
                "good".equals(handshake.bearerToken())
                    ? Optional.empty()
                    : Optional.of(Refuse.with(401, "who are you?")))
            .identify(handshake -> Optional.ofNullable(handshake.bearerToken()))
            .method("who", call -> call.caller().user().orElse("nobody"))
            .start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aRefusedTokenIsAnEventAndAnotherIsAskedFor() {
    try (Client client = client().tokens(renew -> token(renew, renew ? "good" : "old")).connect()) {
      assertThat(client.call("who", null, String.class)).isEqualTo("good");
      assertThat(asked).containsExactly(false, true);
      Await.until(() -> !refusals().isEmpty());
      assertThat(refusals()).hasSize(1).allMatch(AuthenticationFailed::willRetry);
    }
  }

  @Test
  void aTokenThatCannotBeRenewedIsRefusedForGood() {
    assertThatThrownBy(() -> client().token("old").connect())
        .isInstanceOfSatisfying(
            ConnectFailedException.class, e -> assertThat(e.httpStatus()).isEqualTo(401));
    Await.until(this::over);
    assertThat(refusals()).hasSize(1).noneMatch(AuthenticationFailed::willRetry);
    assertThat(server.connections()).isZero();
  }

  @Test
  void aSupplierIsAskedForOnlySoManyTokensInARow() {
    ClientSettings twice = ClientSettings.testing().toBuilder().authRetries(2).build();
    assertThatThrownBy(
            () -> client().settings(twice).tokens(renew -> token(renew, "old")).connect())
        .isInstanceOf(ConnectFailedException.class);
    Await.until(this::over);
    assertThat(asked).containsExactly(false, true, true);
    assertThat(refusals()).hasSize(3);
  }

  @Test
  void aSupplierThatFailsIsAskedAgain() {
    try (Client client =
        client()
            .tokens(renew -> {
              if (asked.size() < 2) {
                asked.add(renew);
                throw new IOException("the vault is closed");
              }
              return token(renew, "good");
            })
            .connect()) {
      assertThat(client.call("who", null, String.class)).isEqualTo("good");
      assertThat(asked).hasSize(3);
    }
  }

  private String token(boolean renew, String token) {
    asked.add(renew);
    return token;
  }

  private ClientBuilder client() {
    return Everwire.client(URI.create("ws://127.0.0.1:" + server.port() + "/ws"))
        .reconnect(ReconnectPolicy.fixed(Duration.ofMillis(20)))
        .onEvent(events::add);
  }

  private List<AuthenticationFailed> refusals() {
    return events.stream()
        .filter(AuthenticationFailed.class::isInstance)
        .map(AuthenticationFailed.class::cast)
        .toList();
  }

  private boolean over() {
    return events.stream()
        .anyMatch(event ->
            event instanceof ClientEvent.StatusChanged(long epoch, Status status)
                && status.terminal());
  }
}
