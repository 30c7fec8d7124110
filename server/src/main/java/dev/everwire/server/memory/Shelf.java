package dev.everwire.server.memory;

import java.util.Iterator;
import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/**
 * The order in which streams give up their memory. A stream is in at most one of the two rows;
 * within a row the one that was used longest ago comes first. Guarded by the broker's lock.
 */
final class Shelf {
  /** May be dropped whole. Those that never had a publication stand in front. */
  private final LinkedHashSet<Stream> idle = new LinkedHashSet<>();

  /** In use; only their history may be shortened. */
  private final LinkedHashSet<Stream> holding = new LinkedHashSet<>();

  /** Puts a stream where it belongs after it was published to, subscribed or left. */
  void used(Stream stream) {
    remove(stream);
    if (!stream.idle()) {
      if (stream.history.size() > 0) {
        holding.addLast(stream);
      }
    } else if (stream.top().offset() == 0) {
      idle.addFirst(stream);
    } else {
      idle.addLast(stream);
    }
  }

  /** Puts a new stream in front, to be dropped first; leaves the place of others. */
  void seen(Stream stream) {
    if (!idle.contains(stream) && !holding.contains(stream)) {
      used(stream);
    }
  }

  void remove(Stream stream) {
    idle.remove(stream);
    holding.remove(stream);
  }

  void clear() {
    idle.clear();
    holding.clear();
  }

  /** The next one to be dropped whole. */
  @Nullable Stream eldestIdle(@Nullable Stream except) {
    Iterator<Stream> row = idle.iterator();
    while (row.hasNext()) {
      Stream stream = row.next();
      if (stream != except) {
        return stream;
      }
    }
    return null;
  }

  /** The next one to lose its oldest publication. */
  @Nullable Stream eldestHolding() {
    return holding.isEmpty() ? null : holding.getFirst();
  }
}
