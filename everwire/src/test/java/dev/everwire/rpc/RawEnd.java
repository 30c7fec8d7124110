package dev.everwire.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.MemoryNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An end of a connection in memory that says just what a test wants it to, in either role. */
final class RawEnd implements Dialer.Result, Acceptor, Receiver {
  private final MemoryNetwork network;
  private final Queue<String> heard = new ArrayDeque<>();
  private @Nullable Transport transport;
  private @Nullable String subprotocol;
  private int connections;
  private int closeCode;

  private RawEnd(MemoryNetwork network) {
    this.network = network;
  }

  /** Dials a server, offering these subprotocols. */
  static RawEnd dial(MemoryNetwork network, String... offered) {
    RawEnd end = new RawEnd(network);
    Dialer dialer = network.dialer();
    var request =
        new Dialer.Request(
            URI.create("ws://server/ws"),
            Map.of(),
            List.of(offered),
            Duration.ofSeconds(10),
            TransportLimits.CLIENT);
    var unused = dialer.dial(request, dialer.loop(), end);
    network.runUntilIdle();
    return end;
  }

  /** Listens as {@code server}. */
  static RawEnd listen(MemoryNetwork network) {
    RawEnd end = new RawEnd(network);
    try {
      var unused = network.listener("server").listen(end);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return end;
  }

  void say(String json) {
    Transport to = transport();
    to.loop().execute(() -> to.sendText(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8))));
    network.runUntilIdle();
  }

  /** The next message of the other end. */
  String hear() {
    network.runUntilIdle();
    String next = heard.poll();
    assertThat(next).as("a message").isNotNull();
    return Objects.requireNonNull(next);
  }

  void hearNothing() {
    network.runUntilIdle();
    assertThat(heard).isEmpty();
  }

  void close(int code, String reason) {
    Transport to = transport();
    to.loop().execute(() -> to.close(code, reason));
    network.runUntilIdle();
  }

  /** Ends without a Close frame. */
  void cut() {
    Transport to = transport();
    to.loop().execute(to::abort);
    network.runUntilIdle();
  }

  int connections() {
    return connections;
  }

  /** With which the last connection ended; 0 while it is open. */
  int closeCode() {
    return closeCode;
  }

  @Nullable String subprotocol() {
    return subprotocol;
  }

  private Transport transport() {
    assertThat(transport).as("a connection").isNotNull();
    return Objects.requireNonNull(transport);
  }

  @Override
  public Receiver opened(Transport opened, @Nullable String selected) {
    transport = opened;
    subprotocol = selected;
    closeCode = 0;
    connections++;
    return this;
  }

  @Override
  public void failed(Dialer.Failure failure) {
    throw new AssertionError(failure.message());
  }

  @Override
  public Answer upgrade(Handshake handshake) {
    return new Accept(null, TransportLimits.SERVER, opened -> opened(opened, null));
  }

  @Override
  public void http(HttpRequest request, Consumer<HttpReply> reply) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void onText(ByteBuffer utf8) {
    heard.add(StandardCharsets.UTF_8.decode(utf8).toString());
  }

  @Override
  public void onBinary(ByteBuffer bytes) {
    throw new AssertionError("binary");
  }

  @Override
  public void onWritable(boolean writable) {}

  @Override
  public void onClosed(int code, String reason) {
    closeCode = code;
  }
}
