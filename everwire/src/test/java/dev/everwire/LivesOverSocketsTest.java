package dev.everwire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.NettyDialer;
import dev.everwire.protocol.Offer;
import dev.everwire.server.Server;
import dev.everwire.server.ServerBuilder;
import dev.everwire.server.limit.InboundRates;
import dev.everwire.server.limit.InboundRates.Bounds;
import dev.everwire.server.raw.RawEndpoint;
import dev.everwire.server.raw.RawPing;
import dev.everwire.session.Execution;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Heartbeat.Mode;
import dev.everwire.session.Lifetime;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How connections live and end, over real sockets. */
@Timeout(120)
class LivesOverSocketsTest {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Heartbeat OFTEN =
      new Heartbeat(Duration.ofMillis(50), Duration.ofSeconds(30)).answersOnly();

  private final Dialer dialer = NettyDialer.create();
  private final Queue<String> received = new ConcurrentLinkedQueue<>();
  private final AtomicInteger closed = new AtomicInteger();
  private @Nullable Server server;

  @AfterEach
  void end() {
    dialer.close();
    if (server != null) {
      server.close();
    }
  }

  private Server start(ServerBuilder builder) throws IOException {
    Server started = builder.start();
    server = started;
    return started;
  }

  private ServerBuilder raw(RawEndpoint endpoint) {
    return Everwire.server(0).raw("/raw", endpoint, transport -> new Noting());
  }

  private End dial(Server to, String path, boolean answers) {
    End end = new End(answers);
    var unused =
        dialer.dial(
            new Dialer.Request(
                URI.create("ws://" + to.host() + ":" + to.port() + path),
                Map.of(),
                List.of(),
                LONGEST,
                TransportLimits.CLIENT.withMaxQueued(1024 * 1024, 10_000)),
            dialer.loop(),
            end);
    end.transport.join();
    return end;
  }

  // ---- raw endpoints

  @Test
  void aRawPeerThatAnswersPongIsKeptAndItsAnswersAreNotTheReceivers() throws IOException {
    RawEndpoint endpoint =
        RawEndpoint.of(TransportLimits.SERVER).heartbeat(OFTEN.mode(Mode.APP), RawPing.JSON);
    End peer = dial(start(raw(endpoint)), "/raw", true);

    Await.until(() -> peer.pings.get() >= 10, LONGEST);
    peer.send("hello");
    Await.until(() -> !received.isEmpty(), LONGEST);

    assertThat(received).containsExactly("hello");
    assertThat(peer.closeCode.get()).isZero();
    assertThat(peer.heard)
        .allMatch(text -> text.matches("\\{\"type\":\"ping\",\"timestamp\":\\d+}"));
  }

  @Test
  void aRawPeerThatAnswersNoPingIsClosedAndItsEndToldOnce() throws IOException {
    Heartbeat quick = OFTEN.paced(Duration.ofMillis(50), Duration.ofMillis(100));
    RawEndpoint endpoint =
        RawEndpoint.of(TransportLimits.SERVER).heartbeat(quick.mode(Mode.APP), RawPing.JSON);
    Server started = start(raw(endpoint));
    End peer = dial(started, "/raw", false);

    Await.until(() -> peer.closeCode.get() == 4001, LONGEST);
    Await.until(() -> started.connections() == 0, LONGEST);

    assertThat(closed).hasValue(1);
  }

  @Test
  void aPongFrameIsAnAnswer() throws IOException {
    RawEndpoint endpoint =
        RawEndpoint.of(TransportLimits.SERVER)
            .heartbeat(OFTEN)
            .lifetime(Lifetime.UNLIMITED.maxAge(Duration.ofMillis(1_500)).spread(0));
    End peer = dial(start(raw(endpoint)), "/raw", false);

    Await.until(() -> peer.closeCode.get() != 0, LONGEST);

    assertThat(peer.closeCode).hasValue(1001);
    assertThat(peer.closeReason).isEqualTo("max age");
    assertThat(closed).hasValue(1);
  }

  @Test
  void anIdlePeerIsReallyGone() throws IOException {
    Server started =
        start(Everwire.server(0).lifetime(Lifetime.UNLIMITED.idle(Duration.ofMillis(300))));
    End peer = dial(started, "/ws", false);

    Await.until(() -> peer.closeCode.get() != 0, LONGEST);

    assertThat(peer.closeCode).hasValue(1001);
    assertThat(peer.closeReason).isEqualTo("idle");
    Await.until(() -> started.connections() == 0, LONGEST);
  }

  // ---- peers that say too much

