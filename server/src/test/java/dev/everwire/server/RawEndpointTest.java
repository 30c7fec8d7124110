package dev.everwire.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.server.limit.InboundRates;
import dev.everwire.server.limit.InboundRates.Bounds;
import dev.everwire.server.raw.RawEndpoint;
import dev.everwire.server.raw.RawPing;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Heartbeat.Mode;
import dev.everwire.session.Lifetime;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The life of connections of an application's own, on a network that the test moves. */
class RawEndpointTest {
  private static final RawEndpoint PLAIN = RawEndpoint.of(TransportLimits.SERVER);
  private static final Heartbeat PATIENT = Heartbeat.CONSERVATIVE;

  /** Writes down what it is given. */
  private static final class Notes implements Receiver {
    final List<String> told = new ArrayList<>();
    final Transport transport;

    Notes(Transport transport) {
      this.transport = transport;
    }

    @Override
    public void onText(ByteBuffer utf8) {
      told.add(StandardCharsets.UTF_8.decode(utf8).toString());
    }

    @Override
    public void onBinary(ByteBuffer bytes) {
      told.add("binary " + bytes.remaining());
    }

    @Override
    public void onClosed(int code, String reason) {
      told.add("closed " + code + " " + reason);
    }
  }

  private final MemoryNetwork network = new MemoryNetwork();
  private final List<Notes> opened = new ArrayList<>();
  private @Nullable Server server;

  @AfterEach
  void close() {
    if (server != null) {
      var driving = network.drive();
      server.close();
      driving.close();
    }
  }

  private TestPeer start(RawEndpoint endpoint, InboundRates rates) throws IOException {
    server =
        Server.builder()
            .listen(network.listener("server"))
            .values(new TestValues())
            .random(new Random(7))
            .inboundRates(rates)
            .raw(
                "/raw",
                endpoint,
                transport -> {
                  Notes notes = new Notes(transport);
                  opened.add(notes);
                  return notes;
                })
            .start();
    return TestPeer.dial(network, "ws://server/raw");
  }

  private TestPeer start(RawEndpoint endpoint) throws IOException {
    return start(endpoint, InboundRates.UNLIMITED);
  }

  private List<String> told() {
    return opened.getFirst().told;
  }

  @Test
  void nothingIsWatchedUnlessSaid() throws IOException {
    TestPeer peer = start(PLAIN);
    int timers = network.timers();

    network.advance(Duration.ofDays(2));

    assertThat(peer.open()).isTrue();
    assertThat(timers).isZero();
  }

  @Test
  void aPeerThatAnswersPongIsKeptAndItsAnswersAreNotTheReceivers() throws IOException {
    TestPeer peer = start(PLAIN.heartbeat(PATIENT, RawPing.JSON));
    int pings = 0;
    for (int i = 0; i < 360; i++) {
      network.advance(Duration.ofSeconds(10));
      for (String heard : peer.heard()) {
        assertThat(heard).matches("\\{\"type\":\"ping\",\"timestamp\":\\d+}");
        peer.send("pong");
        pings++;
      }
    }
    peer.send("pong!");

    assertThat(peer.open()).isTrue();
    assertThat(pings).isGreaterThan(60);
    assertThat(told()).containsExactly("pong!");
  }

  @Test
  void aPeerThatDoesNotAnswerIsFoundThoughTheTimeoutIsLongerThanTheInterval() throws IOException {
    TestPeer peer = start(PLAIN.heartbeat(PATIENT.answersOnly().mode(Mode.APP), RawPing.JSON));

    for (int i = 0; i < 9; i++) {
      peer.send("busy"); // says a lot, but no pong
      network.advance(Duration.ofSeconds(10));
    }
    network.advance(Duration.ofSeconds(2));

    assertThat(peer.closeCode()).isEqualTo(4001);
    assertThat(told()).last().isEqualTo("closed 4001 heartbeat lost");
    assertThat(told()).filteredOn(text -> text.startsWith("closed")).hasSize(1);
    assertThat(network.timers()).isZero();
  }

  @Test
  void aPeerThatIsPingedByFramesNeedNotKnow() throws IOException {
    TestPeer peer = start(PLAIN.heartbeat(Heartbeat.DEFAULT.answersOnly()));

    network.advance(Duration.ofHours(2));

    assertThat(peer.open()).isTrue();
    assertThat(peer.heardNothing()).isTrue();
    assertThat(told()).isEmpty();
  }

