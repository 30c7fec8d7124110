package dev.everwire.app.cli;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "log-level",
    description = "Has a server log more or less from now on, until it is restarted.")
final class LogLevelCommand extends AdminCommand {
  @Parameters(
      index = "0",
      paramLabel = "LOGGER",
      description = "For instance dev.everwire.server, and all below it; root for all.")
  private String logger = "";

  @Parameters(
      index = "1",
      paramLabel = "LEVEL",
      description = "off, error, warning, info, debug or trace.")
  private String level = "";

  @Override
  ExitStatus run(Administrator server) {
    RawJson answer = server.ask("logLevel", Map.of("logger", logger, "level", level));
    JsonMembers members = answer.members();
    print(
        answer,
        Shown.text(members.string("logger"))
            + ": "
            + Shown.text(members.stringOrNull("before"))
            + " -> "
            + Shown.text(members.string("level")));
    return ExitStatus.OK;
  }
}
