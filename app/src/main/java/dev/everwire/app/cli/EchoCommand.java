package dev.everwire.app.cli;

import dev.everwire.app.demo.RawEcho;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "echo",
    description = {
      "Sends every message back as the kind it came in, until the connection is closed.",
      "Connects with nothing of Everwire's own: any WebSocket server will do. Messages may be up to"
          + " 64 MiB long."
    })
final class EchoCommand extends BaseCommand implements Callable<Integer> {
  @Parameters(paramLabel = "URL", description = "ws:// or wss://, taken as it is.")
  private String url = "";

  @Override
  public Integer call() throws InterruptedException {
    int code = RawLink.run(Urls.exact(url), Map.of(), RawEcho.LIMITS, RawEcho::new);
    err().println("closed " + code);
    return ExitStatus.OK.code();
  }
}
