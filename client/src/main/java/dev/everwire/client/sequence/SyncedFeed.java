package dev.everwire.client.sequence;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A state, such as an order book, that is loaded from a snapshot and kept by a feed's numbered
 * updates. Either it is the feed's, or it is said to be in doubt; then a new snapshot is fetched,
 * with delays that grow and not for ever. {@link SnapshotSync} decides, this carries it out.
 *
 * <p>Safe from any thread; nothing here waits. The {@link Book} is called on the executor, one call
 * after the other and in order.
 */
public final class SyncedFeed<S, U> implements AutoCloseable {

  /** The state. Its methods are called one at a time; what one throws puts the state in doubt. */
  public interface Book<S, U> {

    /** Takes this in place of what is there. */
    void load(Snapshot<S> snapshot);

    /**
     * Goes on.
     *
     * @param range may begin within what is there, if the feed puts several changes in an update
     */
    void apply(U update, SequenceRange range);

    /** What is there is not true any more; {@link #load} follows, or {@link #givenUp}. */
    void doubted(String why);

    /** Too many failures in a row; nothing follows unless {@link SyncedFeed#restart} is called. */
    void givenUp(String why);
  }

  /** Time, and tasks that run later. */
  interface Clock {
    long now();

    void schedule(long nanos, Runnable task);
  }

  /**
   * Answers what is to be done, by the time.
   *
   * @param last of an update its last number, else -1
   */
  private record Input<S, U>(long last, LongFunction<List<SnapshotSync.Step<S, U>>> told) {
    boolean update() {
      return last >= 0;
    }
  }

  private static final Logger LOG = System.getLogger(SyncedFeed.class.getName());

  private final Supplier<? extends CompletableFuture<Snapshot<S>>> source;
  private final Book<S, U> book;
  private final Executor executor;
  private final Clock clock;
  private final int most;

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Input<S, U>> inputs = new ArrayDeque<>(); // guarded by lock
  private int updates; // guarded by lock; among the inputs
  private boolean dropping; // guarded by lock; an input waits that tells of updates thrown away
  private long dropped = -1; // guarded by lock; the highest number among them
  private boolean running; // guarded by lock; while a task takes inputs
  private boolean closed; // guarded by lock

  // Only one task at a time takes inputs; the lock orders them.
  private final SnapshotSync<S, U> sync;
  private long timerAt = SnapshotSync.NEVER;

  // Written by that task, read by anybody.
  private volatile @Nullable CompletableFuture<Snapshot<S>> fetching;
  private volatile boolean inSync;

  /**
   * @param source asks for a snapshot; called on the executor, must not wait for it
   * @param executor runs everything here, for instance virtual threads
   */
  public SyncedFeed(
      SyncOptions options,
      Supplier<? extends CompletableFuture<Snapshot<S>>> source,
      Book<S, U> book,
      Executor executor,
      RandomGenerator random) {
    this(options, source, book, executor, random, new SystemClock(executor));
  }

  SyncedFeed(
      SyncOptions options,
      Supplier<? extends CompletableFuture<Snapshot<S>>> source,
      Book<S, U> book,
      Executor executor,
      RandomGenerator random,
      Clock clock) {
    this.source = source;
    this.book = book;
    this.executor = executor;
    this.clock = clock;
    this.most = options.buffered();
    this.sync = new SnapshotSync<>(options, random);
  }

  /**
   * Begins, and begins anew where the feed's numbers do not go on or updates may have been missed,
   * as after a reconnect. Call it before the feed's first update is given here.
   */
  public void restart() {
    put(new Input<>(-1, sync::restart));
  }

  /**
   * An update came. Must be called in the order in which they came. If too many wait to be taken
   * they are thrown away, and the state is in doubt.
   */
  public void update(SequenceRange range, U update) {
    put(new Input<>(range.last(), now -> sync.update(range, update, now)));
  }

  /** Whether the state is that of the newest update taken. */
  public boolean inSync() {
    return inSync;
  }

