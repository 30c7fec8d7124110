package dev.everwire.client.internal.topic;

import dev.everwire.protocol.Position;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where the events of one subscription wait for its reader, bounded in events and bytes. When it is
 * full the oldest go, and one gap that spans them all stands in their place. Safe from any thread;
 * the loop fills it and never waits.
 */
public final class EventBuffer implements Reader {
  private static final String LAG = "lag";
  private static final int OVERHEAD = 64; // bytes that an event costs beyond its data, about

  private final int maxEvents;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All guarded by lock.
  private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
  private long bytes;
  private Piece.@Nullable Gap lag; // stands before the pieces
  private @Nullable Position taken; // where the reader stands
  private @Nullable Ending ending;

  public EventBuffer(int maxEvents, long maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
  }

  @Override
  public void begin(Position position) {
    lock.lock();
    try {
      taken = position;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void piece(Piece piece) {
    lock.lock();
    try {
      if (ending == null) {
        pieces.add(piece);
        bytes += bytes(piece);
        dropOldest();
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What waits can still be taken. */
  @Override
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
      bytes = 0;
      lag = null;
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

  /** Behind what was taken last, or where the stream began; null until that is known. */
  public @Nullable Position taken() {
    lock.lock();
    try {
      return taken;
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
    Piece piece = lag;
    if (piece != null) {
      lag = null;
    } else {
      piece = pieces.poll();
      bytes -= piece == null ? 0 : bytes(piece);
    }
    if (piece != null) {
      taken = piece.position();
    }
    return piece;
  }

  private void dropOldest() {
    while (pieces.size() > maxEvents || (bytes > maxBytes && pieces.size() > 1)) {
      Piece oldest = pieces.remove();
      bytes -= bytes(oldest);
      Position from = lag == null ? taken : lag.from();
      lag = new Piece.Gap(LAG, from == null ? oldest.position() : from, oldest.position());
    }
  }

  private static long bytes(Piece piece) {
    return switch (piece) {
      case Piece.Item(var position, var data) -> OVERHEAD + data.length();
      case Piece.Gap gap -> OVERHEAD;
    };
  }
}
