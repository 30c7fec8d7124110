package dev.everwire.app.cli;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.TopicName;
import dev.everwire.protocol.json.RawJson;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;

/** The command itself, which only holds the others. */
@Command(
    name = "everwire",
    description = "WebSocket connections that survive.",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      " 0:done",
      " 1:the other side answered with an error or refused",
      " 2:an option or a value does not fit; nothing was tried",
      "69:no connection, no answer in time, or an address that is in use",
      "70:a defect of this program"
    })
public final class Root {
  private Root() {}

  /** Ready to execute. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(CommandSpec.forAnnotatedObject(new Root()));
    line.addSubcommand(new ServeCommand())
        .addSubcommand(new ConfigCommand())
        .addSubcommand(new CallCommand())
        .addSubcommand(new NotifyCommand())
        .addSubcommand(new DiscoverCommand())
        .addSubcommand(new SubscribeCommand())
        .addSubcommand(new PublishCommand())
        .addSubcommand(new EchoCommand())
        .addSubcommand(new SessionsCommand())
        .addSubcommand(new TopicsCommand())
        .addSubcommand(new KickCommand())
        .addSubcommand(new RevokeCommand())
        .addSubcommand(new AlertCommand())
        .addSubcommand(new DrainCommand())
        .addSubcommand(new ReloadCommand())
        .addSubcommand(new LogLevelCommand())
        .addSubcommand(new BenchCommand())
        .addSubcommand(new TokenCommand())
        .addSubcommand(new VersionCommand());
    return line.registerConverter(Duration.class, Values::duration)
        .registerConverter(RawJson.class, Values::json)
        .registerConverter(TopicName.class, Values::topic)
        .registerConverter(Position.class, Values::position)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false) // a topic or a text may begin with @
        .setParameterExceptionHandler(Sentences::wrongUsage)
        .setExecutionExceptionHandler(Sentences::failed);
  }
}
