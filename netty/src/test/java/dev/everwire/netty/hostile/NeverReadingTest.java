package dev.everwire.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.NettyListener;
import dev.everwire.netty.OnAllocator;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a client costs that sends without end and reads nothing: its outbound limit, 1 MiB, and what
 * one read takes. Counted by the allocator, with the limits a server has unless told otherwise.
 */
class NeverReadingTest {
  private static final int KIB = 1024;

  /** One read of what still comes in, and a message under way. */
  private static final long ONE_READ = 300 * KIB;

  /** Those of a server, but for the time it waits for a Close frame. */
  private static final TransportLimits LIMITS =
      new TransportLimits(
          TransportLimits.SERVER.maxMessageBytes(),
          TransportLimits.SERVER.maxQueuedBytes(),
          TransportLimits.SERVER.maxQueuedMessages(),
          Duration.ofSeconds(1));

  private static final int FLOOD_BYTES = 64 * KIB * KIB;

  private final Meter meter = new Meter();
  private final CompletableFuture<Transport> transport = new CompletableFuture<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final AtomicLong mostQueued = new AtomicLong();
  private final AtomicInteger refused = new AtomicInteger();
  private Listener.Listening listening;
  private Peer peer;

  @BeforeEach
  void open() throws IOException {
    listening =
        OnAllocator.listener(NettyListener.on(0).loops(1), meter).listen(new EchoWithoutCare());
    peer = Peer.deafClient(listening.port()).http(Wire.GOOD);
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
    Await.until(() -> meter.used() == 0);
    listening.close();
  }

  @ParameterizedTest(name = "messages of {0} bytes")
  @ValueSource(ints = {10, 1000, 60_000})
  void anEchoThatIsNeverReadStaysWithinTheOutboundLimit(int size) throws Exception {
    byte[] message = Wire.frame(0x82, new byte[size], true);
    Thread sender = Thread.ofPlatform().daemon().start(() -> flood(message));
    Await.until(() -> refused.get() > 0, Duration.ofSeconds(30));
    Await.pass(Duration.ofMillis(300)); // it goes on, and is still not read
    assertThat(mostQueued.get()).isLessThanOrEqualTo(LIMITS.maxQueuedBytes());
    assertThat(meter.highest())
        .as("bytes in buffers")
        .isLessThan(LIMITS.maxQueuedBytes() + ONE_READ);

    Transport slow = transport.get();
    slow.loop().execute(() -> slow.close(4002, "reads too slowly")); // as the session's policy does
    Await.until(closed::isDone); // by the close timeout: nothing that is queued ever leaves
    assertThat(closed).isCompletedWithValue(4002);
    Await.until(() -> meter.used() == 0);
    sender.join();
  }

  private void flood(byte[] message) {
    byte[] batch = new byte[message.length * Math.max(1, 64 * KIB / message.length)];
    for (int at = 0; at < batch.length; at += message.length) {
      System.arraycopy(message, 0, batch, at, message.length);
    }
    for (int sent = 0; sent < FLOOD_BYTES && !closed.isDone(); sent += batch.length) {
      peer.send(batch);
    }
  }

  /** Reads on though its answers are not taken: the worst a receiver can do. */
  private final class EchoWithoutCare implements Acceptor {
    @Override
    public Answer upgrade(Handshake handshake) {
      return new Accept(null, LIMITS, this::open);
    }

    @Override
    public void http(HttpRequest request, Consumer<HttpReply> reply) {
      reply.accept(HttpReply.text(404, "nothing here"));
    }

    private Receiver open(Transport opened) {
      transport.complete(opened);
      return new Receiver() {
        @Override
        public void onText(ByteBuffer utf8) {}

        @Override
        public void onBinary(ByteBuffer bytes) {
          switch (opened.sendBinary(bytes)) {
            case QUEUED -> mostQueued.accumulateAndGet(opened.queuedBytes(), Math::max);
            case FULL, CLOSED -> refused.incrementAndGet();
          }
        }

        @Override
        public void onClosed(int code, String reason) {
          closed.complete(code);
        }
      };
    }
  }
}