  @Test
  void thePingAndItsAnswerMayBeAnyTexts() throws IOException {
    TestPeer peer = start(PLAIN.heartbeat(Heartbeat.DEFAULT, RawPing.texts("2", "3")));
    network.advance(Duration.ofSeconds(25));
    assertThat(peer.heard()).containsExactly("2");
    peer.send("3");
    assertThat(told()).isEmpty();
  }

  @Test
  void aPingThatCannotBeMadeIsAFrame() throws IOException {
    RawPing broken =
        new RawPing() {
          @Override
          public String ping(Instant now) {
            throw new IllegalStateException("secret");
          }

          @Override
          public boolean answers(ByteBuffer utf8) {
            throw new IllegalStateException("secret");
          }
        };
    TestPeer peer = start(PLAIN.heartbeat(Heartbeat.DEFAULT.answersOnly(), broken));
    network.advance(Duration.ofMinutes(10));
    peer.send("still here");
    assertThat(peer.open()).isTrue();
    assertThat(told()).containsExactly("still here");
  }

  @Test
  void aPeerThatSaysNothingForTooLongIsIdleThoughItAnswersPings() throws IOException {
    TestPeer peer = start(PLAIN.heartbeat(Heartbeat.DEFAULT).lifetime(Lifetime.TWO_IDLE_MINUTES));

    network.advance(Duration.ofSeconds(100));
    peer.send("hello");
    network.advance(Duration.ofSeconds(119));
    assertThat(peer.open()).isTrue();
    network.advance(Duration.ofSeconds(2));

    assertThat(peer.closeCode()).isEqualTo(1001);
    assertThat(told()).containsExactly("hello", "closed 1001 idle");
  }

  @Test
  void aConnectionThatIsOldIsReallyClosedAndItsEndToldOnce() throws IOException {
    TestPeer peer = start(PLAIN.lifetime(Lifetime.UNLIMITED.maxAge(Duration.ofHours(1))));

    for (int i = 0; i < 61; i++) {
      peer.queue("busy");
      network.advance(Duration.ofMinutes(1));
      if (!peer.open()) {
        break;
      }
    }

    assertThat(peer.closeCode()).isEqualTo(1001);
    assertThat(told()).last().isEqualTo("closed 1001 max age");
    assertThat(told()).filteredOn(text -> text.startsWith("closed")).hasSize(1);
    assertThat(network.timers()).isZero();
  }

  @Test
  void whoIsNotReadIsNotBlamedForItsSilence() throws IOException {
    TestPeer peer =
        start(PLAIN.heartbeat(Heartbeat.AGGRESSIVE).lifetime(Lifetime.TWO_IDLE_MINUTES));
    Transport transport = opened.getFirst().transport;
    transport.loop().execute(() -> transport.reading(false));
    network.advance(Duration.ofMinutes(10));
    assertThat(peer.open()).isTrue();
    transport.loop().execute(() -> transport.reading(true));
    network.advance(Duration.ofMinutes(1));
    assertThat(peer.open()).isTrue();
  }

  @Test
  void messagesBeyondTheRateAreDroppedAndWhoGoesOnIsClosed() throws IOException {
    TestPeer peer =
        start(PLAIN, InboundRates.UNLIMITED.connection(Bounds.messages(1, 3)).closeAfter(5));
    for (int i = 0; i < 7; i++) {
      peer.send("text " + i);
    }
    assertThat(peer.open()).isTrue();
    assertThat(told()).containsExactly("text 0", "text 1", "text 2");
    peer.send("once more");
    assertThat(peer.closeCode()).isEqualTo(4201);
  }

  @Test
  void anEndpointMayBeLeftOutOfTheRates() throws IOException {
    TestPeer peer =
        start(PLAIN.unmetered(), InboundRates.UNLIMITED.connection(Bounds.messages(1, 3)));
    for (int i = 0; i < 50; i++) {
      peer.send("text");
    }
    assertThat(told()).hasSize(50);
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() {
    assertThatThrownBy(() -> PLAIN.heartbeat(Heartbeat.DEFAULT.mode(Mode.APP)))
        .hasMessage("ping: null (expected: a RawPing for the mode APP)");
    assertThatThrownBy(() ->
            new RawEndpoint(TransportLimits.SERVER, null, RawPing.JSON, Lifetime.UNLIMITED, true))
        .hasMessage("heartbeat: null (expected: a Heartbeat for the ping)");
  }
}
