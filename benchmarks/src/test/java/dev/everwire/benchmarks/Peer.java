package dev.everwire.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server to compare.
 *
 * @param command ends with its address on standard output, {@code http://127.0.0.1:PORT}
 * @param everwire whether it speaks Everwire's protocol
 */
record Peer(String name, List<String> command, Path directory, boolean everwire) {

  /** The URL's path, and what the generator must know to load this kind of server. */
  List<String> target(String bench, String address) {
    String base = address.replace("http://", "ws://");
    return switch (bench) {
      case "rpc" -> List.of(base + (everwire ? "/ws" : "/rpc"));
      case "fanout" -> everwire ? List.of(base + "/ws") : List.of(base + "/broadcast", "--raw");
      case "idle" -> everwire ? List.of(base + "/ws", "--hello") : List.of(base + "/echo");
      default -> List.of(base + "/echo");
    };
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
