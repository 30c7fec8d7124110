package dev.everwire.netty.internal.loop;

import dev.everwire.netty.options.IoTransport;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A fixed number of event loops and the channels that can live on them. Safe from any thread. */
public final class EventLoops implements AutoCloseable {
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final EventLoopGroup group;
  private final Io io;
  private final List<NettyLoop> loops;
  private final List<IoHandler> handlers; // one of each loop, in the same order
  private final IdentityHashMap<EventLoop, NettyLoop> byEventLoop = new IdentityHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();

  private EventLoops(String name, int count, boolean daemon, Io io) {
    IoHandlerFactory factory = io.handlers();
    List<IoHandler> handlers = new ArrayList<>(count);
    this.io = io;
    this.group =
        new MultiThreadIoEventLoopGroup(
            count,
            new LoopThread.Factory(name, daemon),
            executor -> {
              IoHandler handler = factory.newHandler(executor);
              handlers.add(handler);
              return handler;
            });
    List<NettyLoop> made = new ArrayList<>(count);
    for (EventExecutor executor : group) { // in the order of their handlers
      var loop = new NettyLoop((SingleThreadEventLoop) executor);
      made.add(loop);
      byEventLoop.put(loop.eventLoop(), loop);
    }
    this.loops = List.copyOf(made);
    this.handlers = List.copyOf(handlers);
  }

  /**
   * @throws IllegalStateException if the transport cannot be had here, with one sentence that says
   *     why
   */
  public static EventLoops start(String name, int count, boolean daemon, IoTransport transport) {
    return new EventLoops(name, count, daemon, Io.of(transport));
  }

  public EventLoopGroup group() {
    return group;
  }

  public List<NettyLoop> loops() {
    return loops;
  }

  public NettyLoop of(EventLoop eventLoop) {
    NettyLoop loop = byEventLoop.get(eventLoop);
    if (loop == null) {
      throw new IllegalArgumentException("eventLoop: of another group");
    }
    return loop;
  }

  public boolean contains(NettyLoop loop) {
    return byEventLoop.get(loop.eventLoop()) == loop;
  }

  /** The loops in turn. */
  public NettyLoop next() {
    return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
  }

  public ChannelFactory<? extends ServerChannel> serverChannel() {
    return io.server;
  }

  public ChannelFactory<? extends SocketChannel> channel() {
    return io.client;
  }

  /** Listens on a {@link #unixAddress}. */
  public ChannelFactory<? extends ServerChannel> unixServerChannel() {
    return io.unixServer;
  }

  public SocketAddress unixAddress(Path path) {
    return io.unixAddress.apply(path);
  }

  /**
   * Closes all connections and ends the threads, all within 5 s. A call from one of the loops does
   * not wait.
   */
  @Override
  public void close() {
    long deadline = System.nanoTime() + CLOSE_NANOS;
    boolean wait = loops.stream().noneMatch(NettyLoop::inLoop);
    // Before the shutdown, not by it: with no quiet period it can miss to close what is open.
    List<Future<?>> closed = closeConnections();
    if (wait) {
      closed.forEach(future -> future.awaitUninterruptibly(left(deadline)));
    }
    group.shutdownGracefully(0, left(deadline), TimeUnit.MILLISECONDS);
    if (wait) {
      group.terminationFuture().awaitUninterruptibly(left(deadline));
    }
  }

  private List<Future<?>> closeConnections() {
    List<Future<?>> closed = new ArrayList<>();
    for (int i = 0; i < loops.size(); i++) {
      try {
        closed.add(loops.get(i).eventLoop().submit(handlers.get(i)::prepareToDestroy));
      } catch (RejectedExecutionException e) {
        // ended before
      }
    }
    return closed;
  }

  private static long left(long deadline) {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
  }
}
