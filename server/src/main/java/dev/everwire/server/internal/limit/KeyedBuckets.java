package dev.everwire.server.internal.limit;

import dev.everwire.server.limit.InboundRates.Bounds;
import dev.everwire.session.transport.Loop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Buckets that several connections share, by a user's or an address' name. One is forgotten when
 * nobody holds it and it is full again: not before, or who comes back would begin anew. Those
 * beyond the most there may be share one. Safe from any thread.
 */
final class KeyedBuckets {
  private static final int MOST = 100_000;
  private static final long LOOK_EVERY = Duration.ofSeconds(10).toNanos();

  /** What connections of one name share. */
  static final class Shared {
    final @Nullable Bucket messages;
    final @Nullable Bucket bytes;
    private int holders; // guarded by the map's lock of its key

    Shared(Bounds bounds) {
      this.messages = bounds.messages() == null ? null : Bucket.ofMany(bounds.messages());
      this.bytes = bounds.bytes() == null ? null : Bucket.ofMany(bounds.bytes());
    }

    private boolean forgettable(long now) {
      return holders == 0
          && (messages == null || messages.full(now))
          && (bytes == null || bytes.full(now));
    }
  }

  private final Bounds bounds;
  private final int most;
  private final Map<String, Shared> byName = new ConcurrentHashMap<>();
  private final AtomicBoolean looking = new AtomicBoolean();
  private final Shared beyond;

  KeyedBuckets(Bounds bounds) {
    this(bounds, MOST);
  }

  KeyedBuckets(Bounds bounds, int most) {
    this.bounds = bounds;
    this.most = most;
    this.beyond = new Shared(bounds);
  }

  /** What a connection of this name uses until it {@link #release releases} it. */
  Shared hold(String name) {
    boolean full = byName.size() >= most;
    Shared held =
        byName.compute(
            name,
            (key, there) -> {
              if (there == null && full) {
                return null;
              }
              Shared shared = there == null ? new Shared(bounds) : there;
              shared.holders++;
              return shared;
            });
    return held == null ? beyond : held;
  }

  /**
   * @param loop where is looked later whether it can be forgotten
   */
  void release(String name, Shared held, Loop loop) {
    if (held == beyond) {
      return;
    }
    long now = loop.now();
    Shared left =
        byName.computeIfPresent(
            name,
            (key, there) -> {
              there.holders--;
              return there.forgettable(now) ? null : there;
            });
    if (left != null && left.holders == 0) {
      lookLater(loop);
    }
  }

  /** Names that are remembered. */
  int size() {
    return byName.size();
  }

  private void lookLater(Loop loop) {
    if (!looking.compareAndSet(false, true)) {
      return;
    }
    try {
      var unused = loop.schedule(LOOK_EVERY, () -> look(loop));
    } catch (RejectedExecutionException e) {
      looking.set(false); // the server ends
    }
  }

  private void look(Loop loop) {
    looking.set(false);
    boolean again = false;
    long now = loop.now();
    for (String name : byName.keySet()) {
      Shared left =
          byName.computeIfPresent(name, (key, there) -> there.forgettable(now) ? null : there);
      again |= left != null && left.holders == 0;
    }
    if (again) {
      lookLater(loop);
    }
  }
}
