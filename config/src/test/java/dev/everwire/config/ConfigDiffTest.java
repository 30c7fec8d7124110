package dev.everwire.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.config.word.Option;
import org.junit.jupiter.api.Test;

final class ConfigDiffTest {

  @Test
  void nothingDiffersFromItself() {
    assertThat(ConfigDiff.between(Config.DEFAULT, Config.preset("development")).isEmpty()).isTrue();
  }

  @Test
  void eachChangeSaysWhatWasAndWhatIsInTheOrderOfTheTree() {
    Config next =
        Config.DEFAULT
            .with("origins", "https://a.example")
            .with("session.resumeWithin", "5m")
            .with("limits.connections.perNode", 10);
    ConfigDiff diff = ConfigDiff.between(Config.DEFAULT, next);
    assertThat(diff)
        .hasToString(
            """
            session.resumeWithin: 2m -> 5m (needs a restart)
            limits.connections.perNode: none -> 10
            origins: [] -> [https://a.example]\
            """);
    assertThat(diff.live())
        .extracting(Change::path)
        .containsExactly("limits.connections.perNode", "origins");
    assertThat(diff.restart()).extracting(Change::path).containsExactly("session.resumeWithin");
  }

  @Test
  void everyOptionThatIsSaidOtherwiseIsSeen() {
    for (Option option : Options.all()) {
      String other = Other.than(option);
      if (other != null) {
        Config next = Config.DEFAULT.with(option.path(), other);
        assertThat(ConfigDiff.between(Config.DEFAULT, next).changes())
            .as(option.path())
            .singleElement()
            .satisfies(change -> {
              assertThat(change.path()).isEqualTo(option.path());
              assertThat(change.live()).isEqualTo(option.live());
            });
      }
    }
  }
}
