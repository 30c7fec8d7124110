package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.server.connection.AttributeKey;
import dev.everwire.server.connection.Connections;
import dev.everwire.server.connection.Payload;
import dev.everwire.server.connection.Report;
import dev.everwire.server.connection.ServerConnection;
import dev.everwire.server.connection.Targets;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What whoever manages connections may expect of a server, with nothing but its public words. */
final class ManagingConnectionsTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Payload NEWS = Payload.notification("news", RawJson.parse("{\"n\":7}"));
  private static final int LARGEST = 10_000;

  private final MemoryNetwork network = new MemoryNetwork();
  private final List<Server> servers = new ArrayList<>();

  private Server start(int loops) {
    try {
      Server started =
          Server.builder()
              .listen(network.listener("server", loops))
              .values(new TestValues())
              .node("n")
              .drainFor(Duration.ZERO)
              .transportLimits(TransportLimits.SERVER.withMaxMessageBytes(LARGEST))
              .topic(TopicRule.named("prices").keepLast(10))
              .identify(handshake -> Optional.ofNullable(handshake.header("user")))
              .identifyClient(handshake -> Optional.ofNullable(handshake.header("client")))
              .start();
      servers.add(started);
      return started;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    var driving = network.drive();
    servers.forEach(Server::close);
    driving.close();
  }

  private TestPeer dial() {
    return TestPeer.dial(network, "ws://server/ws");
  }

  private TestPeer dial(String client) {
    return TestPeer.dial(network, "ws://server/ws", Map.of("client", client));
  }

  private <T> T done(CompletableFuture<T> future) {
    network.runUntil(future::isDone, SOON);
    network.runUntilIdle();
    return future.join();
  }

  private Welcome hello(TestPeer peer, String more) {
    peer.send(
        "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":"
            + "{\"v\":1,\"caps\":[\"ack\"]"
            + more
            + "}}");
    RawJson answer = RawJson.parse(peer.heard().getFirst());
    RawJson result = answer.members().get("result");
    if (result == null) {
      throw new AssertionError(answer.toString());
    }
    return Welcome.read(result);
  }

  private static String resume(Welcome former) {
    return ",\"resume\":{\"session\":\""
        + former.session()
        + "\",\"token\":\""
        + former.resumeToken()
        + "\"}";
  }

  private static ServerConnection only(Connections connections, String client) {
    List<ServerConnection> found = connections.client(null, client);
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  // ---- who is there

  @Test
  void aConnectionIsTrackedFromItsBeginningToItsEnd() {
    Connections connections = start(2).registry();
    assertThat(connections.count()).isZero();
    TestPeer peer = dial("till");
    ServerConnection tracked = only(connections, "till");
    assertThat(connections.count()).isOne();
    assertThat(connections.connection(tracked.connectionId())).contains(tracked);
    network.advance(Duration.ofSeconds(3));
    assertThat(tracked.age()).isEqualTo(Duration.ofSeconds(3));

    peer.close();

    assertThat(connections.count()).isZero();
    assertThat(connections.client(null, "till")).isEmpty();
    assertThat(connections.connection(tracked.connectionId())).isEmpty();
  }

  @Test
  void aClientWhoseNameIsEmptyIsRefusedAndNotTracked() {
    Connections connections = start(1).registry();
    assertThat(dial("").failure().status()).isEqualTo(400);
    TestPeer peer = dial();
    peer.send(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.hello\","
            + "\"params\":{\"v\":1,\"client\":{\"id\":\"\"}}}");
    assertThat(peer.response(1).toString()).contains("-32602", "client: id");
    assertThat(connections.client(null, "")).isEmpty();
  }

  @Test
  void aClientThatComesAgainIsOneAndItsOldConnectionIsTold() {
    Server server = start(3);
    TestPeer old = dial("till");
    TestPeer next = dial("till");
    assertThat(old.closeCode()).isEqualTo(4409);
    assertThat(next.open()).isTrue();
    assertThat(server.connections()).isOne();
    assertThat(server.registry().client(null, "till")).hasSize(1);
  }

  @Test
  void whoeverHoldsAReplacedConnectionCannotEndItsSuccessor() {
    Connections connections = start(3).registry();
    TestPeer old = dial("till");
    ServerConnection held = only(connections, "till");
    TestPeer next = dial("till");

    held.close(CloseCode.NORMAL, "late");
    assertThat(
            done(connections.close(Targets.connections(held.connectionId()), CloseCode.NORMAL, "")))
        .isZero();
    old.abort();
    network.advance(Duration.ofMinutes(1));

    assertThat(next.open()).isTrue();
    assertThat(only(connections, "till").connectionId()).isNotEqualTo(held.connectionId());
    assertThat(connections.send(held.connectionId(), NEWS)).isEqualTo(Offer.CLOSED);
    assertThat(next.heardNothing()).isTrue();
  }

  @Test
  void closingWhomNobodyKnowsChangesNothing() {
    Connections connections = start(1).registry();
    TestPeer peer = dial();
    assertThat(done(connections.close(Targets.connections("n-99", "other"), CloseCode.NORMAL, "")))
        .isZero();
    assertThat(done(connections.kick(Targets.users("nobody"), ""))).isZero();
    assertThat(peer.open()).isTrue();
  }

  @Test
  void aListThatWasTakenStaysAsItWas() {
    Connections connections = start(2).registry();
    TestPeer one = dial("a");
    dial("b");
    List<ServerConnection> before = connections.page(null, 10);
    one.close();
    dial("c");
    assertThat(before).extracting(ServerConnection::clientId).containsExactly("a", "b");
    assertThat(connections.page(null, 10))
        .extracting(ServerConnection::clientId)
        .containsExactly("b", "c");
  }

  // ---- what they are sent

  @Test
  void sendingToWhoHasGoneSaysSoAndThrowsNothing() {
    Connections connections = start(1).registry();
    TestPeer peer = dial("till");
    ServerConnection gone = only(connections, "till");
    peer.abort();
    assertThat(gone.send(NEWS)).isEqualTo(Offer.CLOSED);
    assertThat(connections.send(gone.connectionId(), NEWS)).isEqualTo(Offer.CLOSED);
    assertThat(connections.send("nobody", NEWS)).isEqualTo(Offer.CLOSED);
    gone.close(CloseCode.NORMAL, "again");
  }

  @Test
  void aSendingForNobodyIsNoFailure() {
    Connections connections = start(1).registry();
    Report report = done(connections.sendAsync(Targets.all(), NEWS));
    assertThat(report).isEqualTo(new Report(0, 0, 0, 0, 0, List.of()));
    assertThat(report.orThrow()).isSameAs(report);
  }

  @Test
  void whoFailsIsNamedEvenIfTheOnlyOtherOneIsExcluded() {
    Connections connections = start(1).registry();
    dial("a");
    dial("b");
    Report report =
        done(
            connections.sendAsync(
                Targets.all().except(only(connections, "a").connectionId()),
                Payload.text("not spoken here")));
    assertThat(report.targets()).isOne();
    assertThat(report.excluded()).isOne();
    assertThat(report.allFailed()).isTrue();
    assertThat(report.errors())
        .extracting(Report.Failure::connectionId)
        .containsExactly(only(connections, "b").connectionId());
  }

  // ---- many, on several loops

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void everybodyIsFoundWhicheverLoopItIsOn(int loops) {
    Connections connections = start(loops).registry();
    List<TestPeer> peers = IntStream.range(0, 40).mapToObj(i -> dial("c" + i)).toList();
    assertThat(connections.count()).isEqualTo(40);
    for (int i = 0; i < 40; i++) {
      assertThat(only(connections, "c" + i).tag(i % 2 == 0 ? "even" : "odd")).isTrue();
    }
    assertThat(done(connections.sendAsync(Targets.tags("even"), NEWS)).delivered()).isEqualTo(20);

    for (int i = 0; i < 40; i += 2) {
      peers.get(i).close();
    }

    assertThat(connections.count()).isEqualTo(20);
    assertThat(connections.tagged("even")).isEmpty();
    assertThat(connections.tagged("odd")).hasSize(20);
    assertThat(peers.get(1).open()).isTrue();
    assertThat(only(connections, "c1").clientId()).isEqualTo("c1");
  }

  @Test
  void ofThousandsThatComeAndGoNothingStays() {
    Server server = start(4);
    List<TestPeer> peers =
        IntStream.range(0, 2_000)
            .mapToObj(i ->
                TestPeer.dial(
                    network, "ws://server/ws", Map.of("client", "c" + i, "user", "u" + i % 10)))
            .toList();
    assertThat(server.connections()).isEqualTo(2_000);
    assertThat(server.registry().users()).isEqualTo(10);
    assertThat(server.registry().user("u3")).hasSize(200);

    for (int i = 0; i < peers.size(); i++) {
      if (i % 3 == 0) {
        peers.get(i).close();
      } else {
        peers.get(i).abort();
      }
    }

    assertThat(server.connections()).isZero();
    assertThat(server.registry().users()).isZero();
    assertThat(server.registry().states().values()).allMatch(number -> number == 0);
  }

  // ---- what is remembered of them

  @Test
  void whatIsAttachedIsCountedBoundedAndStaysWithTheSession() {
    Connections connections = start(3).registry();
    AttributeKey<String> locale = AttributeKey.of("locale", String.class);
    AttributeKey<byte[]> large = AttributeKey.of("large", byte[].class);
    TestPeer first = dial();
    Welcome welcome = hello(first, "");
    ServerConnection before = connections.session(welcome.session()).orElseThrow();
    before.attributes().set(locale, "de");
    int small = before.attributes().bytes();
    before.attributes().set(large, new byte[1_000]);
    assertThat(before.attributes().bytes()).isGreaterThanOrEqualTo(small + 1_000);
    before.attributes().remove(large);
    assertThat(before.attributes().bytes()).isEqualTo(small);
    first.abort();

    TestPeer second = dial();
    assertThat(hello(second, resume(welcome)).resumed()).isTrue();

    ServerConnection after = connections.session(welcome.session()).orElseThrow();
    assertThat(after.connectionId()).isNotEqualTo(before.connectionId());
    assertThat(after.attributes().get(locale)).contains("de");
  }

  // ---- input that is no good

  @Test
  void whoSendsTooMuchIsClosedWith1009AndNotCountedAnyMore() {
    Server server = start(1);
    TestPeer peer = dial();
    peer.send("\"" + "x".repeat(LARGEST) + "\"");
    assertThat(peer.closeCode()).isEqualTo(1009);
    assertThat(server.connections()).isZero();
  }

  @Test
  void whoSendsNonsenseIsAnsweredAndStays() {
    Server server = start(1);
    TestPeer peer = dial();
    for (String nonsense : List.of("", "}{", "[]", "7", "{\"jsonrpc\":\"1.0\"}", "\u0000")) {
      peer.send(nonsense);
    }
    assertThat(peer.heard())
        .isNotEmpty()
        .allMatch(text -> text.contains("-326") || text.contains("-327"));
    assertThat(server.connections()).isOne();
  }

  // ---- coming back

  @Test
  void aClientThatComesBackHearsEachEventOnce() {
    Server server = start(3);
    TestPeer first = dial();
    Welcome welcome = hello(first, "");
    String epoch = subscribed(first.call(1, "rpc.subscribe", "{\"topic\":\"prices\"}"));
    publish(server, 1);
    publish(server, 2);
    assertThat(first.heard()).hasSize(2);
    first.abort();
    publish(server, 3);
    TestPeer second = dial();
    hello(second, resume(welcome));

    second.send(
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"rpc.subscribe\",\"params\":{\"topic\":\"prices\","
            + "\"since\":{\"epoch\":\""
            + epoch
            + "\",\"offset\":2}}}");
    publish(server, 4);

    assertThat(second.response(2).toString())
        .contains("\"recovered\":true", "\"offset\":3")
        .doesNotContain("\"offset\":2,\"data\"");
    assertThat(second.heard()).singleElement().asString().contains("\"offset\":4");
    assertThat(first.heardNothing()).isTrue();
  }

  /** The epoch that was answered. */
  private static String subscribed(RawJson answer) {
    RawJson result = answer.members().get("result");
    if (result == null) {
      throw new AssertionError(answer.toString());
    }
    return result.members().string("epoch");
  }

  private void publish(Server server, int value) {
    var unused = server.topics().publishAsync("prices", value);
    network.runUntilIdle();
  }

  // ---- the end

  @Test
  void atTheEndEverybodyIsToldAndNobodyIsLetInAgain() {
    Server server = start(3);
    List<TestPeer> peers = IntStream.range(0, 20).mapToObj(i -> dial()).toList();
    try (var driving = network.drive()) {
      server.close();
      assertThat(driving).isNotNull();
    }
    assertThat(peers).extracting(TestPeer::closeCode).containsOnly(1001);
    assertThat(server.connections()).isZero();
    assertThat(server.registry().count()).isZero();
    assertThat(dial().open()).isFalse();
  }
}
