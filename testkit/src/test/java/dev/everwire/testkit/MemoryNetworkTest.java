package dev.everwire.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.RecordingReceiver.Closed;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryNetworkTest {
  private static final int FRAME_UP = 2 + 4 + 10; // header, mask, payload
  private static final int FRAME_DOWN = 2 + 10;

  private final MemoryNetwork network = new MemoryNetwork();
  private final Dialer dialer = network.dialer();
  private final RecordingReceiver atServer = new RecordingReceiver();
  private final RecordingReceiver atClient = new RecordingReceiver();
  private final List<String> failures = new ArrayList<>();
  private @Nullable Transport server;
  private @Nullable Transport client;

  @BeforeEach
  void listen() throws IOException {
    network
        .listener("server")
        .listen(
            new Acceptor() {
              @Override
              public Answer upgrade(Handshake handshake) {
                return new Accept(
                    null,
                    TransportLimits.SERVER,
                    transport -> {
                      server = transport;
                      return atServer;
                    });
              }

              @Override
              public void http(HttpRequest request, Consumer<HttpReply> reply) {
                reply.accept(HttpReply.text(200, request.path()));
              }
            });
  }

  @Test
  void aCutLosesWhatIsNotWhollyBeforeIt() {
    network.faults(plan(CutPlan.afterSent(3 * FRAME_UP + 1)));
    dial();
    sendTen(client);
    assertThat(atServer.count()).isEqualTo(3);
    assertThat(atServer.closed()).isEqualTo(new Closed(1006, "connection lost"));
    assertThat(atClient.closed()).isEqualTo(new Closed(1006, "connection lost"));
  }

  @Test
  void aCutBetweenTwoFramesLosesOnlyTheSecond() {
    network.faults(plan(CutPlan.afterReceived(4 * FRAME_DOWN)));
    dial();
    sendTen(server);
    assertThat(atClient.count()).isEqualTo(4);
    assertThat(atClient.isClosed()).isTrue();
    assertThat(atServer.isClosed()).isTrue();
  }

  @Test
  void aHalfOpenConnectionIsSeenByOneEndOnly() {
    network.faults(plan(CutPlan.afterSent(FRAME_UP).told(CutPlan.Told.DIALER)));
    dial();
    sendTen(client);
    assertThat(atClient.isClosed()).isTrue();
    assertThat(atServer.isClosed()).isFalse();
    assertThat(atServer.count()).isEqualTo(1);
    sendTen(server);
    network.advance(Duration.ofHours(1));
    assertThat(atServer.isClosed()).isFalse();
    assertThat(atClient.messages()).isEmpty();
  }

  @Test
  void dialsAreRefusedAsOftenAsPlanned() {
    network.faults(Faults.refuseFirst(2));
    dial();
    dial();
    assertThat(failures).hasSize(2);
    dial();
    assertThat(failures).hasSize(2);
    assertThat(client).isNotNull();
  }

  @Test
  void latencyDelaysEachWay() {
    network.faults(Faults.latency(Duration.ofMillis(30)));
    dial();
    assertThat(client).isNull();
    network.advance(Duration.ofMillis(59));
    assertThat(client).isNull();
    network.advance(Duration.ofMillis(1));
    sendTen(client);
    network.advance(Duration.ofMillis(29));
    assertThat(atServer.count()).isZero();
    network.advance(Duration.ofMillis(1));
    assertThat(atServer.count()).isEqualTo(10);
  }

  @Test
  void aSeedAlwaysGivesTheSameFaults() {
    for (int dial = 0; dial < 100; dial++) {
      assertThat(Faults.seeded(7, 1000).next(dial)).isEqualTo(Faults.seeded(7, 1000).next(dial));
    }
    assertThat(Faults.seeded(7, 1000).next(0)).isNotEqualTo(Faults.seeded(8, 1000).next(0));
  }

  @Test
  void aFaultyDialerCutsByPayload() {
    for (CutPlan.Told told : CutPlan.Told.values()) {
      var ends = new ArrayList<Closed>();
      int before = atServer.count();
      var faulty = new FaultyDialer(dialer, CutPlan.afterSent(25).told(told));
      faulty.dial(
          request(),
          faulty.loop(),
          result(
              transport -> {
                for (int i = 0; i < 5; i++) {
                  transport.sendText(ByteBuffer.wrap("0123456789".getBytes(UTF_8)));
                }
              },
              ends));
      network.runUntilIdle();
      assertThat(atServer.count() - before).isEqualTo(2);
      boolean dialerKnows = told == CutPlan.Told.BOTH || told == CutPlan.Told.DIALER;
      assertThat(ends).hasSize(dialerKnows ? 1 : 0);
    }
  }

  @Test
  void aNameIsListenedOnOnce() throws IOException {
    assertThatThrownBy(() -> network.listener("server").listen(refuser()))
        .isInstanceOf(IOException.class)
        .hasMessage("name server is already in use");
    var other = network.listener("other").listen(refuser());
    other.close();
    network.listener("other").listen(refuser()).close();
  }

  @Test
  void httpReachesTheAcceptor() {
    var reply =
        network.http("server", new HttpRequest("GET", "/x", Map.of(), Map.of(), new byte[0]));
    network.runUntilIdle();
    assertThat(reply.join().status()).isEqualTo(200);
  }

  @Test
  void aDrivenNetworkServesCodeThatBlocks() {
    try (var driving = network.drive()) {
      assertThat(driving).isNotNull();
      dialer.dial(request(), dialer.loop(), result(transport -> {}, new ArrayList<>()));
      Await.until(() -> server != null);
    }
  }

  @Test
  void lentBuffersAreSpoiltAfterTheCall() {
    dial();
    var kept = new ArrayList<ByteBuffer>();
    dialer.dial(
        request(),
        dialer.loop(),
        new Dialer.Result() {
          @Override
          public Receiver opened(Transport transport, @Nullable String subprotocol) {
            return new Receiver() {
              @Override
              public void onText(ByteBuffer utf8) {
                kept.add(utf8);
              }

              @Override
              public void onBinary(ByteBuffer bytes) {}

              @Override
              public void onClosed(int code, String reason) {}
            };
          }

          @Override
          public void failed(Dialer.Failure failure) {}
        });
    network.runUntilIdle();
    sendTen(server);
    assertThat(kept).hasSize(10);
    assertThat(kept.getFirst().get(0)).isEqualTo((byte) 0xDD);
    assertThat(kept.getFirst().hasArray()).isFalse();
  }

  private static Faults plan(CutPlan cut) {
    return dial -> Faults.Plan.NONE.cut(cut);
  }

  private void dial() {
    dialer.dial(
        request(),
        dialer.loop(),
        new Dialer.Result() {
          @Override
          public Receiver opened(Transport transport, @Nullable String subprotocol) {
            client = transport;
            return atClient;
          }

          @Override
          public void failed(Dialer.Failure failure) {
            failures.add(failure.message());
          }
        });
    network.runUntilIdle();
  }

  private static Dialer.Request request() {
    return new Dialer.Request(
        URI.create("ws://server/"),
        Map.of(),
        List.of(),
        Duration.ofSeconds(5),
        TransportLimits.CLIENT);
  }

  private static Dialer.Result result(Consumer<Transport> opened, List<Closed> ends) {
    return new Dialer.Result() {
      @Override
      public Receiver opened(Transport transport, @Nullable String subprotocol) {
        transport.loop().execute(() -> opened.accept(transport));
        return new Receiver() {
          @Override
          public void onText(ByteBuffer utf8) {}

          @Override
          public void onBinary(ByteBuffer bytes) {}

          @Override
          public void onClosed(int code, String reason) {
            ends.add(new Closed(code, reason));
          }
        };
      }

      @Override
      public void failed(Dialer.Failure failure) {
        throw new AssertionError(failure.message());
      }
    };
  }

  private void sendTen(@Nullable Transport from) {
    assertThat(from).isNotNull();
    from.loop()
        .execute(() -> {
          for (int i = 0; i < 10; i++) {
            from.sendText(ByteBuffer.wrap("0123456789".getBytes(UTF_8)));
          }
        });
    network.runUntilIdle();
  }

  private static Acceptor refuser() {
    return new Acceptor() {
      @Override
      public Answer upgrade(Handshake handshake) {
        return Refuse.with(404, "no");
      }

      @Override
      public void http(HttpRequest request, Consumer<HttpReply> reply) {
        reply.accept(HttpReply.text(404, "no"));
      }
    };
  }
}
