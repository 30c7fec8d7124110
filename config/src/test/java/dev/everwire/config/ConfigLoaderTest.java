package dev.everwire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.everwire.config.problem.ConfigException;
import dev.everwire.config.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigLoaderTest {
  private static final String DEVELOPMENT = "preset: development\n";

  @TempDir private Path directory;

  private static Config load(String yaml) throws ConfigException {
    return ConfigLoader.parse("everwire.yaml", yaml, Map.of(), Map.of()).config();
  }

  private static List<String> problems(String yaml, Map<String, String> environment) {
    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class,
            () -> ConfigLoader.parse("everwire.yaml", yaml, environment, Map.of()));
    assertThat(thrown).as(yaml).isNotNull();
    return thrown.problems().stream().map(Problem::toString).toList();
  }

  private static List<String> problems(String yaml) {
    return problems(DEVELOPMENT + yaml, Map.of());
  }

  @Test
  void withoutAFileEverythingIsAsInDevelopment() throws ConfigException {
    assertThat(ConfigLoader.load(null, Map.of()))
        .isEqualTo(new Loaded(Config.DEFAULT, List.of(), Map.of()));
  }

  @Test
  void aFileThatNamesNoPresetChangesProduction() {
    assertThat(problems("listen:\n  port: 1", Map.of()))
        .singleElement()
        .asString()
        .startsWith("preset production: auth.anonymous: false, and there is nothing to show");
  }

  @Test
  void whatIsSaidLaterHolds() throws ConfigException {
    String file =
        DEVELOPMENT + "heartbeat: {interval: 11s, timeout: 5s}\nsession: {resumeWithin: 3m}\n";
    Map<String, String> environment =
        Map.of("EVERWIRE_HEARTBEAT_INTERVAL", "12s", "EVERWIRE_HEARTBEAT_TIMEOUT", "");
    Config config =
        ConfigLoader.parse("f", file, environment, Map.of("session.resumeWithin", "4m")).config();
    assertThat(config.heartbeat().interval()).isEqualTo(Duration.ofSeconds(12));
    assertThat(config.heartbeat().timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.session().resumeWithin()).isEqualTo(Duration.ofMinutes(4));
    assertThat(config.heartbeat().misses()).isEqualTo(1);
  }

  @Test
  void thePresetIsOfWhoeverIsAskedLast() throws ConfigException {
    Map<String, String> environment = Map.of("EVERWIRE_PRESET", "testing");
    assertThat(ConfigLoader.parse("f", DEVELOPMENT, environment, Map.of()).config())
        .isEqualTo(Config.preset("testing"));
    assertThat(ConfigLoader.parse("f", "", environment, Map.of("preset", "development")).config())
        .isEqualTo(Config.DEFAULT);
  }

  @Test
  void everythingThatIsWrongIsToldAtOnceInTheOrderOfTheFile() {
    String yaml =
        """
        preset: development
        listen:
          prot: 8080
          port: 99999
        heartbeat:
          interval: 0s
          timeout: fast
        sesion: {}
        origins: {a: b}
        topics:
          - {keepLast: -1}
          - {pattern: "a//b"}
        access:
          rules:
            - {actions: [cal], anyone: true}
        """;
    assertThat(problems(yaml, Map.of("EVERWIRE_LISTEN_PORT", "many")))
        .containsExactly(
            "everwire.yaml:3:3: listen.\"prot\": unknown (did you mean \"port\"?)",
            "everwire.yaml:4:9: listen.port: \"99999\" (expected: a whole number, 0 to 65535)",
            "everwire.yaml:6:13: heartbeat.interval: \"0s\" (expected: a duration such as 500ms,"
                + " 10s, 2m, 1h or 30d, 1ms to 365d)",
            "everwire.yaml:7:12: heartbeat.timeout: \"fast\" (expected: a duration such as 500ms,"
                + " 10s, 2m, 1h or 30d, 1ms to 365d)",
            "everwire.yaml:8:1: \"sesion\": unknown (did you mean \"session\"?)",
            "everwire.yaml:9:10: origins: a section (expected: a list, each of it a text of 1 to"
                + " 4096 characters)",
            "everwire.yaml:11:5: topics[0].pattern: not said (expected: a text of 1 to 4096"
                + " characters)",
            "everwire.yaml:11:16: topics[0].keepLast: \"-1\" (expected: a whole number, 0 to"
                + " 1000000000)",
            "everwire.yaml:12:5: topics[1]: pattern: \"a//b\" (expected: segments of a name, *,"
                + " {name}, or ** at the end)",
            "everwire.yaml:15:18: access.rules[0].actions[0]: \"cal\" (expected: one of call,"
                + " subscribe, history, publish, administer)",
            "EVERWIRE_LISTEN_PORT: listen.port: \"many\" (expected: a whole number, 0 to 65535)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'a: b: c' | everwire.yaml:2:5: not YAML: mapping values are not allowed here
          'listen: {port: 1'  | everwire.yaml:2:17: not YAML: expected ',' or '}', but got <stream end>
          'listen: {port: 1, port: 2}' | everwire.yaml:2:19: key "port" again (expected: once; it is at everwire.yaml:2:10)
          'log: {level: &a info}' | everwire.yaml:2:14: an anchor or alias (expected: the value itself)
          'log: *a' | everwire.yaml:2:6: an anchor or alias (expected: the value itself)
          'log: {level: !!str info}' | everwire.yaml:2:14: a tag (expected: the value alone)
          '[a, b]: c' | everwire.yaml:2:1: a list as a key (expected: a word)
          'log: [info]' | 'everwire.yaml:2:6: log: a list (expected: a section with level, format, audit)'
          'log: {level: }' | 'everwire.yaml:2:13: log.level: nothing (expected: one of off, error, warn, info, debug, trace)'
          'listen: {port: none}' | 'everwire.yaml:2:16: listen.port: "none" (expected: a whole number, 0 to 65535)'
          'limits: {outbound: {maxBytes: 1 MiB}}' | 'everwire.yaml:2:31: limits.outbound.maxBytes: "1 MiB" (expected: a size such as 1000, 64KiB, 10MiB or 2GiB, 1KiB to 64GiB)'
          'session: {resume: yes}' | 'everwire.yaml:2:19: session.resume: "yes" (expected: true or false)'
          'drain: {url: http://x/}' | 'everwire.yaml:2:14: drain.url: "http://x/" (expected: a URL that begins with ws:// or wss://)'
          'heartbeat: {pingEvery: 1s}' | 'everwire.yaml:2:13: heartbeat."pingEvery": unknown (expected: interval, timeout, misses, mode, anyTraffic)'
          'resumeWithin: 1s' | 'everwire.yaml:2:1: "resumeWithin": unknown (did you mean "session.resumeWithin"?)'
          """)
  void whatIsWrongIsToldWithItsPlace(String yaml, String problem) {
    assertThat(problems(yaml)).containsExactly(problem);
  }

  @Test
  void aSecondDocumentIsRefused() {
    assertThat(problems("---\na: b"))
        .containsExactly("everwire.yaml:3:1: a second document (expected: one)");
  }

  @Test
  void nestingIsBounded() {
    assertThat(problems("topics: " + "[".repeat(5_000)))
        .containsExactly("everwire.yaml:2:40: nested too deeply (expected: at most 32 levels)");
  }

  @Test
  void wordsAreReadWhateverTheirCase() throws ConfigException {
    Config config =
        load(DEVELOPMENT + "session: {duplicateClient: REJECT_NEW}\nlog: {level: Debug}");
    assertThat(config.text("session.duplicateClient")).isEqualTo("rejectNew");
    assertThat(config.text("log.level")).isEqualTo("debug");
  }

  @Test
  void noneIsNoBound() throws ConfigException {
    Config config =
        load(
            """
            preset: testing
            limits: {connections: {perNode: none, ratePerNode: none}}
            lifetime: {idle: none}
            """);
    assertThat(config.limits().connections().limits().perNode()).isEqualTo(Integer.MAX_VALUE);
    assertThat(config.lifetime().lifetime().unlimited()).isTrue();
  }

  @Test
  void listsComeFromTheEnvironment() throws ConfigException {
    Map<String, String> environment =
        Map.of(
            "EVERWIRE_ORIGINS", "https://a.example, https://b.example",
            "EVERWIRE_TOPICS", "[{pattern: 'a/*', keepLast: 5}]",
            "EVERWIRE_ACCESS_RULES", "none");
    Config config = ConfigLoader.load(null, environment).config();
    assertThat(config.origins()).containsExactly("https://a.example", "https://b.example");
    assertThat(config.text("topics")).isEqualTo("[{pattern: a/*, keepLast: 5}]");
    assertThat(config.access().rules()).isNull();
  }

  @Test
  void anUnknownVariableIsAWarning() throws ConfigException {
    Map<String, String> environment =
        Map.of("EVERWIRE_LISTEN_PROT", "1", "EVERWIRE_PORT_8080_TCP", "tcp://10.0.0.1:8080");
    assertThat(ConfigLoader.load(null, environment).warnings())
        .extracting(Problem::toString)
        .containsExactly(
            "EVERWIRE_LISTEN_PROT: unknown (did you mean \"EVERWIRE_LISTEN_PORT\"?)",
            "EVERWIRE_PORT_8080_TCP: unknown");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = directory.resolve("missing.yaml");
    assertThat(
            catchThrowableOfType(ConfigException.class, () -> ConfigLoader.load(missing, Map.of())))
        .hasMessage(missing + ": does not exist");
  }

  @Test
  void aFileMayBeginWithAByteOrderMark() throws Exception {
    Path file = Files.writeString(directory.resolve("bom.yaml"), "\uFEFFpreset: testing\n");
    assertThat(ConfigLoader.load(file, Map.of()).config()).isEqualTo(Config.preset("testing"));
  }

  @Test
  void anOverrideThatIsWrongIsToldToo() {
    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                ConfigLoader.parse(
                    "f", DEVELOPMENT, Map.of(), Map.of("listen.port", "x", "listen.prt", "1")));
    assertThat(thrown.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "set: \"listen.prt\": unknown (did you mean \"listen.port\"?)",
            "set: listen.port: \"x\" (expected: a whole number, 0 to 65535)");
  }
}
