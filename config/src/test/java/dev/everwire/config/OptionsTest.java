package dev.everwire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.config.word.Option;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OptionsTest {

  @Test
  void thereAreAsManyAsTheTreeHas() {
    assertThat(Options.all())
        .hasSizeGreaterThan(150)
        .extracting(Option::path)
        .doesNotHaveDuplicates();
  }

  @Test
  void everyOneSaysWhatItIsFor() {
    assertThat(Options.all())
        .allSatisfy(option -> {
          assertThat(option.doc()).as(option.path()).matches("[A-Z0-9].{10,}\\.");
          assertThat(option.type()).as(option.path()).isNotEmpty();
        });
  }

  @Test
  void noTwoAreCalledAlikeInTheEnvironment() {
    Set<String> names = new HashSet<>();
    for (Option option : Options.all()) {
      if (!option.environment().isEmpty()) {
        assertThat(names.add(option.environment())).as(option.environment()).isTrue();
        if (option.secret()) {
          String ofFile = option.environment() + "_FILE";
          assertThat(names.add(ofFile)).as(ofFile).isTrue();
        }
      }
    }
  }

  @Test
  void humpsAndDotsAreUnderscoresInTheEnvironment() {
    assertThat(find("session.resumeWithin").environment())
        .isEqualTo("EVERWIRE_SESSION_RESUME_WITHIN");
    assertThat(find("limits.inbound.connection.messagesPerSecond").environment())
        .isEqualTo("EVERWIRE_LIMITS_INBOUND_CONNECTION_MESSAGES_PER_SECOND");
    assertThat(find("topics[].pattern").environment()).isEmpty();
  }

  @Test
  void whatCanBeChangedWhileTheServerRunsIsTold() {
    assertThat(Options.all().stream().filter(Option::live).map(Option::path))
        .contains(
            "origins",
            "limits.connections.perNode",
            "limits.inbound.node.bytesBurst",
            "drain.within",
            "auth.jwt.keys",
            "access.rules",
            "access.rules[].roles",
            "session.resumeKeys",
            "log.level")
        .doesNotContain("listen.port", "heartbeat.interval", "tls.certificate", "topics");
  }

  @Test
  void secretsAreTold() {
    assertThat(Options.all().stream().filter(Option::secret).map(Option::path))
        .containsExactly(
            "tls.keyPassword",
            "tls.storePassword",
            "session.resumeKeys[].secret",
            "auth.jwt.keys[].secret");
  }

  @Test
  void everyDefaultIsReadAsItIsWritten() {
    for (Option option : Options.all()) {
      if (!option.environment().isEmpty() && !option.path().equals("preset")) {
        assertThat(Config.DEFAULT.with(option.path(), unquoted(option.defaultText())))
            .as(option.path())
            .isEqualTo(Config.DEFAULT);
      }
    }
  }

  @Test
  void anUnknownPathNamesTheNearest() {
    assertThatThrownBy(() -> Config.DEFAULT.with("heartbeat.intervall", "1s"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"heartbeat.intervall\": unknown (did you mean \"heartbeat.interval\"?)");
    assertThatThrownBy(() -> Config.DEFAULT.text("listen.prt"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("listen.port");
  }

  @Test
  void aValueOfAnotherTypeIsRefused() {
    for (Option option : Options.all()) {
      if (!option.environment().isEmpty() && !option.path().equals("preset")) {
        assertThatThrownBy(() -> Config.DEFAULT.with(option.path(), new Object()))
            .as(option.path())
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(option.path());
      }
    }
  }

  private static Option find(String path) {
    return Options.all().stream()
        .filter(option -> option.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  private static String unquoted(String text) {
    return text.startsWith("\"") ? text.substring(1, text.length() - 1) : text;
  }
}