  @Test
  void aPeerThatFloodsIsClosedWith4201AndAnotherIsServed() throws IOException {
    Server started =
        start(
            Everwire.server(0)
                .inboundRates(InboundRates.UNLIMITED.connection(Bounds.messages(20, 100)))
                .method("add", call -> 5));
    End good = dial(started, "/ws", false);
    End flooding = dial(started, "/ws", false);

    var unused = flooding.flood(100_000, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"add\"}");
    for (int i = 1; i <= 20; i++) {
      int count = i;
      good.send("{\"jsonrpc\":\"2.0\",\"id\":" + i + ",\"method\":\"add\"}");
      Await.until(() -> good.heard.size() == count, LONGEST);
    }

    assertThat(good.heard).allMatch(text -> text.endsWith("\"result\":5}"));
    Await.until(() -> flooding.closeCode.get() == 4201, LONGEST);
    assertThat(good.closeCode.get()).isZero();
  }

  @Test
  void weStopReadingWhileHandlersAreSaturatedAndLoseNothing() throws IOException {
    int count = 20_000;
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger handled = new AtomicInteger();
    Server started =
        start(
            Everwire.server(0)
                .method("add", call -> 5)
                .method(
                    "tell",
                    call -> {
                      release.await();
                      return handled.incrementAndGet();
                    },
                    Execution.IN_ORDER));
    End good = dial(started, "/ws", false);
    End talking = dial(started, "/ws", false);
    String tell =
        "{\"jsonrpc\":\"2.0\",\"method\":\"tell\",\"params\":[\"" + "x".repeat(2_000) + "\"]}";

    CompletableFuture<Integer> sent = talking.flood(count, tell); // 40 MB, far above all buffers
    Await.until(() -> talking.fulls.get() > 200, LONGEST);
    good.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"add\"}");
    Await.until(() -> good.heard.size() == 1, LONGEST);
    assertThat(sent).isNotDone();
    assertThat(handled).hasValue(0);
    release.countDown();

    assertThat(sent.join()).isEqualTo(count);
    Await.until(() -> handled.get() == count, LONGEST);
    assertThat(talking.closeCode.get()).isZero();
  }

  /** What a raw endpoint gives its messages to. */
  private final class Noting implements Receiver {
    @Override
    public void onText(ByteBuffer utf8) {
      received.add(StandardCharsets.UTF_8.decode(utf8).toString());
    }

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {
      closed.incrementAndGet();
    }
  }

  /** The other end. */
  private static final class End implements Dialer.Result, Receiver {
    final CompletableFuture<Transport> transport = new CompletableFuture<>();
    final Queue<String> heard = new ConcurrentLinkedQueue<>();
    final AtomicInteger pings = new AtomicInteger();
    final AtomicInteger closeCode = new AtomicInteger();
    final AtomicInteger fulls = new AtomicInteger();
    volatile String closeReason = ""; // set on the loop, seen by the test
    private final boolean answers;

    End(boolean answers) {
      this.answers = answers;
    }

    void send(String text) {
      Transport to = transport.join();
      to.loop().execute(() -> to.sendText(utf8(text)));
    }

    /** Sends as fast as the network takes it; answers how many were queued in the end. */
    CompletableFuture<Integer> flood(int count, String text) {
      CompletableFuture<Integer> done = new CompletableFuture<>();
      Transport to = transport.join();
      to.loop().execute(() -> flood(to, count, count, text, done));
      return done;
    }

    private void flood(
        Transport to, int left, int count, String text, CompletableFuture<Integer> done) {
      for (int i = left; i > 0; i--) {
        Offer offer = to.sendText(utf8(text));
        if (offer == Offer.FULL) {
          fulls.incrementAndGet();
          int still = i;
          to.loop().schedule(1_000_000, () -> flood(to, still, count, text, done));
          return;
        }
        if (offer == Offer.CLOSED) {
          done.complete(count - i);
          return;
        }
      }
      done.complete(count);
    }

    private static ByteBuffer utf8(String text) {
      return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Receiver opened(Transport opened, @Nullable String subprotocol) {
      transport.complete(opened);
      return this;
    }

    @Override
    public void failed(Dialer.Failure failure) {
      transport.completeExceptionally(new AssertionError(failure.message()));
    }

    @Override
    public void onText(ByteBuffer utf8) {
      String text = StandardCharsets.UTF_8.decode(utf8).toString();
      heard.add(text);
      if (text.contains("\"type\":\"ping\"")) {
        pings.incrementAndGet();
        if (answers) {
          send("pong");
        }
      }
    }

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onClosed(int code, String reason) {
      closeReason = reason;
      closeCode.set(code);
    }
  }
}
