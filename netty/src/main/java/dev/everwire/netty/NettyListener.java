package dev.everwire.netty;

import dev.everwire.netty.internal.http.HttpServer;
import dev.everwire.netty.internal.http.HttpSettings;
import dev.everwire.netty.internal.http.Lobby;
import dev.everwire.netty.internal.http.TrustedProxies;
import dev.everwire.netty.internal.loop.EventLoops;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.netty.internal.tls.Encryption;
import dev.everwire.netty.options.Compression;
import dev.everwire.netty.options.IoTransport;
import dev.everwire.netty.tls.ServerTls;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Listener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Accepts WebSocket and HTTP connections on a port or a Unix domain socket. Immutable; each call of
 * {@link #listen} starts event loops of its own, which end with what it returns.
 *
 * <p>The threads are no daemons: a program whose {@code main} has returned goes on serving.
 */
public final class NettyListener implements Listener {
  private static final Logger LOG = System.getLogger(NettyListener.class.getName());
  private static final int ANY_PORT = 0;

  private final Place place;
  private final Options options;

  private NettyListener(Place place, Options options) {
    this.place = place;
    this.options = options;
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
    return new NettyListener(new Place.Port(host, port), new Options());
  }

  /** On a Unix domain socket that its user and group may connect to ({@code rw-rw----}). */
  public static NettyListener unix(Path socket) {
    return unix(socket, "rw-rw----");
  }

  /**
   * On a Unix domain socket, for a proxy on the same machine. A file that a dead process left is
   * replaced; the file is removed when the listener is closed. {@link Listening#host} is {@code
   * unix:} and the path, {@link Listening#port} is 0, and the address of every peer is {@code
   * unix}, unless {@link #trustProxies} has {@code unix:} and the proxy says more.
   *
   * @param permissions of the file, as {@code ls} writes them
   */
  public static NettyListener unix(Path socket, String permissions) {
    return new NettyListener(
        new Place.Unix(socket, PosixFilePermissions.fromString(permissions)), new Options());
  }

  /** Number of event loops, each with a thread of its own; one per processor unless said. */
  public NettyListener loops(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("loops: " + count + " (expected: >= 1)");
    }
    return with(next -> next.loops = count);
  }

  /** How the loops talk to the operating system; {@link IoTransport#AUTO} unless said. */
  public NettyListener transport(IoTransport io) {
    return with(next -> next.transport = io);
  }

  /** Encrypts all connections; off unless said. */
  public NettyListener tls(ServerTls chosen) {
    return with(next -> next.tls = chosen);
  }

  /** How many connections may wait to be accepted; 4096 unless said. */
  public NettyListener backlog(int connections) {
    if (connections < 1) {
      throw new IllegalArgumentException("backlog: " + connections + " (expected: >= 1)");
    }
    return with(next -> next.backlog = connections);
  }

  /**
   * How long a request may take to come in, all of it, from the accept on and with TLS; 10 s unless
   * said.
   */
  public NettyListener handshakeTimeout(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("handshakeTimeout: " + timeout + " (expected: > 0)");
    }
    return with(next -> next.handshakeTimeout = timeout);
  }

  /**
   * How many connections may be open that are no WebSocket, or not yet: in the handshake of TLS,
   * with half a request, waiting for an answer. 10 000 unless said; one more is closed at once.
   * Each of them may hold a head of 8 KiB or a body of 64 KiB.
   */
  public NettyListener maxHttpConnections(int connections) {
    if (connections < 1) {
      throw new IllegalArgumentException(
          "maxHttpConnections: " + connections + " (expected: >= 1)");
    }
    return with(next -> next.maxHttpConnections = connections);
  }

  /**
   * Whose {@code Forwarded}, {@code X-Forwarded-For} and PROXY header are believed; nobody's unless
   * said.
   *
   * @param peers addresses ({@code 192.0.2.1}), blocks of them ({@code 10.0.0.0/8}, {@code
   *     2001:db8::/32}) and {@code unix:} for whoever comes through a Unix domain socket
   */
  public NettyListener trustProxies(String... peers) {
    TrustedProxies trusted = TrustedProxies.of(List.of(peers));
    return with(next -> next.trustedProxies = trusted);
  }

  /**
   * Whether each connection of a trusted proxy begins with a PROXY header, version 1 or 2, that
   * says where it comes from; off unless said. It stands ahead of TLS.
   */
  public NettyListener proxyProtocol(boolean on) {
    return with(next -> next.proxyProtocol = on);
  }

  /**
   * How long browsers that came by {@link #tls} are told to come by TLS only ({@code
   * Strict-Transport-Security}, RFC 6797), to every port of the host; 365 days unless said, zero
   * for not to tell them. Never said to {@code localhost}, nor without TLS.
   */
  public NettyListener strictTransport(Duration maxAge) {
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException("strictTransport: " + maxAge + " (expected: >= 0)");
    }
    return with(next -> next.strictTransport = maxAge);
  }

  /** Compresses messages for clients that offer permessage-deflate (RFC 7692); off unless said. */
  public NettyListener compression(Compression chosen) {
    return with(next -> next.compression = chosen);
  }

  /** For tests that count buffers. */
  NettyListener allocator(ByteBufAllocator counting) {
    return with(next -> next.allocator = counting);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IOException also if the files of {@link #tls} cannot be used, or the {@link #transport}
   *     cannot be had on this machine
   */
  @Override
  public Listening listen(Acceptor acceptor) throws IOException {
    ServerTls tls = options.tls;
    Closeable watch = tls == null ? () -> {} : tls.watch();
    EventLoops eventLoops = null;
    try {
      eventLoops = startLoops();
      Place.Bound bound = place.bind(bootstrap(eventLoops, acceptor), eventLoops);
      return new NettyListening(bound, eventLoops, watch);
    } catch (IOException | RuntimeException e) {
      if (eventLoops != null) {
        eventLoops.close();
      }
      watch.close();
      throw e;
    }
  }

  private ServerBootstrap bootstrap(EventLoops eventLoops, Acceptor acceptor) {
    return new ServerBootstrap()
        .group(eventLoops.group())
        .option(ChannelOption.SO_BACKLOG, options.backlog)
        .childOption(ChannelOption.ALLOCATOR, options.allocator)
        .childHandler(new Accepted(eventLoops, acceptor));
  }

  private EventLoops startLoops() throws IOException {
    try {
      return EventLoops.start("everwire-server", options.loops, false, options.transport);
    } catch (IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private NettyListener with(Consumer<Options> change) {
    var next = new Options(options);
    change.accept(next);
    return new NettyListener(place, next);
  }

  private final class Accepted extends ChannelInitializer<Channel> {
    private final EventLoops eventLoops;
    private final Acceptor acceptor;
    private final Lobby lobby = new Lobby(options.maxHttpConnections);
    private final HttpSettings settings =
        new HttpSettings(
            options.handshakeTimeout,
            options.trustedProxies,
            options.proxyProtocol,
            options.compression,
            options.strictTransport);

    Accepted(EventLoops eventLoops, Acceptor acceptor) {
      this.eventLoops = eventLoops;
      this.acceptor = acceptor;
    }

    @Override
    protected void initChannel(Channel channel) {
      if (lobby.full()) {
        channel.close();
        return;
      }
      NettyLoop loop = eventLoops.of(channel.eventLoop());
      ServerTls tls = options.tls;
      loop.adopt(channel);
      if (tls != null) {
        // anybody can send nonsense to a port: nothing of ours is wrong
        Encryption.install(
            channel.pipeline(),
            tls.newEngine(),
            broken -> LOG.log(Level.DEBUG, "TLS failed", broken));
      }
      HttpServer.install(channel, loop, acceptor, settings, lobby, tls != null);
    }
  }

  /** Written only before the listener that owns it is made. */
  private static final class Options {
    private int loops = Runtime.getRuntime().availableProcessors();
    private IoTransport transport = IoTransport.AUTO;
    private @Nullable ServerTls tls;
    private int backlog = 4096;
    private Duration handshakeTimeout = Duration.ofSeconds(10);
    private TrustedProxies trustedProxies = TrustedProxies.NONE;
    private boolean proxyProtocol;
    private Duration strictTransport = Duration.ofDays(365);
    private int maxHttpConnections = 10_000;
    private @Nullable Compression compression;
    private ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;

    Options() {}

    Options(Options from) {
      this.loops = from.loops;
      this.transport = from.transport;
      this.tls = from.tls;
      this.backlog = from.backlog;
      this.handshakeTimeout = from.handshakeTimeout;
      this.trustedProxies = from.trustedProxies;
      this.proxyProtocol = from.proxyProtocol;
      this.strictTransport = from.strictTransport;
      this.maxHttpConnections = from.maxHttpConnections;
      this.compression = from.compression;
      this.allocator = from.allocator;
    }
  }
}
