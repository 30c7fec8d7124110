package dev.everwire.server.internal.limit;

import java.util.Collection;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How one bound is met when a seat is completed: found first, and settled when all are found. */
final class Part {
  private final Counters counters;
  private final @Nullable String name;
  private final int most;
  private Counters.@Nullable Counter found;
  private @Nullable Seat giver; // whose it was
  private boolean taken; // by this

  /**
   * @param name null if nothing is to be counted
   */
  Part(Counters counters, @Nullable String name, int most) {
    this.counters = counters;
    this.name = most == Integer.MAX_VALUE ? null : name;
    this.most = most;
  }

  /** False if there is no room. */
  boolean find(
      Seat seat,
      Counters.@Nullable Counter held,
      Collection<Seat> leaving,
      Function<Seat, Counters.@Nullable Counter> of) {
    if (name == null) {
      return true;
    }
    for (Seat there : leaving) {
      Counters.Counter counter = of.apply(there);
      if (counter != null && counter.name().equals(name)) {
        found = counter;
        giver = there;
        return true;
      }
    }
    if (held != null && held.name().equals(name)) {
      found = held;
      return !seat.provisional || counters.within(held, most);
    }
    found = counters.take(name, most);
    taken = found != null;
    return taken;
  }

  void undo() {
    if (taken && found != null) {
      counters.giveBack(found);
    }
  }

  /**
   * Gives back what was held and is not needed.
   *
   * @return what is held from now on
   */
  Counters.@Nullable Counter settle(
      Counters.@Nullable Counter held, BiConsumer<Seat, Counters.@Nullable Counter> into) {
    if (giver != null) {
      into.accept(giver, null);
    }
    if (held != null && (giver != null || held != found)) {
      counters.giveBack(held);
    }
    return found;
  }
}
