package dev.everwire.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Programs of others that tests run. Where one is missing a test is skipped, except under CI, where
 * it fails: a skipped test that nobody sees proves nothing. Safe from any thread.
 */
public final class Tools {
  private static final Map<String, Path> INSTALLED = new ConcurrentHashMap<>();

  private Tools() {}

  /** Skips the test unless this command ends with status 0; under CI fails it. */
  public static void need(String... command) throws InterruptedException {
    present(String.join(" ", command), starts(command));
  }

  /** The first of these programs that is on the path; skips the test, under CI fails it. */
  public static Path find(String... names) {
    Optional<Path> found =
        Arrays.stream(names)
            .flatMap(name ->
                Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator)),
                        Stream.of("/usr/sbin"))
                    .map(directory -> Path.of(directory, name)))
            .filter(Files::isExecutable)
            .findFirst();
    present(String.join(" or ", names), found.isPresent());
    return found.orElseThrow();
  }

  /**
   * A copy of the Node package in {@code src/test/FOLDER} with what it depends on, made once; skips
   * the test where there is no Node.
   */
  public static Path npm(String folder) throws InterruptedException {
    need("node", "--version");
    need("npm", "--version");
    Path known = INSTALLED.get(folder);
    if (known != null) {
      return known;
    }
    Path copy = Path.of("target", folder);
    try {
      Files.createDirectories(copy);
      try (Stream<Path> files = Files.list(Path.of("src", "test", folder))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      List<String> command =
          List.of("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline");
      try (Program npm = Program.start("npm ci in " + copy, command, copy.toFile())) {
        assertThat(npm.exit()).as("%s", npm).isZero();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    INSTALLED.put(folder, copy);
    return copy;
  }

  private static void present(String what, boolean present) {
    assertThat(present || !"true".equals(System.getenv("CI"))).as("%s, as CI=true", what).isTrue();
    assumeTrue(present, () -> "needs " + what);
  }

  private static boolean starts(String... command) throws InterruptedException {
    try (Program program = Program.start(command[0], List.of(command), new File("."))) {
      return program.exit() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
