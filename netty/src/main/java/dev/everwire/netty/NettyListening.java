package dev.everwire.netty;

import dev.everwire.netty.internal.loop.EventLoops;
import dev.everwire.netty.internal.loop.NettyLoop;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Loop;
import io.netty.channel.ChannelFuture;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A bound place and the loops that serve it. */
final class NettyListening implements Listener.Listening {
  private static final Logger LOG = System.getLogger(NettyListening.class.getName());
  private static final long CLOSE_MILLIS = 1000;

  private final Place.Bound bound;
  private final EventLoops eventLoops;
  private final Closeable certificates;
  private final AtomicBoolean released = new AtomicBoolean();

  NettyListening(Place.Bound bound, EventLoops eventLoops, Closeable certificates) {
    this.bound = bound;
    this.eventLoops = eventLoops;
    this.certificates = certificates;
  }

  @Override
  public String host() {
    return bound.host();
  }

  @Override
  public int port() {
    return bound.port();
  }

  @Override
  public List<Loop> loops() {
    return List.copyOf(eventLoops.loops());
  }

  @Override
  public void stopAccepting() {
    bound.channel().close();
    if (released.compareAndSet(false, true)) {
      bound.released().run();
      try {
        certificates.close(); // there are no more handshakes
      } catch (IOException e) {
        LOG.log(Level.ERROR, "certificates are still watched", e);
      }
    }
  }

  @Override
  public void close() {
    stopAccepting();
    ChannelFuture stopped = bound.channel().closeFuture();
    if (eventLoops.loops().stream().noneMatch(NettyLoop::inLoop)) {
      stopped.awaitUninterruptibly(CLOSE_MILLIS); // what was accepted is with its loop after this
    }
    eventLoops.close();
  }
}
