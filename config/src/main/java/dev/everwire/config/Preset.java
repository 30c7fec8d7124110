package dev.everwire.config;

import dev.everwire.config.internal.text.Nearest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Numbers to begin with, under a name. Immutable.
 *
 * @param name for instance {@code production}
 * @param doc what it is for, and what of it no option can say
 * @param base the preset that it changes; itself for {@code development}
 * @param changes options and their values as in a file, in the order of the tree
 */
public record Preset(String name, String doc, String base, Map<String, String> changes) {
  static final String DEVELOPMENT = "development";
  static final String PRODUCTION = "production";

  public Preset {
    changes = Collections.unmodifiableMap(new LinkedHashMap<>(changes));
  }

  /** All there are, in the order in which they are explained. */
  public static List<Preset> all() {
    return All.LIST;
  }

  public static Optional<Preset> named(String name) {
    return all().stream().filter(preset -> preset.name.equals(name)).findFirst();
  }

  public static List<String> names() {
    return all().stream().map(Preset::name).toList();
  }

  /** What it says of every option. */
  public Config config() {
    return Objects.requireNonNull(All.CONFIGS.get(name), name);
  }

  /** {@code (did you mean "production"?)}, or all names. */
  static String hint(String name) {
    String near = Nearest.hint(name, names());
    return near.isEmpty() ? " (expected: one of " + String.join(", ", names()) + ")" : near;
  }

  private static Config make(Preset preset, Map<String, Config> made) {
    Config base = made.getOrDefault(preset.base, Config.DEFAULT);
    Config config =
        Config.of(Config.CATALOGUE.with(Config.CATALOGUE.values(base), "preset", preset.name));
    for (Map.Entry<String, String> change : preset.changes.entrySet()) {
      config = config.with(change.getKey(), change.getValue());
    }
    return config;
  }

  /** Made when somebody asks for the first time. */
  private static final class All {
    static final List<Preset> LIST = PresetList.all();
    static final Map<String, Config> CONFIGS = new LinkedHashMap<>();

    static {
      for (Preset preset : LIST) {
        CONFIGS.put(preset.name, make(preset, CONFIGS));
      }
    }
  }
}
