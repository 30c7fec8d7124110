package dev.everwire.session.internal.rpc;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines that are still to come, the first of them at hand at once; to add or take out one of
 * many costs the logarithm of their number, and nothing stays behind. A binary heap whose entries
 * know their place. Not thread-safe; times are nanoseconds of the loop.
 */
final class Deadlines<T extends Timed> {
  private static final int FIRST_SIZE = 4;
  private static final int KEPT = 64; // room for so many stays

  private @Nullable Timed[] heap = {}; // an idle connection has none
  private int size;

  void add(T entry) {
    if (entry.place != Timed.NOWHERE) {
      throw new IllegalStateException("entry: held already (expected: not held)");
    }
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, Math.max(FIRST_SIZE, 2 * size));
    }
    rise(size++, entry);
  }

  /** Does nothing if it is not held. */
  void remove(T entry) {
    int hole = entry.place;
    if (hole == Timed.NOWHERE) {
      return;
    }
    entry.place = Timed.NOWHERE;
    Timed last = at(--size);
    heap[size] = null;
    if (size == 0 && heap.length > KEPT) {
      heap = new Timed[0];
    }
    if (hole == size) {
      return;
    }
    if (hole > 0 && before(last, at(parent(hole)))) {
      rise(hole, last);
    } else {
      sink(hole, last);
    }
  }

  /** Takes out one whose deadline has passed, the earliest first; null if none has. */
  @SuppressWarnings("unchecked") // only such were added
  @Nullable T pollDue(long now) {
    if (size == 0 || at(0).deadline - now > 0) {
      return null;
    }
    T first = (T) at(0);
    remove(first);
    return first;
  }

  /** Nanoseconds until the first, {@link Long#MAX_VALUE} if there is none. */
  long untilFirst(long now) {
    return size == 0 ? Long.MAX_VALUE : at(0).deadline - now;
  }

  int size() {
    return size;
  }

  void clear() {
    for (int i = 0; i < size; i++) {
      at(i).place = Timed.NOWHERE;
    }
    heap = new Timed[0];
    size = 0;
  }

  private void rise(int from, Timed entry) {
    int hole = from;
    while (hole > 0 && before(entry, at(parent(hole)))) {
      put(hole, at(parent(hole)));
      hole = parent(hole);
    }
    put(hole, entry);
  }

  private void sink(int from, Timed entry) {
    int hole = from;
    int child = firstOfChildren(hole);
    while (child < size && before(at(child), entry)) {
      put(hole, at(child));
      hole = child;
      child = firstOfChildren(hole);
    }
    put(hole, entry);
  }

  private int firstOfChildren(int hole) {
    int left = 2 * hole + 1;
    return left + 1 < size && before(at(left + 1), at(left)) ? left + 1 : left;
  }

  private void put(int where, Timed entry) {
    heap[where] = entry;
    entry.place = where;
  }

  private Timed at(int where) {
    Timed entry = heap[where];
    if (entry == null) {
      throw new IllegalStateException("place: " + where + " (expected: < " + size + ")");
    }
    return entry;
  }

  private static int parent(int place) {
    return (place - 1) / 2;
  }

  private static boolean before(Timed one, Timed other) {
    return one.deadline - other.deadline < 0;
  }
}
