package dev.everwire.server.internal.registry;

import dev.everwire.server.connection.Targets;
import dev.everwire.session.transport.Loop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections that {@link Targets} mean at one moment, each once, by their loops.
 *
 * @param excluded who was left out
 */
record Selection(Map<Loop, List<Entry>> byLoop, int targets, int excluded) {

  static Selection of(Registry registry, Targets targets) {
    boolean byId = targets.by() == Targets.By.CONNECTION;
    Map<Loop, List<Entry>> byLoop = new HashMap<>();
    int[] counts = new int[2];
    Consumer<Entry> select =
        entry -> {
          if (!byId && !entry.meant()) {
            return; // its session has another connection, or none yet
          }
          if (targets.excludes(entry)) {
            counts[1]++;
          } else {
            counts[0]++;
            byLoop.computeIfAbsent(entry.loop(), loop -> new ArrayList<>()).add(entry);
          }
        };
    if (targets.by() == Targets.By.ALL) {
      registry.forEach(select);
    } else {
      Set<Entry> found = new LinkedHashSet<>();
      targets.names().forEach(name -> found.addAll(found(registry, targets, name)));
      found.forEach(select);
    }
    return new Selection(byLoop, counts[0], counts[1]);
  }

  /** Of connections that were found already. */
  static Selection of(Collection<Entry> entries) {
    Map<Loop, List<Entry>> byLoop = new HashMap<>();
    entries.forEach(
        entry -> byLoop.computeIfAbsent(entry.loop(), loop -> new ArrayList<>()).add(entry));
    return new Selection(byLoop, byLoop.values().stream().mapToInt(List::size).sum(), 0);
  }

  private static List<Entry> found(Registry registry, Targets targets, String name) {
    return switch (targets.by()) {
      case ALL -> List.of();
      case CONNECTION -> listOf(registry.connection(name));
      case SESSION -> listOf(registry.session(name));
      case CLIENT -> registry.client(targets.user().orElse(null), name);
      case USER -> registry.user(name);
      case TAG -> registry.tagged(name);
    };
  }

  private static List<Entry> listOf(@Nullable Entry entry) {
    return entry == null ? List.of() : List.of(entry);
  }

  /** Whether the caller runs on a loop, where it must not wait for these. */
  boolean onAnyLoop() {
    return byLoop.keySet().stream().anyMatch(Loop::inAnyLoop);
  }
}
