package dev.everwire.client.internal.calls;

import dev.everwire.client.internal.calls.Item.Call;
import dev.everwire.client.internal.calls.Item.Together;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What waits, in order: one lane for everything and one for each limiter whose calls wait for
 * tokens, so that they hold up only each other. Every step costs at most the logarithm of what is
 * in. Event loop only.
 */
final class Waiting {
  private static final class Lane {
    final TreeMap<Long, Item> items = new TreeMap<>();
    long dryUntil = Long.MIN_VALUE;
  }

  private final Room room;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final TreeSet<Call> deadlines =
      new TreeSet<>(
          Comparator.<Call>comparingLong(call -> call.deadline)
              .thenComparingLong(call -> call.place));

  Waiting(Room room) {
    this.room = room;
  }

  /** It has taken its room. */
  void add(Item item) {
    lanes.computeIfAbsent(item.lane(), name -> new Lane()).items.put(item.place, item);
    item.callsInIt().forEach(this::watch);
  }

  /** Takes it out and gives its room back. False if it is not in. */
  boolean remove(Item item) {
    Lane lane = lanes.get(item.lane());
    if (lane == null || !lane.items.remove(item.place, item)) {
      return false;
    }
    if (lane.items.isEmpty()) {
      lanes.remove(item.lane());
    }
    item.callsInIt().forEach(this::unwatch);
    room.give(item.messages(), item.bytes());
    return true;
  }

  /** Takes a call out, alone or out of its batch. */
  void withdraw(Call call) {
    Together batch = call.batch;
    if (batch == null) {
      remove(call);
    } else if (batch.members.remove(call)) {
      unwatch(call);
      room.give(1, call.bytes());
      if (batch.members.isEmpty()) {
        remove(batch);
      }
    }
  }

  boolean isEmpty() {
    return lanes.isEmpty();
  }

  /** Whether something waits for tokens of this limiter. */
  boolean any(String lane) {
    return lanes.containsKey(lane);
  }

  /** The first of all lanes that may go; null if there is none. */
  @Nullable Item next(long now) {
    Item first = null;
    for (Lane lane : lanes.values()) {
      Item candidate = lane.items.firstEntry().getValue();
      boolean dry = lane.dryUntil != Long.MIN_VALUE && lane.dryUntil - now > 0;
      if (!dry && (first == null || candidate.place < first.place)) {
        first = candidate;
      }
    }
    return first;
  }

  /** The first of all lanes; null if nothing waits. */
  @Nullable Item oldest() {
    Item first = null;
    for (Lane lane : lanes.values()) {
      Item candidate = lane.items.firstEntry().getValue();
      first = first == null || candidate.place < first.place ? candidate : first;
    }
    return first;
  }

  /** The first with a call in it; null if there is none. */
  @Nullable Item oldestCall() {
    Item first = null;
    for (Lane lane : lanes.values()) {
      Item candidate =
          lane.items.values().stream().filter(item -> item.calls() > 0).findFirst().orElse(null);
      if (candidate != null && (first == null || candidate.place < first.place)) {
        first = candidate;
      }
    }
    return first;
  }

  /** The limiter it waits for has no token before then. */
  void dry(Item item, long until) {
    Lane lane = lanes.get(item.lane());
    if (lane != null) {
      lane.dryUntil = until;
    }
  }

  /** Nanoseconds until a lane is no longer dry; {@link Item#NEVER} if none is. */
  long untilToken(long now) {
    long until = Item.NEVER;
    for (Lane lane : lanes.values()) {
      if (lane.dryUntil != Long.MIN_VALUE && lane.dryUntil - now > 0) {
        until = Math.min(until, lane.dryUntil - now);
      }
    }
    return until;
  }

  /** All, in order. */
  List<Item> all() {
    List<Item> all = new ArrayList<>();
    lanes.values().forEach(lane -> all.addAll(lane.items.values()));
    all.sort(Comparator.comparingLong(item -> item.place));
    return all;
  }

  // ---- the deadlines of calls that wait

  private void watch(Call call) {
    if (call.deadline != Item.NEVER) {
      deadlines.add(call);
    }
  }

  void unwatch(Call call) {
    if (call.deadline != Item.NEVER) {
      deadlines.remove(call);
    }
  }

  /** A call past its deadline; null if there is none. */
  @Nullable Call late(long now) {
    return deadlines.isEmpty() || deadlines.first().deadline - now > 0 ? null : deadlines.first();
  }

  /** Nanoseconds until a deadline; {@link Item#NEVER} if there is none. */
  long untilDeadline(long now) {
    return deadlines.isEmpty() ? Item.NEVER : deadlines.first().deadline - now;
  }
}
