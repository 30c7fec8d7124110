package dev.everwire.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.app.Main;
import dev.everwire.app.TextClient;
import dev.everwire.config.Options;
import dev.everwire.config.word.Option;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another value of any option of the log changes what a server's process writes. All other options
 * are shown where the configuration is.
 */
final class LogOptionsActTest {
  private static final String ALERT =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.admin.alert\",\"params\":{\"text\":\"hear\"}}";

  /** Of each option a value that is not its default. */
  private static final Map<String, String> OTHERS =
      Map.of("log.level", "error", "log.format", "json", "log.audit", "audit.log");

  @TempDir private Path directory;

  /** What a process that served, and was told something by an administrator, left behind. */
  private record Left(boolean started, boolean json, boolean audit) {}

  @Test
  void noOptionOfTheLogIsLeftOut() {
    assertThat(Options.all().stream().map(Option::path).filter(path -> path.startsWith("log.")))
        .containsExactlyInAnyOrderElementsOf(OTHERS.keySet());
  }

  @Test
  void anotherValueMakesADifferenceAndOnlyItsOwn() throws Exception {
    assertThat(served("log.level", "info")).isEqualTo(new Left(true, false, false));
    for (Map.Entry<String, String> other : OTHERS.entrySet()) {
      String option = other.getKey();
      assertThat(served(option, other.getValue()))
          .as(option)
          .isEqualTo(
              new Left(
                  !option.equals("log.level"),
                  option.equals("log.format"),
                  option.equals("log.audit")));
    }
  }

  private Left served(String option, String value) throws Exception {
    String log = option.substring("log.".length()) + ": " + value;
    Path file = directory.resolve("everwire.yaml");
    Files.writeString(
        file, "preset: development\nlisten: {port: 0}\ndrain: {within: 0s}\nlog: {" + log + "}\n");
    Path said = directory.resolve("said");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // which is there sooner
                "-cp",
                classPath(),
                Main.class.getName(),
                "serve",
                "--config",
                file.toString())
            .directory(directory.toFile())
            .redirectError(said.toFile())
            .start();
    try {
      try (TextClient client = TextClient.to(port(process, said), "/ws")) {
        assertThat(client.ask(ALERT).get("result")).isNotNull();
      }
    } finally {
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    List<String> lines = Files.readAllLines(said);
    Path audit = directory.resolve("audit.log");
    boolean audited = Files.exists(audit) && Files.readString(audit).contains("alert");
    Files.deleteIfExists(audit);
    return new Left(
        lines.stream().anyMatch(line -> line.contains("started node=")),
        lines.stream().anyMatch(line -> line.startsWith("{")),
        audited);
  }

  /** It stands at the end of the line that says where the server is. */
  private static int port(Process process, Path said) throws IOException {
    BufferedReader out = process.inputReader();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("http://")) {
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      }
    }
    throw new AssertionError(Files.readString(said));
  }

  /** That of this test, whoever runs it. */
  private static String classPath() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    if (loader instanceof URLClassLoader loaded) {
      return Arrays.stream(loaded.getURLs())
          .map(URL::getPath)
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
