package dev.everwire.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.config.Config;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SummaryTest {
  private static final String KEY =
      "[{secret: only-for-a-test-0123456789abcdefghij, algorithms: [HS256]}]";

  @Test
  void ofDevelopmentItSaysThatAllIsOpen() {
    assertThat(Summary.of(Config.DEFAULT))
        .isEqualTo(
            "development preset: anonymous, all topics open, administration open, in-memory");
  }

  @Test
  void whereOthersReachItAdministrationIsNotOpen() {
    Config config = Config.DEFAULT.with("listen.host", "0.0.0.0").with("listen.open", true);
    assertThat(Summary.of(config))
        .isEqualTo(
            "development preset: anonymous, all topics open, in-memory, open to other machines");
  }

  @Test
  void itSaysWhatOpensTheDoorAndWhatRulesThereAre() throws Exception {
    Map<String, String> said =
        Map.of(
            "preset", "production",
            "auth.jwt.keys", KEY,
            "auth.jwt.issuers", "*",
            "auth.jwt.audiences", "*",
            "topics", "[{pattern: 'a/*'}, {pattern: 'b/*'}]");
    assertThat(Summary.of(ConfigSource.of(null, Map.of(), said).load().config()))
        .matches(
            "production preset: tokens, \\d+ access rules, 2 kinds of topics, administration by"
                + " access rules, in-memory");
  }

  @Test
  void withoutRulesItSaysWhichRolesAdminister() throws Exception {
    Map<String, String> said =
        Map.of(
            "auth.jwt.keys", KEY,
            "auth.jwt.issuers", "*",
            "auth.jwt.audiences", "*",
            "admin.open", "false",
            "admin.roles", "boss,admin",
            "topics", "[{pattern: 'a/*'}]");
    assertThat(Summary.of(ConfigSource.of(null, Map.of(), said).load().config()))
        .isEqualTo(
            "development preset: anonymous or tokens, 1 kind of topics, administration for boss,"
                + " admin, in-memory");
  }

  @Test
  void itSaysWhereNobodyComesIn() {
    assertThat(Summary.of(Config.DEFAULT.with("auth.anonymous", false).with("topics", "[]")))
        .isEqualTo(
            "development preset: nobody can come in, no kinds of topics, administration open,"
                + " in-memory");
  }
}
