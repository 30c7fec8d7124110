package dev.everwire.app.cli;

import dev.everwire.protocol.json.JsonWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "token",
    description = {
      "Makes tokens and API keys, and looks into them.",
      "Made for development: in production an identity provider issues tokens."
    },
    subcommands = {TokenIssueCommand.class, TokenInspectCommand.class, TokenApiKeyCommand.class})
final class TokenCommand {
  private static final Duration LONGEST = Duration.ofDays(3_653); // ten years

  /** What both tokens and API keys say of somebody. */
  @Command
  abstract static class About extends BaseCommand {
    @Option(names = "--user", paramLabel = "NAME", description = "Who it stands for.")
    private @Nullable String user;

    @Option(names = "--tenant", paramLabel = "NAME", description = "Whom the user belongs to.")
    private @Nullable String tenant;

    @Option(names = "--role", paramLabel = "NAME", description = "A role; may be repeated.")
    private List<String> roles = new ArrayList<>();

    @Option(
        names = "--permission",
        paramLabel = "NAME",
        description = "A permission; may be repeated.")
    private List<String> permissions = new ArrayList<>();

    @Option(names = "--json", description = Texts.JSON_OUTPUT)
    private boolean json;

    final @Nullable String user() {
      return user;
    }

    final @Nullable String tenant() {
      return tenant;
    }

    final List<String> roles() {
      return roles;
    }

    final List<String> permissions() {
      return permissions;
    }

    final boolean json() {
      return json;
    }

    static Duration life(Duration given) {
      if (given.isZero() || given.compareTo(LONGEST) > 0) {
        throw new CommandException(
            ExitStatus.USAGE, "--for: " + given + " (expected: more than 0, at most ten years)");
      }
      return given;
    }

    /** Ends the command where a value does not fit what it is for. */
    static CommandException wrong(IllegalArgumentException e) {
      return new CommandException(ExitStatus.USAGE, String.valueOf(e.getMessage()));
    }
  }

  static String quoted(String text) {
    return new JsonWriter().value(text).toRawJson().toString();
  }

  static String quoted(List<String> texts) {
    JsonWriter out = new JsonWriter().beginArray();
    texts.forEach(out::value);
    return out.endArray().toRawJson().toString();
  }
}
