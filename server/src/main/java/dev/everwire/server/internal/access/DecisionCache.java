package dev.everwire.server.internal.access;

import dev.everwire.server.access.AccessRequest;
import dev.everwire.server.access.Action;
import dev.everwire.server.access.Decision;
import dev.everwire.spi.auth.Principal;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What was decided, for as long as the authoriser said. A principal with anything different about
 * it, such as another role, is another one. Bounded for each principal, so that nobody drives out
 * what belongs to others by asking for much, and in all; what was not asked for longest goes first.
 * Safe from any thread.
 */
final class DecisionCache {
  static final int MOST_OF_ONE = 256;
  static final int MOST = 65_536;
  private static final int PARTS = 16; // so that loops seldom wait for each other

  private record Asked(Action action, String resource) {}

  private record Remembered(Decision decision, boolean declared, long until) {}

  private final AtomicLong generation = new AtomicLong();
  private final Part[] parts = new Part[PARTS];

  DecisionCache() {
    for (int i = 0; i < PARTS; i++) {
      parts[i] = new Part();
    }
  }

  /** Grows with each {@link #forget}: what was asked for before must not be remembered after. */
  long generation() {
    return generation.get();
  }

  /**
   * @param now nanoseconds of any loop
   */
  @Nullable Decision find(AccessRequest request, long now) {
    return part(request.principal()).find(request, now);
  }

  /**
   * @param asked the generation when it was asked for
   */
  void remember(AccessRequest request, Decision decision, long asked, long now) {
    if (!decision.cacheFor().isZero()) {
      part(request.principal()).remember(request, decision, asked, now);
    }
  }

  /**
   * @param user whose; null for everybody
   */
  void forget(@Nullable String user) {
    generation.incrementAndGet(); // first: who is about to remember finds it changed, or is found
    for (Part part : parts) {
      part.forget(user);
    }
  }

  int size() {
    int sum = 0;
    for (Part part : parts) {
      sum += part.size();
    }
    return sum;
  }

  private Part part(Principal principal) {
    return parts[Math.floorMod(principal.hashCode() * 31, PARTS)];
  }

  private final class Part {
    private final ReentrantLock lock = new ReentrantLock();
    // guarded by lock
    private final LinkedHashMap<Principal, LinkedHashMap<Asked, Remembered>> shelves =
        new LinkedHashMap<>(16, 0.75f, true);
    private int size;

    @Nullable Decision find(AccessRequest request, long now) {
      lock.lock();
      try {
        LinkedHashMap<Asked, Remembered> shelf = shelves.get(request.principal());
        if (shelf == null) {
          return null;
        }
        Asked asked = new Asked(request.action(), request.resource());
        Remembered found = shelf.get(asked);
        if (found == null || found.declared() != request.declared()) {
          return null;
        }
        if (found.until() - now <= 0) {
          shelf.remove(asked);
          size--;
          if (shelf.isEmpty()) {
            shelves.remove(request.principal());
          }
          return null;
        }
        return found.decision();
      } finally {
        lock.unlock();
      }
    }

    void remember(AccessRequest request, Decision decision, long asked, long now) {
      lock.lock();
      try {
        if (generation.get() != asked) {
          return;
        }
        LinkedHashMap<Asked, Remembered> shelf =
            shelves.computeIfAbsent(
                request.principal(), key -> new LinkedHashMap<>(4, 0.75f, true));
        Remembered before =
            shelf.put(
                new Asked(request.action(), request.resource()),
                new Remembered(decision, request.declared(), until(decision, now)));
        size += before == null ? 1 : 0;
        if (shelf.size() > MOST_OF_ONE) {
          shelf.remove(shelf.firstEntry().getKey());
          size--;
        }
        while (size > MOST / PARTS) {
          var eldest = shelves.pollFirstEntry();
          size -= eldest.getValue().size();
        }
      } finally {
        lock.unlock();
      }
    }

    private static long until(Decision decision, long now) {
      try {
        return now + Math.min(decision.cacheFor().toNanos(), Long.MAX_VALUE / 4);
      } catch (ArithmeticException e) { // centuries
        return now + Long.MAX_VALUE / 4;
      }
    }

    void forget(@Nullable String user) {
      lock.lock();
      try {
        Iterator<Map.Entry<Principal, LinkedHashMap<Asked, Remembered>>> all =
            shelves.entrySet().iterator();
        while (all.hasNext()) {
          var shelf = all.next();
          if (user == null || user.equals(shelf.getKey().user())) {
            size -= shelf.getValue().size();
            all.remove();
          }
        }
      } finally {
        lock.unlock();
      }
    }

    int size() {
      lock.lock();
      try {
        return size;
      } finally {
        lock.unlock();
      }
    }
  }
}
