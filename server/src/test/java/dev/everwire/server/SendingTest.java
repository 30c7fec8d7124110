package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.connection.Connections;
import dev.everwire.server.connection.Payload;
import dev.everwire.server.connection.Report;
import dev.everwire.server.connection.ServerConnection;
import dev.everwire.server.connection.Targets;
import dev.everwire.server.internal.registry.Entry;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sending to one and to many, whatever they speak, on three loops. */
final class SendingTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Payload NEWS = Payload.notification("news", RawJson.parse("{\"n\":7}"));
  private static final String NEWS_HEARD =
      "{\"jsonrpc\":\"2.0\",\"method\":\"news\",\"params\":{\"n\":7}}";

  private final MemoryNetwork network = new MemoryNetwork();
  private final Server server;
  private final Connections connections;

  SendingTest() throws IOException {
    server =
        Server.builder()
            .listen(network.listener("server", 3))
            .drainFor(Duration.ZERO)
            .values(new TestValues())
            .node("n")
            .raw("/raw", TransportLimits.SERVER.withMaxQueued(1_000, 10), Deaf::new)
            .dialect("/events", Dialect.RPC_WEBSOCKETS)
            .identify(handshake -> Optional.ofNullable(handshake.header("user")))
            .identifyClient(handshake -> Optional.ofNullable(handshake.header("client")))
            .start();
    connections = server.registry();
  }

  @AfterEach
  void close() {
    var driving = network.drive();
    server.close();
    driving.close();
  }

  private TestPeer dial(String path, String... headers) {
    Map<String, String> given = headers.length == 0 ? Map.of() : Map.of(headers[0], headers[1]);
    return TestPeer.dial(network, "ws://server" + path, given);
  }

  private Report send(Targets targets, Payload payload) {
    return done(connections.sendAsync(targets, payload));
  }

  private <T> T done(CompletableFuture<T> future) {
    network.runUntil(future::isDone, SOON);
    network.runUntilIdle();
    return future.join();
  }

  // ---- one

  @Test
  void oneIsSentWhatItSpeaks() {
    TestPeer plain = dial("/ws");
    TestPeer raw = dial("/raw");
    TestPeer events = dial("/events");
    assertThat(connections.send("n-1", NEWS)).isEqualTo(Offer.QUEUED);
    assertThat(connections.send("n-2", Payload.text("héllo"))).isEqualTo(Offer.QUEUED);
    assertThat(connections.send("n-2", Payload.binary(utf8("bytes")))).isEqualTo(Offer.QUEUED);
    assertThat(connections.send("n-3", NEWS)).isEqualTo(Offer.QUEUED);
    assertThat(connections.send("n-4", NEWS)).isEqualTo(Offer.CLOSED);
    network.runUntilIdle();
    assertThat(plain.heard()).containsExactly(NEWS_HEARD);
    assertThat(raw.heard()).containsExactly("héllo", "binary bytes");
    assertThat(events.heard()).hasSize(1).first().asString().contains("\"notification\":\"news\"");

    assertThatThrownBy(() -> connections.send("n-1", Payload.text("x")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("a conversation takes notifications only: n-1");
    assertThatThrownBy(() -> connections.send("n-2", NEWS))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("a raw peer takes no notifications: n-2");
  }

  @Test
  void aSenderThatIsFasterThanTheLinkHearsFull() {
    dial("/raw");
    Payload half = Payload.binary(new byte[600 * 1024]);
    assertThat(connections.send("n-1", half)).isEqualTo(Offer.QUEUED);
    assertThat(connections.send("n-1", half)).isEqualTo(Offer.FULL);
    network.runUntilIdle();
    assertThat(connections.send("n-1", half)).isEqualTo(Offer.QUEUED);
    network.runUntilIdle();
  }

  @Test
  void onItsOwnLoopAFullQueueIsSaidAtOnceAndItStaysOpen() {
    TestPeer raw = dial("/raw");
    raw.reading(false);
    network.window(0);
    ServerConnection connection = connections.connection("n-1").orElseThrow();
    List<Offer> offers = new ArrayList<>();
    onLoopOf(
        connection,
        () -> {
          for (int i = 0; i < 200; i++) {
            offers.add(connection.send(Payload.binary(new byte[900])));
          }
        });
    assertThat(offers).contains(Offer.QUEUED, Offer.FULL).doesNotContain(Offer.CLOSED);
    assertThat(raw.open()).isTrue();
  }

  private void onLoopOf(ServerConnection connection, Runnable task) {
    ((Entry) connection).loop().execute(task);
    network.runUntilIdle();
  }

  // ---- many

  @Test
  void allGetItOnceEncodedAsEachSpeaks() {
    List<TestPeer> plain = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      plain.add(dial("/ws"));
    }
    TestPeer events = dial("/events");
    Report report = send(Targets.all(), NEWS);
    assertThat(report).isEqualTo(new Report(8, 0, 8, 0, 0, List.of()));
    plain.forEach(peer -> assertThat(peer.heard()).containsExactly(NEWS_HEARD));
    assertThat(events.heard())
        .containsExactly("{\"notification\":\"news\",\"params\":[{\"n\":7}]}");
  }

  @Test
  void whoIsExcludedIsNoTarget() {
    TestPeer one = dial("/ws");
    TestPeer two = dial("/ws", "client", "phone");
    TestPeer three = dial("/ws");
    Report report =
        send(Targets.all().except("n-1", "nobody", "phone").exceptClients(null, "phone"), NEWS);
    assertThat(report).isEqualTo(new Report(1, 2, 1, 0, 0, List.of()));
    assertThat(one.heardNothing()).isTrue();
    assertThat(two.heardNothing()).isTrue();
    assertThat(three.heard()).containsExactly(NEWS_HEARD);
  }

  @Test
  void usersTagsClientsSessionsAndConnectionsAreTargets() {
    TestPeer one = dial("/ws", "user", "u");
    TestPeer two = dial("/ws", "user", "u");
    TestPeer three = dial("/ws", "client", "phone");
    connections.connection("n-2").orElseThrow().tag("eu");
    connections.connection("n-3").orElseThrow().tag("eu");
    assertThat(send(Targets.users("u", "v"), NEWS).delivered()).isEqualTo(2);
    assertThat(send(Targets.tags("eu", "us"), NEWS).delivered()).isEqualTo(2);
    assertThat(send(Targets.clients("phone"), NEWS).delivered()).isOne();
    assertThat(send(Targets.clientsOf("u", "phone"), NEWS).targets()).isZero();
    assertThat(send(Targets.sessions("n-1"), NEWS).delivered()).isOne();
    assertThat(send(Targets.connections("n-1", "n-2", "n-9"), NEWS).delivered()).isEqualTo(2);
    assertThat(one.heard()).hasSize(3);
    assertThat(two.heard()).hasSize(3);
    assertThat(three.heard()).hasSize(2);
  }

  @Test
  void whoHasSeveralOfTheNamesGetsItOnce() {
    dial("/ws");
    ServerConnection connection = connections.connection("n-1").orElseThrow();
    connection.tag("a");
    connection.tag("b");
    assertThat(send(Targets.tags("a", "b"), NEWS)).isEqualTo(new Report(1, 0, 1, 0, 0, List.of()));
  }

  @Test
  void oneThatFailsStopsNobody() {
    TestPeer plain = dial("/ws");
    dial("/raw");
    TestPeer small = dial("/ws");
    small.call(1, "rpc.hello", "{\"v\":1,\"limits\":{\"frame\":4096}}");
    small.heard();
    Report report =
        send(
            Targets.all(),
            Payload.notification("news", RawJson.parse("[\"" + "x".repeat(5_000) + "\"]")));
    assertThat(report.targets()).isEqualTo(3);
    assertThat(report.delivered()).isOne();
    assertThat(report.failed()).isEqualTo(2);
    assertThat(report.errors())
        .extracting(Report.Failure::connectionId)
        .containsExactlyInAnyOrder("n-2", "n-3");
    assertThat(report.errors())
        .extracting(Report.Failure::reason)
        .anySatisfy(why -> assertThat(why).isEqualTo("a raw peer takes no notifications"))
        .anySatisfy(why -> assertThat(why).startsWith("the notification is too large"));
    assertThat(plain.heard()).hasSize(1);
    assertThat(small.heardNothing()).isTrue();
  }

  @Test
  void rawTextReachesRawPeersOnly() {
    TestPeer plain = dial("/ws");
    TestPeer raw = dial("/raw");
    Report report = send(Targets.all(), Payload.text("hi"));
    assertThat(report.delivered()).isOne();
    assertThat(report.errors())
        .containsExactly(new Report.Failure("n-1", "a conversation takes notifications only"));
    assertThat(raw.heard()).containsExactly("hi");
    assertThat(send(Targets.all(), Payload.binary(utf8("b"))).delivered()).isOne();
    assertThat(raw.heard()).containsExactly("binary b");
    assertThat(plain.heardNothing()).isTrue();
  }

  @Test
  void onlyTheFirstTenErrorsAreListed() {
    for (int i = 0; i < 15; i++) {
      dial("/raw");
    }
    Report report = send(Targets.all(), NEWS);
    assertThat(report.failed()).isEqualTo(15);
    assertThat(report.errors()).hasSize(10);
    assertThat(report.allFailed()).isTrue();
    assertThat(send(Targets.users("nobody"), NEWS).allFailed()).isFalse();
  }

  @Test
  void aFullQueueDropsItAndKeepsItsConnection() {
    network.window(0);
    TestPeer slow = dial("/raw");
    slow.reading(false);
    TestPeer other = dial("/raw");
    int dropped = 0;
    for (int i = 0; i < 20; i++) {
      Report report = send(Targets.all(), Payload.binary(new byte[300]));
      assertThat(report.failed()).isZero();
      dropped += report.dropped();
    }
    assertThat(dropped).isPositive();
    assertThat(slow.open()).isTrue();
    assertThat(other.open()).isTrue();
  }

  @Test
  void whatCannotBeWrittenReachesNobodyAndIsSaidAtOnce() {
    dial("/ws");
    assertThatThrownBy(
            () -> connections.sendAsync(Targets.all(), Payload.notification("n", "neither")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("params: a STRING (expected: a map, record, list, array or null)");
  }

  @Test
  void onALoopNothingWaits() {
    dial("/ws");
    ServerConnection connection = connections.connection("n-1").orElseThrow();
    List<Throwable> thrown = new ArrayList<>();
    onLoopOf(
        connection,
        () -> {
          try {
            connections.send(Targets.all(), NEWS);
          } catch (IllegalStateException e) {
            thrown.add(e);
          }
        });
    assertThat(thrown)
        .hasSize(1)
        .first()
        .extracting(Throwable::getMessage)
        .asString()
        .isEqualTo("send: on an event loop (expected: sendAsync)");
  }

  @Test
  void elsewhereSendingWaitsForTheQueues() {
    TestPeer peer = dial("/ws");
    try (var driving = network.drive()) {
      assertThat(driving).isNotNull();
      assertThat(connections.send(Targets.all(), NEWS).delivered()).isOne();
    }
    network.runUntilIdle();
    assertThat(peer.heard()).containsExactly(NEWS_HEARD);
  }

  // ---- closing

  @Test
  void oneOrManyAreClosedOrKicked() {
    TestPeer one = dial("/ws");
    TestPeer two = dial("/ws", "user", "u");
    TestPeer three = dial("/raw", "user", "u");
    assertThat(done(connections.kick(Targets.users("u"), "spam"))).isEqualTo(2);
    assertThat(two.closeCode()).isEqualTo(4410);
    assertThat(three.closeCode()).isEqualTo(4410);
    connections.connection("n-1").orElseThrow().close(CloseCode.GOING_AWAY, "bye");
    network.runUntilIdle();
    assertThat(one.closeCode()).isEqualTo(1001);
    assertThat(done(connections.kick(Targets.all(), ""))).isZero();
    assertThatThrownBy(() -> connections.close(Targets.all(), CloseCode.ABNORMAL, ""))
        .hasMessage("code: 1006 (expected: one that may be sent)");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private record Deaf(Transport transport) implements Receiver {
    @Override
    public void onText(ByteBuffer utf8) {}

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {}
  }
}
