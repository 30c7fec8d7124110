package dev.everwire.server.internal.admin;

import dev.everwire.server.internal.admin.LoopCounts.Count;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.Route;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Who is connected, and what all of them have done together. Safe from any thread. */
public final class Census {
  private final ConcurrentNavigableMap<Long, Visit> open = new ConcurrentSkipListMap<>();
  private final AtomicInteger size = new AtomicInteger(); // the map would count its entries
  private final ConcurrentMap<Loop, LoopCounts> loops = new ConcurrentHashMap<>();

  /** A transport that counts; what is sent on another is not known here. */
  public Transport counting(Transport transport) {
    return new CountedTransport(transport, of(transport.loop()));
  }

  /**
   * A connection is open. On its loop.
   *
   * @param serial its place among all, never given twice
   * @return what has to receive from now on
   */
  public Receiver opened(long serial, String id, Transport transport, Receiver receiver) {
    Visit visit = new Visit(this, serial, id, transport, receiver, of(transport.loop()));
    open.put(serial, visit);
    size.incrementAndGet();
    return visit;
  }

  /** Counts the sessions that {@code rpc.hello} makes. */
  public Route.InlineHandler counting(Route.InlineHandler hello) {
    return (connection, call) -> {
      boolean before = connection.established();
      hello.handle(connection, call);
      if (!before && connection.established()) {
        of(connection.loop()).add(Count.SESSIONS, 1);
      }
    };
  }

  // ---- for this package

  /** On the connection's loop, once. */
  void ended(Visit visit) {
    if (open.remove(visit.serial(), visit)) {
      size.decrementAndGet();
      Connection connection = visit.connection();
      if (connection != null && connection.established()) {
        of(visit.loop()).add(Count.SESSIONS, -1);
      }
    }
  }

  int connections() {
    return size.get();
  }

  long sum(Count count) {
    long sum = 0;
    for (LoopCounts loop : loops.values()) {
      sum += loop.get(count);
    }
    return sum;
  }

  /** Those behind a serial number, in the order in which they came. */
  List<Visit> page(long after, int limit) {
    return open.tailMap(after, false).values().stream().limit(limit).toList();
  }

  private LoopCounts of(Loop loop) {
    return loops.computeIfAbsent(loop, key -> new LoopCounts());
  }
}
