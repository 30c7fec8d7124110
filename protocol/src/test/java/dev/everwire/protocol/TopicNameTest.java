package dev.everwire.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TopicNameTest {

  static List<String> valid() {
    return Vectors.read("topic-names.json").strings("valid");
  }

  static List<String> invalid() {
    return Vectors.read("topic-names.json").strings("invalid");
  }

  @ParameterizedTest
  @MethodSource("valid")
  void aWellFormedNameIsAccepted(String name) {
    assertThat(TopicName.valid(name)).isTrue();
    assertThat(new TopicName(name)).hasToString(name);
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void anyOtherNameIsRefused(String name) {
    assertThat(TopicName.valid(name)).isFalse();
    assertThatThrownBy(() -> new TopicName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("topic: ");
  }

  @Test
  void aNameHasAtMost200Characters() {
    assertThat(TopicName.valid("a".repeat(200))).isTrue();
    assertThat(TopicName.valid("a".repeat(201))).isFalse();
  }

  @Test
  void everyAsciiCharacterIsJudgedByTheListInTheMessage() {
    String ordinary = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:._-";
    for (char c = 0; c < 128; c++) {
      assertThat(TopicName.valid(String.valueOf(c)))
          .as("character %d", (int) c)
          .isEqualTo(ordinary.indexOf(c) >= 0);
    }
  }
}
