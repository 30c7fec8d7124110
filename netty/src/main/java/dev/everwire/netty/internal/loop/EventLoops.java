package dev.everwire.netty.internal.loop;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A fixed number of event loops, on epoll where the machine has it. Safe from any thread. */
public final class EventLoops implements AutoCloseable {
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final EventLoopGroup group;
  private final boolean epoll;
  private final List<NettyLoop> loops;
  private final List<IoHandler> handlers; // one of each loop, in the same order
  private final IdentityHashMap<EventLoop, NettyLoop> byEventLoop = new IdentityHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();

  private EventLoops(String name, int count, boolean daemon, boolean epoll) {
    IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    List<IoHandler> handlers = new ArrayList<>(count);
    this.epoll = epoll;
    this.group =
        new MultiThreadIoEventLoopGroup(
            count,
            new DefaultThreadFactory(name, daemon),
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

  public static EventLoops start(String name, int count, boolean daemon) {
    return new EventLoops(name, count, daemon, Epoll.isAvailable());
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

  public Class<? extends ServerChannel> serverChannel() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  public Class<? extends SocketChannel> channel() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
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
