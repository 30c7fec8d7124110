package dev.everwire.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.everwire.config.problem.ConfigException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Whatever stands in a file or a variable is either loaded or refused with problems that say where;
 * what was loaded is written and loaded again as the same. A plain build tries what is kept beside
 * this class; {@code JAZZER_FUZZ=1} looks for more.
 */
final class ConfigFuzzTest {
  private static final int MOST_CHARACTERS = 2_000_000; // of all that is told

  @FuzzTest(maxDuration = "4m")
  void aFileIsLoadedOrRefused(byte[] data) throws ConfigException {
    String text = new String(data, StandardCharsets.UTF_8);
    check(text, Map.of());
  }

  @FuzzTest(maxDuration = "4m")
  void aVariableIsReadOrRefused(byte[] data) throws ConfigException {
    String text = new String(data, StandardCharsets.UTF_8);
    for (String name :
        new String[] {"TOPICS", "ORIGINS", "ACCESS_RULES", "SESSION_RESUME_WITHIN", "TLS_STORE"}) {
      check("preset: testing\n", Map.of("EVERWIRE_" + name, text));
    }
  }

  private static void check(String text, Map<String, String> environment) throws ConfigException {
    Loaded loaded;
    try {
      loaded = ConfigLoader.parse("fuzz.yaml", text, environment, Map.of());
    } catch (ConfigException e) {
      assertThat(e.problems()).isNotEmpty();
      assertThat(e.problems().toString().length()).isLessThan(MOST_CHARACTERS);
      return;
    }
    String shown = ConfigText.show(loaded.config());
    if (!shown.contains("…")) {
      assertThat(ConfigLoader.parse("again.yaml", shown, Map.of(), Map.of()).config())
          .isEqualTo(loaded.config());
    }
  }
}
