package dev.everwire.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.client.link.ConnectFailedException;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.client.link.TokenPlace;
import dev.everwire.server.Server;
import dev.everwire.server.access.Authentication;
import dev.everwire.server.connection.ServerConnection;
import dev.everwire.session.CallOptions;
import dev.everwire.spi.auth.Authenticator;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Principal;
import dev.everwire.spi.auth.Revocation;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens that end, are renewed and are taken back, over real sockets. */
@Timeout(60)
final class TokensOverSocketsTest {
  private final Clerk clerk = new Clerk();
  private final AtomicInteger given = new AtomicInteger();
  private @Nullable Server server;
  private @Nullable TcpProxy network;
  private @Nullable Client client;

  /** Believes in {@code user:issued:expires}, in milliseconds. */
  private static final class Clerk implements Authenticator {
    private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public CompletionStage<Verdict> authenticate(Credentials credentials) {
      asked.incrementAndGet();
      return CompletableFuture.supplyAsync(() -> decide(credentials.token()), threads);
    }

    private static Verdict decide(@Nullable String token) {
      if (token == null) {
        return new Verdict.Absent();
      }
      List<String> parts = Arrays.asList(token.split(":", -1));
      if (parts.size() != 3) {
        return new Verdict.Refused(Reason.INVALID, "wrong token");
      }
      Instant end = Instant.ofEpochMilli(Long.parseLong(parts.get(2)));
      return end.isBefore(Instant.now())
          ? new Verdict.Refused(Reason.EXPIRED, "the token has expired")
          : new Verdict.Accepted(
              Principal.of(parts.get(0), "clerk")
                  .withToken(token, Instant.ofEpochMilli(Long.parseLong(parts.get(1))), end));
    }
  }

  private static String token(String user, Duration life) {
    Instant now = Instant.now();
    return user + ":" + now.toEpochMilli() + ":" + now.plus(life).toEpochMilli();
  }

  private Server serve() throws IOException {
    Server started =
        Everwire.server(0)
            .authentication(Authentication.by(clerk).withGrace(Duration.ofSeconds(5)))
            .method("who", call -> call.caller().user().orElse("nobody"))
            .start();
    server = started;
    network = TcpProxy.to(started.port());
    return started;
  }

  private ClientBuilder dialler() {
    TcpProxy between = network;
    if (between == null) {
      throw new IllegalStateException("serve first");
    }
    return Everwire.client(URI.create("ws://127.0.0.1:" + between.port() + "/ws"))
        .reconnect(ReconnectPolicy.fixed(Duration.ofMillis(20)));
  }

  private Client connect(ClientBuilder builder) {
    Client made = builder.connect();
    client = made;
    return made;
  }

  @AfterEach
  void close() {
    if (client != null) {
      client.close();
    }
    if (network != null) {
      network.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private static String who(Client client) {
    Object user =
        client.call("who", null, Object.class, CallOptions.within(Duration.ofSeconds(20)));
    return String.valueOf(user);
  }

  @ParameterizedTest
  @EnumSource(TokenPlace.class)
  void aClientRenewsItsTokenByItselfAndNobodyNoticesAnything(TokenPlace place) throws IOException {
    Server there = serve();
    Client to =
        connect(
            dialler()
                .tokens(
                    renew -> {
                      given.incrementAndGet();
                      return token("alice", Duration.ofSeconds(2));
                    },
                    place));
    String connection = there.registry().user("alice").getFirst().connectionId();
    Await.until(() -> given.get() >= 2); // not more often than every 5 s

    assertThat(who(to)).isEqualTo("alice");
    assertThat(there.registry().user("alice"))
        .extracting(ServerConnection::connectionId)
        .containsExactly(connection);
  }

  @Test
  void cutsCostTheAuthenticatorNothing() throws IOException {
    serve();
    Client to = connect(dialler().token(token("alice", Duration.ofHours(1))));
    TcpProxy between = network;
    if (between == null) {
      throw new IllegalStateException();
    }
    for (int i = 0; i < 20; i++) {
      between.cut();
      Await.until(() -> !(to.status() instanceof Status.Ready));
      between.resume();
      assertThat(who(to)).isEqualTo("alice");
    }

    assertThat(clerk.asked).hasValue(1);
  }

  @Test
  void whoIsRevokedComesBackOnlyWithSomethingNewer() throws IOException {
    Server there = serve();
    String old = token("alice", Duration.ofHours(1));
    Client stubborn = connect(dialler().token(old));
    there.access().revoke(new Revocation.User("alice", Instant.now().plusMillis(1)));
    Await.until(() -> stubborn.status() instanceof Status.Failed);
    assertThatThrownBy(() -> dialler().token(old).connect())
        .isInstanceOf(ConnectFailedException.class);

    Client renewed = connect(dialler().tokens(renew -> token("alice", Duration.ofHours(1))));
    assertThat(who(renewed)).isEqualTo("alice");
    stubborn.close();
  }

  @Test
  void aClientWithATokenThatIsOverGetsAnotherAndComesIn() throws IOException {
    serve();
    Client to =
        connect(
            dialler()
                .tokens(
                    renew -> token("alice", renew ? Duration.ofHours(1) : Duration.ofSeconds(-1)),
                    TokenPlace.MESSAGE));

    assertThat(who(to)).isEqualTo("alice");
  }
}
