package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.server.connection.ConnectionHooks;
import dev.everwire.server.connection.ConnectionState;
import dev.everwire.server.connection.DuplicateClient;
import dev.everwire.server.connection.Payload;
import dev.everwire.server.connection.ServerConnection;
import dev.everwire.server.connection.Targets;
import dev.everwire.server.limit.ConnectionLimits;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is let in, by a whole server. */
final class ComingInTest {
  private static final ConnectionLimits NONE = ConnectionLimits.DEFAULT;
  private static final Duration SOON = Duration.ofSeconds(10);

  private final MemoryNetwork network = new MemoryNetwork();
  private @Nullable Server server;

  private Server start(UnaryOperator<ServerBuilder> with) {
    try {
      Server started =
          with.apply(
                  Server.builder()
                      .listen(network.listener("server", 2))
                      .drainFor(Duration.ZERO)
                      .values(new TestValues())
                      .node("n")
                      .raw("/raw", TransportLimits.SERVER, ComingInTest::deaf)
                      .identify(handshake -> Optional.ofNullable(handshake.header("user")))
                      .identifyTenant(handshake -> Optional.ofNullable(handshake.header("tenant"))))
              .start();
      server = started;
      return started;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private TestPeer dial(String path, String... headers) {
    Map<String, String> given = headers.length == 0 ? Map.of() : Map.of(headers[0], headers[1]);
    return TestPeer.dial(network, "ws://server" + path, given);
  }

  @AfterEach
  void close() {
    var driving = network.drive();
    if (server != null) {
      server.close();
    }
    driving.close();
  }

  @Test
  void theBoundIsExactAndAPlaceIsFreeAgainWhenSomebodyHasGone() {
    Server full = start(builder -> builder.maxConnections(3));
    List<TestPeer> peers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      peers.add(dial(i == 0 ? "/raw" : "/ws"));
    }
    TestPeer refused = dial("/ws");
    assertThat(refused.failure().status()).isEqualTo(503);
    assertThat(refused.failure().retryAfter()).isEqualTo(Duration.ofSeconds(5));
    assertThat(full.connections()).isEqualTo(3);
    peers.getFirst().abort();
    assertThat(dial("/ws").open()).isTrue();
    assertThat(dial("/ws").open()).isFalse();
  }

  @Test
  void usersAndTenantsAreBoundedBeforeTheUpgrade() {
    start(builder -> builder.connectionLimits(NONE.withPerUser(1).withPerTenant(2)));
    assertThat(dial("/ws", "user", "u").open()).isTrue();
    assertThat(dial("/raw", "user", "u").failure().status()).isEqualTo(503);
    assertThat(dial("/ws", "tenant", "t").open()).isTrue();
    assertThat(dial("/ws", "tenant", "t").open()).isTrue();
    assertThat(dial("/ws", "tenant", "t").failure().status()).isEqualTo(503);
    assertThat(dial("/ws").open()).isTrue();
  }

  @Test
  void anAddressIsBounded() {
    start(builder -> builder.connectionLimits(NONE.withPerAddress(2))); // all are "memory"
    dial("/ws");
    dial("/ws");
    assertThat(dial("/ws").failure().status()).isEqualTo(503);
  }

  @Test
  void whoComesTooFastIsToldWhenToComeBack() {
    start(builder -> builder.connectionLimits(NONE.withRatePerAddress(0.5, 2)));
    assertThat(dial("/ws").open()).isTrue();
    assertThat(dial("/ws").open()).isTrue();
    TestPeer third = dial("/ws");
    assertThat(third.failure().status()).isEqualTo(503);
    assertThat(third.failure().retryAfter()).isEqualTo(Duration.ofSeconds(3));
    network.advance(Duration.ofSeconds(2));
    assertThat(dial("/ws").open()).isTrue();
  }

  @Test
  void aClientNamedByItsHandshakeReplacesItselfOnAFullServer() {
    start(builder ->
        builder
            .maxConnections(1)
            .identifyClient(handshake -> Optional.ofNullable(handshake.header("client"))));
    TestPeer old = dial("/raw", "client", "phone");
    TestPeer next = dial("/ws", "client", "phone");
    assertThat(old.closeCode()).isEqualTo(4409);
    assertThat(next.open()).isTrue();
    assertThat(dial("/ws").failure().status()).isEqualTo(503);
    assertThat(dial("/ws", "client", "x".repeat(129)).failure().status()).isEqualTo(400);
  }

  @Test
  void aClientMayBeRejectedInsteadWith409() {
    start(builder ->
        builder
            .duplicateClient(DuplicateClient.REJECT_NEW)
            .identifyClient(handshake -> Optional.ofNullable(handshake.header("client"))));
    TestPeer old = dial("/ws", "client", "phone");
    assertThat(dial("/ws", "client", "phone").failure().status()).isEqualTo(409);
    assertThat(old.open()).isTrue();
  }

  @Test
  void whoSaysThatItComesBackMayComeInToTakeAnothersPlaceButNotStay() {
    Server full = start(builder -> builder.maxConnections(1));
    dial("/ws");
    assertThat(TestPeer.dial(network, "ws://server/ws", Gate.EVERWIRE).open()).isFalse();
    TestPeer hopeful = TestPeer.dial(network, "ws://server/ws", Gate.EVERWIRE, "everwire.resume");
    assertThat(hopeful.open()).isTrue();
    assertThat(full.registry().connection("n-2").map(ServerConnection::state))
        .contains(ConnectionState.AUTHENTICATING);
    assertThat(dial("/ws", "everwire-resume", "1").open()).isFalse(); // the reserve is one
    network.advance(Duration.ofSeconds(6));
    assertThat(hopeful.closeCode()).isEqualTo(1013);
    assertThat(full.connections()).isOne();
  }

  @Test
  void aReceiverThatCannotBeMadeLeavesNothingBehind() {
    Server bounded =
        start(builder ->
            builder
                .maxConnections(1)
                .raw(
                    "/broken",
                    TransportLimits.SERVER,
                    transport -> {
                      throw new IllegalStateException("broken");
                    }));
    for (int i = 0; i < 3; i++) {
      assertThat(dial("/broken").closeCode()).isEqualTo(1011);
    }
    assertThat(bounded.connections()).isZero();
    assertThat(dial("/ws").open()).isTrue();
  }

  @Test
  void hooksAreToldOfRawAndOtherConnections() {
    Queue<String> told = new ConcurrentLinkedQueue<>();
    ConnectionHooks hooks =
        new ConnectionHooks() {
          @Override
          public void onConnect(ServerConnection connection) {
            connection.tag("met");
            told.add("connect " + connection.path());
          }

          @Override
          public void onDisconnected(
              ServerConnection connection, String reason, int code, Duration duration) {
            told.add("disconnected " + connection.path() + " " + code);
          }
        };
    start(builder -> builder.connectionHooks(hooks));
    TestPeer raw = dial("/raw");
    TestPeer plain = dial("/ws");
    network.runUntil(() -> told.size() == 2, SOON);
    raw.close();
    plain.abort();
    network.runUntil(() -> told.size() == 4, SOON);
    assertThat(told)
        .containsExactlyInAnyOrder(
            "connect /raw", "connect /ws", "disconnected /raw 1000", "disconnected /ws 1006");
  }

  @Test
  void theEndOfTheLastIsToldBeforeTheServerHasClosed() {
    Queue<String> told = new ConcurrentLinkedQueue<>();
    ConnectionHooks hooks =
        new ConnectionHooks() {
          @Override
          public void onDisconnected(
              ServerConnection connection, String reason, int code, Duration duration) {
            if (Thread.currentThread().isInterrupted()) {
              throw new IllegalStateException("interrupted");
            }
            told.add(connection.connectionId());
          }
        };
    Server closing = start(builder -> builder.connectionHooks(hooks));
    for (int i = 0; i < 5; i++) {
      dial("/raw");
    }
    var driving = network.drive();
    closing.close();
    driving.close();
    assertThat(told).containsExactlyInAnyOrder("n-1", "n-2", "n-3", "n-4", "n-5");
  }

  @Test
  void afterTheEndNobodyWaitsForEver() {
    Server over = start(builder -> builder);
    dial("/raw");
    ServerConnection connection = over.registry().connection("n-1").orElseThrow();
    var driving = network.drive();
    over.close();
    driving.close();
    assertThat(over.registry().sendAsync(Targets.all(), Payload.text("x"))).isCompleted();
    assertThat(over.registry().kick(Targets.all(), "x")).isCompletedWithValue(0);
    assertThat(connection.figures()).isCompletedExceptionally();
  }

  @Test
  void whatIsNoSettingIsRefused() {
    assertThatThrownBy(() -> Server.builder().maxConnections(0))
        .hasMessage("maxConnections: 0 (expected: >= 1)");
  }

  private static Receiver deaf(Transport transport) {
    return new Receiver() {
      @Override
      public void onText(ByteBuffer utf8) {}

      @Override
      public void onBinary(ByteBuffer bytes) {}

      @Override
      public void onClosed(int code, String reason) {}
    };
  }
}
