package dev.everwire.app.cli;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "alert",
    description = {
      "Tells the people at the other ends something, by $/alert to their sessions.",
      "Everybody unless said. Peers that have no session are not told."
    })
final class AlertCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "TEXT", description = "What to say.")
  private String text = "";

  @Option(
      names = "--severity",
      paramLabel = "WORD",
      defaultValue = "info",
      description = "info, warning, critical, or a word of your own (default: ${DEFAULT-VALUE}).")
  private String severity = "";

  @Option(names = "--data", paramLabel = "JSON", description = "For programs, beside the text.")
  private @Nullable RawJson data;

  @Option(names = "--user", paramLabel = "USER", description = "Only a user's sessions.")
  private @Nullable String user;

  @Option(names = "--tag", paramLabel = "TAG", description = "Only those that have a tag.")
  private @Nullable String tag;

  @Option(names = "--topic", paramLabel = "TOPIC", description = "Only a topic's subscribers.")
  private @Nullable String topic;

  @Option(names = "--session", paramLabel = "SESSION", description = "Only one.")
  private @Nullable String session;

  @Override
  void check() {
    if (to().size() > 1) {
      throw usage("expected at most one of --user, --tag, --topic, --session");
    }
    if (text.isEmpty()) {
      throw usage("TEXT: expected something to say");
    }
  }

  private Map<String, Object> to() {
    Map<String, @Nullable Object> to = new HashMap<>();
    to.put("user", user);
    to.put("tag", tag);
    to.put("topic", topic);
    to.put("session", session);
    return given(to);
  }

  @Override
  ExitStatus run(Administrator server) {
    Map<String, @Nullable Object> params = new HashMap<>();
    params.put("text", text);
    params.put("severity", severity);
    params.put("data", data);
    params.put("to", to().isEmpty() ? null : to());
    RawJson answer = server.ask("alert", given(params));
    JsonMembers report = answer.members();
    print(
        answer,
        "told "
            + report.integer("delivered")
            + " of "
            + report.integer("targets")
            + " sessions, dropped "
            + report.integer("dropped")
            + ", failed "
            + report.integer("failed"));
    return ExitStatus.OK;
  }
}
