package dev.everwire.session.internal.delivery;

import dev.everwire.protocol.Priority;
import dev.everwire.session.transport.Encoded;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one peer, by urgency: a lane for what must keep its order with the answers, then
 * one for each {@link Priority}. A lane is served before all below it, but every so often one
 * message of the next lower lane goes first, so that nobody starves. Decides nothing about room.
 * Not thread-safe; times are nanoseconds of the loop.
 */
final class Lanes {
  /** How many in a row go before one of the next lower lane. */
  static final int RUN = 16;

  static final long NEVER = Long.MAX_VALUE;
  private static final int CONTROL = 0;
  private static final int LANES = 5;

  /**
   * A message that waits, with one reference of its own.
   *
   * @param until it is not sent any more then
   * @param wish null if it is wanted in any case
   * @param droppable whether it may give way to others
   */
  record Waiting(Encoded message, long until, @Nullable Wish wish, boolean droppable) {
    int bytes() {
      return message.payload().length;
    }

    boolean expired(long now) {
      return until != NEVER && now - until >= 0;
    }
  }

  private final @Nullable ArrayDeque<Waiting>[] lanes = newLanes();
  private final int[] runs = new int[LANES]; // served since the next lower had its turn
  private long bytes;
  private long controlBytes;
  private int messages;

  private int served; // the lane of the last taken

  void addControl(Waiting waiting) {
    made(CONTROL).add(waiting);
    count(CONTROL, waiting, 1);
  }

  void add(Priority priority, Waiting waiting) {
    made(lane(priority)).add(waiting);
    count(lane(priority), waiting, 1);
  }

  /** Takes the next to be sent; null if nothing waits. */
  @Nullable Waiting take() {
    int place = nextBelow(-1);
    if (place == LANES) {
      return null;
    }
    for (int lower = nextBelow(place); lower < LANES; lower = nextBelow(place)) {
      if (runs[place] < RUN) {
        runs[place]++;
        break;
      }
      runs[place] = 0;
      place = lower;
    }
    served = place;
    return remove(place);
  }

  /** Undoes the last {@link #take}. */
  void putBack(Waiting waiting) {
    made(served).addFirst(waiting);
    runs[served] = Math.max(0, runs[served] - 1);
    count(served, waiting, 1);
  }

  /**
   * Takes the oldest of the lowest lane that may be dropped for a message of this priority; null if
   * there is none.
   */
  @Nullable Waiting takeForRoom(Priority priority) {
    for (int place = LANES - 1; place >= lane(priority); place--) {
      Waiting oldest = oldest(place);
      if (oldest != null && oldest.droppable()) {
        return remove(place);
      }
    }
    return null;
  }

  /** Takes the oldest of one lane if it may be dropped. */
  @Nullable Waiting takeOldest(Priority priority) {
    Waiting oldest = oldest(lane(priority));
    return oldest != null && oldest.droppable() ? remove(lane(priority)) : null;
  }

  private Waiting remove(int place) {
    ArrayDeque<Waiting> lane = made(place);
    Waiting waiting = lane.remove();
    count(place, waiting, -1);
    if (lane.isEmpty()) {
      lanes[place] = null; // it may have been long
    }
    return waiting;
  }

  boolean isEmpty() {
    return messages == 0;
  }

  int messages() {
    return messages;
  }

  long bytes() {
    return bytes;
  }

  /** Of those that must keep their order with the answers. */
  long controlBytes() {
    return controlBytes;
  }

  int controlMessages() {
    return size(CONTROL);
  }

  int messages(Priority priority) {
    return size(lane(priority));
  }

  /** Releases everything. */
  void clear() {
    for (int place = 0; place < LANES; place++) {
      ArrayDeque<Waiting> lane = lanes[place];
      if (lane != null) {
        lane.forEach(waiting -> waiting.message().release());
        lanes[place] = null;
      }
    }
    bytes = 0;
    controlBytes = 0;
    messages = 0;
  }

  private int size(int place) {
    ArrayDeque<Waiting> lane = lanes[place];
    return lane == null ? 0 : lane.size();
  }

  private @Nullable Waiting oldest(int place) {
    ArrayDeque<Waiting> lane = lanes[place];
    return lane == null ? null : lane.peek();
  }

  private int nextBelow(int place) {
    int next = place + 1;
    while (next < LANES && size(next) == 0) {
      next++;
    }
    return next;
  }

  private ArrayDeque<Waiting> made(int place) {
    ArrayDeque<Waiting> lane = lanes[place];
    if (lane == null) {
      lane = new ArrayDeque<>(4);
      lanes[place] = lane;
    }
    return lane;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array cannot be made with its type
  private static @Nullable ArrayDeque<Waiting>[] newLanes() {
    return new ArrayDeque[LANES];
  }

  private void count(int place, Waiting waiting, int sign) {
    bytes += (long) sign * waiting.bytes();
    messages += sign;
    if (place == CONTROL) {
      controlBytes += (long) sign * waiting.bytes();
    }
  }

  private static int lane(Priority priority) {
    return switch (priority) {
      case CRITICAL -> 1;
      case HIGH -> 2;
      case NORMAL -> 3;
      case LOW -> 4;
    };
  }
}
