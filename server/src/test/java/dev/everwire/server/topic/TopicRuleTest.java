package dev.everwire.server.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.TopicName;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicRuleTest {

  @ParameterizedTest
  @CsvSource({
    "prices/eur,        prices/eur,        true",
    "prices/eur,        prices/usd,        false",
    "prices/eur,        prices/eur/x,      false",
    "prices/*,          prices/eur,        true",
    "prices/*,          prices/eur/x,      false",
    "prices/*,          prices,            false",
    "*/eur,             prices/eur,        true",
    "logs/**,           logs,              true",
    "logs/**,           logs/a,            true",
    "logs/**,           logs/a/b/c,        true",
    "logs/**,           log/a,             false",
    "logs/*/**,         logs,              false",
    "logs/*/**,         logs/a,            true",
    "**,                anything/at:all,   true",
    "users/{id}/inbox,  users/7/inbox,     true",
    "users/{id}/inbox,  users/7/outbox,    false",
    "room:lobby,        room:lobby,        true",
  })
  void aPatternMatchesSegmentBySegment(String pattern, String topic, boolean matches) {
    assertThat(TopicRule.named(pattern).matches(new TopicName(topic))).isEqualTo(matches);
  }

  @Test
  void segmentsInBracesAreCaptured() {
    assertThat(
            TopicRule.named("teams/{team}/users/{id}/**")
                .variables(new TopicName("teams/red/users/7/x/y")))
        .contains(Map.of("team", "red", "id", "7"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "a//b", "a/", "**/a", "a*", "{}", "{1}", "{a}/{a}", "a/$b", "a b", "***"})
  void aMalformedPatternIsRefused(String pattern) {
    assertThatThrownBy(() -> TopicRule.named(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("pattern: \"" + pattern + "\" (expected: ");
  }

  @Test
  void aRuleIsNotChangedByItsWithers() {
    TopicRule plain = TopicRule.named("a");
    TopicRule other = plain.keepLast(7).publishable();

    assertThat(plain.keepLast()).isEqualTo(100);
    assertThat(plain.allowsPublishing()).isFalse();
    assertThat(other.keepLast()).isEqualTo(7);
    assertThat(other.allowsPublishing()).isTrue();
    assertThat(other.keepLast(8).allowsPublishing()).isTrue();
  }

  @Test
  void aNegativeNumberIsRefused() {
    assertThatThrownBy(() -> TopicRule.named("a").keepLast(-1))
        .hasMessage("keepLast: -1 (expected: >= 0)");
  }
}
