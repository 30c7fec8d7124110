package dev.everwire.server.internal.registry;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** Finds entries by the tags of their sessions. Safe from any thread. */
final class TagIndex {
  private static final int LOCKS = 64;

  private final Groups<String> tagged = new Groups<>();
  private final ReentrantLock[] locks = new ReentrantLock[LOCKS]; // one each would cost more

  TagIndex() {
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  /** One of a few, so whoever holds it takes no other. */
  ReentrantLock lockFor(long serial) {
    return locks[(int) (serial & (LOCKS - 1))];
  }

  void add(String tag, Entry entry) {
    tagged.add(tag, entry);
  }

  void remove(String tag, Entry entry) {
    tagged.remove(tag, entry);
  }

  List<Entry> list(String tag) {
    return tagged.list(tag);
  }

  /** Tags that somebody has. */
  int tags() {
    return tagged.names();
  }
}
