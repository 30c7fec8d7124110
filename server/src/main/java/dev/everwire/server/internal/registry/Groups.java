package dev.everwire.server.internal.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Entries under names that several of them may have. A name that nobody has takes no room, and one
 * that a single entry has no more than a map's entry. Safe from any thread.
 */
final class Groups<K> {

  /** More than one, at least for a time. */
  private record Crowd(Set<Entry> entries) {}

  private final ConcurrentMap<K, Object> members = new ConcurrentHashMap<>(); // Entry or Crowd

  void add(K key, Entry entry) {
    members.compute(key, (same, there) -> with(there, entry));
  }

  private static Object with(@Nullable Object there, Entry entry) {
    if (there == null || there == entry) {
      return entry;
    }
    Crowd crowd;
    if (there instanceof Crowd already) {
      crowd = already;
    } else {
      crowd = new Crowd(ConcurrentHashMap.newKeySet());
      crowd.entries().add((Entry) there);
    }
    crowd.entries().add(entry);
    return crowd;
  }

  /** Takes out this entry, and never one that came in its place. */
  void remove(K key, Entry entry) {
    members.computeIfPresent(key, (same, there) -> without(there, entry));
  }

  private static @Nullable Object without(Object there, Entry entry) {
    if (there instanceof Crowd crowd) {
      crowd.entries().remove(entry);
      return switch (crowd.entries().size()) {
        case 0 -> null;
        case 1 -> crowd.entries().iterator().next();
        default -> crowd;
      };
    }
    return there == entry ? null : there;
  }

  /**
   * Puts an entry in the place of all that are there.
   *
   * @return those
   */
  List<Entry> takeOver(K key, Entry entry) {
    List<Entry> former = new ArrayList<>(1);
    members.compute(
        key,
        (same, there) -> {
          collect(there, former);
          return entry;
        });
    former.remove(entry);
    return former;
  }

  /** Puts an entry there unless another stays. */
  boolean takeIfFree(K key, Entry entry, Predicate<Entry> leaves) {
    Object now =
        members.compute(
            key,
            (same, there) -> {
              List<Entry> present = new ArrayList<>(1);
              collect(there, present);
              boolean free = present.stream().allMatch(one -> one == entry || leaves.test(one));
              return free || there == null ? entry : there;
            });
    return now == entry;
  }

  List<Entry> list(K key) {
    Object there = members.get(key);
    if (there instanceof Entry alone) {
      return List.of(alone);
    }
    List<Entry> found = new ArrayList<>();
    collect(there, found);
    return found;
  }

  private static void collect(@Nullable Object there, List<Entry> into) {
    if (there instanceof Crowd crowd) {
      into.addAll(crowd.entries());
    } else if (there instanceof Entry alone) {
      into.add(alone);
    }
  }

  /** How many names somebody has. */
  int names() {
    return members.size();
  }
}
