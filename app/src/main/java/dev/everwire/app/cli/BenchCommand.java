package dev.everwire.app.cli;

import dev.everwire.app.bench.Bench;
import dev.everwire.app.bench.BenchException;
import dev.everwire.app.bench.Plan;
import dev.everwire.app.bench.Report;
import dev.everwire.app.bench.ServerProcess;
import dev.everwire.netty.NettyDialer;
import dev.everwire.protocol.TopicName;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.transport.Dialer;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "bench",
    description = {
      "Puts load on a WebSocket server, measures, and checks all that comes back.",
      "Ends with 1 if anything was lost, changed, doubled or out of order."
    },
    subcommands = {
      BenchCommand.Echo.class,
      BenchCommand.Rpc.class,
      BenchCommand.Fanout.class,
      BenchCommand.Idle.class,
      BenchCommand.Storm.class
    })
final class BenchCommand {

  /** What all benchmarks have in common. */
  @Command
  abstract static class Run extends BaseCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "URL", description = "ws:// or wss://, taken as it is.")
    private String url = "";

    @Option(
        names = "--connections",
        paramLabel = "N",
        defaultValue = "50",
        description = "Connections; subscribers of a fanout (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
        names = "--pid",
        paramLabel = "PID",
        description = "The server's process, if it runs here: its CPU time and memory are told.")
    private @Nullable Long pid;

    @Option(names = "--json", description = Texts.JSON_OUTPUT)
    private boolean json;

    @Option(
        names = "--anywhere",
        description = "Allows a server on another machine. It must be yours.")
    private boolean anywhere;

    @Override
    public final Integer call() throws InterruptedException {
      URI uri = Urls.exact(url);
      if (!anywhere && !here(uri)) {
        throw new CommandException(
            ExitStatus.USAGE,
            uri.getHost()
                + " is another machine: give --anywhere if it is yours to put under load");
      }
      Plan plan;
      try {
        plan = plan(uri, connections);
      } catch (IllegalArgumentException e) {
        throw new CommandException(ExitStatus.USAGE, "--" + e.getMessage());
      }
      try (Dialer dialer = NettyDialer.create()) {
        ServerProcess server = pid == null ? null : ServerProcess.of(pid);
        Report report = run(new Bench(plan, name(), dialer, server, this::progress));
        print(json ? report.json() : report.text());
        return (report.ok() ? ExitStatus.OK : ExitStatus.REFUSED).code();
      } catch (BenchException e) {
        throw new CommandException(ExitStatus.UNAVAILABLE, String.valueOf(e.getMessage()));
      }
    }

    private void progress(String line) {
      err().println(name() + ": " + line);
      err().flush();
    }

    private static boolean here(URI uri) {
      try {
        for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
          if (!address.isLoopbackAddress()) {
            return false;
          }
        }
        return true;
      } catch (UnknownHostException e) {
        throw new CommandException(
            ExitStatus.UNAVAILABLE, "host " + uri.getHost() + " is not known");
      }
    }

    abstract String name();

    abstract Plan plan(URI uri, int connections);

    abstract Report run(Bench bench) throws InterruptedException;
  }

  /** What the benchmarks that send messages have in common. */
  @Command
  abstract static class Messages extends Run {
    @Option(
        names = "--depth",
        paramLabel = "N",
        defaultValue = "1",
        description = {
          "Messages under way on each connection, publications under way of a fanout",
          "(default: ${DEFAULT-VALUE})."
        })
    private int depth;

    @Option(
        names = "--size",
        paramLabel = "BYTES",
        defaultValue = "128",
        description = {
          "Length of a message: of an rpc the whole request, of a fanout what is published",
          "(default: ${DEFAULT-VALUE})."
        })
    private int size;

    @Option(
        names = "--rate",
        paramLabel = "PER-SECOND",
        defaultValue = "0",
        description = {
          "Open loop: so many messages are due a second, evenly, on all connections together, and",
          "the latency counts from when each was due. Left out: closed loop, an answer brings the",
          "next message."
        })
    private double rate;

    @Option(
        names = "--warmup",
        paramLabel = "DURATION",
        defaultValue = "5s",
        description = "Load before the measurement (default: ${DEFAULT-VALUE}).")
    private Duration warmup = Duration.ZERO;

    @Option(
        names = "--duration",
        paramLabel = "DURATION",
        defaultValue = "10s",
        description = "Length of the measurement (default: ${DEFAULT-VALUE}).")
    private Duration duration = Duration.ZERO;

    @Override
    final Plan plan(URI uri, int connections) {
      return new Plan(uri, connections, depth, size, rate, warmup, duration);
    }
  }

  @Command(
      name = "echo",
      description = "Messages to a server that sends each one back. Any WebSocket server.")
  static final class Echo extends Messages {
    @Option(names = "--binary", description = "Sends binary messages instead of text.")
    private boolean binary;

    @Override
    String name() {
      return "echo";
    }

    @Override
    Report run(Bench bench) throws InterruptedException {
      return bench.echo(binary);
    }
  }

  @Command(
      name = "rpc",
      description = "Calls to a JSON-RPC 2.0 server. Any one; nothing of Everwire's own is said.")
  static final class Rpc extends Messages {
    @Option(
        names = "--method",
        paramLabel = "METHOD",
        defaultValue = "echo",
        description = {
          "What is called (default: ${DEFAULT-VALUE}). Without --params it gets an array of one",
          "text unlike any other, and its result has to be that array."
        })
    private String method = "";

    @Option(
        names = "--params",
        paramLabel = "PARAMS",
        description = "Calls with these, always; every result has to be as the first one.")
    private @Nullable RawJson params;

    @Override
    String name() {
      return "rpc";
    }

    @Override
    Report run(Bench bench) throws InterruptedException {
      return bench.rpc(method, Values.params(params));
    }
  }

  @Command(
      name = "fanout",
      description = {
        "One publisher and --connections subscribers of one topic; what counts are deliveries.",
        "A publication is over when the last subscriber has it."
      })
  static final class Fanout extends Messages {
    @Option(
        names = "--topic",
        paramLabel = "TOPIC",
        description = "Topic to publish to (default: a fresh one below bench/).")
    private @Nullable TopicName topic;

    @Option(
        names = "--raw",
        description =
            "For any WebSocket server that sends every message it receives to all its connections.")
    private boolean raw;

    @Override
    String name() {
      return "fanout";
    }

    @Override
    Report run(Bench bench) throws InterruptedException {
      if (raw) {
        return bench.fanout(null);
      }
      String fresh = "bench/" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
      return bench.fanout(topic == null ? fresh : topic.value());
    }
  }

  @Command(
      name = "idle",
      description = {
        "Opens connections and holds them; with --pid tells what each of them costs the server.",
        "If the server is a JVM of this user, its heap is collected before and behind."
      })
  static final class Idle extends Run {
    @Option(names = "--hello", description = "Begins an Everwire session on each connection.")
    private boolean hello;

    @Option(
        names = "--resumable",
        description = "Begins one that is kept when its connection is lost.")
    private boolean resumable;

    @Option(
        names = "--duration",
        paramLabel = "DURATION",
        defaultValue = "5s",
        description = "How long they are held (default: ${DEFAULT-VALUE}).")
    private Duration duration = Duration.ZERO;

    @Override
    String name() {
      return "idle";
    }

    @Override
    Plan plan(URI uri, int connections) {
      return new Plan(uri, connections, 1, 1, 0, Duration.ZERO, duration);
    }

    @Override
    Report run(Bench bench) throws InterruptedException {
      return bench.idle(hello, resumable);
    }
  }

  @Command(
      name = "storm",
      description = {
        "Opens sessions, cuts all of them at the same moment and has them go on; what counts are",
        "the sessions that were resumed, and how long after the cut each was."
      })
  static final class Storm extends Run {
    @Option(
        names = "--within",
        paramLabel = "DURATION",
        defaultValue = "1m",
        description = "How long they may take (default: ${DEFAULT-VALUE}).")
    private Duration within = Duration.ZERO;

    @Override
    String name() {
      return "storm";
    }

    @Override
    Plan plan(URI uri, int connections) {
      return new Plan(uri, connections, 1, 1, 0, Duration.ZERO, within);
    }

    @Override
    Report run(Bench bench) throws InterruptedException {
      return bench.storm();
    }
  }
}
