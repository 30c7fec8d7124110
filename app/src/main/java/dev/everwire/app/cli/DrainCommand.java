package dev.everwire.app.cli;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "drain",
    description = {
      "Has a server go away: sessions are asked to move, calls end, everybody is closed, and a"
          + " server that was started by \"serve\" ends with it.",
      "It cannot be taken back."
    })
final class DrainCommand extends AdminCommand {
  private static final Duration BEYOND = Duration.ofSeconds(15); // hooks and handlers may take 6 s
  private static final long LOOK_AGAIN_MS = 100;
  private static final int CONNECT_WITHIN_MS = 2_000;

  @Option(
      names = "--within",
      paramLabel = "DURATION",
      description = "How long it may take in all; as the server was told unless said.")
  private @Nullable Duration within;

  @Option(names = "--reason", paramLabel = "WORD", description = "What sessions are told.")
  private @Nullable String reason;

  @Option(names = "--to", paramLabel = "URL", description = "Where sessions are sent.")
  private @Nullable String to;

  @Option(
      names = "--wait",
      description =
          "Waits until nothing answers at the address any more; exit status 69 if something still"
              + " does 15 s after the time is over.")
  private boolean wait;

  @Override
  ExitStatus run(Administrator server) throws InterruptedException {
    Map<String, @Nullable Object> params = new HashMap<>();
    params.put("withinMs", within == null ? null : within.toMillis());
    params.put("reason", reason);
    params.put("url", to);
    long begun = System.nanoTime();
    RawJson answer = server.ask("drain", given(params));
    JsonMembers members = answer.members();
    Duration most = Duration.ofMillis(members.integer("withinMs"));
    print(
        answer,
        "draining "
            + members.integer("connections")
            + " connections within "
            + Shown.time(most.toMillis()));
    if (wait) {
      server.client().close();
      awaitEnd(uri(), begun + most.plus(BEYOND).toNanos());
      if (!json()) {
        print("gone after " + Shown.time(Duration.ofNanos(System.nanoTime() - begun).toMillis()));
      }
    }
    return ExitStatus.OK;
  }

  private static void awaitEnd(URI uri, long until) throws InterruptedException {
    while (answers(uri)) {
      if (System.nanoTime() - until > 0) {
        throw new CommandException(
            ExitStatus.UNAVAILABLE,
            "something still answers at " + uri.getHost() + ":" + port(uri));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
    }
  }

  private static boolean answers(URI uri) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(uri.getHost(), port(uri)), CONNECT_WITHIN_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int port(URI uri) {
    return uri.getPort() > 0 ? uri.getPort() : uri.getScheme().equals("wss") ? 443 : 80;
  }
}
