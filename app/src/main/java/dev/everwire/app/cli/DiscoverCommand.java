package dev.everwire.app.cli;

import dev.everwire.client.Client;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "discover",
    description = {
      "Lists the methods of a server: what they take, answer and are for.",
      "With --json prints the OpenRPC document as the server sent it."
    })
final class DiscoverCommand extends RemoteCommand implements Callable<Integer> {
  @Option(
      names = "--within",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description = "Longest wait for the answer (default: ${DEFAULT-VALUE}).")
  private Duration within = Duration.ZERO;

  @Override
  public Integer call() {
    CallOptions options = Values.within(within);
    try (Client client =
        client()
            .reconnect(ReconnectPolicy.never())
            .connectWithin(within)
            .dialTimeout(within)
            .connect()) {
      Object document = client.call("rpc.discover", null, RawJson.class, options);
      if (!(document instanceof RawJson json)) {
        throw new CommandException(ExitStatus.REFUSED, "the server answered no document");
      }
      if (json()) {
        print(Shown.json(json));
      } else {
        table(json);
      }
      return ExitStatus.OK.code();
    }
  }

  private void table(RawJson document) {
    try {
      MethodTable.lines(document).forEach(this::print);
    } catch (JsonException e) {
      throw new CommandException(
          ExitStatus.REFUSED, "the server answered no OpenRPC document: " + e.getMessage());
    }
  }
}
