package dev.everwire.netty;

import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.RecordingReceiver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A listener for tests with raw sockets: echoes messages, and hands HTTP requests to the test. */
final class Station implements Acceptor, AutoCloseable {

  /** One accepted connection. */
  record Visitor(Transport transport, RecordingReceiver receiver) {
    <T> T on(Function<Transport, T> action) {
      var result = new CompletableFuture<T>();
      transport.loop().execute(() -> result.complete(action.apply(transport)));
      return result.join();
    }

    long flushes() {
      return on(transport -> ((NettyLoop) transport.loop()).flushes());
    }
  }

  private final Buffers buffers = new Buffers();
  private final BlockingQueue<Visitor> visitors = new LinkedBlockingQueue<>();
  private final BlockingQueue<Handshake> handshakes = new LinkedBlockingQueue<>();
  private final Listener.Listening listening;
  private volatile TransportLimits limits = // set by the test, read on loops
      TransportLimits.SERVER;
  private volatile BiConsumer<HttpRequest, Consumer<HttpReply>> http = // as limits
      (request, reply) -> reply.accept(HttpReply.text(200, "hello"));

  private Station(UnaryOperator<NettyListener> options) throws IOException {
    listening =
        options.apply(NettyListener.on(0).loops(1).allocator(buffers.allocator())).listen(this);
  }

  static Station open() throws IOException {
    return new Station(UnaryOperator.identity());
  }

  static Station open(UnaryOperator<NettyListener> options) throws IOException {
    return new Station(options);
  }

  Station limits(TransportLimits next) {
    limits = next;
    return this;
  }

  Station http(BiConsumer<HttpRequest, Consumer<HttpReply>> answer) {
    http = answer;
    return this;
  }

  int port() {
    return listening.port();
  }

  Listener.Listening listening() {
    return listening;
  }

  Visitor visitor() {
    Await.until(() -> !visitors.isEmpty());
    return visitors.remove();
  }

  /** The next that was let in. */
  Handshake handshake() {
    Await.until(() -> !handshakes.isEmpty());
    return handshakes.remove();
  }

  long usedBytes() {
    return buffers.used();
  }

  @Override
  public Answer upgrade(Handshake handshake) {
    handshakes.add(handshake);
    return new Accept(null, limits, this::open);
  }

  @Override
  public void http(HttpRequest request, Consumer<HttpReply> reply) {
    http.accept(request, reply);
  }

  @Override
  public void close() {
    listening.close();
    buffers.assertAllFreed();
  }

  private RecordingReceiver open(Transport transport) {
    var receiver =
        new RecordingReceiver(message -> {
          ByteBuffer bytes = ByteBuffer.wrap(message.bytes());
          if (message.text()) {
            transport.sendText(bytes);
          } else {
            transport.sendBinary(bytes);
          }
        });
    visitors.add(new Visitor(transport, receiver));
    return receiver;
  }
}
