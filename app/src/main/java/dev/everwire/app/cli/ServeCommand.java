package dev.everwire.app.cli;

import dev.everwire.app.log.Logs;
import dev.everwire.app.serve.ConfigSource;
import dev.everwire.app.serve.Standalone;
import dev.everwire.app.serve.Steward;
import dev.everwire.config.Config;
import dev.everwire.config.Configured;
import dev.everwire.config.Loaded;
import dev.everwire.config.problem.ConfigException;
import dev.everwire.config.section.LogOptions;
import dev.everwire.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "serve",
    description = {
      "Runs a server: JSON-RPC and topics at /ws, a page at /, GET /health and /ready.",
      "What holds is said by --config, by the environment (EVERWIRE_LISTEN_PORT is listen.port), and"
          + " by the options here, each stronger than the one before; see everwire config. If"
          + " anything in it is wrong all of that is told, and nothing starts.",
      "Without configuration this is the development preset: everybody is welcome, all topics are"
          + " open, nothing outlives the process. Where nobody is asked who they are, it starts on an"
          + " address that other machines can reach only with --open.",
      "Web pages of other origins are refused unless --origin names them, and on a loopback address so is every Host but"
          + " localhost, 127.0.0.0/8 and [::1].",
      "SIGTERM and Ctrl-C ask sessions to move, let running calls finish, close every connection"
          + " with 4000 or 1001, say in one line what became of them and end the process, exit"
          + " status 143 or 130. After rpc.admin.drain it ends by itself, with 0."
    })
final class ServeCommand extends BaseCommand implements Callable<Integer> {
  @Option(names = "--config", paramLabel = "FILE", description = Texts.CONFIG)
  private @Nullable Path file;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Address to listen on, usually 127.0.0.1; 0.0.0.0 for all.")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen on, usually 8080; 0 for any free one.")
  private @Nullable Integer port;

  @Option(
      names = "--demo",
      description = "Adds things to try: a raw echo at /echo and methods at /ws, listed at /.")
  private boolean demo;

  @Option(
      names = "--drain",
      paramLabel = "DURATION",
      description = "How long the end may take in all, usually 10s.")
  private @Nullable Duration drain;

  @Option(
      names = "--open",
      description = "Lets everybody in who can reach the address, without authentication.")
  private boolean open;

  @Option(
      names = "--origin",
      paramLabel = "ORIGIN",
      description =
          "Lets web pages of this origin connect, besides the server's own; * for all. Can be given"
              + " more than once.")
  private List<String> origins = List.of();

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> overrides = overrides();
    try {
      ConfigSource source = ConfigSource.of(file, System.getenv(), overrides);
      Loaded loaded = source.load();
      ConfigProblems.warn(loaded.warnings(), err());
      try (Configured configured = Configured.of(loaded.config())) {
        return serve(source, configured);
      }
    } catch (ConfigException e) {
      return ConfigProblems.print(e, "everwire serve", err()).code();
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private int serve(ConfigSource source, Configured configured) throws InterruptedException {
    Logs logs = Logs.ofProcess();
    log(logs, configured.config().log());
    configured.onLogLevel(level -> logs.level("", word(level)));
    Standalone standalone = new Standalone(configured, demo, Version.number());
    Steward steward = new Steward(source, configured, logs);
    Server server;
    try {
      server = standalone.start(steward);
    } catch (IOException e) {
      throw new CommandException(ExitStatus.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
    steward.serves(server);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "everwire-drain"));
    Path read = source.file();
    out().println(standalone.preset() + (read == null ? "" : ", from " + read));
    out().println(where(server, configured.config())); // goes on serving if nobody reads it
    out().flush();
    server.awaitClose();
    return ExitStatus.OK.code();
  }

  private static String where(Server server, Config config) {
    return config.listen().unixSocket() != null
        ? server.host()
        : (config.tls().on() ? "https://" : "http://") + server.host() + ":" + server.port();
  }

  private static void log(Logs logs, LogOptions options) {
    Logs.Format format =
        switch (options.format()) {
          case TEXT -> Logs.Format.TEXT;
          case JSON -> Logs.Format.JSON;
        };
    logs.format(format);
    Path audit = options.audit();
    if (audit != null) {
      try {
        logs.audit(audit, format);
      } catch (IOException e) {
        throw usage("log.audit: " + e.getMessage());
      }
    }
  }

  private static System.Logger.Level word(LogOptions.Level level) {
    return switch (level) {
      case OFF -> System.Logger.Level.OFF;
      case ERROR -> System.Logger.Level.ERROR;
      case WARN -> System.Logger.Level.WARNING;
      case INFO -> System.Logger.Level.INFO;
      case DEBUG -> System.Logger.Level.DEBUG;
      case TRACE -> System.Logger.Level.TRACE;
    };
  }

  /** What was said here, as it stands in a file. */
  private Map<String, String> overrides() {
    Map<String, String> said = new HashMap<>();
    if (host != null) {
      known(host);
      said.put("listen.host", host);
    }
    if (port != null) {
      if (port < 0 || port > 65_535) {
        throw usage("--port: " + port + " (expected: 0-65535)");
      }
      said.put("listen.port", port.toString());
    }
    if (drain != null) {
      said.put("drain.within", drain.toMillis() + "ms");
    }
    if (open) {
      said.put("listen.open", "true");
    }
    if (!origins.isEmpty()) {
      said.put("origins", String.join(",", origins));
    }
    return said;
  }

  private static void known(String host) {
    try {
      var unused = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw usage("--host: " + host + " is not a known address");
    }
  }

  private static CommandException usage(String sentence) {
    return new CommandException(ExitStatus.USAGE, sentence);
  }
}
