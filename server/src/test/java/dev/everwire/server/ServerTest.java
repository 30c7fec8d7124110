package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Welcome;
import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.drain.DrainReport;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ServerTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final MemoryNetwork network = new MemoryNetwork();
  private final CountDownLatch finish = new CountDownLatch(1);
  private final Server server = start();

  private Server start() {
    try {
      return builder("server").start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private ServerBuilder builder(String name) {
    return Server.builder()
        .listen(network.listener(name))
        .values(new TestValues())
        .random(new Random(1))
        .drainFor(Duration.ofSeconds(10))
        .node("n1")
        .method(
            "add",
            call ->
                call.params().get(0, "a", Integer.class) + call.params().get(1, "b", Integer.class))
        .method(
            "wait",
            call -> {
              finish.await();
              return "waited";
            })
        .topic(TopicRule.named("prices/*").keepLast(10))
        .topic(TopicRule.named("chat/**").keepLast(10).publishable())
        .http("/hello", request -> HttpReply.text(200, "hello"))
        .http(
            "/broken",
            request -> {
              throw new IllegalStateException("secret");
            })
        .raw("/echo", TransportLimits.SERVER, Echo::new)
        .raw(
            "/unwilling",
            TransportLimits.SERVER,
            transport -> {
              throw new IllegalStateException("secret");
            });
  }

  @AfterEach
  void close() {
    finish.countDown();
    var unused = server.drain(DrainPlan.DEFAULT.within(Duration.ZERO));
    network.advance(Duration.ofSeconds(11));
    server.close();
  }

  // ---- coming in

  @Test
  void aPlainPeerCallsAMethodWithoutHello() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    peer.queue("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"add\",\"params\":[2,3]}");
    network.runUntil(() -> !peer.heardNothing(), SOON);

    assertThat(peer.heard()).containsExactly("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":5}");
    assertThat(server.connections()).isOne();
  }

  @Test
  void anUnknownPathIsRefusedBeforeTheUpgrade() {
    assertThat(TestPeer.dial(network, "ws://server/other").failure().status()).isEqualTo(404);
  }

  @Test
  void unknownSubprotocolsAreNoReasonToRefuse() {
    assertThat(TestPeer.dial(network, "ws://server/ws", "soap", "graphql").open()).isTrue();
  }

  @Test
  void aRawPathSpeaksWhatItsReceiverSpeaks() {
    TestPeer peer = TestPeer.dial(network, "ws://server/echo");
    peer.send("not json");

    assertThat(peer.heard()).containsExactly("not json");
    assertThat(server.connections()).isOne();
    peer.close();
    assertThat(server.connections()).isZero();
  }

  @Test
  void aRawPathWhoseReceiverCannotBeMadeIsClosedAndNotCounted() {
    TestPeer peer = TestPeer.dial(network, "ws://server/unwilling");

    assertThat(peer.closeCode()).isEqualTo(1011);
    assertThat(server.connections()).isZero();
  }

  @Test
  void twoServersCannotHaveOneName() {
    assertThatThrownBy(() -> builder("server").start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("server");
  }

  @Test
  void whatIsRequiredIsSaid() {
    assertThatThrownBy(() -> Server.builder().start())
        .hasMessage("listen: not set (expected: a Listener)");
    assertThatThrownBy(() -> Server.builder().listen(network.listener("x")).start())
        .hasMessage("values: not set (expected: a ValueCodec)");
    assertThatThrownBy(() -> Server.builder().path("/health"))
        .hasMessage("path: \"/health\" (expected: not reserved)");
    assertThatThrownBy(() -> builder("x").path("/echo").start())
        .hasMessage("path: \"/echo\" (expected: not given before)");
    assertThatThrownBy(() -> Server.builder().drainFor(Duration.ofSeconds(-1)))
        .hasMessage("within: PT-1S (expected: >= 0, <= P365D)");
  }

  // ---- hello

  @Test
  void helloMakesASession() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    Welcome welcome = Welcome.read(result(peer.call(1, "rpc.hello", "{\"v\":1}")));

    assertThat(welcome.resumed()).isFalse();
    assertThat(welcome.reason()).isNull();
    assertThat(welcome.session()).hasSize(16);
    assertThat(welcome.resumeToken()).startsWith("v1.");
    assertThat(welcome.generation()).isOne();
    assertThat(welcome.node()).isEqualTo("n1");
    assertThat(welcome.caps()).containsExactly("batch", "meta", "stream", "server-calls", "ack");
    assertThat(welcome.heartbeatIntervalMs()).isEqualTo(25_000);
    assertThat(welcome.heartbeatTimeoutMs()).isEqualTo(10_000);
    assertThat(welcome.resumeWindowMs()).isZero();
    assertThat(welcome.limits())
        .isEqualTo(Map.of("frame", 10L << 20, "subscriptions", 128L, "inflight", 256L));
    assertThat(welcome.timeMs()).isEqualTo(network.time().wallTime().toEpochMilli());

    network.advance(Duration.ofSeconds(25));
    assertThat(peer.heard()).containsExactly("{\"jsonrpc\":\"2.0\",\"method\":\"$/ping\"}");
  }

  @Test
  void aResumeOfWhatNeverWasIsAnsweredWithAFreshSession() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    RawJson answer =
        peer.call(
            1,
            "rpc.hello",
            "{\"v\":1,\"resume\":{\"session\":\"S1\",\"token\":\"R1\",\"pending\":[17,18]}}");
    Welcome welcome = Welcome.read(result(answer));

    assertThat(welcome.resumed()).isFalse();
    assertThat(welcome.reason()).isEqualTo("unknown");
    assertThat(welcome.session()).isNotEqualTo("S1");
    assertThat(welcome.calls()).isEqualTo(Map.of(17L, "unknown", 18L, "unknown"));
  }

  @Test
  void aWrongHelloIsRefusedAndTheNextOneIsHeard() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");

    assertThat(error(peer.call(1, "rpc.hello", "{\"v\":2}"))).isEqualTo(-32602);
    assertThat(error(peer.call(2, "rpc.hello", "{}"))).isEqualTo(-32602);
    assertThat(error(peer.call(3, "rpc.hello", "[]"))).isEqualTo(-32602);
    assertThat(peer.call(4, "rpc.hello", "{\"v\":1}").members().get("result")).isNotNull();
  }

  @Test
  void aSecondHelloIsRefused() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    peer.call(1, "rpc.hello", "{\"v\":1}");

    assertThat(error(peer.call(2, "rpc.hello", "{\"v\":1}"))).isEqualTo(-32600);
  }

  @Test
  void unknownMethodsOfOursAreNotFound() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");

    assertThat(error(peer.call(1, "rpc.other", "{}"))).isEqualTo(-32601);
    assertThat(error(peer.call(2, "nothing", "{}"))).isEqualTo(-32601);
  }

  // ---- topics, from both sides

  @Test
  void whatTheServerPublishesIsToldToSubscribers() {
    TestPeer peer = TestPeer.dial(network, "ws://server/ws");
    RawJson answer = result(peer.call(1, "rpc.subscribe", "{\"topic\":\"prices/eur\"}"));
    var position = server.topics().publish("prices/eur", 7);
    network.runUntilIdle();

    assertThat(answer)
        .isEqualTo(
            RawJson.parse(
                "{\"topic\":\"prices/eur\",\"epoch\":\"" + position.epoch() + "\",\"offset\":0}"));
    assertThat(position.offset()).isOne();
    assertThat(peer.heard())
        .containsExactly(
            "{\"jsonrpc\":\"2.0\",\"method\":\"rpc.event\",\"params\":"
                + "{\"topic\":\"prices/eur\",\"offset\":1,\"data\":7}}");
  }

  @Test
  void publishingAsksTheRules() {
    assertThatThrownBy(() -> server.topics().publish("nowhere", 1))
        .hasMessage("topic: \"nowhere\" (expected: one that a rule names)");
    assertThatThrownBy(() -> server.topics().publish("$own", 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(server.topics().publishAsync("prices/eur", RawJson.TRUE).join().offset()).isOne();
  }

  // ---- HTTP

  @Test
  void healthAndReadinessAreAnswered() {
    assertThat(get("/health").status()).isEqualTo(200);
    assertThat(text(get("/health"))).isEqualTo("{\"status\":\"ok\"}");
    assertThat(text(get("/ready"))).isEqualTo("{\"status\":\"ready\"}");
    assertThat(request("POST", "/health").status()).isEqualTo(405);
    assertThat(request("POST", "/health").headers()).containsEntry("allow", "GET, HEAD");
    assertThat(request("HEAD", "/ready").status()).isEqualTo(200); // as load balancers ask
  }

  @Test
  void routesAreAnsweredAndUnknownPathsAreNot() {
    assertThat(text(get("/hello"))).isEqualTo("hello");
    assertThat(get("/other").status()).isEqualTo(404);
    assertThat(get("/ws").status()).isEqualTo(426);
  }

  @Test
  void aRouteThatThrowsSaysNothing() {
    HttpReply reply = get("/broken");

    assertThat(reply.status()).isEqualTo(500);
    assertThat(text(reply)).isEmpty();
  }

  // ---- the end

  @Test
  void drainingWaitsForCallsThenClosesWith1001() {
    TestPeer caller = TestPeer.dial(network, "ws://server/ws");
    TestPeer idle = TestPeer.dial(network, "ws://server/echo");
    caller.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"wait\"}");

    CompletableFuture<DrainReport> drained = server.drain();
    network.advance(Duration.ofSeconds(5));
    assertThat(drained).isNotDone();
    assertThat(caller.open()).isTrue();
    assertThat(TestPeer.dial(network, "ws://server/ws").open()).isFalse();

    finish.countDown();
    network.runUntil(() -> !caller.heardNothing(), SOON);
    network.advance(Duration.ofSeconds(1));
    assertThat(drained).succeedsWithin(Duration.ofSeconds(10));
    assertThat(caller.heard())
        .containsExactly("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"waited\"}");
    assertThat(caller.closeCode()).isEqualTo(1001);
    assertThat(idle.closeCode()).isEqualTo(1001);
    assertThat(server.connections()).isZero();
  }

  @Test
  void whileDrainingNewCallsAreRefusedAndRunningOnesGoOn() {
    TestPeer caller = TestPeer.dial(network, "ws://server/ws");
    caller.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"wait\"}");
    CompletableFuture<DrainReport> drained = server.drain();
    network.runUntilIdle();
    caller.send("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"wait\"}");

    assertThat(caller.heard()).hasSize(1).first().asString().contains("\"id\":2", "-32012");
    finish.countDown();
    network.runUntil(() -> !caller.heardNothing(), SOON);
    network.advance(Duration.ofSeconds(1));
    assertThat(drained).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void drainingDoesNotWaitForEver() {
    TestPeer caller = TestPeer.dial(network, "ws://server/ws");
    caller.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"wait\"}");

    CompletableFuture<DrainReport> drained = server.drain();
    network.advance(Duration.ofSeconds(11));
    assertThat(drained).succeedsWithin(Duration.ofSeconds(10));
    assertThat(caller.closeCode()).isEqualTo(1001);
  }

  @Test
  void closingTwiceEndsOnceAndWakesWhoeverWaits() throws Exception {
    CompletableFuture<Void> waiting =
        CompletableFuture.runAsync(() -> {
          try {
            server.awaitClose();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    var driving = network.drive();
    CompletableFuture<Void> other = CompletableFuture.runAsync(server::close);
    server.close();
    server.close();
    other.get(10, TimeUnit.SECONDS);
    waiting.get(10, TimeUnit.SECONDS);
    driving.close();

    assertThatThrownBy(() -> server.topics().publish("prices/eur", 1))
        .hasMessageContaining("closed");
  }

  // ---- words

  private HttpReply get(String path) {
    return request("GET", path);
  }

  private HttpReply request(String method, String path) {
    CompletableFuture<HttpReply> reply =
        network.http("server", new HttpRequest(method, path, Map.of(), Map.of(), new byte[0]));
    network.runUntil(reply::isDone, SOON);
    return reply.join();
  }

  private static String text(HttpReply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  private static RawJson result(RawJson response) {
    RawJson result = response.members().get("result");
    assertThat(result).as(response.toString()).isNotNull();
    return result;
  }

  private static long error(RawJson response) {
    JsonMembers error = response.members().object("error");
    assertThat(error).as(response.toString()).isNotNull();
    return error.integer("code");
  }

  private record Echo(Transport transport) implements Receiver {
    @Override
    public void onText(ByteBuffer utf8) {
      transport.sendText(utf8);
    }

    @Override
    public void onBinary(ByteBuffer bytes) {
      transport.sendBinary(bytes);
    }

    @Override
    public void onClosed(int code, String reason) {}
  }
}
