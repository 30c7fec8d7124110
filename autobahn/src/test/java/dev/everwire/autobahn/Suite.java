package dev.everwire.autobahn;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The suite in a process of its own: the one from the Maven plugin, in Jython on this JVM's JDK, or
 * another that is installed for an interpreter of Python 2.7.
 */
final class Suite implements AutoCloseable {
  static final String AGENT = "everwire";

  private static final String LISTENING = "listening on ";
  private static final Duration TO_START = Duration.ofMinutes(3);

  private final Process process;
  private final Path reports;
  private final Path log;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  private Suite(Process process, Path reports, Path log) {
    this.process = process;
    this.reports = reports;
    this.log = log;
  }

  /** Tests a server, then ends. */
  static Suite againstServer(Path directory, Cases cases, String url) throws IOException {
    return start("fuzzingclient", directory, cases, url);
  }

  /** Listens for a client to test. */
  static Suite againstClient(Path directory, Cases cases) throws IOException {
    return start("fuzzingserver", directory, cases, "ws://127.0.0.1:9001"); // takes a free port
  }

  /** Whether this suite has that case: the packed one is older than those of compression. */
  static boolean has(String id) {
    return !packed() || !(id.startsWith("12.") || id.startsWith("13."));
  }

  private static boolean packed() {
    return System.getProperty("autobahn.python", "").isBlank();
  }

  private static Suite start(String mode, Path directory, Cases cases, String url)
      throws IOException {
    Path reports = directory.resolve("reports");
    Files.createDirectories(reports);
    Report.forget(reports);
    Path spec = directory.resolve("spec.json");
    Map<String, Object> keys = new TreeMap<>();
    keys.put("outdir", reports.toString());
    keys.put("cases", cases.patterns());
    keys.put("exclude-cases", List.of());
    keys.put("exclude-agent-cases", Map.of());
    keys.put("url", url);
    keys.put("servers", List.of(Map.of("agent", AGENT, "url", url)));
    Files.writeString(spec, JsonMapper.shared().writeValueAsString(keys));

    List<String> command = interpreter();
    command.addAll(List.of("-u", base("src/test/python/suite.py")));
    command.addAll(List.of("-m", mode, "-s", spec.toString()));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    var suite = new Suite(process, reports, directory.resolve("suite.log"));
    Thread.ofVirtual().start(suite::readOutput);
    Runtime.getRuntime().addShutdownHook(new Thread(suite::close)); // a build that is broken off
    return suite;
  }

  private static List<String> interpreter() {
    if (!packed()) {
      return new ArrayList<>(List.of(System.getProperty("autobahn.python")));
    }
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-Dpython.path=" + base("target/suite/python"),
            "-Dpython.cachedir=" + base("target/suite/cache"),
            "-cp",
            base("target/suite/jython.jar"),
            "org.python.util.jython"));
  }

  private static String base(String path) {
    return Path.of(System.getProperty("basedir", "."), path).toAbsolutePath().toString();
  }

  private void readOutput() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        var copy = new PrintWriter(Files.newBufferedWriter(log), true)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        copy.println(line);
        if (line.startsWith(LISTENING)) {
          port.complete(Integer.parseInt(line.substring(LISTENING.length()).strip()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      port.completeExceptionally(new IOException("the suite has ended; see " + log));
    }
  }

  /** Where the suite's server listens, once it does. */
  int awaitPort() throws IOException, InterruptedException {
    try {
      return port.get(TO_START.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new IOException("the suite does not listen after " + TO_START + "; see " + log, e);
    }
  }

  void awaitEnd(Duration within) throws IOException, InterruptedException {
    if (!process.waitFor(within.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("the suite has not ended after " + within + "; see " + log);
    }
  }

  /** What the suite has written last. */
  Report report() throws IOException {
    return Report.read(reports, AGENT);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
