package dev.everwire.app.cli;

import dev.everwire.config.problem.ConfigException;
import dev.everwire.config.problem.Place;
import dev.everwire.config.problem.Problem;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** Says what is wrong with a configuration, a line each, where an editor finds the place. */
final class ConfigProblems {
  /** What a command line calls an option. */
  static final Map<String, String> SWITCHES =
      Map.of(
          "listen.host", "--host",
          "listen.port", "--port",
          "listen.open", "--open",
          "drain.within", "--drain",
          "origins", "--origin");

  private ConfigProblems() {}

  /** Prints all of them. */
  static ExitStatus print(ConfigException e, String command, PrintWriter err) {
    e.problems().forEach(problem -> err.println(line(problem, command)));
    err.flush();
    return ExitStatus.USAGE;
  }

  static void warn(List<Problem> warnings, PrintWriter err) {
    warnings.forEach(warning -> err.println("warning: " + warning));
    err.flush();
  }

  private static String line(Problem problem, String command) {
    return switch (problem.place().kind()) {
      case FILE, ENVIRONMENT -> problem.toString();
      case CODE -> {
        String option = SWITCHES.getOrDefault(problem.path(), problem.path());
        yield command + ": " + option + ": " + problem.text();
      }
      case PRESET -> command + ": " + problem;
    };
  }

  /** For instance {@code everwire.yaml:3:9}, {@code EVERWIRE_LISTEN_PORT}, {@code --port}. */
  static String origin(Place place, String path) {
    return place.kind() == Place.Kind.CODE
        ? SWITCHES.getOrDefault(path, place.toString())
        : place.toString();
  }
}
