package dev.everwire.app.cli;

import dev.everwire.protocol.json.RawJson;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "revoke",
    description = {
      "Takes back what opened the door: a session, one token by its id, or everything that a user"
          + " was given until now.",
      "What rests on it ends now, with 4401, and it opens no door any more."
    })
final class RevokeCommand extends AdminCommand {
  @Mixin private WhoOptions who = new WhoOptions();

  @Option(
      names = "--token-id",
      paramLabel = "ID",
      description =
          "One token: its public id as \"sessions SESSION\" shows it, never the token itself.")
  private @Nullable String tokenId;

  @Override
  void check() {
    var unused = what();
  }

  private Map<String, Object> what() {
    Map<String, @Nullable Object> others = new HashMap<>();
    others.put("token", tokenId);
    return who.one(others, "SESSION, --user, --token-id");
  }

  @Override
  ExitStatus run(Administrator server) {
    RawJson answer = server.ask("revoke", what());
    print(answer, "revoked");
    return ExitStatus.OK;
  }
}
