package dev.everwire.app.serve;

import dev.everwire.config.ConfigLoader;
import dev.everwire.config.Loaded;
import dev.everwire.config.problem.ConfigException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a configuration comes from: a file or none, the environment, and what a command line says.
 * Read as often as somebody asks. Immutable.
 */
public final class ConfigSource {
  /** Names the file where no command line does. */
  public static final String VARIABLE = "EVERWIRE_CONFIG";

  /** They begin as options do, and are for the script that starts the program and its commands. */
  private static final Set<String> OTHERS =
      Set.of(VARIABLE, "EVERWIRE_JAVA_HOME", "EVERWIRE_OPTS", "EVERWIRE_TOKEN", "EVERWIRE_URL");

  private final @Nullable Path file;
  private final Map<String, String> environment;
  private final Map<String, String> overrides;

  private ConfigSource(
      @Nullable Path file, Map<String, String> environment, Map<String, String> overrides) {
    this.file = file;
    this.environment = environment;
    this.overrides = overrides;
  }

  /**
   * @param given the file; null for the one that the environment names, if it names one
   * @param environment usually {@link System#getenv()}
   * @param overrides paths of options and values as they stand in a file; stronger than all else
   * @throws IllegalArgumentException if what the environment names cannot be a file
   */
  public static ConfigSource of(
      @Nullable Path given, Map<String, String> environment, Map<String, String> overrides) {
    Map<String, String> options =
        environment.entrySet().stream()
            .filter(variable -> !OTHERS.contains(variable.getKey()))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    return new ConfigSource(
        given == null ? named(environment) : given, options, Map.copyOf(overrides));
  }

  private static @Nullable Path named(Map<String, String> environment) {
    String name = environment.getOrDefault(VARIABLE, "");
    try {
      return name.isEmpty() ? null : Path.of(name);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(VARIABLE + ": " + name + " (expected: a file)", e);
    }
  }

  /** Null if there is none. */
  public @Nullable Path file() {
    return file;
  }

  /**
   * Reads it. Blocks.
   *
   * @throws ConfigException if anything is wrong
   */
  public Loaded load() throws ConfigException {
    return ConfigLoader.load(file, environment, overrides);
  }
}
