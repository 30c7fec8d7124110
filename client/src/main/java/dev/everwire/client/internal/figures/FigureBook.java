package dev.everwire.client.internal.figures;

import dev.everwire.client.link.Figures;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes down how attempts and connections end. At most one attempt and one connection at a time;
 * what does not fit that is ignored. Safe from any thread; each {@code now} is nanoseconds of the
 * client's loop.
 */
public final class FigureBook {
  private static final int KEPT = 10;

  private record Open(String endpoint, Instant at, long began) {}

  private final ReentrantLock lock = new ReentrantLock();

  // guarded by lock
  private final ArrayDeque<Figures.Attempt> history = new ArrayDeque<>(KEPT + 1);
  private @Nullable Open attempt; // while one is under way
  private boolean up;
  private long upSince; // while up
  private long upBefore; // nanoseconds of former connections
  private long attempts;
  private long successes;
  private @Nullable String lastError;

  /** A dial begins. An attempt that nobody ended has failed by that. */
  public void began(String endpoint, Instant at, long now) {
    lock.lock();
    try {
      if (attempt != null) {
        end("given up", now);
      }
      attempt = new Open(endpoint, at, now);
    } finally {
      lock.unlock();
    }
  }

  /** Calls can be made. */
  public void succeeded(long now) {
    lock.lock();
    try {
      if (attempt != null) {
        end(null, now);
        up = true;
        upSince = now;
      }
    } finally {
      lock.unlock();
    }
  }

  /** The attempt failed. */
  public void failed(String why, long now) {
    lock.lock();
    try {
      if (attempt != null) {
        lastError = why;
        end(why, now);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The attempt was given up because nobody wants it any more: it counts for nothing. */
  public void abandoned() {
    lock.lock();
    try {
      attempt = null;
    } finally {
      lock.unlock();
    }
  }

  /** The connection was lost. */
  public void lost(String why, long now) {
    lock.lock();
    try {
      if (up) {
        lastError = why;
        down(now);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The connection was ended on purpose. */
  public void ended(long now) {
    lock.lock();
    try {
      if (up) {
        down(now);
      }
    } finally {
      lock.unlock();
    }
  }

  public Figures figures(long now) {
    lock.lock();
    try {
      long uptime = up ? Math.max(0, now - upSince) : 0;
      return new Figures(
          attempts,
          successes,
          Duration.ofNanos(uptime),
          Duration.ofNanos(upBefore + uptime),
          Optional.ofNullable(lastError),
          List.copyOf(history));
    } finally {
      lock.unlock();
    }
  }

  private void end(@Nullable String failure, long now) {
    Open ended = attempt;
    if (ended == null) {
      return;
    }
    attempt = null;
    attempts++;
    successes += failure == null ? 1 : 0;
    history.add(
        new Figures.Attempt(
            ended.endpoint(),
            ended.at(),
            Duration.ofNanos(now - ended.began()),
            Optional.ofNullable(failure)));
    if (history.size() > KEPT) {
      history.remove();
    }
  }

  private void down(long now) {
    upBefore += now - upSince;
    up = false;
  }
}
