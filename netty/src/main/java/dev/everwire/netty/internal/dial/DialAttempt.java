package dev.everwire.netty.internal.dial;

import dev.everwire.netty.internal.connection.ConnectionSpec;
import dev.everwire.netty.internal.connection.NettyTransport;
import dev.everwire.netty.internal.http.HttpConnection;
import dev.everwire.netty.internal.loop.Addresses;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Loop;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * One dial: look the name up, try each address, TLS, upgrade, all before one deadline. Ends exactly
 * once. On its loop, except where said.
 */
public final class DialAttempt implements Dialer.Attempt {
  private final DialContext dialer;
  private final NettyLoop loop;
  private final Dialer.Request request;
  private final Dialer.Result result;
  private final boolean secure;
  private final int port;

  private volatile boolean cancelled; // set from any thread, seen on the loop
  // event loop only
  private boolean done;
  private Loop.@Nullable Timer deadline;
  private @Nullable Channel channel;

  public DialAttempt(
      DialContext dialer, NettyLoop loop, Dialer.Request request, Dialer.Result result) {
    this.dialer = dialer;
    this.loop = loop;
    this.request = request;
    this.result = result;
    this.secure = "wss".equals(request.uri().getScheme());
    int given = request.uri().getPort();
    this.port = given >= 0 ? given : secure ? 443 : 80;
  }

  Dialer.Request request() {
    return request;
  }

  /** {@code host:port}, for messages. */
  String target() {
    return request.uri().getHost() + ":" + port;
  }

  public void begin() {
    if (over()) {
      return;
    }
    deadline = loop.schedule(request.timeout().toNanos(), this::timedOut);
    String host = bare(request.uri().getHost());
    InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
    if (literal != null && !secure) {
      tryNext(List.of(literal).iterator(), null);
    } else {
      // looking names up and reading whom to trust block
      Thread.ofVirtual().name("everwire-lookup").start(() -> lookUp(host));
    }
  }

  /** Safe from any thread. */
  @Override
  public void cancel() {
    cancelled = true;
    onLoop(this::stop);
  }

  /** Safe from any thread. */
  public void dialerClosed() {
    onLoop(() -> fail(0, "the dialer was closed", null));
  }

  /** The server agreed. */
  void upgraded(ClientUpgrade handler, Channel upgraded, @Nullable String subprotocol) {
    if (over()) {
      upgraded.close();
      return;
    }
    finish();
    var transport =
        NettyTransport.install(
            upgraded,
            loop,
            new ConnectionSpec(
                false,
                request.limits(),
                secure,
                null,
                Addresses.hostAndPort(upgraded.remoteAddress())));
    upgraded.pipeline().remove(handler);
    upgraded.pipeline().remove(HttpClientCodec.class);
    transport.start(opened -> result.opened(opened, subprotocol));
  }

  void fail(int status, String message, @Nullable Duration retryAfter) {
    if (over()) {
      return;
    }
    stop();
    result.failed(new Dialer.Failure(status, message, retryAfter));
  }

  void fail(Throwable cause) {
    fail(0, describe(cause), null);
  }

  private boolean over() {
    return done || cancelled;
  }

  private void finish() {
    done = true;
    if (deadline != null) {
      deadline.cancel();
    }
    dialer.forget(this);
  }

  private void stop() {
    if (done) {
      return;
    }
    finish();
    if (channel != null) {
      channel.close();
    }
  }

  private void timedOut() {
    fail(0, target() + " gave no answer within " + request.timeout().toMillis() + " ms", null);
  }

  private void onLoop(Runnable task) {
    if (loop.inLoop()) {
      task.run();
      return;
    }
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // the loop is gone, and the attempt with it
    }
  }

  private void lookUp(String host) { // on a virtual thread
    try {
      SslContext tls = secure ? dialer.tls() : null;
      List<InetAddress> found = Arrays.asList(InetAddress.getAllByName(host));
      onLoop(() -> tryNext(found.iterator(), tls));
    } catch (UnknownHostException | NoSuchAlgorithmException e) {
      onLoop(() -> fail(e));
    }
  }

  private void tryNext(Iterator<InetAddress> addresses, @Nullable SslContext tls) {
    if (over()) {
      return;
    }
    ChannelFuture connecting =
        new Bootstrap()
            .group(loop.eventLoop())
            .channel(dialer.eventLoops().channel())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.ALLOCATOR, dialer.allocator())
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0) // the deadline is ours
            .handler(new Connected(tls))
            .connect(new InetSocketAddress(addresses.next(), port));
    channel = connecting.channel();
    connecting.addListener(future -> {
      if (!future.isSuccess() && !over()) {
        if (addresses.hasNext()) {
          tryNext(addresses, tls);
        } else {
          fail(future.cause());
        }
      }
    });
  }

  private String describe(Throwable cause) {
    return switch (cause) {
      case ConnectException refused -> "nothing answers at " + target();
      case UnknownHostException unknown -> "host " + request.uri().getHost() + " is not known";
      case SSLException tls -> "TLS with " + target() + " failed: " + tls.getMessage();
      default -> "connecting to " + target() + " failed: " + cause.getMessage();
    };
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private final class Connected extends ChannelInitializer<Channel> {
    private final @Nullable SslContext tls;

    Connected(@Nullable SslContext tls) {
      this.tls = tls;
    }

    @Override
    protected void initChannel(Channel channel) {
      if (tls != null) {
        channel.pipeline().addLast(encryption(tls, channel));
      }
      channel
          .pipeline()
          .addLast(
              new HttpClientCodec(
                  HttpConnection.MAX_HEADER_BYTES,
                  HttpConnection.MAX_HEADER_BYTES,
                  HttpConnection.MAX_HEADER_BYTES),
              new ClientUpgrade(DialAttempt.this));
    }

    private SslHandler encryption(SslContext context, Channel channel) {
      SslHandler handler = context.newHandler(channel.alloc(), bare(request.uri().getHost()), port);
      SSLParameters parameters = handler.engine().getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      handler.engine().setSSLParameters(parameters);
      handler.setHandshakeTimeoutMillis(0); // the deadline is ours
      return handler;
    }
  }
}
