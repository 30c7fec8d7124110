package dev.everwire.server.memory;

import dev.everwire.spi.NonceStore;
import dev.everwire.spi.NonceStoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Remembers uses in this process: they are forgotten with it, and other nodes do not know them.
 * Safe from any thread; every stage it returns is complete.
 */
public final class MemoryNonceStore implements NonceStore {
  /** A use is about 200 bytes. */
  public static final int MOST = 1_000_000;

  private static final long SLOT_SECONDS = 60; // how late a use is forgotten at most

  /** A nonce is a line of which nothing but its first number can be used. */
  private static final class Use {
    final String key;
    long number;
    Instant until;

    Use(String key, long number, Instant until) {
      this.key = key;
      this.number = number;
      this.until = until;
    }
  }

  private final int most;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock. Each use stands in one slot, which may be earlier than its end when that was
  // moved: it is put where it belongs when the slot's time has come.
  private final Map<String, Use> uses = new HashMap<>();
  private final TreeMap<Long, List<Use>> slots = new TreeMap<>();
  private boolean closed;

  public MemoryNonceStore() {
    this(MOST);
  }

  /**
   * @param most uses remembered at once; one more fails until others have ended
   */
  public MemoryNonceStore(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most: " + most + " (expected: >= 1)");
    }
    this.most = most;
  }

  @Override
  public CompletionStage<Boolean> spend(String nonce, Instant now, Instant until) {
    return use("n" + nonce, 1, true, now, until);
  }

  @Override
  public CompletionStage<Boolean> advance(String line, long number, Instant now, Instant until) {
    return use("l" + line, number, false, now, until);
  }

  /** Uses remembered now, ended ones that were not swept included. */
  public int size() {
    lock.lock();
    try {
      return uses.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      uses.clear();
      slots.clear();
    } finally {
      lock.unlock();
    }
  }

  private CompletionStage<Boolean> use(
      String key, long number, boolean once, Instant now, Instant until) {
    lock.lock();
    try {
      if (closed) {
        return failed("closed");
      }
      sweep(now);
      Use use = uses.get(key);
      if (use != null && !now.isBefore(use.until)) {
        use.number = 0; // ended, only not swept yet
        use.until = until;
      }
      return use == null
          ? first(key, number, until)
          : CompletableFuture.completedStage(again(use, number, once, until));
    } finally {
      lock.unlock();
    }
  }

  private CompletionStage<Boolean> first(String key, long number, Instant until) {
    if (uses.size() >= most) {
      return failed("full, " + most + " uses are remembered");
    }
    Use use = new Use(key, number, until);
    uses.put(key, use);
    enter(use);
    return CompletableFuture.completedStage(true);
  }

  private static boolean again(Use use, long number, boolean once, Instant until) {
    if (number < use.number || (once && use.number > 0)) {
      return false;
    }
    use.number = number;
    if (until.isAfter(use.until)) {
      use.until = until;
    }
    return true;
  }

  private void sweep(Instant now) {
    long present = slot(now);
    for (Map.Entry<Long, List<Use>> oldest = slots.firstEntry();
        oldest != null && oldest.getKey() < present;
        oldest = slots.firstEntry()) {
      slots.remove(oldest.getKey());
      for (Use use : oldest.getValue()) {
        if (now.isBefore(use.until)) {
          enter(use);
        } else {
          uses.remove(use.key);
        }
      }
    }
  }

  private void enter(Use use) {
    slots.computeIfAbsent(slot(use.until), slot -> new ArrayList<>()).add(use);
  }

  private static long slot(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), SLOT_SECONDS);
  }

  private static <T extends @Nullable Object> CompletionStage<T> failed(String why) {
    return CompletableFuture.failedStage(new NonceStoreException("nonces in memory: " + why));
  }
}
