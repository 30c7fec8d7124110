package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.drain.DrainReport;
import dev.everwire.session.transport.Acceptor.Refuse;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Delays;
import dev.everwire.testkit.Faults;
import dev.everwire.testkit.MemoryNetwork;
import dev.everwire.testkit.RecordingReceiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that goes away, as its peers see it. */
final class DrainTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final DrainPlan PLAN =
      DrainPlan.DEFAULT.reason("deploy").to(URI.create("wss://other.example/ws"));

  private final MemoryNetwork network = new MemoryNetwork();
  private final CountDownLatch finish = new CountDownLatch(1);
  private Function<Handshake, Optional<Refuse>> admission = handshake -> Optional.empty();
  private final Server server = start();

  private Server start() {
    try {
      return Server.builder()
          .listen(network.listener("server", 2))
          .values(new TestValues())
          .random(new Random(1))
          .node("n1")
          .drain(PLAN)
          .admission(handshake -> admission.apply(handshake))
          .method("add", call -> 5)
          .method(
              "wait",
              call -> {
                finish.await();
                return "waited";
              })
          .method(
              "stubborn",
              call -> {
                boolean waiting = true;
                while (waiting) {
                  try {
                    finish.await();
                    waiting = false;
                  } catch (InterruptedException e) {
                    // on purpose: it ends when it wants to
                  }
                }
                return "waited";
              })
          .raw(
              "/raw",
              TransportLimits.SERVER,
              transport ->
                  new RecordingReceiver(message -> transport.sendText(ByteBuffer.allocate(9_000))))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() {
    finish.countDown();
    var unused = server.drain(PLAN.within(Duration.ZERO));
    network.advance(Duration.ofSeconds(40));
    server.close();
  }

  private TestPeer peer() {
    return TestPeer.dial(network, "ws://server/ws");
  }

  private TestPeer session() {
    TestPeer peer = peer();
    peer.call(1, "rpc.hello", "{\"v\":1}");
    return peer;
  }

  // ---- sessions are told

  @Test
  void aSessionIsToldWhenAndWhereToGo() {
    TestPeer peer = session();
    var unused = server.drain();
    network.runUntilIdle();

    List<String> heard = peer.heard();
    assertThat(heard).hasSize(1);
    assertThat(heard.getFirst())
        .startsWith("{\"jsonrpc\":\"2.0\",\"method\":\"$/goaway\"")
        .contains(
            "\"reason\":\"deploy\"", "\"closeAtMs\":25000", "\"url\":\"wss://other.example/ws\"");
    assertThat(moment(heard.getFirst())).isBetween(0L, 1_000L);
  }

  @Test
  void sessionsDoNotAllMoveAtTheSameMoment() {
    List<TestPeer> peers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      peers.add(session());
    }
    var unused = server.drain();
    network.runUntilIdle();

    assertThat(peers.stream().map(peer -> moment(peer.heard().getFirst())).distinct().count())
        .isGreaterThan(30);
  }

  @Test
  void manySessionsAreToldABatchAtATime() {
    List<TestPeer> peers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      peers.add(session());
    }
    var unused = server.drain(PLAN.pace(10, Duration.ofSeconds(8), Duration.ofSeconds(1)));
    network.runUntilIdle();
    assertThat(peers.stream().filter(peer -> !peer.heardNothing())).hasSize(10);
    network.advance(Duration.ofMillis(150));
    assertThat(peers.stream().filter(peer -> !peer.heardNothing())).hasSize(20);
    network.advance(Duration.ofMillis(350));
    assertThat(peers.stream().filter(peer -> !peer.heardNothing())).hasSize(50);
  }

  @Test
  void whoSpeaksPlainJsonRpcHearsOfItWhenItIsClosed() {
    TestPeer session = session();
    TestPeer plain = peer();
    TestPeer raw = TestPeer.dial(network, "ws://server/raw");
    CompletableFuture<DrainReport> report = server.drain();
    network.advance(Duration.ofSeconds(5));
    assertThat(plain.open()).isTrue();

    network.advance(Duration.ofSeconds(5));
    assertThat(session.closeCode()).isEqualTo(4000);
    assertThat(plain.closeCode()).isEqualTo(1001);
    assertThat(plain.heardNothing()).isTrue();
    assertThat(raw.closeCode()).isEqualTo(1001);
    assertThat(report.join().closed()).isEqualTo(3);
    assertThat(report.join().failed()).isZero();
  }

  @Test
  void whenAllSessionsHaveLeftNobodyIsWaitedFor() {
    TestPeer session = session();
    CompletableFuture<DrainReport> report = server.drain();
    network.advance(Duration.ofMillis(200));
    session.close();
    network.advance(Duration.ofMillis(200));

    assertThat(report.join().closed()).isOne();
    assertThat(report.join().duration()).isLessThan(Duration.ofMillis(500));
  }

  // ---- calls

  @Test
  void aSessionCallsUntilItHadTheTimeToMove() {
    TestPeer session = session();
    TestPeer plain = peer();
    plain.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"wait\"}");
    var unused = server.drain();
    network.advance(Duration.ofSeconds(4));
    session.queue("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"add\"}");
    network.runUntil(() -> session.heardBoth("goaway", "\"result\":5"), SOON);

    network.advance(Duration.ofSeconds(4));
    assertThat(session.call(3, "add", "[]").members().object("error"))
        .satisfies(error -> assertThat(error.integer("code")).isEqualTo(-32012));
  }

  @Test
  void aRunningCallIsAnsweredBeforeTheEnd() {
    TestPeer session = session();
    session.send("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"wait\"}");
    CompletableFuture<DrainReport> report = server.drain();
    network.advance(Duration.ofSeconds(9));
    assertThat(session.open()).isTrue();
    finish.countDown();
    network.runUntil(() -> session.heardBoth("goaway", "waited"), SOON);
    network.advance(Duration.ofSeconds(1));

    assertThat(session.closeCode()).isEqualTo(4000);
    assertThat(report.join().duration()).isLessThan(Duration.ofSeconds(12));
  }

  // ---- the time

  @Test
  void aPeerThatNeverAnswersCloseIsCutWhenTheTimeIsOver() {
    TestPeer healthy = peer();
    TestPeer stuck = peer();
    stuck.reading(false);
    CompletableFuture<DrainReport> report = server.drain(PLAN.within(Duration.ofSeconds(2)));
    network.advance(Duration.ofMillis(1_900));
    assertThat(report).isNotDone();
    assertThat(healthy.closeCode()).isEqualTo(1001);

    network.advance(Duration.ofMillis(250));
    assertThat(report.join().closed()).isOne();
    assertThat(report.join().failed()).isOne();
    assertThat(server.connections()).isZero();
  }

  @Test
  void whatWasLostWithAConnectionIsCounted() {
    network.window(1_000);
    TestPeer stuck = TestPeer.dial(network, "ws://server/raw");
    stuck.reading(false);
    for (int i = 0; i < 3; i++) {
      stuck.send("more");
    }
    CompletableFuture<DrainReport> report = server.drain(PLAN.within(Duration.ofSeconds(4)));
    network.advance(Duration.ofSeconds(5));

    assertThat(report.join().failed()).isOne();
    assertThat(report.join().dropped()).isPositive();
  }

  @Test
  void aHandlerThatIgnoresInterruptsKeepsNobody() throws Exception {
    TestPeer peer = peer();
    peer.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"stubborn\"}");
    CompletableFuture<DrainReport> report = server.drain(PLAN.within(Duration.ofSeconds(3)));
    network.advance(Duration.ofSeconds(4));

    assertThat(report.get(10, TimeUnit.SECONDS).closed()).isOne();
    assertThat(peer.closeCode()).isEqualTo(1001);
    server.close(); // returns, though the handler does not
    assertThat(finish.getCount()).isOne();
  }

  @Test
  void aThousandConnectionsAreClosedAHundredAtATime() {
    network.faults(
        Faults.always(
            Faults.Plan.NONE.delays(Delays.fixed(Duration.ofMillis(50), Duration.ofMillis(50)))));
    List<TestPeer> peers = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      peers.add(peer());
    }
    CompletableFuture<DrainReport> report = server.drain();
    network.advance(Duration.ofMillis(60));
    assertThat(peers.stream().filter(peer -> !peer.open())).hasSizeLessThanOrEqualTo(100);
    network.advance(Duration.ofSeconds(10));

    assertThat(report.join().closed()).isEqualTo(1_000);
    assertThat(report.join().duration()) // one after the other would take 100 s
        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(3));
  }

  @Test
  void thoseWhoDoNotAnswerDoNotHoldUpTheOthers() {
    List<TestPeer> peers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      TestPeer peer = peer();
      if (i % 2 == 0) {
        peer.reading(false);
      }
      peers.add(peer);
    }
    CompletableFuture<DrainReport> report = server.drain(PLAN.closesAtOnce(20));
    network.advance(Duration.ofSeconds(31));

    assertThat(report.join().closed()).isGreaterThanOrEqualTo(150);
    for (int i = 1; i < 300; i += 2) {
      assertThat(peers.get(i).closeCode()).isEqualTo(1001);
    }
  }

  // ---- once and for all

  @Test
  void aSecondDrainHasTheReportOfTheFirst() {
    peer();
    CompletableFuture<DrainReport> first = server.drain();
    CompletableFuture<DrainReport> second = server.drain(PLAN.within(Duration.ofDays(1)));
    network.advance(Duration.ofSeconds(40));

    assertThat(second.join()).isSameAs(first.join());
    assertThat(server.drain().join()).isSameAs(first.join());
    server.close();
    assertThat(server.drain().join()).isSameAs(first.join());
  }

  @Test
  void nobodyComesInAfterItHasBegun() {
    TestPeer session = session();
    CompletableFuture<DrainReport> report = server.drain();
    var refused = TestPeer.dial(network, "ws://server/ws").failure();
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.retryAfter()).isPositive();

    session.close();
    network.advance(Duration.ofSeconds(1));
    assertThat(report).succeedsWithin(Duration.ofSeconds(10));
    assertThat(TestPeer.dial(network, "ws://server/ws").failure().status()).isEqualTo(503);
    server.close();
    assertThat(TestPeer.dial(network, "ws://server/ws").open()).isFalse();
    assertThat(server.connections()).isZero();
  }

  @Test
  void whoIsJustComingInIsSentAwayAtOnce() {
    admission =
        handshake -> {
          var unused = server.drain();
          return Optional.empty();
        };
    assertThat(peer().closeCode()).isEqualTo(1013);
  }

  private static long moment(String goaway) {
    return RawJson.parse(goaway).members().object("params").integer("inMs");
  }
}
