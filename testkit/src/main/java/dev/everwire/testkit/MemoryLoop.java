package dev.everwire.testkit;

import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A loop that runs when its network does, on the thread that drives the network. */
final class MemoryLoop implements Loop {
  private static final Logger LOG = System.getLogger(MemoryLoop.class.getName());

  private final MemoryNetwork network;
  private final ReentrantLock lock = new ReentrantLock();

  // guarded by lock
  private final PriorityQueue<Waiting> timers =
      new PriorityQueue<>(
          Comparator.<Waiting>comparingLong(timer -> timer.deadline)
              .thenComparingLong(timer -> timer.sequence));
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private long sequence;
  private boolean ended;

  private Set<MemoryTransport> dirty = new LinkedHashSet<>(); // driving thread only
  private volatile @Nullable Thread runner; // read by inLoop() from any thread

  MemoryLoop(MemoryNetwork network) {
    this.network = network;
  }

  @Override
  public void execute(Runnable task) {
    lock.lock();
    try {
      if (ended) {
        throw new RejectedExecutionException("the loop has ended");
      }
      tasks.add(task);
    } finally {
      lock.unlock();
    }
    network.workCame();
  }

  @Override
  public boolean inLoop() {
    return Thread.currentThread().equals(runner);
  }

  @Override
  public boolean inAnyLoop() {
    return network.inAnyLoop();
  }

  @Override
  public long now() {
    return network.time().now();
  }

  @Override
  public Instant wallTime() {
    return network.time().wallTime();
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    Waiting waiting;
    lock.lock();
    try {
      if (ended) {
        throw new RejectedExecutionException("the loop has ended");
      }
      waiting = new Waiting(now() + Math.max(0, delayNanos), sequence++, task);
      if (delayNanos <= 0) {
        tasks.add(waiting::run);
      } else {
        timers.add(waiting);
      }
    } finally {
      lock.unlock();
    }
    network.workCame();
    return waiting;
  }

  void flushAtEndOfPass(MemoryTransport transport) {
    dirty.add(transport);
  }

  /** Runs what is there now, then flushes what was written; answers how many tasks that were. */
  int runPass() {
    List<Runnable> batch = takeRunnable();
    runner = Thread.currentThread();
    try {
      for (Runnable task : batch) {
        try {
          task.run();
        } catch (RuntimeException | Error e) {
          LOG.log(Level.ERROR, "task failed", e);
        }
      }
      if (!dirty.isEmpty()) {
        Set<MemoryTransport> written = dirty;
        dirty = new LinkedHashSet<>();
        written.forEach(MemoryTransport::endOfPass);
        return batch.size() + written.size();
      }
      return batch.size();
    } finally {
      runner = null;
    }
  }

  /** When the next timer is due; {@link Long#MAX_VALUE} if none waits. */
  long nextTimerAt() {
    lock.lock();
    try {
      dropCancelled();
      Waiting next = timers.peek();
      return next == null ? Long.MAX_VALUE : next.deadline;
    } finally {
      lock.unlock();
    }
  }

  /** Timers that wait, without those that were cancelled. */
  int timers() {
    lock.lock();
    try {
      return (int) timers.stream().filter(timer -> !timer.cancelled).count();
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      ended = true;
      tasks.clear();
      timers.clear();
    } finally {
      lock.unlock();
    }
  }

  private List<Runnable> takeRunnable() {
    lock.lock();
    try {
      dropCancelled();
      long now = now();
      for (Waiting next = timers.peek();
          next != null && next.deadline <= now;
          next = timers.peek()) {
        timers.remove();
        tasks.add(next::run);
      }
      List<Runnable> batch = new ArrayList<>(tasks);
      tasks.clear();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void dropCancelled() {
    for (Waiting next = timers.peek(); next != null && next.cancelled; next = timers.peek()) {
      timers.remove();
    }
  }

  private static final class Waiting implements Timer {
    private final long deadline;
    private final long sequence;
    private final Runnable task;
    private volatile boolean cancelled; // set from any thread

    Waiting(long deadline, long sequence, Runnable task) {
      this.deadline = deadline;
      this.sequence = sequence;
      this.task = task;
    }

    void run() {
      if (!cancelled) {
        cancelled = true;
        task.run();
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
