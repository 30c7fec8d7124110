package dev.everwire.app.cli;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.ClientBuilder;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands for a server's operator have in common: each asks for {@code rpc.admin.*}. */
@Command
abstract class AdminCommand extends BaseCommand implements Callable<Integer> {
  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:EVERWIRE_URL:-ws://127.0.0.1:8080/ws}",
      description =
          "The server, as ws://HOST:PORT/PATH or wss://… (default: the environment variable"
              + " EVERWIRE_URL, else ws://127.0.0.1:8080/ws).")
  private String url = "";

  @Mixin private TokenOptions who = new TokenOptions();

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "10s",
      description = "Longest wait for each answer (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ZERO;

  @Option(names = "--json", description = "Prints one JSON value to a line, for scripts.")
  private boolean json;

  /** Checks what was given, before anything is tried. */
  void check() {}

  abstract ExitStatus run(Administrator server) throws Exception;

  @Override
  public final Integer call() throws Exception {
    check();
    CallOptions options = timeout();
    ClientBuilder builder =
        Everwire.client(uri())
            .plain() // whoever looks at the sessions is none of them
            .name("everwire-cli")
            .version(Version.number())
            .reconnect(ReconnectPolicy.never())
            .connectWithin(timeout)
            .dialTimeout(timeout);
    String token = who.token(uri());
    if (token != null) {
      builder.token(token);
    }
    try (Client client = builder.connect()) {
      return run(new Administrator(client, options)).code();
    } catch (JsonException e) {
      throw new CommandException(
          ExitStatus.REFUSED, "the server's answer is not understood: " + e.getMessage());
    } catch (FaultException e) {
      if (!json) {
        throw e;
      }
      print(Sentences.json(e.fault()));
      return Sentences.status(e).code();
    }
  }

  private CallOptions timeout() {
    if (timeout.isZero()) {
      throw usage("--timeout: 0s (expected: more)");
    }
    return CallOptions.within(timeout);
  }

  final URI uri() {
    return Urls.conversation(url);
  }

  final boolean json() {
    return json;
  }

  /** Prints an answer as it came, or a sentence about it. */
  final void print(RawJson answer, String sentence) {
    print(json ? Shown.json(answer) : sentence);
  }

  /** On standard error, beside what was asked for. */
  final void remark(String line) {
    err().println(Shown.safe(line));
    err().flush();
  }

  static CommandException usage(String sentence) {
    return new CommandException(ExitStatus.USAGE, sentence);
  }

  /** The parameters that were given, by name. */
  static Map<String, Object> given(Map<String, ? extends @Nullable Object> all) {
    Map<String, Object> given = new LinkedHashMap<>();
    all.forEach((name, value) -> {
      if (value != null) {
        given.put(name, value);
      }
    });
    return given;
  }
}
