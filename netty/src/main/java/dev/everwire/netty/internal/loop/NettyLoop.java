package dev.everwire.netty.internal.loop;

import dev.everwire.session.transport.Loop;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.nio.AbstractNioByteChannel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One Netty event loop as the engine sees it. Adds what Netty lacks: one flush per connection at
 * the end of a pass, and one timer wheel for all timers.
 */
public final class NettyLoop implements Loop {
  private static final Logger LOG = System.getLogger(NettyLoop.class.getName());

  /** Nobody waits longer: what is more means for ever, and must not overflow. */
  private static final Duration LONGEST = Duration.ofDays(3650);

  private final SingleThreadEventLoop eventLoop;
  private final TimerWheel wheel = new TimerWheel(System.nanoTime()); // event loop only
  private final Runnable endOfPass = this::endOfPass;

  // event loop only
  private List<Passenger> dirty = new ArrayList<>();
  private List<Passenger> spare = new ArrayList<>();
  private boolean endOfPassAsked;
  private boolean ticking;
  private long flushes;
  private @Nullable SharedRead sharedRead;
  private final IdentityHashMap<Class<?>, Object> parts = new IdentityHashMap<>();

  public NettyLoop(SingleThreadEventLoop eventLoop) {
    this.eventLoop = eventLoop;
  }

  public EventLoop eventLoop() {
    return eventLoop;
  }

  /**
   * Has a connection that will live here read the loop's way, where its kind of socket allows it.
   * To be called before it first reads; without it, it reads Netty's way.
   */
  public void adopt(Channel channel) {
    // io_uring keeps a buffer while it waits for bytes
    if (channel instanceof AbstractEpollStreamChannel
        || channel instanceof AbstractNioByteChannel) {
      channel.config().setRecvByteBufAllocator(new ReceiveBuffers(this));
    }
  }

  /** What all connections of this loop are read to. On the loop. */
  public SharedRead sharedRead() {
    if (sharedRead == null) {
      sharedRead = new SharedRead();
    }
    return sharedRead;
  }

  /**
   * Something that the connections of this loop share, made on first use and closed behind the loop
   * if it can be. On the loop.
   */
  public <T> T part(Class<T> type, Supplier<T> make) {
    Object part = parts.get(type);
    if (part == null) {
      part = make.get();
      parts.put(type, part);
      if (part instanceof AutoCloseable closeable) {
        eventLoop.terminationFuture().addListener(ended -> closeable.close());
      }
    }
    return type.cast(part);
  }

  @Override
  public void execute(Runnable task) {
    eventLoop.execute(task);
  }

  @Override
  public boolean inLoop() {
    return eventLoop.inEventLoop();
  }

  @Override
  public boolean inAnyLoop() {
    return Thread.currentThread() instanceof LoopThread || inLoop();
  }

  @Override
  public long now() {
    return System.nanoTime();
  }

  @Override
  public Instant wallTime() {
    return Instant.now();
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    var waiting = new Waiting(task);
    if (delayNanos <= 0) {
      eventLoop.execute(waiting::run);
      return waiting;
    }
    long deadline = System.nanoTime() + Math.min(delayNanos, LONGEST.toNanos());
    if (inLoop()) {
      add(waiting, deadline);
    } else {
      eventLoop.execute(() -> add(waiting, deadline));
    }
    return waiting;
  }

  /** As {@link #schedule(long, Runnable)}, for any duration. */
  public Timer schedule(Duration delay, Runnable task) {
    return schedule((delay.compareTo(LONGEST) > 0 ? LONGEST : delay).toNanos(), task);
  }

  /** Has a passenger do its duty once, when this pass is over. On the loop. */
  public void atEndOfPass(Passenger passenger) {
    dirty.add(passenger);
    if (!endOfPassAsked) {
      endOfPassAsked = true;
      eventLoop.executeAfterEventLoopIteration(endOfPass);
    }
  }

  public void countFlush() {
    flushes++;
  }

  /** How many times connections of this loop were flushed. On the loop. */
  public long flushes() {
    return flushes;
  }

  private void endOfPass() {
    List<Passenger> batch = dirty;
    dirty = spare;
    for (Passenger passenger : batch) {
      try {
        passenger.endOfPass();
      } catch (RuntimeException | Error e) { // must not cost the others their flush
        failed(passenger, e);
      }
    }
    batch.clear();
    spare = batch;
    if (dirty.isEmpty()) {
      endOfPassAsked = false;
    } else {
      // written while flushing: reads of other connections come first
      eventLoop.execute(() -> eventLoop.executeAfterEventLoopIteration(endOfPass));
    }
  }

  private static void failed(Passenger passenger, Throwable cause) {
    try {
      passenger.endOfPassFailed(cause);
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "end of pass failed", e);
    }
  }

  private void add(Waiting waiting, long deadline) {
    if (waiting.cancelled) {
      return;
    }
    wheel.add(waiting, deadline, System.nanoTime());
    if (!ticking) {
      ticking = true;
      scheduleTick();
    }
  }

  private void scheduleTick() {
    long delay = wheel.nextTickAt() - System.nanoTime();
    eventLoop.schedule(this::tick, Math.max(0, delay), TimeUnit.NANOSECONDS);
  }

  private void tick() {
    for (TimerWheel.Node node : wheel.advance(System.nanoTime())) {
      ((Waiting) node).run();
    }
    if (wheel.isEmpty()) {
      ticking = false;
    } else {
      scheduleTick();
    }
  }

  private final class Waiting extends TimerWheel.Node implements Timer {
    private final Runnable task;
    private volatile boolean cancelled; // set from any thread, seen by run()
    private boolean ran; // event loop only

    Waiting(Runnable task) {
      this.task = task;
    }

    void run() {
      if (cancelled || ran) {
        return;
      }
      ran = true;
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "timer failed", e);
      }
    }

    @Override
    public void cancel() {
      if (cancelled) {
        return;
      }
      cancelled = true;
      if (inLoop()) {
        wheel.remove(this);
        return;
      }
      try {
        eventLoop.execute(() -> wheel.remove(this));
      } catch (RejectedExecutionException e) {
        // the loop is gone, and the timer with it
      }
    }
  }
}
