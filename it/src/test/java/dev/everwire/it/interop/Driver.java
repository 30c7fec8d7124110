package dev.everwire.it.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A process that opens and accepts connections as told: orders go to its standard input, what it
 * hears comes from its standard output, one JSON object per line. Each names the connection or the
 * server that it is about by a number, {@code link}. Safe from any thread to hear, from one to
 * tell.
 */
public final class Driver implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Process process;
  private final Writer orders;
  private final Path log;
  private final AtomicInteger links = new AtomicInteger();
  private final Map<Integer, Consumer<JsonNode>> ears = new ConcurrentHashMap<>();

  private Driver(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** What the process prints on standard error is kept in {@code target/interop/NAME.log}. */
  public static Driver start(String name, List<String> command, Path directory) throws IOException {
    Path log = Files.createDirectories(Path.of("target", "interop")).resolve(name + ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(log.toAbsolutePath().toFile())
            .start();
    var driver = new Driver(process, log);
    Thread.ofVirtual().start(driver::read);
    return driver;
  }

  /**
   * A new number.
   *
   * @param ear is told what is heard of it, on a thread of its own
   */
  public int link(Consumer<JsonNode> ear) {
    int link = links.incrementAndGet();
    ears.put(link, ear);
    return link;
  }

  public void tell(Map<String, ?> order) throws IOException {
    orders.write(JSON.writeValueAsString(order));
    orders.write('\n');
    orders.flush();
  }

  /** What it printed on standard error. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode heard = JSON.readTree(line);
        Consumer<JsonNode> ear = ears.get(heard.path("link").asInt());
        if (ear != null) {
          ear.accept(heard);
        }
      }
    } catch (IOException e) {
      // ended
    } finally {
      var broken = JsonNodeFactory.instance.objectNode().put("heard", "broken").put("why", log());
      ears.values().forEach(ear -> ear.accept(broken));
    }
  }
}
