package dev.everwire.netty.internal.dial;

import dev.everwire.netty.internal.connection.ConnectionSpec;
import dev.everwire.netty.internal.loop.Addresses;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.netty.internal.tls.Encryption;
import dev.everwire.netty.options.ForwardProxy;
import dev.everwire.netty.tls.ClientTls;
import dev.everwire.session.transport.Dialer;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The steps of a dial: look the name up, try each address, proxy, TLS, upgrade. On its loop. */
final class Connecting {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int KEY_BYTES = 16;
  private static final int MIN_MILLIS_PER_ADDRESS = 250;

  private final DialAttempt attempt;
  private final DialContext dialer;
  private final NettyLoop loop;
  private final Target target;
  private final Dialer.Request asked;
  private final @Nullable ForwardProxy proxy; // null if the way is direct
  private final Failures failures;
  private final UpgradeOffer offer;
  private final DefaultFullHttpRequest upgrade;
  private int millisPerAddress; // 0: the deadline of the attempt is enough

  /**
   * @throws IllegalArgumentException if what is asked for cannot be sent
   */
  Connecting(
      DialAttempt attempt,
      DialContext dialer,
      NettyLoop loop,
      Target target,
      Dialer.Request asked) {
    ForwardProxy between = dialer.proxy();
    this.attempt = attempt;
    this.dialer = dialer;
    this.loop = loop;
    this.target = target;
    this.asked = asked;
    this.proxy = between != null && between.standsBefore(target.host()) ? between : null;
    this.failures = new Failures(target, proxy);
    this.offer = new UpgradeOffer(target, asked, newKey(), dialer.compression());
    this.upgrade = offer.request();
  }

  void begin() {
    String host = proxy == null ? target.host() : proxy.host();
    InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
    if (literal != null && !target.secure()) {
      tryNext(List.of(literal).iterator(), null);
    } else {
      // looking names up and reading whom to trust block
      Thread.ofVirtual().name("everwire-lookup").start(() -> lookUp(host));
    }
  }

  /** The server agreed. */
  void upgraded(ClientUpgrade handler, Channel channel, UpgradeOffer.Agreed agreed) {
    String remote =
        proxy == null ? Addresses.hostAndPort(channel.remoteAddress()) : target.toString();
    attempt.upgraded(
        handler,
        channel,
        new ConnectionSpec(false, asked.limits(), target.secure(), agreed.deflate(), remote),
        agreed.subprotocol());
  }

  /** The server answered with something else. */
  void failed(int status, String what, @Nullable Duration retryAfter) {
    attempt.fail(status, target + " " + what, retryAfter);
  }

  void failed(Throwable cause) {
    attempt.fail(0, failures.describe(cause), null);
  }

  private static String newKey() {
    byte[] nonce = new byte[KEY_BYTES];
    RANDOM.nextBytes(nonce);
    return Base64.getEncoder().encodeToString(nonce);
  }

  private void lookUp(String host) { // on a virtual thread
    SSLContext tls;
    try {
      tls = target.secure() ? dialer.tls() : null;
    } catch (IOException e) { // says which file
      attempt.onLoop(() -> attempt.fail(0, String.valueOf(e.getMessage()), null));
      return;
    } catch (NoSuchAlgorithmException | RuntimeException e) {
      attempt.onLoop(() -> attempt.fail(0, "TLS cannot be set up on this machine", null));
      return;
    }
    try {
      List<InetAddress> found = Arrays.asList(InetAddress.getAllByName(host));
      attempt.onLoop(() -> {
        share(found.size());
        tryNext(found.iterator(), tls);
      });
    } catch (UnknownHostException e) {
      attempt.onLoop(() -> failed(e));
    }
  }

  /** One address that never answers must leave time for the others. */
  private void share(int addresses) {
    if (addresses > 1) {
      long millis =
          asked.timeout().dividedBy(addresses).toSeconds() < 3600
              ? asked.timeout().dividedBy(addresses).toMillis()
              : 3_600_000;
      millisPerAddress = (int) Math.max(MIN_MILLIS_PER_ADDRESS, millis);
    }
  }

  private void tryNext(Iterator<InetAddress> addresses, @Nullable SSLContext tls) {
    if (attempt.over()) {
      return;
    }
    InetAddress address = addresses.next();
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop.eventLoop())
            .channelFactory(dialer.eventLoops().channel())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.ALLOCATOR, dialer.allocator())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millisPerAddress)
            .disableResolver();
    ChannelFuture connecting =
        proxy == null
            ? bootstrap
                .handler(new Pipeline(tls, null))
                .connect(new InetSocketAddress(address, target.port()))
            : bootstrap.handler(new Pipeline(tls, through(proxy, address))).connect(behindProxy());
    attempt.tries(connecting.channel());
    connecting.addListener(future -> {
      if (!future.isSuccess() && !attempt.over()) {
        if (addresses.hasNext()) {
          tryNext(addresses, tls);
        } else {
          failed(future.cause());
        }
      }
    });
  }

  /** A name stays a name: whether it exists is for the proxy to find out. */
  private InetSocketAddress behindProxy() {
    InetAddress literal = target.literal();
    return literal == null
        ? InetSocketAddress.createUnresolved(target.host(), target.port())
        : new InetSocketAddress(literal, target.port());
  }

  private static ProxyHandler through(ForwardProxy proxy, InetAddress address) {
    var at = new InetSocketAddress(address, proxy.port());
    String user = proxy.user();
    String password = proxy.password();
    ProxyHandler handler =
        switch (proxy.kind()) {
          case HTTP ->
              user == null || password == null
                  ? new HttpProxyHandler(at)
                  : new HttpProxyHandler(at, user, password);
          case SOCKS5 -> new Socks5ProxyHandler(at, user, password);
        };
    handler.setConnectTimeoutMillis(0); // the deadline is the attempt's
    return handler;
  }

  private final class Pipeline extends ChannelInitializer<Channel> {
    private final @Nullable SSLContext tls;
    private final @Nullable ProxyHandler between;

    Pipeline(@Nullable SSLContext tls, @Nullable ProxyHandler between) {
      this.tls = tls;
      this.between = between;
    }

    @Override
    protected void initChannel(Channel channel) {
      loop.adopt(channel);
      channel
          .pipeline()
          .addLast(
              new HttpRequestEncoder(),
              new Answers(),
              new ClientUpgrade(Connecting.this, offer, upgrade));
      if (tls != null) {
        Encryption.install(
            channel.pipeline(),
            ClientTls.newEngine(tls, target.host(), target.port()),
            Connecting.this::failed);
      }
      if (between != null) {
        channel.pipeline().addFirst(between, new ProxyGate());
      }
    }
  }
}
