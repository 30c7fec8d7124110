package dev.everwire.netty;

import dev.everwire.netty.internal.dial.DialAttempt;
import dev.everwire.netty.internal.dial.DialContext;
import dev.everwire.netty.internal.loop.EventLoops;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Loop;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Opens WebSocket connections, on event loops of its own. Safe from any thread. */
public final class NettyDialer implements Dialer {
  private final EventLoops eventLoops;
  private final @Nullable SSLContext sslContext;
  private final ByteBufAllocator allocator;
  private final Set<DialAttempt> underWay = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable SslContext tls; // guarded by lock
  private volatile boolean closed; // set once by close(), seen by dialling threads

  private NettyDialer(Builder builder) {
    this.eventLoops = EventLoops.start("everwire-client", builder.loops, true);
    this.sslContext = builder.sslContext;
    this.allocator = builder.allocator;
  }

  /** One loop, and the JDK's default trust for {@code wss}. */
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
    public SslContext tls() throws NoSuchAlgorithmException {
      lock.lock();
      try {
        SslContext made = tls;
        if (made == null) {
          made =
              new JdkSslContext(
                  sslContext == null ? SSLContext.getDefault() : sslContext,
                  true,
                  null,
                  IdentityCipherSuiteFilter.INSTANCE,
                  ApplicationProtocolConfig.DISABLED,
                  ClientAuth.NONE,
                  null,
                  false);
          tls = made;
        }
        return made;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void forget(DialAttempt attempt) {
      underWay.remove(attempt);
    }
  }

  /** One thread at a time. */
  public static final class Builder {
    private int loops = 1;
    private @Nullable SSLContext sslContext;
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

    /** Keys and trust for {@code wss}; the JDK's defaults unless said. */
    public Builder sslContext(SSLContext context) {
      this.sslContext = context;
      return this;
    }

    /** For tests that count buffers. */
    Builder allocator(ByteBufAllocator counting) {
      this.allocator = counting;
      return this;
    }

    public NettyDialer build() {
      return new NettyDialer(this);
    }
  }
}
