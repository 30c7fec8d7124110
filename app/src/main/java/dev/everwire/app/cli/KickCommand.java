package dev.everwire.app.cli;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "kick",
    description = {
      "Throws somebody out: connections are closed with 4410, sessions end for good whether they"
          + " have a connection or not, and no resume token brings them back.",
      "To keep somebody from coming in again, see revoke. Exit status 1 if nobody was meant."
    })
final class KickCommand extends AdminCommand {
  @Mixin private WhoOptions who = new WhoOptions();

  @Option(names = "--connection", paramLabel = "CONNECTION", description = "One connection.")
  private @Nullable String connection;

  @Option(names = "--tag", paramLabel = "TAG", description = "All that have a tag.")
  private @Nullable String tag;

  @Option(names = "--reason", paramLabel = "TEXT", description = "What the other end is told.")
  private @Nullable String reason;

  @Option(
      names = "--code",
      paramLabel = "CODE",
      description = "Another close code than 4410, which makes clients stay away.")
  private @Nullable Integer code;

  @Override
  void check() {
    var unused = whom();
  }

  private Map<String, Object> whom() {
    Map<String, @Nullable Object> others = new HashMap<>();
    others.put("connection", connection);
    others.put("tag", tag);
    return who.one(others, "SESSION, --user, --connection, --tag");
  }

  @Override
  ExitStatus run(Administrator server) {
    Map<String, @Nullable Object> params = new HashMap<>(whom());
    params.put("reason", reason);
    params.put("code", code);
    RawJson answer = server.ask("kick", given(params));
    JsonMembers members = answer.members();
    long closed = members.integer("closed");
    long lost = members.integer("lost", 0);
    print(
        answer,
        "closed "
            + closed
            + (closed == 1 ? " connection" : " connections")
            + ", ended "
            + lost
            + (lost == 1 ? " lost session" : " lost sessions"));
    return closed + lost == 0 ? ExitStatus.REFUSED : ExitStatus.OK;
  }
}
