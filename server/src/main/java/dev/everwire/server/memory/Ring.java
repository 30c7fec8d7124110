package dev.everwire.server.memory;

import dev.everwire.spi.Publication;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The newest publications of a stream, by place. Grows with what it holds. Not thread-safe. */
final class Ring {
  private static final int FIRST_SIZE = 8;
  private static final int OVERHEAD = 64; // two objects and a slot

  private @Nullable Publication[] slots = new Publication[0];
  private int head;
  private int size;
  private long bytes;

  int size() {
    return size;
  }

  /** Of all that is held, overhead included. */
  long bytes() {
    return bytes;
  }

  /**
   * @param i 0 for the oldest
   */
  Publication get(int i) {
    Publication publication = slots[slot(i)];
    if (i >= size || publication == null) {
      throw new IndexOutOfBoundsException(i);
    }
    return publication;
  }

  void add(Publication publication) {
    if (size == slots.length) {
      grow();
    }
    slots[slot(size)] = publication;
    size++;
    bytes += publication.data().length() + OVERHEAD;
  }

  void removeOldest() {
    bytes -= get(0).data().length() + OVERHEAD;
    slots[head] = null;
    head = slot(1);
    size--;
    if (size == 0) {
      slots = new Publication[0];
      head = 0;
    }
  }

  private int slot(int i) {
    int slot = head + i;
    return slot < slots.length ? slot : slot - slots.length;
  }

  private void grow() {
    @Nullable Publication[] larger =
        Arrays.copyOfRange(slots, head, head + Math.max(FIRST_SIZE, 2 * size));
    System.arraycopy(slots, 0, larger, slots.length - head, head);
    slots = larger;
    head = 0;
  }
}
