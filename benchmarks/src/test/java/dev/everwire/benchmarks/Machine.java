package dev.everwire.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** Where figures come from. */
record Machine(
    String processor,
    int cores,
    String system,
    String jdk,
    List<String> flags,
    boolean pinned,
    LocalDate date) {

  static Machine look(List<String> flags, boolean pinned, String jdk) throws IOException {
    return new Machine(
        first(Path.of("/proc/cpuinfo"), "model name"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        jdk,
        flags,
        pinned,
        LocalDate.now(ZoneOffset.UTC));
  }

  String text() {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %s, JDK %s, flags `%s`, %s, %s.",
        processor,
        cores,
        system,
        jdk,
        flags.isEmpty() ? "none" : String.join(" ", flags),
        pinned
            ? "each server pinned to core 0 and the generator to core 1 (so the JVM takes its serial"
                + " collector)"
            : "nothing pinned",
        date);
  }

  private static String first(Path file, String name) throws IOException {
    if (!Files.isReadable(file)) {
      return System.getProperty("os.arch");
    }
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }
}
