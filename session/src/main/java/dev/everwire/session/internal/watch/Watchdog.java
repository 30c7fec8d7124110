package dev.everwire.session.internal.watch;

import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Names handlers that hold an event loop up, while they still do: one thread of its own looks at
 * every loop a few times within the bound, as long as there is one to look at. A method is named at
 * most once a second. Safe from any thread.
 */
public final class Watchdog {
  public static final Duration DEFAULT_BOUND = Duration.ofMillis(100);

  /**
   * A handler that holds its loop up.
   *
   * @param held for how long at least
   * @param stack where its thread stands
   */
  public record Finding(String method, Duration held, String thread, List<String> stack) {}

  private static final Logger LOG = System.getLogger(Watchdog.class.getName());
  private static final int LOOKS = 4; // within the bound
  private static final int FRAMES = 32;
  private static final long SILENCE = 1_000_000_000; // nanoseconds

  private final long bound;
  private final Consumer<Finding> told;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();
  private final Map<Loop, Post> posts = new HashMap<>(); // guarded by lock
  private final Map<String, Long> named = new HashMap<>(); // the watcher's; when, by method
  private final Executor watcher;
  private boolean watching; // guarded by lock; while there are posts

  /**
   * @param bound how long a handler may take, 1 ms to 1 day
   * @param watcher gives each task a thread of its own, on which it may wait
   */
  public Watchdog(Duration bound, Executor watcher) {
    this(bound, watcher, Watchdog::log);
  }

  /**
   * @param told is told on the watchdog's thread
   */
  Watchdog(Duration bound, Executor watcher, Consumer<Finding> told) {
    if (bound.toMillis() < 1 || bound.toDays() > 1) {
      throw new IllegalArgumentException("bound: " + bound + " (expected: >= PT0.001S, <= PT24H)");
    }
    this.bound = bound.toNanos();
    this.watcher = watcher;
    this.told = told;
  }

  /** Watches over a loop until as many posts were closed as were asked for. */
  public Post post(Loop loop) {
    lock.lock();
    try {
      Post post = posts.computeIfAbsent(loop, Post::new);
      post.users++;
      if (!watching) {
        watching = true;
        watcher.execute(this::watch);
      }
      return post;
    } finally {
      lock.unlock();
    }
  }

  private void watch() {
    lock.lock();
    try {
      while (!posts.isEmpty()) {
        List<Post> all = List.copyOf(posts.values());
        lock.unlock();
        try {
          all.forEach(this::look);
        } finally {
          lock.lock();
        }
        if (!posts.isEmpty()) {
          var unused = left.await(bound / LOOKS, TimeUnit.NANOSECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread()
          .interrupt(); // nobody else knows this thread: the process wants it gone
    } finally {
      watching = false;
      lock.unlock();
    }
  }

  /** Without the lock, which loops take, too: who is told may take its time, or throw. */
  private void look(Post post) {
    Finding finding = post.look(bound);
    if (finding != null && !namedLately(finding.method(), post.loop.now())) {
      try {
        told.accept(finding);
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "a held up event loop could not be told of", e);
      }
    }
  }

  private boolean namedLately(String method, long now) {
    Long last = named.get(method);
    if (last != null && now - last < SILENCE) {
      return true;
    }
    named.put(method, now);
    return false;
  }

  private static void log(Finding finding) {
    LOG.log(
        Level.WARNING,
        "event loop is held up by a handler declared non-blocking method="
            + finding.method()
            + " heldMs="
            + finding.held().toMillis()
            + " thread="
            + finding.thread()
            + "\n\tat "
            + String.join("\n\tat ", finding.stack()));
  }

  /** What one loop is doing. {@link #enter} and {@link #leave} on the loop. */
  public final class Post implements AutoCloseable {
    private final Loop loop;
    // Odd while a handler runs. Written by the loop only, so it needs no more than ordered writes.
    private final AtomicInteger turns = new AtomicInteger();
    private String method = ""; // published by turns
    private @Nullable Thread runner; // published by turns
    private int users; // guarded by lock
    // the watchdog's
    private int seen;
    private long since;

    private Post(Loop loop) {
      this.loop = loop;
    }

    /** A handler begins. */
    public void enter(String name) {
      method = name;
      runner = Thread.currentThread();
      turns.lazySet(turns.getPlain() + 1);
    }

    /** It has ended. */
    public void leave() {
      turns.lazySet(turns.getPlain() + 1);
    }

    private @Nullable Finding look(long atMost) {
      int turn = turns.get();
      long now = loop.now();
      if (turn != seen) {
        seen = turn;
        since = now;
        return null;
      }
      Thread thread = runner;
      if (turn % 2 == 0 || now - since < atMost || thread == null) {
        return null;
      }
      String name = method;
      List<String> stack = new ArrayList<>();
      for (StackTraceElement frame : thread.getStackTrace()) {
        if (stack.size() < FRAMES) {
          stack.add(frame.toString());
        }
      }
      // It may have ended meanwhile, and what we read be another's.
      return turns.get() == turn
          ? new Finding(name, Duration.ofNanos(now - since), thread.getName(), stack)
          : null;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        users--;
        if (users == 0) {
          posts.remove(loop);
          left.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
