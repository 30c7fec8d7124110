package dev.everwire.server.internal.budget;

import dev.everwire.server.limit.Eviction;
import dev.everwire.server.limit.MemoryLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Decides who has to go when connections hold too much. Pure. */
final class Shedding {
  /** What a connection costs that holds nothing. */
  static final long EACH_BYTES = 3 * 1024;

  private static final long LONG_QUEUE_BYTES = 64 * 1024;

  /**
   * What one connection holds.
   *
   * @param serial its place among all that ever came
   * @param queued bytes that wait to be sent
   * @param besides bytes of what waits to be handled, of answers that were not acknowledged, and of
   *     what the application attached
   * @param idle nanoseconds since something came from it
   */
  record Holding(long serial, long queued, long besides, long idle) {
    Holding(long serial, long queued, long idle) {
      this(serial, queued, 0, idle);
    }

    long bytes() {
      return EACH_BYTES + queued + besides;
    }
  }

  /** Why a connection has to go. */
  enum Why {
    /** It holds more than one may. */
    TOO_MUCH,
    /** Its queue is among the longest of a node that holds too much. */
    SLOW,
    /** It is its turn. */
    EVICTED
  }

  record Victim(Holding holding, Why why) {}

  /**
   * @param left bytes that are held when the victims are gone
   */
  record Verdict(List<Victim> victims, long left) {}

  private final MemoryLimits limits;

  Shedding(MemoryLimits limits) {
    this.limits = limits;
  }

  /**
   * @param others bytes that are held beside connections, and count
   */
  Verdict judge(List<Holding> holdings, long others) {
    List<Victim> victims = new ArrayList<>();
    List<Holding> rest = new ArrayList<>(holdings.size());
    long total = others;
    for (Holding holding : holdings) {
      if (holding.bytes() > limits.maxBytesPerConnection()) {
        victims.add(new Victim(holding, Why.TOO_MUCH));
      } else {
        rest.add(holding);
        total += holding.bytes();
      }
    }
    if (total > limits.maxBytes()) {
      List<Holding> slow =
          rest.stream()
              .filter(holding -> holding.queued() >= LONG_QUEUE_BYTES)
              .sorted(Comparator.comparingLong(Holding::queued).reversed())
              .toList();
      total = shed(slow, Why.SLOW, total, victims);
    }
    if (total > limits.maxBytes()) {
      List<Holding> turn =
          rest.stream()
              .filter(holding -> holding.queued() < LONG_QUEUE_BYTES)
              .sorted(order(limits.eviction()))
              .toList();
      total = shed(turn, Why.EVICTED, total, victims);
    }
    return new Verdict(victims, total);
  }

  /** Whether so much is held that nobody else comes in. */
  boolean refusesNew(long held) {
    return held > enough();
  }

  private long shed(List<Holding> order, Why why, long total, List<Victim> victims) {
    long left = total;
    for (Holding holding : order) {
      if (left <= enough()) {
        break;
      }
      victims.add(new Victim(holding, why));
      left -= holding.bytes();
    }
    return left;
  }

  private long enough() {
    return limits.maxBytes() - limits.maxBytes() / 10;
  }

  private static Comparator<Holding> order(Eviction eviction) {
    return switch (eviction) {
      case LRU -> Comparator.comparingLong(Holding::idle).reversed();
      case OLDEST -> Comparator.comparingLong(Holding::serial);
    };
  }
}
