package dev.everwire.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A server to compare.
 *
 * @param command ends with its address on standard output, {@code http://127.0.0.1:PORT}
 * @param targets for each benchmark that it takes part in the URL's path, and what the generator
 *     must know to load this kind of server
 */
record Peer(String name, List<String> command, Path directory, Map<String, List<String>> targets) {
  static final String EVERWIRE = "Everwire";
  static final String ON_THE_LOOP = "Everwire, on the loop";
  static final String NETTY = "raw Netty";
  static final String RPC_WEBSOCKETS = "rpc-websockets";

  // With these the parameter of a call is a text of 64 bytes.
  private static final String ECHO_SIZE = "127";
  private static final String ECHO_FAST_SIZE = "132";

  static Peer everwire(List<String> command, Path directory) {
    return new Peer(
        EVERWIRE,
        command,
        directory,
        Map.of(
            "echo", List.of("/echo"),
            "rpc", List.of("/ws", "--size", ECHO_SIZE),
            "fanout", List.of("/ws"),
            "idle", List.of("/ws", "--hello")));
  }

  /** As {@link #everwire}, calling the method that is declared non-blocking. */
  static Peer everwireOnTheLoop(List<String> command, Path directory) {
    return new Peer(
        ON_THE_LOOP,
        command,
        directory,
        Map.of("rpc", List.of("/ws", "--method", "echo.fast", "--size", ECHO_FAST_SIZE)));
  }

  /** Serves {@code /echo}, {@code /broadcast} and {@code /rpc}. */
  static Peer bare(String name, List<String> command, Path directory) {
    return new Peer(
        name,
        command,
        directory,
        Map.of(
            "echo", List.of("/echo"),
            "rpc", List.of("/rpc", "--size", ECHO_SIZE),
            "fanout", List.of("/broadcast", "--raw"),
            "idle", List.of("/echo")));
  }

  static Peer rpcOnly(String name, List<String> command, Path directory) {
    return new Peer(name, command, directory, Map.of("rpc", List.of("/", "--size", ECHO_SIZE)));
  }

  boolean takesPartIn(String bench) {
    return targets.containsKey(bench);
  }

  /** The URL and what else the generator must know. */
  List<String> target(String bench, String address) {
    List<String> target = new ArrayList<>(targets.getOrDefault(bench, List.of("/")));
    target.set(0, address.replace("http://", "ws://") + target.getFirst());
    return target;
  }

  Running start(List<String> pinned) throws IOException {
    List<String> line = new ArrayList<>(pinned);
    line.addAll(command);
    Process process =
        new ProcessBuilder(line)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String text = reader.readLine(); text != null; text = reader.readLine()) {
      if (text.startsWith("http://")) {
        return new Running(this, process, text.strip());
      }
    }
    process.destroyForcibly();
    throw new IOException(name + " did not start: " + String.join(" ", line));
  }

  /** One that serves. */
  record Running(Peer peer, Process process, String address) implements AutoCloseable {
    @Override
    public void close() throws InterruptedException {
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }
}
