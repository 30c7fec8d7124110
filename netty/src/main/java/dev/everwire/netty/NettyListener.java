package dev.everwire.netty;

import dev.everwire.netty.internal.http.HttpConnection;
import dev.everwire.netty.internal.loop.EventLoops;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Listener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;

/**
 * Accepts WebSocket and HTTP connections on a port. Immutable; each call of {@link #listen} starts
 * event loops of its own, which end with what it returns.
 *
 * <p>The threads are no daemons: a program whose {@code main} has returned goes on serving.
 */
public final class NettyListener implements Listener {
  private static final int ANY_PORT = 0;

  private final String host;
  private final int port;
  private final int loops;
  private final int backlog;
  private final Duration handshakeTimeout;
  private final ByteBufAllocator allocator;

  private NettyListener(
      String host,
      int port,
      int loops,
      int backlog,
      Duration handshakeTimeout,
      ByteBufAllocator allocator) {
    this.host = host;
    this.port = port;
    this.loops = loops;
    this.backlog = backlog;
    this.handshakeTimeout = handshakeTimeout;
    this.allocator = allocator;
  }

  /** On the loopback address 127.0.0.1; port 0 takes any free one. */
  public static NettyListener on(int port) {
    return on("127.0.0.1", port);
  }

  /**
   * @param host name or address of one of this machine's interfaces, {@code 0.0.0.0} for all
   * @param port 0 takes any free one
   */
  public static NettyListener on(String host, int port) {
    if (port < ANY_PORT || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0-65535)");
    }
    return new NettyListener(
        host,
        port,
        Runtime.getRuntime().availableProcessors(),
        4096,
        Duration.ofSeconds(10),
        ByteBufAllocator.DEFAULT);
  }

  /** Number of event loops, each with a thread of its own; one per processor unless said. */
  public NettyListener loops(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("loops: " + count + " (expected: >= 1)");
    }
    return new NettyListener(host, port, count, backlog, handshakeTimeout, allocator);
  }

  /** How many connections may wait to be accepted; 4096 unless said. */
  public NettyListener backlog(int connections) {
    if (connections < 1) {
      throw new IllegalArgumentException("backlog: " + connections + " (expected: >= 1)");
    }
    return new NettyListener(host, port, loops, connections, handshakeTimeout, allocator);
  }

  /** How long a request may take to come in, all of it, from the accept on; 10 s unless said. */
  public NettyListener handshakeTimeout(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("handshakeTimeout: " + timeout + " (expected: > 0)");
    }
    return new NettyListener(host, port, loops, backlog, timeout, allocator);
  }

  /** For tests that count buffers. */
  NettyListener allocator(ByteBufAllocator counting) {
    return new NettyListener(host, port, loops, backlog, handshakeTimeout, counting);
  }

  @Override
  public Listening listen(Acceptor acceptor) throws IOException {
    EventLoops eventLoops = EventLoops.start("everwire-server", loops, false);
    try {
      ChannelFuture bound =
          new ServerBootstrap()
              .group(eventLoops.group())
              .channel(eventLoops.serverChannel())
              .option(ChannelOption.SO_BACKLOG, backlog)
              .option(ChannelOption.SO_REUSEADDR, true)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childOption(ChannelOption.ALLOCATOR, allocator)
              .childHandler(new Accepted(eventLoops, acceptor))
              .bind(new InetSocketAddress(host, port))
              .awaitUninterruptibly();
      if (!bound.isSuccess()) {
        throw new IOException(whyNotBound(bound.cause()), bound.cause());
      }
      return new NettyListening(bound.channel(), eventLoops);
    } catch (IOException | RuntimeException e) {
      eventLoops.close();
      throw e;
    }
  }

  private String whyNotBound(Throwable cause) {
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("in use")) {
      return "port " + port + " on " + host + " is already in use";
    }
    if (message.contains("permission denied")) {
      return "port " + port + " on " + host + " needs more rights than this user has";
    }
    if (message.contains("cannot assign") || message.contains("can't assign")) {
      return host + " is not an address of this machine";
    }
    if (new InetSocketAddress(host, port).isUnresolved()) {
      return "host " + host + " is not known";
    }
    return "port " + port + " on " + host + " cannot be listened on";
  }

  private final class Accepted extends ChannelInitializer<Channel> {
    private final EventLoops eventLoops;
    private final Acceptor acceptor;
    private final HttpDecoderConfig http =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(HttpConnection.MAX_HEADER_BYTES)
            .setMaxHeaderSize(HttpConnection.MAX_HEADER_BYTES);

    Accepted(EventLoops eventLoops, Acceptor acceptor) {
      this.eventLoops = eventLoops;
      this.acceptor = acceptor;
    }

    @Override
    protected void initChannel(Channel channel) {
      NettyLoop loop = eventLoops.of(channel.eventLoop());
      channel
          .pipeline()
          .addLast(
              new HttpServerCodec(http),
              new HttpConnection(channel, loop, acceptor, handshakeTimeout));
    }
  }
}