  /** Nothing follows, but for a call of the {@link Book} that runs. Idempotent. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      inputs.clear();
    } finally {
      lock.unlock();
    }
    inSync = false;
    cancelFetching();
  }

  // ---- inputs, one at a time

  private void put(Input<S, U> input) {
    boolean start;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (input.update() && updates >= most) {
        dropUpdates(input.last());
      } else {
        inputs.add(input);
        updates += input.update() ? 1 : 0;
      }
      start = !running;
      running = true;
    } finally {
      lock.unlock();
    }
    if (start) {
      try {
        executor.execute(this::takeInputs);
      } catch (RejectedExecutionException e) {
        close();
      }
    }
  }

  /** Guarded by lock. One input tells of all that were thrown away until it is taken. */
  private void dropUpdates(long newest) {
    for (Input<S, U> waits : inputs) {
      dropped = Math.max(dropped, waits.last());
    }
    dropped = Math.max(dropped, newest);
    inputs.removeIf(Input::update);
    updates = 0;
    if (!dropping) {
      dropping = true;
      inputs.add(new Input<>(-1, this::droppedUpdates));
    }
  }

  private List<SnapshotSync.Step<S, U>> droppedUpdates(long now) {
    long last;
    lock.lock();
    try {
      dropping = false;
      last = dropped;
      dropped = -1;
    } finally {
      lock.unlock();
    }
    return sync.lost("updates came too fast", last, now);
  }

  private void takeInputs() {
    for (Input<S, U> input = next(); input != null; input = next()) {
      take(input);
    }
  }

  private @Nullable Input<S, U> next() {
    lock.lock();
    try {
      Input<S, U> input = inputs.poll();
      running = input != null;
      updates -= input != null && input.update() ? 1 : 0;
      return input;
    } finally {
      lock.unlock();
    }
  }

  private void take(Input<S, U> input) {
    List<SnapshotSync.Step<S, U>> steps = input.told().apply(clock.now());
    while (!steps.isEmpty()) {
      steps = carryOut(steps);
    }
    inSync = sync.inSync() && !closed();
    wake();
  }

  /** Answers what follows from a book that failed. */
  private List<SnapshotSync.Step<S, U>> carryOut(List<SnapshotSync.Step<S, U>> steps) {
    try {
      for (SnapshotSync.Step<S, U> step : steps) {
        if (closed()) {
          return List.of();
        }
        switch (step) {
          case SnapshotSync.Step.Fetch<S, U>(long attempt) -> fetch(attempt);
          case SnapshotSync.Step.Load<S, U>(Snapshot<S> snapshot) -> book.load(snapshot);
          case SnapshotSync.Step.Apply<S, U>(U update, SequenceRange range) ->
              book.apply(update, range);
          case SnapshotSync.Step.Doubt<S, U>(String why) -> {
            inSync = false;
            book.doubted(why);
          }
          case SnapshotSync.Step.GiveUp<S, U>(String why) -> book.givenUp(why);
        }
      }
      return List.of();
    } catch (RuntimeException | Error e) { // the user's code
      LOG.log(Level.ERROR, "book failed", e);
      return sync.lost("book failed: " + e.getClass().getSimpleName(), -1, clock.now());
    }
  }

  private void fetch(long attempt) {
    cancelFetching(); // nobody waits for the former any more
    CompletableFuture<Snapshot<S>> asked;
    try {
      asked = source.get();
    } catch (RuntimeException e) { // the user's code
      asked = CompletableFuture.failedFuture(e);
    }
    fetching = asked;
    var unused =
        asked.whenComplete((snapshot, failure) ->
            put(
                new Input<>(
                    -1,
                    now ->
                        snapshot != null
                            ? sync.fetched(attempt, snapshot, now)
                            : sync.fetchFailed(attempt, "no snapshot: " + failure, now))));
    if (closed()) {
      asked.cancel(true);
    }
  }

  private void cancelFetching() {
    CompletableFuture<Snapshot<S>> former = fetching;
    if (former != null) {
      former.cancel(true);
    }
  }

  private void wake() {
    long at = sync.wakeAt();
    if (at == SnapshotSync.NEVER || at == timerAt) {
      return;
    }
    timerAt = at;
    clock.schedule(Math.max(0, at - clock.now()), () -> put(new Input<>(-1, sync::wake)));
  }

  private boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private record SystemClock(Executor executor) implements Clock {
    @Override
    public long now() {
      return System.nanoTime();
    }

    @Override
    public void schedule(long nanos, Runnable task) {
      CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, executor).execute(task);
    }
  }
}
