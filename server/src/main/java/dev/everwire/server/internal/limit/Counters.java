package dev.everwire.server.internal.limit;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * How many hold each of many names. A name that nobody holds takes no room. Safe from any thread.
 */
final class Counters {

  /** One name. */
  static final class Counter {
    private final String name;
    private int held; // guarded by the map, which computes one name at a time

    Counter(String name) {
      this.name = name;
    }

    String name() {
      return name;
    }
  }

  private final ConcurrentMap<String, Counter> counters = new ConcurrentHashMap<>();

  /**
   * Takes one.
   *
   * @param most how many may be held together with this one
   * @return null if it would be more
   */
  @Nullable Counter take(String name, int most) {
    boolean[] taken = new boolean[1];
    Counter counter =
        counters.compute(
            name,
            (same, there) -> {
              Counter one = there == null ? new Counter(name) : there;
              if (one.held < most) {
                one.held++;
                taken[0] = true;
              }
              return one;
            });
    return taken[0] ? counter : null;
  }

  /** Gives back what was taken, once. */
  void giveBack(Counter counter) {
    counters.computeIfPresent(counter.name, (same, there) -> --there.held == 0 ? null : there);
  }

  /** Whether no more than so many are held. */
  boolean within(Counter counter, int most) {
    boolean[] within = new boolean[1];
    counters.computeIfPresent(
        counter.name,
        (same, there) -> {
          within[0] = there.held <= most;
          return there;
        });
    return within[0];
  }

  /** Names that somebody holds. */
  int size() {
    return counters.size();
  }
}
