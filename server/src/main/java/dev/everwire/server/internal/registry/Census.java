package dev.everwire.server.internal.registry;

import dev.everwire.server.internal.registry.LoopCounts.Count;
import dev.everwire.session.transport.Loop;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What all connections have done together. Safe from any thread. */
public final class Census {
  private final ConcurrentMap<Loop, LoopCounts> loops = new ConcurrentHashMap<>();

  public long sum(Count count) {
    long sum = 0;
    for (LoopCounts loop : loops.values()) {
      sum += loop.get(count);
    }
    return sum;
  }

  LoopCounts of(Loop loop) {
    return loops.computeIfAbsent(loop, key -> new LoopCounts());
  }
}
