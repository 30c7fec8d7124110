package dev.everwire.testkit;

import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Loop;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A network in memory, with its own time. Nothing happens by itself: a test moves it with {@link
 * #runUntilIdle}, {@link #advance} or {@link #runUntil}, and all loops run on the thread that does;
 * so the same test gives the same run. Where the code under test blocks, {@link #drive} moves the
 * network on a thread of its own. Safe from any thread.
 *
 * <p>A listener is dialled by its name: {@code ws://name/path}.
 */
public final class MemoryNetwork {
  private static final int NEVER_IDLE = 50_000_000;
  private static final long DEFAULT_WINDOW = 64 * 1024;

  private final ManualTime time = new ManualTime();
  private final List<MemoryLoop> loops = new CopyOnWriteArrayList<>();
  private final ReentrantLock driving = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  // guarded by lock
  private final Map<String, MemoryListener.Bound> bound = new LinkedHashMap<>();
  private Faults faults = Faults.none();
  private long window = DEFAULT_WINDOW;
  private long worksCame;
  private int dials;
  private int ports = 49_151;

  public ManualTime time() {
    return time;
  }

  /** A server's place in this network, with one loop. */
  public Listener listener(String name) {
    return listener(name, 1);
  }

  public Listener listener(String name, int loops) {
    if (loops < 1) {
      throw new IllegalArgumentException("loops: " + loops + " (expected: >= 1)");
    }
    return new MemoryListener(this, name, loops);
  }

  /** A client's place in this network, with one loop. */
  public Dialer dialer() {
    return new MemoryDialer(this);
  }

  /** What befalls the dials from now on. */
  public void faults(Faults next) {
    lock.lock();
    try {
      faults = next;
    } finally {
      lock.unlock();
    }
  }

  /** How many bytes of new connections may be unread before the sender has to queue; 64 KiB. */
  public void window(long bytes) {
    lock.lock();
    try {
      window = bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Sends an ordinary HTTP request to a listener. */
  public CompletableFuture<HttpReply> http(String name, HttpRequest request) {
    var reply = new CompletableFuture<HttpReply>();
    MemoryListener.Bound there = bound(name);
    if (there == null) {
      reply.completeExceptionally(new java.net.ConnectException("nothing answers at " + name));
    } else {
      MemoryLoop loop = there.nextLoop();
      loop.execute(() -> there.acceptor().http(request, reply::complete));
    }
    return reply;
  }

  /** Runs all loops until none has anything to do at this time; answers how many steps it took. */
  public int runUntilIdle() {
    driving.lock();
    try {
      int ran = 0;
      int before;
      do {
        before = ran;
        for (MemoryLoop loop : loops) {
          ran += loop.runPass();
        }
        if (ran > NEVER_IDLE) {
          throw new IllegalStateException("the network never gets idle");
        }
      } while (ran != before);
      return ran;
    } finally {
      driving.unlock();
    }
  }

  /** Runs each loop only so often, to look at what is under way. */
  public void runPasses(int passes) {
    driving.lock();
    try {
      for (int i = 0; i < passes; i++) {
        for (MemoryLoop loop : loops) {
          var unused = loop.runPass();
        }
      }
    } finally {
      driving.unlock();
    }
  }

  /** Moves time, stopping at each timer on the way to run everything that is due then. */
  public void advance(Duration by) {
    driving.lock();
    try {
      long target = time.now() + by.toNanos();
      runUntilIdle();
      for (long next = nextTimerAt(); next <= target; next = nextTimerAt()) {
        time.moveTo(next);
        runUntilIdle();
      }
      time.moveTo(target);
      runUntilIdle();
    } finally {
      driving.unlock();
    }
  }

  /** Timers that wait on all loops together; a system that has come to rest has none. */
  public int timers() {
    return loops.stream().mapToInt(MemoryLoop::timers).sum();
  }

  /** Timers that wait on one loop. */
  public int timers(Loop loop) {
    return loops.stream().filter(loop::equals).mapToInt(MemoryLoop::timers).sum();
  }

  /**
   * Runs the loops until a condition holds, also waiting for tasks from other threads. Does not
   * move time.
   *
   * @param within real time
   * @throws AssertionError if it does not hold in time
   */
  public void runUntil(BooleanSupplier condition, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    while (true) {
      long seen = worksCame();
      runUntilIdle();
      if (condition.getAsBoolean()) {
        return;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("did not come true within " + within);
      }
      awaitWork(seen);
    }
  }

  /** Runs the loops on a daemon thread until closed. Time still moves only by {@link #advance}. */
  public Driving drive() {
    return new Driving();
  }

  /** A thread that runs the loops. */
  public final class Driving implements AutoCloseable {
    private volatile boolean stopped; // set by close(), seen by the thread
    private final Thread thread;

    private Driving() {
      thread = Thread.ofPlatform().daemon().name("memory-network").start(this::run);
    }

    @Override
    public void close() {
      stopped = true;
      workCame();
      try {
        thread.join(Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void run() {
      while (!stopped) {
        long seen = worksCame();
        runUntilIdle();
        awaitWork(seen);
      }
    }
  }

  /** Whether the caller runs on any of its loops. */
  boolean inAnyLoop() {
    return loops.stream().anyMatch(MemoryLoop::inLoop);
  }

  MemoryLoop newLoop() {
    var loop = new MemoryLoop(this);
    loops.add(loop);
    return loop;
  }

  /** Ends loops after all that is left to do, unless called from one of them. */
  void end(List<MemoryLoop> ending) {
    if (!driving.isHeldByCurrentThread()) {
      runUntilIdle();
    }
    for (MemoryLoop loop : ending) {
      loop.end();
    }
    loops.removeAll(ending);
  }

  void workCame() {
    lock.lock();
    try {
      worksCame++;
      work.signalAll();
    } finally {
      lock.unlock();
    }
  }

  Faults.Plan nextPlan() {
    lock.lock();
    try {
      return faults.next(dials++);
    } finally {
      lock.unlock();
    }
  }

  long window() {
    lock.lock();
    try {
      return window;
    } finally {
      lock.unlock();
    }
  }

  /** A port number nobody has; false from {@link #bind} if the name is taken. */
  int nextPort() {
    lock.lock();
    try {
      return ++ports;
    } finally {
      lock.unlock();
    }
  }

  boolean bind(String name, MemoryListener.Bound listening) {
    lock.lock();
    try {
      return bound.putIfAbsent(name, listening) == null;
    } finally {
      lock.unlock();
    }
  }

  void unbind(String name, MemoryListener.Bound listening) {
    lock.lock();
    try {
      bound.remove(name, listening);
    } finally {
      lock.unlock();
    }
  }

  MemoryListener.@Nullable Bound bound(String name) {
    lock.lock();
    try {
      return bound.get(name);
    } finally {
      lock.unlock();
    }
  }

  private long nextTimerAt() {
    long next = Long.MAX_VALUE;
    for (MemoryLoop loop : loops) {
      next = Math.min(next, loop.nextTimerAt());
    }
    return next;
  }

  private long worksCame() {
    lock.lock();
    try {
      return worksCame;
    } finally {
      lock.unlock();
    }
  }

  /** Waits a moment, or until something came since. */
  private void awaitWork(long seen) {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(5);
      while (worksCame == seen && left > 0) {
        left = work.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
