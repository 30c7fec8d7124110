package dev.everwire.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.NettyListener;
import dev.everwire.netty.OnAllocator;
import dev.everwire.netty.options.Compression;
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
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A server to be shot at: echoes, with low limits and counted buffers. {@code /} and {@code /chat}
 * are there; {@code /full}, {@code /private} and {@code /forbidden} refuse.
 */
final class Range implements Acceptor, AutoCloseable {
  static final TransportLimits LIMITS =
      new TransportLimits(64 * 1024, 256 * 1024, 1000, Duration.ofSeconds(2));
  static final int BIG = 64 * 1024;
  static final String SUBPROTOCOL = "chat.v1";

  private final Meter meter = new Meter();
  private final TransportLimits limits;
  private final Listener.Listening listening;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();

  private Range(TransportLimits limits, UnaryOperator<NettyListener> options) throws IOException {
    this.limits = limits;
    this.listening =
        options.apply(OnAllocator.listener(NettyListener.on(0).loops(1), meter)).listen(this);
  }

  static Range open() throws IOException {
    return new Range(LIMITS, UnaryOperator.identity());
  }

  /** Requests have to come within this time. */
  static Range hasty(Duration handshake) throws IOException {
    return new Range(LIMITS, listener -> listener.handshakeTimeout(handshake));
  }

  static Range with(TransportLimits limits) throws IOException {
    return new Range(limits, UnaryOperator.identity());
  }

  static Range with(UnaryOperator<NettyListener> options) throws IOException {
    return new Range(LIMITS, options);
  }

  static Range compressing(TransportLimits limits) throws IOException {
    return new Range(
        limits, listener -> listener.compression(Compression.DEFAULT.withTakeover(true, true)));
  }

  int port() {
    return listening.port();
  }

  Meter meter() {
    return meter;
  }

  /** How many ordinary requests were answered. */
  int answered() {
    return answered.get();
  }

  int connections() {
    return opened.get() - closed.get();
  }

  /** Every connection has ended once, and no buffer is left. */
  void assertEmpty() {
    Await.until(() -> connections() == 0 && meter.used() == 0);
    assertThat(closed).hasValue(opened.get());
  }

  @Override
  public Answer upgrade(Handshake handshake) {
    return switch (handshake.path()) {
      case "/", "/chat" ->
          new Accept(
              handshake.subprotocols().contains(SUBPROTOCOL) ? SUBPROTOCOL : null,
              limits,
              Echo::new);
      case "/full" -> new Refuse(503, "full", Map.of("retry-after", "5"));
      case "/private" -> Refuse.with(401, "who are you?");
      case "/forbidden" -> Refuse.with(403, "not you");
      default -> Refuse.with(404, "nothing here");
    };
  }

  @Override
  public void http(HttpRequest request, Consumer<HttpReply> reply) {
    answered.incrementAndGet();
    switch (request.path()) {
      case "/" -> reply.accept(HttpReply.text(200, "hello"));
      case "/big" -> reply.accept(HttpReply.text(200, "x".repeat(BIG)));
      default -> reply.accept(HttpReply.text(404, "nothing here"));
    }
  }

  @Override
  public void close() {
    listening.close();
  }

  /** Stops reading while its answers are not read. */
  private final class Echo implements Receiver {
    private final Transport transport;

    Echo(Transport transport) {
      this.transport = transport;
      opened.incrementAndGet();
    }

    @Override
    public void onText(ByteBuffer utf8) {
      var unused = transport.sendText(utf8);
    }

    @Override
    public void onBinary(ByteBuffer bytes) {
      var unused = transport.sendBinary(bytes);
    }

    @Override
    public void onWritable(boolean writable) {
      transport.reading(writable);
    }

    @Override
    public void onClosed(int code, String reason) {
      closed.incrementAndGet();
    }
  }
}
