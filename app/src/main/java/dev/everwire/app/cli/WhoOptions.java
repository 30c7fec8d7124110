package dev.everwire.app.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who is meant: exactly one of these. */
final class WhoOptions {
  @Parameters(index = "0", arity = "0..1", paramLabel = "SESSION", description = "One session.")
  private @Nullable String session;

  @Option(names = "--user", paramLabel = "USER", description = "All that a user has.")
  private @Nullable String user;

  /**
   * The one that was given, by its name in the protocol.
   *
   * @param others of the command's own
   */
  Map<String, Object> one(Map<String, ? extends @Nullable Object> others, String expected) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(others);
    all.put("session", session);
    all.put("user", user);
    Map<String, Object> given = AdminCommand.given(all);
    if (given.size() != 1) {
      throw AdminCommand.usage("expected exactly one of " + expected);
    }
    return given;
  }
}
