package dev.everwire.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigTextTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("JWT", "nobody knows it, and it is long enough for 256 bits");

  /** Presets, with what production needs, and one where all sorts of values stand. */
  static Stream<Config> configs() {
    Stream<Config> presets =
        Preset.all().stream()
            .map(Preset::config)
            .map(config -> config.with("auth.anonymous", true).with("listen.open", true));
    Config everything =
        Config.DEFAULT
            .with("service.title", "a \"quoted\" title: with # and \t \\ Ünïcode 🙂\n")
            .with("service.version", "1.0")
            .with("service.node", "none-such")
            .with("tls.strictTransport", "0s")
            .with("lifetime.idle", "90500ms")
            .with("limits.connections.ratePerNode", 0.125)
            .with("limits.memory.maxBytes", 123_456_789L)
            .with("drain.url", "wss://elsewhere.example/ws?a=b#c")
            .with("origins", "[https://a.example, 'https://b.example:8443']")
            .with("topics", "[{pattern: 'users/{id}/inbox', priority: high}, {pattern: no}]")
            .with(
                "access.rules",
                "[{effect: deny, actions: [call], resources: [a.*, 'b'], users: ['*']},"
                    + " {anyone: true}]")
            .with("access.rankedRoles", "guest, admin")
            .with("auth.queryParameter", "token")
            .with("dialects.switchable", "rpc-websockets")
            .with("dialects.paths", "[{path: /fast, dialect: fastapi-rpc}]");
    return Stream.concat(presets, Stream.of(everything));
  }

  @ParameterizedTest
  @MethodSource("configs")
  void whatIsShownLoadsAsTheSame(Config config) throws Exception {
    assertThat(load(ConfigText.show(config))).isEqualTo(config);
  }

  @ParameterizedTest
  @MethodSource("configs")
  void whatIsChangedLoadsAsTheSame(Config config) throws Exception {
    String changes = ConfigText.changes(config);
    assertThat(load(changes)).isEqualTo(config);
    assertThat(changes.length()).isLessThan(ConfigText.show(config).length() / 2);
  }

  @Test
  void onlyWhatIsNotAsThePresetSaysIsAChange() {
    Config config = Config.preset("relaxed").with("listen.port", 9000).with("origins", "*");
    assertThat(ConfigText.changes(config))
        .isEqualTo(
            """
            preset: relaxed
            listen:
              port: 9000
            origins: ["*"]
            """);
  }

  @Test
  void secretsAreWrittenAsWhereTheyAre() throws Exception {
    Config shown =
        load(
            "auth: {jwt: {keys: [{secret: {env: JWT}, algorithms: [HS256]}],"
                + " issuers: '*', audiences: '*'}}\n");
    assertThat(ConfigText.changes(shown)).contains("- {secret: {env: JWT}, algorithms: [hs256]}");
    assertThat(load(ConfigText.show(shown))).isEqualTo(shown);
  }

  private static Config load(String yaml) throws Exception {
    return ConfigLoader.parse("f", yaml, ENVIRONMENT, Map.of()).config();
  }
}
