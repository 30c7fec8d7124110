package dev.everwire.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.client.link.LastClose;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.Status;
import dev.everwire.jackson.JacksonValues;
import dev.everwire.session.Handler;
import dev.everwire.session.Peer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client, to a raw server. */
class AtTheClientTest extends PeerContract {
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(60);

  private @Nullable Client client;

  @Override
  RawEnd connected(Map<String, Handler> methods) {
    RawEnd server = RawEnd.listen(network);
    ClientBuilder builder =
        Client.builder(URI.create("ws://server/ws"))
            .dialer(network.dialer())
            .values(JacksonValues.create())
            .workers(work::add)
            .random(new SplittableRandom(1))
            .reconnect(ReconnectPolicy.exponential(Duration.ofSeconds(1), LONGEST_DELAY))
            .plain();
    methods.forEach(builder::method);
    client = builder.start();
    settle();
    return server;
  }

  private Client client() {
    return Objects.requireNonNull(client);
  }

  @Override
  Peer peer() {
    return client();
  }

  @Override
  RawEnd connectedAgain(RawEnd former) {
    network.advance(LONGEST_DELAY);
    settle();
    assertThat(former.connections()).isEqualTo(2);
    return former;
  }

  @AfterEach
  void close() {
    if (client != null) {
      var unused = client.closeAsync();
      network.advance(Duration.ofSeconds(1));
      settle();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1001, 1011, 1012, 1013, 3000, 4000, 4002, 4200})
  void afterThisCodeTheClientComesBack(int code) {
    RawEnd server = connected(Map.of());

    server.close(code, "for now");
    settle();

    assertThat(client().status()).isInstanceOf(Status.Reconnecting.class);
    network.advance(LONGEST_DELAY);
    settle();
    assertThat(server.connections()).isEqualTo(2);
    assertThat(client().status()).isInstanceOf(Status.Ready.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1002, 1003, 1007, 1008, 1009, 4101, 4400, 4401, 4403, 4409, 4410})
  void afterThisCodeTheClientStops(int code) {
    RawEnd server = connected(Map.of());

    server.close(code, "for good");
    settle();
    network.advance(Duration.ofMinutes(10));
    settle();

    assertThat(server.connections()).isOne();
    assertThat(client().status())
        .isInstanceOfSatisfying(
            Status.Failed.class, closed -> assertThat(closed.why()).contains("for good"));
    assertThat(client().lastClose()).contains(new LastClose(code, "for good"));
  }

  @Test
  void howTheLastConnectionEndedIsKnownUntilThereIsAnother() {
    RawEnd server = connected(Map.of());
    assertThat(client().lastClose()).isEmpty();

    server.close(1012, "restarting");
    settle();
    assertThat(client().lastClose()).contains(new LastClose(1012, "restarting"));

    RawEnd again = connectedAgain(server);
    assertThat(client().lastClose()).isEmpty();

    again.cut();
    settle();
    assertThat(client().lastClose())
        .hasValueSatisfying(close -> assertThat(close.code()).isEqualTo(1006));
  }

  @Test
  void anExplicitCloseIsForGood() {
    RawEnd server = connected(Map.of());

    var unused = client().closeAsync();
    settle();
    network.advance(Duration.ofMinutes(10));
    settle();

    assertThat(server.closeCode()).isEqualTo(1000);
    assertThat(server.connections()).isOne();
  }
}
