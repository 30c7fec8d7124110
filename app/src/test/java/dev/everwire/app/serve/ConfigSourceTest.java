package dev.everwire.app.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.config.Config;
import dev.everwire.config.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigSourceTest {
  @TempDir private Path directory;

  @Test
  void withoutAnythingItIsTheDevelopmentPreset() throws Exception {
    assertThat(ConfigSource.of(null, Map.of("PATH", "/bin"), Map.of()).load().config())
        .isEqualTo(Config.DEFAULT);
  }

  @Test
  void theCommandLineIsStrongerThanTheEnvironmentAndThatThanTheFile() throws Exception {
    Path file = file("preset: testing\nlisten: {port: 1, backlog: 2, path: /three}");
    Map<String, String> environment =
        Map.of("EVERWIRE_LISTEN_PORT", "11", "EVERWIRE_LISTEN_BACKLOG", "12");
    Config config = ConfigSource.of(file, environment, Map.of("listen.port", "21")).load().config();
    assertThat(config.preset()).isEqualTo("testing");
    assertThat(config.listen().port()).isEqualTo(21);
    assertThat(config.listen().backlog()).isEqualTo(12);
    assertThat(config.listen().path()).isEqualTo("/three");
  }

  @Test
  void theEnvironmentNamesTheFileWhereTheCommandLineDoesNot() throws Exception {
    Path one = file("preset: testing\nlisten: {port: 1}");
    Path other = Files.writeString(directory.resolve("other.yaml"), "preset: development");
    Map<String, String> environment = Map.of(ConfigSource.VARIABLE, one.toString());
    assertThat(load(null, environment).config().listen().port()).isOne();
    assertThat(load(other, environment).config()).isEqualTo(Config.DEFAULT);
    assertThat(load(null, Map.of(ConfigSource.VARIABLE, "")).config()).isEqualTo(Config.DEFAULT);
    assertThatThrownBy(() -> load(null, Map.of(ConfigSource.VARIABLE, "\0")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("EVERWIRE_CONFIG: ");
  }

  @Test
  void whatIsMeantForTheProgramAndItsCommandsIsNoOption() throws Exception {
    Map<String, String> environment =
        Map.of(
            "EVERWIRE_OPTS", "-Xmx2g",
            "EVERWIRE_JAVA_HOME", "/opt/java",
            "EVERWIRE_TOKEN", "t",
            "EVERWIRE_URL", "ws://127.0.0.1:1/ws",
            "EVERWIRE_LISTEN_PROT", "8081");
    assertThat(load(null, environment).warnings())
        .singleElement()
        .asString()
        .startsWith("EVERWIRE_LISTEN_PROT: ")
        .contains("EVERWIRE_LISTEN_PORT");
  }

  private Loaded load(@Nullable Path file, Map<String, String> environment) throws Exception {
    return ConfigSource.of(file, environment, Map.of()).load();
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("everwire.yaml"), text);
  }
}
