package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.session.Caller;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Lifetime;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long connections last, on a network that the test moves. */
class LifetimeTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Lifetime AN_HOUR = Lifetime.UNLIMITED.maxAge(Duration.ofHours(1)).spread(0);

  private final MemoryNetwork network = new MemoryNetwork();
  private final List<Caller> ended = new ArrayList<>();
  private @Nullable Server server;

  @AfterEach
  void close() {
    if (server != null) {
      var driving = network.drive();
      server.close();
      driving.close();
    }
  }

  private void start(UnaryOperator<ServerBuilder> settings) throws IOException {
    server =
        settings
            .apply(
                Server.builder()
                    .listen(network.listener("server"))
                    .values(new TestValues())
                    .random(new Random(7))
                    .workers(Runnable::run)
                    .method("add", call -> 5)
                    .onDisconnect(ended::add))
            .start();
  }

  private TestPeer dial() {
    return TestPeer.dial(network, "ws://server/ws");
  }

  @Test
  void aPeerThatIsOnlyThereIsClosedAsIdleAndItsEndIsToldOnce() throws IOException {
    start(builder -> builder.lifetime(Lifetime.TWO_IDLE_MINUTES));
    TestPeer peer = dial();

    network.advance(MINUTE);
    assertThat(peer.open()).isTrue();
    network.advance(MINUTE.plusSeconds(1));

    assertThat(peer.closeCode()).isEqualTo(1001);
    network.advance(MINUTE.multipliedBy(5));
    assertThat(ended).hasSize(1);
    assertThat(network.timers()).isZero();
  }

  @Test
  void aPeerThatAsksNowAndThenIsNotIdle() throws IOException {
    start(builder -> builder.lifetime(Lifetime.TWO_IDLE_MINUTES));
    TestPeer peer = dial();

    for (int i = 1; i < 10; i++) {
      network.advance(MINUTE);
      peer.call(i, "add", "[]");
    }

    assertThat(peer.open()).isTrue();
  }

  @Test
  void connectionsOpenedTogetherDoNotEndTogether() throws IOException {
    start(builder -> builder.lifetime(AN_HOUR.spread(0.5)));
    List<TestPeer> peers = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      peers.add(dial());
    }

    network.advance(Duration.ofMinutes(29));
    assertThat(peers).allMatch(TestPeer::open);
    List<Long> left = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      network.advance(MINUTE);
      left.add(peers.stream().filter(TestPeer::open).count());
    }

    assertThat(left.get(15)).isBetween(10L, 50L);
    assertThat(left.getLast()).isZero();
    assertThat(peers).allMatch(peer -> peer.closeCode() == 1001);
    assertThat(ended).hasSize(60);
  }

  @Test
  void aSessionIsToldBeforeItIsClosedForItsAge() throws IOException {
    Heartbeat frames = Heartbeat.DEFAULT.mode(Heartbeat.Mode.FRAME);
    start(builder -> builder.lifetime(AN_HOUR).heartbeat(frames));
    TestPeer peer = dial();
    peer.call(1, "rpc.hello", "{\"v\":1}");

    network.advance(Duration.ofHours(1).minusSeconds(1));
    assertThat(peer.heardNothing()).isTrue();
    network.advance(Duration.ofSeconds(2));
    assertThat(peer.heard())
        .anyMatch(text -> text.contains("$/goaway") && text.contains("max-age"));
    assertThat(peer.open()).isTrue();
    network.advance(Duration.ofSeconds(31));

    assertThat(peer.closeCode()).isEqualTo(4004);
    assertThat(ended).hasSize(1);
  }

  @Test
  void aStrictHeartbeatTakesAPongFrameForAnAnswerAndAHealthyPeerIsKept() throws IOException {
    Heartbeat strict =
        new Heartbeat(Duration.ofSeconds(5), Duration.ofSeconds(20), 2).answersOnly();
    start(builder -> builder.heartbeat(strict.mode(Heartbeat.Mode.BOTH)));
    TestPeer peer = dial(); // answers Ping frames, and knows no $/ping

    network.advance(Duration.ofHours(1));

    assertThat(peer.open()).isTrue();
    assertThat(peer.heard()).hasSizeGreaterThan(600).allMatch(text -> text.contains("$/ping"));
  }

  @Test
  void aPeerThatDoesNotKnowTheOnlyPingThereIsIsGivenUp() throws IOException {
    start(builder -> builder.heartbeat(Heartbeat.DEFAULT.mode(Heartbeat.Mode.APP)));
    TestPeer peer = dial();

    network.advance(Duration.ofSeconds(40));

    assertThat(peer.closeCode()).isEqualTo(4001);
  }
}
