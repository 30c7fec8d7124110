package dev.everwire.netty;

import dev.everwire.netty.internal.dial.DialAttempt;
import dev.everwire.netty.internal.dial.DialContext;
import dev.everwire.netty.internal.loop.EventLoops;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.netty.options.Compression;
import dev.everwire.netty.options.ForwardProxy;
import dev.everwire.netty.options.IoTransport;
import dev.everwire.netty.tls.ClientTls;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Loop;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Opens WebSocket connections, on event loops of its own. Safe from any thread. */
public final class NettyDialer implements Dialer {
  private final EventLoops eventLoops;
  private final @Nullable ClientTls tls;
  private final @Nullable SSLContext sslContext;
  private final @Nullable ForwardProxy proxy;
  private final @Nullable Compression compression;
  private final ByteBufAllocator allocator;
  private final Set<DialAttempt> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean closed; // set once by close(), seen by dialling threads

  private NettyDialer(Builder builder) {
    this.eventLoops = EventLoops.start("everwire-client", builder.loops, true, builder.transport);
    this.tls = builder.tls;
    this.sslContext = builder.sslContext;
    this.proxy = builder.proxy;
    this.compression = builder.compression;
    this.allocator = builder.allocator;
  }

  /** One loop, the JDK's trust for {@code wss}, no proxy and no compression. */
  public static NettyDialer create() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Loop loop() {
    return eventLoops.next();
  }

  /**
   * {@inheritDoc}
   *
   * <p>What cannot be asked for fails the dial: a URL with user information or a fragment (RFC 6455
   * section 3), and headers that belong to the handshake, such as {@code Upgrade} and {@code
   * Sec-WebSocket-*}. {@code Host} may be given, for servers that are found by another name.
   *
   * @throws IllegalStateException if the dialer is closed
   * @throws IllegalArgumentException if the loop is another dialer's
   */
  @Override
  public Attempt dial(Request request, Loop loop, Result result) {
    if (!(loop instanceof NettyLoop own) || !eventLoops.contains(own)) {
      throw new IllegalArgumentException("loop: " + loop + " (expected: one of this dialer)");
    }
    var attempt = new DialAttempt(new Context(), own, request, result);
    underWay.add(attempt);
    try {
      if (closed) {
        throw new RejectedExecutionException();
      }
      own.execute(attempt::begin);
    } catch (RejectedExecutionException e) {
      underWay.remove(attempt);
      throw new IllegalStateException("the dialer is closed", e);
    }
    return attempt;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (DialAttempt attempt : underWay) {
      attempt.dialerClosed();
    }
    eventLoops.close();
  }

  private final class Context implements DialContext {
    @Override
    public EventLoops eventLoops() {
      return eventLoops;
    }

    @Override
    public ByteBufAllocator allocator() {
      return allocator;
    }

    @Override
    public SSLContext tls() throws IOException, NoSuchAlgorithmException {
      if (tls != null) {
        return tls.context();
      }
      return sslContext == null ? SSLContext.getDefault() : sslContext;
    }

    @Override
    public @Nullable Compression compression() {
      return compression;
    }

    @Override
    public @Nullable ForwardProxy proxy() {
      return proxy;
    }

    @Override
    public void forget(DialAttempt attempt) {
      underWay.remove(attempt);
    }
  }

  /** One thread at a time. */
  public static final class Builder {
    private int loops = 1;
    private IoTransport transport = IoTransport.AUTO;
    private @Nullable ClientTls tls;
    private @Nullable SSLContext sslContext;
    private @Nullable ForwardProxy proxy;
    private @Nullable Compression compression;
    private ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;

    private Builder() {}

    /** Number of event loops, each with a daemon thread of its own; 1 unless said. */
    public Builder loops(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("loops: " + count + " (expected: >= 1)");
      }
      this.loops = count;
      return this;
    }

    /** How the loops talk to the operating system; {@link IoTransport#AUTO} unless said. */
    public Builder transport(IoTransport io) {
      this.transport = io;
      return this;
    }

    /** Keys and trust for {@code wss}; the JDK's trust and no keys unless said. */
    public Builder tls(ClientTls chosen) {
      this.tls = chosen;
      return this;
    }

    /** As {@link #tls}, for who has a context already. */
    public Builder sslContext(SSLContext context) {
      this.sslContext = context;
      return this;
    }

    /** Goes through a proxy, {@code ws} as well as {@code wss}; directly unless said. */
    public Builder proxy(ForwardProxy between) {
      this.proxy = between;
      return this;
    }

    /** Offers permessage-deflate (RFC 7692) to servers; off unless said. */
    public Builder compression(Compression offered) {
      this.compression = offered;
      return this;
    }

    /** For tests that count buffers. */
    Builder allocator(ByteBufAllocator counting) {
      this.allocator = counting;
      return this;
    }

    /**
     * @throws IllegalStateException if the transport cannot be had on this machine, or with both a
     *     {@link #tls} and an {@link #sslContext}
     */
    public NettyDialer build() {
      if (tls != null && sslContext != null) {
        throw new IllegalStateException("tls and sslContext (expected: one of them)");
      }
      return new NettyDialer(this);
    }
  }
}
