package dev.everwire.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.config.Preset;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.protocol.json.RawJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that say what a configuration means, in this JVM. */
final class ConfigCommandTest {
  private static final String SECRET = "a-secret-for-this-test-0123456789-abcdef";

  @TempDir private Path directory;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @Test
  void whatIsFineIsOk() throws Exception {
    assertThat(run("config", "check", file("a.yaml", "preset: development"))).isZero();
    assertThat(out.toString()).isEqualTo("ok\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void everythingThatIsWrongIsToldWithItsPlaceALineEach() throws Exception {
    String file =
        file(
            "a.yaml",
            """
            preset: development
            listen:
              prot: 8080
              backlog: many
            heartbeat: {interval: 0s}
            """);
    assertThat(run("config", "check", file)).isEqualTo(ExitStatus.USAGE.code());
    assertThat(out.toString()).isEmpty();
    List<String> lines = err.toString().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).startsWith(file + ":3:3: ").contains("\"prot\"", "port");
    assertThat(lines.get(1)).startsWith(file + ":4:12: listen.backlog: ").contains("many");
    assertThat(lines.get(2)).startsWith(file + ":5:23: heartbeat.interval: ").contains("expected");
    assertThat(run("serve", "--config", file)).isEqualTo(ExitStatus.USAGE.code());
    assertThat(err.toString().lines()).isEqualTo(lines);
  }

  @Test
  void aFileThatIsNotThereIsOneSentence() {
    for (String[] words :
        List.of(
            new String[] {"config", "check", "no/such.yaml"},
            new String[] {"config", "show", "no/such.yaml"},
            new String[] {"config", "diff", "no/such.yaml"},
            new String[] {"serve", "--config", "no/such.yaml"})) {
      assertThat(run(words)).as(Arrays.toString(words)).isEqualTo(ExitStatus.USAGE.code());
      assertThat(err.toString()).isEqualTo("no/such.yaml: does not exist\n");
      assertThat(out.toString()).isEmpty();
    }
  }

  @Test
  void aSecretIsNeverShownAndALiteralOneIsWarnedOf() throws Exception {
    String file =
        file(
            "a.yaml",
            """
            auth:
              anonymous: false
              jwt:
                issuers: [it]
                audiences: ["*"]
                keys: [{secret: %s, algorithms: [HS256]}]
            """
                .formatted(SECRET));
    for (String[] words :
        List.of(
            new String[] {"config", "check", file},
            new String[] {"config", "show", file},
            new String[] {"config", "show", "--origin", file},
            new String[] {"config", "show", "--json", file},
            new String[] {"config", "diff", file})) {
      assertThat(run(words)).as(Arrays.toString(words)).isZero();
      assertThat(out + "" + err).as(Arrays.toString(words)).doesNotContain(SECRET);
      assertThat(err.toString())
          .startsWith("warning: " + file + ":6:")
          .contains("auth.jwt.keys")
          .hasLineCount(1);
    }
  }

  @Test
  void whatIsShownSaysTheSameWhenItIsLoaded() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), SECRET);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    String file =
        file(
            "a.yaml",
            """
            listen: {port: 0}
            topics: [{pattern: "a/*", publishable: true}]
            auth:
              jwt:
                issuers: [it]
                audiences: ["*"]
                keys: [{secret: {file: "%s"}, algorithms: [HS256]}]
            """
                .formatted(secret));
    assertThat(run("config", "show", file)).isZero();
    String shown = out.toString();
    assertThat(shown).startsWith("preset: production\n").contains(secret.toString());
    String again = file("b.yaml", shown);
    assertThat(run("config", "diff", file, again)).isZero();
    assertThat(out + "" + err).isEmpty();
    assertThat(run("config", "show", again)).isZero();
    assertThat(out.toString()).isEqualTo(shown);
  }

  @Test
  void theOriginOfEveryValueIsToldWhereOneAsksForIt() throws Exception {
    String file = file("a.yaml", "preset: testing\nlisten:\n  backlog: 9\n");
    assertThat(run("config", "show", "--origin", file)).isZero();
    assertThat(out.toString().lines())
        .contains(
            "listen.backlog: 9  # " + file + ":3:12",
            "listen.port: 0  # preset testing",
            "preset: testing  # " + file + ":1:9")
        .noneMatch(line -> line.contains("[]."));
  }

  @Test
  void scriptsGetJson() throws Exception {
    String file = file("a.yaml", "preset: testing\norigins: [https://a.example]\n");
    assertThat(run("config", "show", "--json", file)).isZero();
    assertThat(out.toString()).hasLineCount(1);
    JsonMembers shown = RawJson.parse(out.toString().strip()).members();
    assertThat(shown.string("preset")).isEqualTo("testing");
    assertThat(shown.string("file")).isEqualTo(file);
    JsonMembers origins =
        shown.get("options").elements().stream()
            .map(RawJson::members)
            .filter(option -> option.string("option").equals("origins"))
            .findFirst()
            .orElseThrow();
    assertThat(origins.string("from")).isEqualTo(file + ":2:10");
    assertThat(origins.bool("live", false)).isTrue();

    assertThat(run("config", "diff", "--json", file)).isZero();
    assertThat(out.toString().strip())
        .isEqualTo(
            "[{\"option\":\"origins\",\"from\":\"[]\",\"to\":\""
                + origins.string("value").replace("\"", "\\\"")
                + "\",\"live\":true}]");
  }

  @Test
  void theDifferenceOfTwoFilesSaysWhatNeedsARestart() throws Exception {
    String old = file("a.yaml", "preset: testing\nlisten: {backlog: 1}\ndrain: {within: 2s}\n");
    String next = file("b.yaml", "preset: testing\nlisten: {backlog: 2}\ndrain: {within: 3s}\n");
    assertThat(run("config", "diff", old, next)).isZero();
    assertThat(out.toString().lines())
        .containsExactly("listen.backlog: 1 -> 2 (needs a restart)", "drain.within: 2s -> 3s");
    assertThat(run("config", "diff", old)).isZero();
    assertThat(out.toString().lines())
        .containsExactly("listen.backlog: 4096 -> 1", "drain.within: 1s -> 2s");
  }

  @Test
  void theExampleCanBeLoadedAndTheSchemaIsJson() throws Exception {
    assertThat(run("config", "example")).isZero();
    String example = out.toString();
    assertThat(example).contains("EVERWIRE_");
    assertThat(run("config", "check", file("example.yaml", example))).isZero();
    assertThat(run("config", "schema")).isZero();
    assertThat(RawJson.parse(out.toString().strip()).members().get("properties")).isNotNull();
  }

  @Test
  void presetsAreListedAndEachIsShown() {
    assertThat(run("config", "presets")).isZero();
    assertThat(out.toString().lines().map(line -> line.substring(0, line.indexOf(':'))))
        .isEqualTo(Preset.names());
    assertThat(run("config", "presets", "conservative")).isZero();
    assertThat(out.toString()).startsWith("preset: conservative\n").contains("interval: 30s");
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  /** As if it were the first command. */
  private int run(String... words) {
    out = new StringWriter();
    err = new StringWriter();
    return Root.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words);
  }
}
