package dev.everwire.app.cli;

import dev.everwire.app.serve.Standalone;
import dev.everwire.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "serve",
    description = {
      "Runs a server: JSON-RPC and topics at /ws, a page at /, GET /health and /ready.",
      "Without configuration this is the development preset: everybody is welcome, all topics are"
          + " open, nothing outlives the process. So on an address that other machines can reach it"
          + " starts only with --open.",
      "Web pages of other origins are refused unless --origin names them, and on a loopback address so is every Host but"
          + " localhost, 127.0.0.0/8 and [::1].",
      "SIGTERM and Ctrl-C ask sessions to move, let running calls finish, close every connection"
          + " with 4000 or 1001, say in one line what became of them and end the process, exit"
          + " status 143 or 130."
    })
final class ServeCommand extends BaseCommand implements Callable<Integer> {
  /** Read by logback.xml. */
  private static final String LOG_LEVEL = "everwire.log";

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}); 0.0.0.0 for all.")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Port to listen on (default: ${DEFAULT-VALUE}); 0 for any free one.")
  private int port;

  @Option(
      names = "--demo",
      description = "Adds things to try: a raw echo at /echo and methods at /ws, listed at /.")
  private boolean demo;

  @Option(
      names = "--drain",
      paramLabel = "DURATION",
      defaultValue = "10s",
      description = "How long the end may take in all (default: ${DEFAULT-VALUE}).")
  private Duration drain = Duration.ZERO;

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
    if (port < 0 || port > 65_535) {
      throw usage("--port: " + port + " (expected: 0-65535)");
    }
    boolean loopback = loopback(host);
    if (!loopback && !open) {
      throw usage(
          host
              + " can be reached by other machines and nobody would be asked who they are: give"
              + " --open to allow that, or --host 127.0.0.1");
    }
    if (System.getProperty(LOG_LEVEL) == null) {
      System.setProperty(LOG_LEVEL, "INFO"); // before anything logs
    }
    Standalone standalone =
        new Standalone(host, port, loopback, demo, drain, origins, Version.number());
    Server server;
    try {
      server = standalone.start();
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new CommandException(ExitStatus.UNAVAILABLE, String.valueOf(e.getMessage()));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "everwire-drain"));
    out().println(standalone.preset()); // goes on serving if nobody reads it
    out().println("http://" + server.host() + ":" + server.port());
    out().flush();
    server.awaitClose();
    return ExitStatus.OK.code();
  }

  private static boolean loopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw usage("--host: " + host + " is not a known address");
    }
  }

  private static CommandException usage(String sentence) {
    return new CommandException(ExitStatus.USAGE, sentence);
  }
}
