package dev.everwire.config;

import dev.everwire.config.internal.catalogue.Leaf;
import dev.everwire.config.word.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two configurations, in the order of the tree. Immutable.
 *
 * @param changes every option that has another value
 */
public record ConfigDiff(List<Change> changes) {
  public ConfigDiff {
    changes = List.copyOf(changes);
  }

  public static ConfigDiff between(Config before, Config after) {
    Map<String, @Nullable Object> old = Config.CATALOGUE.values(before);
    Map<String, @Nullable Object> next = Config.CATALOGUE.values(after);
    List<Change> changes = new ArrayList<>();
    for (Leaf leaf : Config.CATALOGUE.leaves().values()) {
      Object from = old.get(leaf.path());
      Object to = next.get(leaf.path());
      if (!Objects.equals(from, to)) {
        changes.add(new Change(leaf.path(), shown(leaf, from), shown(leaf, to), leaf.live()));
      }
    }
    return new ConfigDiff(changes);
  }

  /** Where a secret was found says something of it; here only that it is another. */
  private static String shown(Leaf leaf, @Nullable Object value) {
    return leaf.hidden() && value != null ? Secret.HIDDEN : leaf.write(value);
  }

  /** Those that can be made while the server runs. */
  public List<Change> live() {
    return changes.stream().filter(Change::live).toList();
  }

  /** Those that cannot. */
  public List<Change> restart() {
    return changes.stream().filter(change -> !change.live()).toList();
  }

  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** A line for each change. */
  @Override
  public String toString() {
    return changes.stream().map(Change::toString).collect(Collectors.joining("\n"));
  }
}
