package dev.everwire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.everwire.config.problem.ConfigException;
import dev.everwire.config.problem.Problem;
import dev.everwire.config.word.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretsTest {
  private static final String VALUE = "swordfish-swordfish-swordfish-swordfish";

  @TempDir private Path directory;

  private Path file(String permissions) throws IOException {
    Path file = Files.writeString(directory.resolve("secret"), VALUE + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  private static Loaded load(String yaml, Map<String, String> environment) throws ConfigException {
    return ConfigLoader.parse("f.yaml", "preset: development\n" + yaml, environment, Map.of());
  }

  private static String keys(String secret) {
    return "session: {resumeKeys: [{id: k1, secret: " + secret + "}]}\n";
  }

  private static List<String> problems(String yaml) {
    ConfigException thrown =
        catchThrowableOfType(ConfigException.class, () -> load(yaml, Map.of("SHORT", "short")));
    return thrown.problems().stream().map(Problem::toString).toList();
  }

  private static Secret only(Loaded loaded) {
    return loaded.config().session().resumeKeys().getFirst().secret();
  }

  @Test
  void itComesFromAFileWithoutTheLineEnd() throws Exception {
    Loaded loaded = load(keys("{file: " + file("rw-------") + "}"), Map.of());
    assertThat(only(loaded).reveal()).isEqualTo(VALUE);
    assertThat(only(loaded).source()).isEqualTo(Secret.Source.FILE);
    assertThat(loaded.warnings()).isEmpty();
  }

  @Test
  void aFileThatOthersCanReadIsAWarning() throws Exception {
    Path file = file("rw-r-----");
    assertThat(load(keys("{file: " + file + "}"), Map.of()).warnings())
        .singleElement()
        .hasToString(
            "f.yaml:2:48: session.resumeKeys[0].secret: \""
                + file
                + "\" can be read by others: chmod 600");
  }

  @Test
  void itComesFromTheEnvironment() throws Exception {
    Loaded loaded = load(keys("{env: EVERWIRE_K1}"), Map.of("EVERWIRE_K1", VALUE));
    assertThat(only(loaded).reveal()).isEqualTo(VALUE);
    assertThat(loaded.warnings()).as("a variable that is used is known").isEmpty();
  }

  @Test
  void asItIsItIsAWarning() throws Exception {
    Loaded loaded = load(keys(VALUE), Map.of());
    assertThat(only(loaded).reveal()).isEqualTo(VALUE);
    assertThat(loaded.warnings())
        .singleElement()
        .hasToString(
            "f.yaml:2:41: session.resumeKeys[0].secret: the secret stands in the file: say"
                + " {file: /path} or {env: NAME}");
  }

  @Test
  void aVariableSaysItOrTheFileItIsIn() throws Exception {
    Path store = Files.writeString(directory.resolve("store.p12"), "no store");
    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                load(
                    "tls: {store: " + store + "}\n",
                    Map.of("EVERWIRE_TLS_STORE_PASSWORD_FILE", file("rw-------").toString())));
    assertThat(thrown).hasMessageContaining("tls.store").hasMessageNotContaining(VALUE);
    assertThat(thrown.problems()).as("the password was found").hasSize(1);
    ConfigException twice =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                load(
                    "",
                    Map.of(
                        "EVERWIRE_TLS_STORE_PASSWORD",
                        VALUE,
                        "EVERWIRE_TLS_STORE_PASSWORD_FILE",
                        "x")));
    assertThat(twice).hasMessageContaining("said twice").hasMessageNotContaining(VALUE);
  }

  @Test
  void whatIsWrongWithItIsToldWithoutIt() {
    assertThat(problems(keys("swordfish")))
        .containsExactly("f.yaml:2:24: session.resumeKeys[0]: secret: 9 bytes (expected: 32-1024)");
    assertThat(problems(keys("{env: SHORT}")).getFirst()).doesNotContain("short");
    assertThat(problems(keys("{env: NOBODY}")))
        .containsExactly(
            "f.yaml:2:47: session.resumeKeys[0].secret: environment variable \"NOBODY\" is not"
                + " set");
    assertThat(problems(keys("{file: /does/not/exist}")))
        .containsExactly(
            "f.yaml:2:48: session.resumeKeys[0].secret: \"/does/not/exist\" does not exist");
    assertThat(problems(keys("{password: swordfish}")))
        .containsExactly(
            "f.yaml:2:41: session.resumeKeys[0].secret: what stands there (expected: {file: /path}"
                + " or {env: NAME})");
    assertThat(problems("auth: {jwt: {keys: swordfish}}")).noneMatch(text -> text.contains("fish"));
    assertThat(problems("tls: {keyPassword: [swordfish]}"))
        .noneMatch(text -> text.contains("fish"));
  }

  @Test
  void aSecretThatStandsWhereItsPlaceShouldIsNotShown() {
    assertThat(problems(keys("{file: swordfish}")).getFirst()).doesNotContain("sword");
    assertThat(problems(keys("{env: swordfish}")).getFirst()).doesNotContain("sword");
  }

  @Test
  void anEmptyVariableSaysNothingBesideTheOther() throws Exception {
    Map<String, String> environment =
        Map.of("EVERWIRE_TLS_KEY_PASSWORD", "", "EVERWIRE_TLS_KEY_PASSWORD_FILE", "");
    assertThat(load("", environment).config()).isEqualTo(Config.DEFAULT);
  }

  @Test
  void anythingButAFileIsRefused() {
    assertThat(problems(keys("{file: " + directory + "}")).getFirst()).endsWith("is not a file");
  }

  @Test
  void itIsNeverShown() throws Exception {
    Config before = load(keys(VALUE), Map.of()).config();
    Config after = load(keys(VALUE + VALUE), Map.of()).config();
    assertThat(ConfigText.show(before)).contains("secret: \"…\"").doesNotContain("swordfish");
    assertThat(ConfigDiff.between(before, after).toString())
        .contains("session.resumeKeys")
        .doesNotContain("swordfish");
    assertThat(before + " " + before.session()).doesNotContain("swordfish");
    assertThat(before.session().resumeKeys().getFirst())
        .hasToString("ResumeKeyOptions[id=k1, secret=…]");
    ConfigException hidden =
        catchThrowableOfType(
            ConfigException.class,
            () -> ConfigLoader.parse("f", ConfigText.show(before), Map.of(), Map.of()));
    assertThat(hidden).hasMessageContaining("a secret that was hidden");
  }

  @Test
  void thatItIsAnotherIsSeenWithoutIt() throws Exception {
    String yaml = "tls: {storePassword: {env: A}, store: nowhere}\n";
    ConfigException thrown =
        catchThrowableOfType(ConfigException.class, () -> load(yaml, Map.of("A", VALUE)));
    assertThat(thrown).hasMessageNotContaining(VALUE);
    Config one = Config.DEFAULT.with("tls.storePassword", Secret.ofEnvironment("A", "1"));
    Config other = Config.DEFAULT.with("tls.storePassword", Secret.ofFile("/a", "2"));
    assertThat(ConfigDiff.between(one, other))
        .hasToString("tls.storePassword: … -> … (needs a restart)");
    Config same = Config.DEFAULT.with("tls.storePassword", Secret.ofFile("/b", "1"));
    assertThat(ConfigDiff.between(one, same).isEmpty()).isTrue();
  }
}
