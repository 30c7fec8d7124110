package dev.everwire.app.cli;

import dev.everwire.client.Client;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "call",
    description = {
      "Calls a method and prints its result as JSON.",
      "With --json prints {\"result\":…} or {\"error\":{…}} instead."
    })
final class CallCommand extends RemoteCommand implements Callable<Integer> {
  @Parameters(index = "1", paramLabel = "METHOD", description = "Name of the method.")
  private String method = "";

  @Parameters(index = "2", arity = "0..1", paramLabel = "PARAMS", description = Texts.PARAMS)
  private @Nullable RawJson params;

  @Option(
      names = "--within",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description = "Longest wait for the answer (default: ${DEFAULT-VALUE}).")
  private Duration within = Duration.ZERO;

  @Override
  public Integer call() {
    CallOptions options = Values.within(within);
    RawJson sent = Values.params(params);
    try (Client client =
        client()
            .reconnect(ReconnectPolicy.never())
            .connectWithin(within)
            .dialTimeout(within)
            .connect()) {
      print(answer(client.call(method, sent, RawJson.class, options)));
      return ExitStatus.OK.code();
    } catch (FaultException e) {
      if (!json()) {
        throw e;
      }
      print(Sentences.json(e.fault()));
      return Sentences.status(e).code();
    }
  }

  private String answer(@Nullable Object result) {
    String text = result instanceof RawJson value ? Shown.json(value) : String.valueOf(result);
    return json() ? "{\"result\":" + text + "}" : text;
  }
}
