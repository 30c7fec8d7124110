package dev.everwire.benchmarks;

import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the same load on Everwire and on its peers, one after another, several rounds, and writes
 * what was found into {@code docs/performance.md}. Started by {@code benchmarks/run}.
 */
public final class Compare {
  private final Path home;
  private final Map<String, String> options;
  private final List<String> args;
  private final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
  private final Path jar;
  private final List<String> flags;
  private final List<Peer> peers;

  private Compare(List<String> args) throws IOException {
    this.args = args;
    this.options = options(args);
    this.home = Path.of(System.getProperty("everwire.home", "..")).toRealPath();
    this.jar = jar(home.resolve("app/target"));
    this.flags =
        Runtime.version().feature() >= 25 ? List.of("-XX:+UseCompactObjectHeaders") : List.of();
    this.peers = peers();
  }

  /**
   * Options: {@code scenarios=all rounds=3 warmup=5s duration=5s idle=2000 full=no write=yes
   * note=…}; scenarios are {@code transport}, {@code rpc} or {@code all}.
   */
  public static void main(String[] args) throws Exception {
    new Compare(List.of(args)).run();
  }

  private static Map<String, String> options(List<String> args) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("scenarios", "all");
    options.put("rounds", "3");
    options.put("warmup", "5s");
    options.put("duration", "5s");
    options.put("idle", "2000");
    options.put("full", "no");
    options.put("write", "yes");
    options.put("note", "");
    for (String arg : args) {
      int equals = arg.indexOf('=');
      if (equals < 0 || !options.containsKey(arg.substring(0, equals))) {
        throw new IllegalArgumentException(arg + " (expected: one of " + options.keySet() + "=…)");
      }
      options.put(arg.substring(0, equals), arg.substring(equals + 1));
    }
    return options;
  }

  private String option(String name) {
    return options.getOrDefault(name, "");
  }

  static Path jar(Path target) throws IOException {
    try (var files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-all.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException("no -all.jar in " + target + ": build app first"));
    }
  }

  private List<Peer> peers() {
    List<Peer> found = new ArrayList<>();
    List<String> ours = java("-jar", jar.toString(), "serve", "--demo", "--port", "0");
    found.add(Peer.everwire(ours, home));
    found.add(Peer.everwireOnTheLoop(ours, home));
    String classes = home.resolve("benchmarks/target/test-classes") + ":" + jar;
    String main = RawNettyPeer.class.getName();
    found.add(Peer.bare(Peer.NETTY, java("-cp", classes, main, "0"), home));
    Path node = home.resolve("benchmarks/target/node");
    if (Files.isDirectory(node.resolve("node_modules/ws"))) {
      found.add(Peer.bare("node ws", List.of("node", "peer.mjs", "0"), node));
    }
    if (Files.isDirectory(node.resolve("node_modules/rpc-websockets"))) {
      List<String> command = List.of("node", "rpc-peer.mjs", "0");
      found.add(Peer.rpcOnly(Peer.RPC_WEBSOCKETS, command, node));
    }
    return List.copyOf(found);
  }

  private List<Peer> peers(String bench) {
    return peers.stream().filter(peer -> peer.takesPartIn(bench)).toList();
  }

  private List<String> java(String... rest) {
    List<String> line = new ArrayList<>(List.of(java.toString()));
    line.addAll(flags);
    line.addAll(Arrays.asList(rest));
    return line;
  }

  private void run() throws Exception {
    String scenarios = option("scenarios");
    if (!List.of("all", "transport", "rpc").contains(scenarios)) {
      throw new IllegalArgumentException(
          "scenarios: " + scenarios + " (expected: all, transport or rpc)");
    }
    if (!scenarios.equals("rpc")) {
      write("transport", transport());
    }
    if (!scenarios.equals("transport")) {
      write("calls", calls());
    }
  }

  private String transport() throws Exception {
    List<Cell> cells = new ArrayList<>(Cell.quick());
    if (option("full").equals("yes")) {
      cells.addAll(Cell.more());
    }
    Results results = new Results(names(peers("echo")));
    load(results, cells, peers("echo"));
    for (int round = 1; round <= rounds(); round++) {
      for (Peer peer : peers("idle")) {
        idle(results, peer);
      }
    }
    return new Page(results, cells, head(), options).text();
  }

  private String calls() throws Exception {
    Results results = new Results(names(peers("rpc")));
    load(results, Cell.calls(), peers("rpc"));
    return new CallsPage(results, Cell.calls(), head()).text();
  }

  private void write(String part, String page) throws IOException {
    System.out.println(page);
    if (option("write").equals("yes")) {
      Path file = home.resolve("docs/performance.md");
      Files.writeString(file, Page.into(Files.readString(file), part, page));
    }
  }

  private String head() throws IOException {
    Machine machine = Machine.look(flags, pinned(), Runtime.version().toString());
    return Page.head(command(), options, machine);
  }

  private int rounds() {
    return Integer.parseInt(option("rounds"));
  }

  private static List<String> names(List<Peer> some) {
    return some.stream().map(Peer::name).toList();
  }

  private String command() {
    List<String> line = new ArrayList<>(List.of("benchmarks/run"));
    args.stream().filter(arg -> !arg.startsWith("note=")).forEach(line::add);
    return String.join(" ", line);
  }

  /** The servers live through all rounds, so that only the first one finds them cold. */
  private void load(Results results, List<Cell> cells, List<Peer> some) throws Exception {
    List<Peer.Running> running = new ArrayList<>();
    try {
      for (Peer peer : some) {
        running.add(peer.start(pin(0)));
      }
      for (int round = 1; round <= rounds(); round++) {
        for (Cell cell : cells) {
          for (Peer.Running server : running) {
            List<String> extra = new ArrayList<>(cell.options());
            extra.addAll(List.of("--warmup", option("warmup"), "--duration", option("duration")));
            JsonMembers found = bench(server, cell.bench(), extra);
            results.add(cell.name(), server.peer().name(), found);
            System.err.printf(
                "round %d, %s, %s: %s per CPU second%n",
                round,
                cell.name(),
                server.peer().name(),
                Results.server(found).get("messagesPerCpuSecond"));
          }
        }
      }
    } finally {
      for (Peer.Running server : running) {
        server.close();
      }
    }
  }

  /** A fresh server each time: one that has worked keeps memory that new connections then use. */
  private void idle(Results results, Peer peer) throws Exception {
    try (Peer.Running server = peer.start(pin(0))) {
      bench(server, "idle", List.of("--connections", "200", "--duration", "1s"));
      List<String> extra = List.of("--connections", option("idle"), "--duration", "2s");
      results.add(Results.IDLE, peer.name(), bench(server, "idle", extra));
    }
  }

  private JsonMembers bench(Peer.Running server, String bench, List<String> extra)
      throws Exception {
    List<String> line = new ArrayList<>(pin(1));
    line.addAll(java("-jar", jar.toString(), "bench", bench));
    line.addAll(server.peer().target(bench, server.address()));
    line.addAll(List.of("--json", "--pid", Long.toString(server.process().pid())));
    line.addAll(extra);
    Path errors = Files.createTempFile("everwire-bench", ".txt");
    try {
      Process process = new ProcessBuilder(line).redirectError(errors.toFile()).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(
            server.peer().name() + " " + bench + ": " + out + Files.readString(errors));
      }
      return RawJson.parse(out).members();
    } finally {
      Files.delete(errors);
    }
  }

  private static boolean pinned() {
    return Runtime.getRuntime().availableProcessors() >= 2
        && Files.isExecutable(Path.of("/usr/bin/taskset"));
  }

  private static List<String> pin(int core) {
    return pinned() ? List.of("taskset", "-c", Integer.toString(core)) : List.of();
  }
}
