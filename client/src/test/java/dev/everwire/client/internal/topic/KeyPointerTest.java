package dev.everwire.client.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.json.RawJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPointerTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/s | {\"s\":\"EUR\"} | EUR",
        "/s | {\"s\":\"\\u0045UR\"} | EUR",
        "/a/b | {\"a\":{\"b\":7}} | 7",
        "/1/0 | [[1],[2,3]] | 2",
        "/a~1b | {\"a/b\":1} | 1",
        "/a~01 | {\"a~1\":1} | 1",
        "/ | {\"\":1} | 1",
      })
  void findsTheKey(String pointer, String json, String key) {
    assertThat(KeyPointer.of(pointer).find(RawJson.parse(json))).hasToString(key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/s | {}",
        "/s | {\"s\":null}",
        "/s | 7",
        "/s/t | {\"s\":\"x\"}",
        "/2 | [1,2]",
        "/01 | [1,2]",
        "/-1 | [1,2]",
        "/99999999999 | [1,2]",
        "/s | {\"s\":1,\"s\":2}",
      })
  void findsNothingWhereThereIsNothing(String pointer, String json) {
    assertThat(KeyPointer.of(pointer).find(RawJson.parse(json))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "/a~", "/a~2"})
  void refusesWhatIsNoPointer(String text) {
    assertThatThrownBy(() -> KeyPointer.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("key: " + text + " (expected: ");
  }

  @Test
  void refusesWhatIsTooDeep() {
    assertThatThrownBy(() -> KeyPointer.of("/a".repeat(33))).hasMessageContaining("at most 32");
  }
}
