package dev.everwire.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The page and the chat in Chromium, with the server killed and started again under them. */
final class ConsoleIT {
  private static final Path SOURCES = Path.of("src", "test", "browser");
  private static final Path COPY = Path.of("target", "browser");
  private static final List<String> FILES =
      List.of(".npmrc", "package.json", "package-lock.json", "console.mjs");
  private static final Duration WITHIN = Duration.ofSeconds(160);

  @Test
  void twoWindowsChatAcrossAKillAndThePageShowsIt() throws Exception {
    Optional<Path> chromium = onPath("chromium", "chromium-browser", "google-chrome");
    boolean tools = chromium.isPresent() && starts("node") && starts("npm");
    assertThat(tools || !"true".equals(System.getenv("CI")))
        .as("node, npm and chromium, as CI=true")
        .isTrue();
    assumeTrue(tools, "needs node, npm and chromium");
    Files.createDirectories(COPY);
    for (String file : FILES) {
      Files.copy(SOURCES.resolve(file), COPY.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    try (Program npm =
        start("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")) {
      assertThat(npm.exit()).as("%s", npm).isZero();
    }
    try (Serving first = Serving.on(0);
        Program browser =
            start("node", "console.mjs", "" + first.port(), "" + chromium.orElseThrow())) {
      String unused = browser.out(line -> line.equals("cut"));
      first.program().kill();
      unused = browser.out(line -> line.equals("gone"));
      try (Serving second = Serving.on(first.port())) {
        assertThat(browser.exit(WITHIN)).as("%s", browser).isZero();
        assertThat(browser.outLines(0)).last().asString().startsWith("ok: ");
        assertThat(second.program().alive()).isTrue();
      }
    }
  }

  private static Optional<Path> onPath(String... commands) {
    return Arrays.stream(commands)
        .flatMap(command ->
            Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, command)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static boolean starts(String command) throws InterruptedException {
    try (Program program =
        Program.start(command, List.of(command, "--version"), Path.of(".").toFile())) {
      return program.exit() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static Program start(String... command) throws IOException {
    return Program.start(String.join(" ", command), List.of(command), COPY.toFile());
  }
}
