package dev.everwire.app.demo;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who is in which room, and how much was said there. A room that everybody has left is remembered
 * until its place is needed. Safe from any thread.
 */
final class ChatRooms {
  static final int MOST_ROOMS = 1_000;
  static final int MOST_MEMBERS = 1_000;

  /**
   * @param news whether the name was not there under this connection
   * @param renamed the name that the connection had before
   */
  record Joined(boolean news, @Nullable String renamed) {}

  /** Of one room or of several together. */
  record Counts(int rooms, int members, long joins, long leaves, long messages) {
    private static final Counts NONE = new Counts(0, 0, 0, 0, 0);

    Counts plus(Counts other) {
      return new Counts(
          rooms + other.rooms,
          members + other.members,
          joins + other.joins,
          leaves + other.leaves,
          messages + other.messages);
    }
  }

  private static final class Room {
    private final Map<String, String> names = new LinkedHashMap<>(); // by connection
    private long joins;
    private long leaves;
    private long messages;

    Counts counts() {
      return new Counts(1, names.size(), joins, leaves, messages);
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Room> rooms = new LinkedHashMap<>(); // guarded by lock; eldest first

  Joined join(String room, String connection, String name) {
    lock.lock();
    try {
      Room known = rooms.get(room);
      Room wanted = known == null ? create(room) : known;
      if (wanted.names.size() >= MOST_MEMBERS && !wanted.names.containsKey(connection)) {
        throw new FaultException(FaultCode.OVERLOADED, "the room is full");
      }
      String former = wanted.names.put(connection, name);
      boolean news = !name.equals(former);
      if (news) {
        wanted.joins++;
        wanted.leaves += former == null ? 0 : 1;
      }
      return new Joined(news, news ? former : null);
    } finally {
      lock.unlock();
    }
  }

  /** The name that has left; null if the connection was not there. */
  @Nullable String leave(String room, String connection) {
    lock.lock();
    try {
      Room left = rooms.get(room);
      return left == null ? null : leave(left, connection);
    } finally {
      lock.unlock();
    }
  }

  /** The names that have left, by room. */
  Map<String, String> leaveAll(String connection) {
    Map<String, String> left = new LinkedHashMap<>();
    lock.lock();
    try {
      rooms.forEach((name, room) -> {
        String member = leave(room, connection);
        if (member != null) {
          left.put(name, member);
        }
      });
    } finally {
      lock.unlock();
    }
    return left;
  }

  /** Counts a message; the name of the member that says it, null if the connection is none. */
  @Nullable String speak(String room, String connection) {
    lock.lock();
    try {
      Room spoken = rooms.get(room);
      String name = spoken == null ? null : spoken.names.get(connection);
      if (spoken != null && name != null) {
        spoken.messages++;
      }
      return name;
    } finally {
      lock.unlock();
    }
  }

  /** In the order in which they came; a name as often as it is there. */
  List<String> members(String room) {
    lock.lock();
    try {
      Room known = rooms.get(room);
      return known == null ? List.of() : List.copyOf(known.names.values());
    } finally {
      lock.unlock();
    }
  }

  Counts counts(String room) {
    lock.lock();
    try {
      Room known = rooms.get(room);
      return known == null ? Counts.NONE : known.counts();
    } finally {
      lock.unlock();
    }
  }

  Counts all() {
    lock.lock();
    try {
      return rooms.values().stream().map(Room::counts).reduce(Counts.NONE, Counts::plus);
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock. */
  private Room create(String name) {
    if (rooms.size() >= MOST_ROOMS && !forgetEldestEmpty()) {
      throw new FaultException(FaultCode.OVERLOADED, "there are too many rooms");
    }
    Room room = new Room();
    rooms.put(name, room);
    return room;
  }

  /** Under the lock. */
  private boolean forgetEldestEmpty() {
    for (Iterator<Room> each = rooms.values().iterator(); each.hasNext(); ) {
      if (each.next().names.isEmpty()) {
        each.remove();
        return true;
      }
    }
    return false;
  }

  /** Under the lock. */
  private static @Nullable String leave(Room room, String connection) {
    String name = room.names.remove(connection);
    if (name != null) {
      room.leaves++;
    }
    return name;
  }
}
