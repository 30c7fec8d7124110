package dev.everwire.client.internal.topic;

import dev.everwire.protocol.Position;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one reader, in the order of the stream and never more than its {@link Room}. What
 * gives way is told as one gap with true positions. One thread at a time.
 *
 * <p>With room for three, 101…105 come. Oldest first, the reader gets a gap 101–102, then 103, 104,
 * 105; newest first, it gets 101, 102, 103, then a gap 104–105. With a key, 101 (EUR), 102 (USD),
 * 103 (EUR) leave 102, 103 and no gap: what 101 said, 103 says anew.
 */
final class Backlog {
  private static final String LAG = "lag";
  private static final int OVERHEAD = 64; // bytes that an event costs beyond its data, about

  private final Room room;
  private final Line line;
  private long bytes;
  private Piece.@Nullable Gap before; // of the oldest that gave way, before the line
  private Piece.@Nullable Gap behind; // of the newest that gave way, behind the line
  private @Nullable Position began;
  private @Nullable Position taken; // where the reader stands
  private @Nullable Position end; // behind the line
  private long dropped;
  private long lags;
  private long conflated;

  Backlog(Room room) {
    this.room = room;
    this.line = room.key() == null ? new InOrder() : new ByKey(room.key());
  }

  void begin(Position position) {
    began = position;
    taken = position;
    end = position;
  }

  /** False if there is no room and nothing may give way. */
  boolean add(Piece piece) {
    return switch (room.overflow()) {
      case DROP_OLDEST, LATEST_PER_KEY -> {
        put(piece);
        while (tooMuch()) {
          dropOldest();
        }
        yield true;
      }
      case DROP_NEWEST -> {
        if (fits(piece)) {
          if (behind != null) {
            put(behind);
            behind = null;
          }
          put(piece);
        } else {
          dropNewest(piece);
        }
        yield true;
      }
      case DISCONNECT -> {
        boolean fits = fits(piece);
        if (fits) {
          put(piece);
        }
        yield fits;
      }
    };
  }

  /** The next, or null. */
  @Nullable Piece remove() {
    Piece next = before;
    if (next != null) {
      before = null;
    } else {
      next = line.poll();
      if (next != null) {
        bytes -= bytes(next);
      } else {
        next = behind;
        behind = null;
        end = next == null ? end : next.position();
      }
    }
    if (next != null) {
      taken = next.position();
    }
    return next;
  }

  void clear() {
    while (line.poll() != null) {} // the lines are bounded
    bytes = 0;
    before = null;
    behind = null;
  }

  /** Where the stream began; null until that is known. */
  @Nullable Position began() {
    return began;
  }

  /** Behind what came last, or where the stream began; null until that is known. */
  @Nullable Position last() {
    return behind == null ? end : behind.position();
  }

  /** Pieces that wait. */
  int size() {
    return line.size() + (before == null ? 0 : 1) + (behind == null ? 0 : 1);
  }

  /** Events that gave way, ever. */
  long dropped() {
    return dropped;
  }

  /** Gaps that stand, or stood, for them. */
  long lags() {
    return lags;
  }

  /** Events that were replaced by a later one of their key, ever. */
  long conflated() {
    return conflated;
  }

  private void put(Piece piece) {
    Piece replaced = line.add(piece);
    if (replaced != null) {
      bytes -= bytes(replaced);
      conflated++;
    }
    bytes += bytes(piece);
    end = piece.position();
  }

  private boolean tooMuch() {
    return line.size() > room.events() || (bytes > room.bytes() && line.size() > 1);
  }

  private boolean fits(Piece piece) {
    int more = behind == null ? 1 : 2;
    return line.size() == 0
        || (line.size() + more <= room.events() && bytes + bytes(piece) <= room.bytes());
  }

  private void dropOldest() {
    Piece oldest = line.poll();
    if (oldest != null) {
      bytes -= bytes(oldest);
      lags += before == null ? 1 : 0;
      before = gap(before == null ? taken : before.from(), oldest);
    }
  }

  private void dropNewest(Piece newest) {
    lags += behind == null ? 1 : 0;
    behind = gap(behind == null ? end : behind.from(), newest);
  }

  private Piece.Gap gap(@Nullable Position from, Piece last) {
    dropped += last instanceof Piece.Item ? 1 : 0;
    return new Piece.Gap(LAG, from == null ? last.position() : from, last.position());
  }

  private static long bytes(Piece piece) {
    return switch (piece) {
      case Piece.Item(var position, var data) -> OVERHEAD + data.length();
      case Piece.Gap gap -> OVERHEAD;
    };
  }

  private interface Line {
    /** Answers what it takes the place of, or null. */
    @Nullable Piece add(Piece piece);

    @Nullable Piece poll();

    int size();
  }

  private static final class InOrder implements Line {
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();

    @Override
    public @Nullable Piece add(Piece piece) {
      pieces.add(piece);
      return null;
    }

    @Override
    public @Nullable Piece poll() {
      return pieces.poll();
    }

    @Override
    public int size() {
      return pieces.size();
    }
  }

  private static final class ByKey implements Line {
    private final KeyPointer pointer;
    private final Map<Object, Piece> pieces = new LinkedHashMap<>(); // oldest first

    ByKey(KeyPointer pointer) {
      this.pointer = pointer;
    }

    @Override
    public @Nullable Piece add(Piece piece) {
      Object key = piece instanceof Piece.Item(var position, var data) ? pointer.find(data) : null;
      if (key == null) {
        pieces.put(new Object(), piece); // replaces nothing and is not replaced
        return null;
      }
      Piece replaced = pieces.remove(key); // the new one stands at its own place in the stream
      pieces.put(key, piece);
      return replaced;
    }

    @Override
    public @Nullable Piece poll() {
      Iterator<Piece> oldest = pieces.values().iterator();
      if (!oldest.hasNext()) {
        return null;
      }
      Piece piece = oldest.next();
      oldest.remove();
      return piece;
    }

    @Override
    public int size() {
      return pieces.size();
    }
  }
}
