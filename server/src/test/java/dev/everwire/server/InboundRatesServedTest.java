package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.limit.InboundRates;
import dev.everwire.server.limit.InboundRates.Bounds;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that talk faster than they may, on a network that the test moves. */
class InboundRatesServedTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final MemoryNetwork network = new MemoryNetwork();
  private final AtomicInteger told = new AtomicInteger();
  private @Nullable Server server;
  private int ids;

  @AfterEach
  void close() {
    if (server != null) {
      var driving = network.drive();
      server.close();
      driving.close();
    }
  }

  private Server start(InboundRates rates) throws IOException {
    server =
        Server.builder()
            .listen(network.listener("server"))
            .values(new TestValues())
            .random(new Random(7))
            .workers(Runnable::run)
            .administration(caller -> true)
            .identify(shake -> Optional.ofNullable(shake.query().get("user")))
            .inboundRates(rates)
            .method("add", call -> 5)
            .method("tell", call -> told.incrementAndGet())
            .start();
    return server;
  }

  private TestPeer dial(String query) {
    return TestPeer.dial(network, "ws://server/ws" + query);
  }

  private boolean served(TestPeer peer) {
    RawJson answer = peer.call(++ids, "add", "[]");
    RawJson error = answer.members().get("error");
    if (error == null) {
      return true;
    }
    assertThat(error.toString()).contains("-32005", "\"retryAfterMs\":");
    return false;
  }

  private int servedOf(int calls, TestPeer peer) {
    int served = 0;
    for (int i = 0; i < calls; i++) {
      served += served(peer) ? 1 : 0;
    }
    return served;
  }

  @Test
  void aBurstIsServedThenTheRateAndTheConnectionGoesOn() throws IOException {
    start(InboundRates.TWENTY_A_SECOND);
    TestPeer peer = dial("");

    assertThat(servedOf(150, peer)).isEqualTo(100);
    network.advance(SECOND);
    assertThat(servedOf(50, peer)).isEqualTo(20);
    assertThat(peer.open()).isTrue();
  }

  @Test
  void whatIsRefusedSaysWhenToComeBackAndIsServedThen() throws IOException {
    start(InboundRates.UNLIMITED.connection(Bounds.messages(4, 1)));
    TestPeer peer = dial("");
    assertThat(served(peer)).isTrue();

    RawJson error = peer.call(900, "add", "[]").members().get("error");
    assertThat(String.valueOf(error)).contains("\"retryAfterMs\":250");
    network.advance(Duration.ofMillis(250));

    assertThat(served(peer)).isTrue();
  }

  @Test
  void notificationsBeyondAreDroppedAndCounted() throws IOException {
    start(InboundRates.TWENTY_A_SECOND);
    TestPeer peer = dial("");
    for (int i = 0; i < 150; i++) {
      peer.queue("{\"jsonrpc\":\"2.0\",\"method\":\"tell\"}");
    }
    network.runUntil(() -> told.get() == 100, Duration.ofSeconds(10));
    network.advance(SECOND);

    assertThat(told).hasValue(100);
    RawJson stats = peer.call(1, "rpc.admin.stats", "{}");
    assertThat(stats.toString()).contains("\"notificationsDropped\":50", "\"requestsRefused\":0");
  }

  @Test
  void bytesAreBoundedToo() throws IOException {
    start(InboundRates.UNLIMITED.connection(Bounds.NONE.bytes(1_000, 10_000)));
    TestPeer peer = dial("");
    String big = "[\"" + "x".repeat(6_000) + "\"]";

    assertThat(peer.call(1, "add", big).toString()).contains("result");
    assertThat(peer.call(2, "add", big).toString()).contains("-32005");
    assertThat(served(peer)).isTrue(); // a small one still fits
    network.advance(Duration.ofSeconds(3));
    assertThat(peer.call(3, "add", big).toString()).contains("result");
    network.advance(Duration.ofSeconds(10));
    String tooBig = "[\"" + "x".repeat(50_000) + "\"]";
    assertThat(peer.call(4, "add", tooBig).toString()).contains("result");
    assertThat(served(peer)).isFalse();
  }

  @Test
  void theConnectionsOfAUserShareWhatAUserMay() throws IOException {
    start(InboundRates.UNLIMITED.user(Bounds.messages(1, 10)));
    TestPeer one = dial("?user=ann");
    TestPeer two = dial("?user=ann");
    TestPeer other = dial("?user=bob");
    TestPeer nobody = dial("");

    assertThat(servedOf(6, one)).isEqualTo(6);
    assertThat(servedOf(6, two)).isEqualTo(4);
    assertThat(servedOf(10, other)).isEqualTo(10);
    assertThat(servedOf(50, nobody)).isEqualTo(50);
  }

  @Test
  void whoComesBackDoesNotBeginAnew() throws IOException {
    start(InboundRates.UNLIMITED.user(Bounds.messages(1, 10)));
    TestPeer one = dial("?user=ann");
    assertThat(servedOf(12, one)).isEqualTo(10);
    one.close();

    assertThat(servedOf(1, dial("?user=ann"))).isZero();
  }

  @Test
  void whatWasUsedIsForgottenWithItsConnectionOnceItIsMadeGood() throws IOException {
    start(InboundRates.TWENTY_A_SECOND.user(Bounds.messages(1, 10)));
    TestPeer one = dial("?user=ann");
    servedOf(12, one);
    one.close();
    network.advance(Duration.ofSeconds(30));

    assertThat(network.timers()).isZero();
  }

  @Test
  void allTogetherMayNotSayMoreThanTheNodeTakesAndNobodyIsClosedForTheOthers() throws IOException {
    start(InboundRates.UNLIMITED.node(Bounds.messages(1, 20)).closeAfter(5));
    TestPeer one = dial("");
    TestPeer two = dial("");

    assertThat(servedOf(15, one)).isEqualTo(15);
    assertThat(servedOf(15, two)).isEqualTo(5);
    assertThat(servedOf(20, one)).isZero();
    assertThat(one.open()).isTrue();
    assertThat(two.open()).isTrue();
  }

  @Test
  void whoGoesOnIsClosedWith4201AndNobodyElse() throws IOException {
    start(InboundRates.TWENTY_A_SECOND);
    TestPeer session = dial("");
    session.call(1, "rpc.hello", "{\"v\":1}");
    TestPeer plain = dial("");
    for (int i = 0; i < 2_000; i++) {
      session.queue("{\"jsonrpc\":\"2.0\",\"method\":\"tell\"}");
      plain.queue("{\"jsonrpc\":\"2.0\",\"method\":\"tell\"}");
    }
    network.runUntilIdle();

    assertThat(session.closeCode()).isEqualTo(4201);
    assertThat(session.heard())
        .singleElement()
        .asString()
        .contains("$/goaway", "rate-limited", "\"retryAfterMs\":50");
    assertThat(plain.closeCode()).isEqualTo(4201);
    assertThat(plain.heardNothing()).isTrue();
  }

  @Test
  void aPeerThatSlowsDownIsNotClosed() throws IOException {
    start(InboundRates.TWENTY_A_SECOND);
    TestPeer peer = dial("");
    for (int round = 0; round < 20; round++) {
      servedOf(500, peer);
      network.advance(Duration.ofSeconds(11));
    }
    assertThat(peer.open()).isTrue();
  }

  @Test
  void oneStuckAndOneFloodingPeerAmongManyCostNobodyElseAnything() throws IOException {
    start(InboundRates.TWENTY_A_SECOND);
    List<TestPeer> good = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      good.add(dial(""));
    }
    TestPeer stuck = dial("");
    stuck.reading(false);
    TestPeer flooding = dial("");
    String big = "[\"" + "x".repeat(3_000) + "\"]";
    for (int i = 0; i < 90; i++) {
      stuck.queue("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"method\":\"rpc.admin.connections\"}");
    }
    network.runUntilIdle();
    assertThat(queued(good.getFirst())).as("the stuck peer's").isOne();
    for (int round = 0; round < 18; round++) {
      for (int i = 0; i < 300; i++) {
        flooding.queue(
            "{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"method\":\"add\",\"params\":" + big + "}");
      }
      for (TestPeer peer : good) {
        assertThat(served(peer)).isTrue();
        assertThat(peer.heardNothing()).isTrue();
      }
      network.advance(SECOND);
    }

    assertThat(flooding.closeCode()).isEqualTo(4201);
    assertThat(good).allMatch(TestPeer::open);
    assertThat(queued(good.getFirst())).isZero();
  }

  /** Connections for which the server holds back anything. */
  private long queued(TestPeer asking) {
    RawJson page = asking.call(++ids, "rpc.admin.connections", "{\"limit\":200}");
    RawJson result = Objects.requireNonNull(page.members().get("result"));
    return Objects.requireNonNull(result.members().get("connections")).elements().stream()
        .filter(row -> row.members().integer("queuedBytes") > 0)
        .count();
  }
}
