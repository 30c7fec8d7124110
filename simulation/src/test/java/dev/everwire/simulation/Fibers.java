package dev.everwire.simulation;

import dev.everwire.testkit.ManualTime;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Workers that take turns: each task has a virtual thread of its own, which this class schedules
 * itself, on the thread of the simulation. So handlers and producers can block, in virtual time or
 * on the engine's own locks, and be interrupted while they do; only one runs at any moment, chosen
 * by chance from a seed, and the same seed gives the same run.
 */
final class Fibers implements Executor {
  private final ManualTime time;
  private final SplittableRandom random;
  private final List<Fiber> fibers = new ArrayList<>();
  private @Nullable Fiber running;

  Fibers(ManualTime time, SplittableRandom random) {
    this.time = time;
    this.random = random;
  }

  @Override
  public void execute(Runnable task) {
    fibers.add(new Fiber(task));
  }

  /** Tasks that have not come to their end. */
  int size() {
    return fibers.size();
  }

  /** Where the tasks are that have not come to their end. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Fiber fiber : fibers) {
      Stream.of(fiber.thread.getStackTrace())
          .filter(at -> at.getClassName().startsWith("dev.everwire"))
          .limit(6)
          .forEach(at ->
              text.append(at.getFileName()).append(':').append(at.getLineNumber()).append(' '));
      text.append("; ");
    }
    return text.toString();
  }

  /** Gives one task that can go on its turn. False if there is none. */
  boolean runOne() {
    List<Fiber> able = new ArrayList<>();
    for (Fiber fiber : fibers) {
      if (fiber.able()) {
        able.add(fiber);
      }
    }
    if (able.isEmpty()) {
      return false;
    }
    Fiber next = able.get(random.nextInt(able.size()));
    running = next;
    next.turn();
    running = null;
    if (next.thread.getState() == Thread.State.TERMINATED) {
      fibers.remove(next);
    }
    return true;
  }

  /** Lets virtual time pass in a task. */
  void sleep(Duration howLong) throws InterruptedException {
    long until = time.now() + howLong.toNanos();
    pause(() -> time.now() - until >= 0);
  }

  /** As {@link #sleep}, deaf to interrupts. */
  void sleepDeaf(Duration howLong) {
    long until = time.now() + howLong.toNanos();
    while (time.now() - until < 0) {
      try {
        pause(() -> time.now() - until >= 0);
      } catch (InterruptedException e) {
        continue; // that is the point of it
      }
    }
  }

  /** Waits in a task until something has ended, well or badly. */
  void await(CompletionStage<?> stage) throws InterruptedException {
    pause(stage.toCompletableFuture()::isDone);
  }

  /** Waits in a task until something is so. */
  void pause(BooleanSupplier until) throws InterruptedException {
    Fiber self = running;
    if (self == null) {
      throw new IllegalStateException("not in a task");
    }
    self.pause(until);
  }

  private static final class Fiber {
    private final Thread thread;
    private volatile @Nullable Runnable onward; // also the JDK's timer sets it
    private @Nullable BooleanSupplier ready;

    Fiber(Runnable task) {
      thread = Scheduled.by(next -> onward = next).start(task);
    }

    boolean able() {
      return onward != null || (ready != null && ready.getAsBoolean());
    }

    void turn() {
      if (onward == null) {
        LockSupport.unpark(thread);
      }
      Runnable next = onward;
      onward = null;
      if (next != null) {
        next.run();
      }
      // A short wait of the engine's in real time: nobody else moves until it is over.
      while (onward == null && thread.getState() == Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
    }

    /** On its own thread. */
    void pause(BooleanSupplier until) throws InterruptedException {
      ready = until;
      try {
        do {
          LockSupport.park(this);
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
        } while (!until.getAsBoolean());
      } finally {
        ready = null;
      }
    }
  }

  /** Virtual threads with a scheduler of our own, which the JDK has for its own tests. */
  private static final class Scheduled {
    private static final Constructor<?> BUILDER = builder();

    private static Constructor<?> builder() {
      try {
        Constructor<?> found =
            Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder")
                .getDeclaredConstructor(Executor.class);
        found.setAccessible(true);
        return found;
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("needs --add-opens java.base/java.lang=ALL-UNNAMED", e);
      }
    }

    static Thread.Builder.OfVirtual by(Executor scheduler) {
      try {
        return (Thread.Builder.OfVirtual) BUILDER.newInstance(scheduler);
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("no virtual thread", e);
      }
    }
  }
}
