package dev.everwire.client.internal.foreign;

import dev.everwire.client.internal.topic.Ending;
import dev.everwire.protocol.json.RawJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the updates of one subscription wait for their reader, bounded in number and bytes; one is
 * always admitted to an empty buffer. What is lost because it is full is counted, and the count
 * stands in the stream where they are missing. Safe from any thread; the loop fills it and never
 * waits.
 */
public final class UpdateBuffer {

  /** A part of the stream, in order. */
  public sealed interface Piece {

    record Update(RawJson data) implements Piece {}

    /** So many updates were thrown away here. */
    record Lagged(long updates) implements Piece {}

    /** Another connection begins here; what was sent between the two is missing. */
    record Resumed(long epoch) implements Piece {}
  }

  /** What is done about an update for which there is no room. */
  public enum WhenFull {
    DROP_OLDEST,
    DROP_NEWEST,
    /** The reader gets what waits and then no more. */
    END
  }

  private static final int MARKS = 8; // beside two for each update
  private static final int OVERHEAD = 64; // bytes that an update costs beyond its data, about

  private final int maxUpdates;
  private final long maxBytes;
  private final WhenFull whenFull;
  private final @Nullable Function<RawJson, @Nullable Object> key;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All guarded by lock.
  private final LinkedHashMap<Object, Piece> pieces = new LinkedHashMap<>(); // by key, oldest first
  private int updates; // among them
  private long bytes;
  private long lag; // thrown away before the first of the pieces
  private Piece.@Nullable Resumed overtaken; // stood before what was thrown away last
  private @Nullable Ending ending;

  /**
   * @param key names what an update is about: one that waits is replaced by a later one of the same
   *     key, which counts as no loss. Called on the loop; null to keep them all
   */
  public UpdateBuffer(
      int maxUpdates,
      long maxBytes,
      WhenFull whenFull,
      @Nullable Function<RawJson, @Nullable Object> key) {
    this.maxUpdates = maxUpdates;
    this.maxBytes = maxBytes;
    this.whenFull = whenFull;
    this.key = key;
  }

  /** False if the buffer has ended, perhaps by this very update. */
  public boolean update(RawJson data) {
    Object name = key == null ? null : key.apply(data);
    lock.lock();
    try {
      if (ending != null) {
        return false;
      }
      if (name != null && pieces.remove(name) instanceof Piece.Update former) {
        forget(former);
      }
      boolean full =
          updates >= maxUpdates || (updates > 0 && bytes + OVERHEAD + data.length() > maxBytes);
      if (full && whenFull == WhenFull.END) {
        end(new Ending.Overflowed("read too slowly, " + updates + " updates wait"));
        return false;
      }
      if (full && whenFull == WhenFull.DROP_NEWEST) {
        lagAtTheEnd();
      } else {
        pieces.put(name == null ? new Object() : name, new Piece.Update(data));
        updates++;
        bytes += OVERHEAD + data.length();
        dropOldest();
      }
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The topic is there again, on another connection. */
  public void resumed(long epoch) {
    lock.lock();
    try {
      if (ending == null) {
        if (!pieces.isEmpty() && pieces.lastEntry().getValue() instanceof Piece.Resumed) {
          pieces.pollLastEntry(); // twice in a row says no more than once
        }
        pieces.put(new Object(), new Piece.Resumed(epoch));
        fold();
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What waits can still be taken. */
  public void end(Ending why) {
    lock.lock();
    try {
      if (ending == null) {
        ending = why;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends at once; what waits is thrown away. False if it had ended this way before. */
  public boolean discard(Ending.Closed why) {
    lock.lock();
    try {
      boolean first = !(ending instanceof Ending.Closed);
      ending = first ? why : ending;
      pieces.clear();
      updates = 0;
      bytes = 0;
      lag = 0;
      overtaken = null;
      changed.signalAll();
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next. Null when there is none and none will come: see {@link #ending}. */
  public @Nullable Piece take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Piece piece = remove();
      while (piece == null && ending == null) {
        changed.await();
        piece = remove();
      }
      return piece;
    } finally {
      lock.unlock();
    }
  }

  /** The next, waiting for at most so long; null if there is none. */
  public @Nullable Piece poll(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      Piece piece = remove();
      while (piece == null && ending == null && left > 0) {
        left = changed.awaitNanos(left);
        piece = remove();
      }
      return piece;
    } finally {
      lock.unlock();
    }
  }

  /** The next if it is here. */
  public @Nullable Piece poll() {
    lock.lock();
    try {
      return remove();
    } finally {
      lock.unlock();
    }
  }

  /** Why nothing more comes in; null while it may. */
  public @Nullable Ending ending() {
    lock.lock();
    try {
      return ending;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Piece remove() {
    if (lag > 0) {
      Piece lagged = new Piece.Lagged(lag);
      lag = 0;
      return lagged;
    }
    if (overtaken != null) {
      Piece resumed = overtaken;
      overtaken = null;
      return resumed;
    }
    var first = pieces.pollFirstEntry();
    if (first == null) {
      return null;
    }
    if (first.getValue() instanceof Piece.Update update) {
      forget(update);
    }
    return first.getValue();
  }

  private void forget(Piece.Update update) {
    updates--;
    bytes -= OVERHEAD + update.data().length();
  }

  private void dropOldest() {
    while (updates > maxUpdates || (updates > 1 && bytes > maxBytes)) {
      var oldest = pieces.pollFirstEntry();
      switch (oldest.getValue()) {
        case Piece.Update update -> {
          forget(update);
          lag++;
        }
        case Piece.Lagged(long more) -> lag += more;
        case Piece.Resumed resumed -> overtaken = resumed;
      }
    }
  }

  private void lagAtTheEnd() {
    long before = 0;
    if (pieces.lastEntry().getValue() instanceof Piece.Lagged(long former)) {
      pieces.pollLastEntry();
      before = former;
    }
    pieces.put(new Object(), new Piece.Lagged(before + 1));
    fold();
  }

  /** Marks that stand together say no more than one of each kind, so there never are many. */
  private void fold() {
    if (pieces.size() - updates <= 2L * updates + MARKS) {
      return;
    }
    Map<Object, Piece> folded = new LinkedHashMap<>();
    long lagged = 0;
    Piece.Resumed resumed = null;
    for (var entry : pieces.entrySet()) {
      switch (entry.getValue()) {
        case Piece.Lagged(long more) -> lagged += more;
        case Piece.Resumed later -> resumed = later;
        case Piece.Update update -> {
          marks(folded, lagged, resumed);
          lagged = 0;
          resumed = null;
          folded.put(entry.getKey(), update);
        }
      }
    }
    marks(folded, lagged, resumed);
    pieces.clear();
    pieces.putAll(folded);
  }

  private static void marks(Map<Object, Piece> to, long lagged, Piece.@Nullable Resumed resumed) {
    if (lagged > 0) {
      to.put(new Object(), new Piece.Lagged(lagged));
    }
    if (resumed != null) {
      to.put(new Object(), resumed);
    }
  }
}
