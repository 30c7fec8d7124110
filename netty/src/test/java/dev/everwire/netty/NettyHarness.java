package dev.everwire.netty;

import dev.everwire.netty.options.IoTransport;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Listener;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.TransportHarness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** The contracts' harness on real sockets, with counted buffers. */
final class NettyHarness implements TransportHarness {
  private final Buffers buffers = new Buffers();
  private final NettyListener listener;
  private final NettyDialer dialer;
  private final List<ServerSocket> silent = new ArrayList<>();

  NettyHarness() {
    this(IoTransport.AUTO);
  }

  NettyHarness(IoTransport io) {
    this(listener -> listener.transport(io), builder -> builder.transport(io));
  }

  NettyHarness(
      UnaryOperator<NettyListener> listening, UnaryOperator<NettyDialer.Builder> dialling) {
    this.listener = listening.apply(NettyListener.on(0).loops(2).allocator(buffers.allocator()));
    this.dialer = dialling.apply(NettyDialer.builder().allocator(buffers.allocator())).build();
  }

  Buffers buffers() {
    return buffers;
  }

  @Override
  public Listener listener() {
    return listener;
  }

  @Override
  public Dialer dialer() {
    return dialer;
  }

  @Override
  public URI nowhere() {
    try (ServerSocket socket = socket()) {
      return address(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public URI silent() {
    try {
      ServerSocket socket = socket(); // the kernel accepts, nobody reads
      silent.add(socket);
      return address(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void until(BooleanSupplier condition) {
    Await.until(condition);
  }

  @Override
  public void pass(Duration time) {
    Await.pass(time);
  }

  @Override
  public void close() {
    dialer.close();
    try {
      for (ServerSocket socket : silent) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    buffers.assertAllFreed();
    Await.until(NettyHarness::noThreadsLeft);
  }

  private static boolean noThreadsLeft() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().startsWith("everwire-"));
  }

  private static ServerSocket socket() throws IOException {
    return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  private static URI address(ServerSocket socket) {
    return URI.create("ws://127.0.0.1:" + socket.getLocalPort() + "/");
  }
}
