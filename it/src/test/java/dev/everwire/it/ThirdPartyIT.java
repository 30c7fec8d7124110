package dev.everwire.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client that others wrote: npm's json-rpc-2.0 over ws, in Node. */
final class ThirdPartyIT {
  private static final Path SOURCES = Path.of("src", "test", "node");
  private static final Path COPY = Path.of("target", "node");
  private static final List<String> FILES =
      List.of(".npmrc", "package.json", "package-lock.json", "thirdparty.mjs");

  @Test
  void aJsonRpcClientThatKnowsNothingOfEverwireCallsAndIsCalled() throws Exception {
    boolean node = starts("node") && starts("npm");
    assertThat(node || !"true".equals(System.getenv("CI"))).as("node and npm, as CI=true").isTrue();
    assumeTrue(node, "needs node and npm");
    Files.createDirectories(COPY);
    for (String file : FILES) {
      Files.copy(SOURCES.resolve(file), COPY.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline");
    try (Serving server = Serving.on(0)) {
      assertThat(run("node", "thirdparty.mjs", server.uri("/ws").toString()))
          .last()
          .asString()
          .startsWith("ok: ");
    }
  }

  private static boolean starts(String command) throws InterruptedException {
    try (Program program =
        Program.start(command, List.of(command, "--version"), Path.of(".").toFile())) {
      return program.exit() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<String> run(String... command) throws Exception {
    try (Program program =
        Program.start(String.join(" ", command), List.of(command), COPY.toFile())) {
      assertThat(program.exit()).as("%s", program).isZero();
      return program.outLines(0);
    }
  }
}
