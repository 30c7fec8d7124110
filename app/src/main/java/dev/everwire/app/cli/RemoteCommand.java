package dev.everwire.app.cli;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands that talk to a server through {@link Client} have in common. */
@Command
abstract class RemoteCommand extends BaseCommand {
  @Parameters(index = "0", paramLabel = "URL", description = Texts.URL)
  private String url = "";

  @Option(names = "--json", description = Texts.JSON_OUTPUT)
  private boolean json;

  @Mixin private TokenOptions who = new TokenOptions();

  final boolean json() {
    return json;
  }

  final ClientBuilder client() {
    ClientBuilder builder =
        Everwire.client(Urls.conversation(url)).name("everwire-cli").version(Version.number());
    String token = who.token(Urls.conversation(url));
    return token == null ? builder : builder.token(token);
  }
}
