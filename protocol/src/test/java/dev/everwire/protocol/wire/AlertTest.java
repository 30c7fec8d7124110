package dev.everwire.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AlertTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"severity":"info","message":"x"}              | {"severity":"info","message":"x"}
          {"severity":"info","message":"x","data":[1]}   | {"severity":"info","message":"x","data":[1]}
          {"severity":"info","message":"x","more":1}     | {"severity":"info","message":"x"}
          {"severity":"info","data":7}                   | {"severity":"info","message":"","data":7}
          {"severity":"info","message":null,"data":null} | {"severity":"info","message":""}
          """)
  void whatIsReadIsWrittenAgain(String read, String written) {
    assertThat(Alert.read(RawJson.parse(read)).write()).isEqualTo(RawJson.parse(written));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                  | severity: missing
          {"severity":1}                      | severity: expected a string
          {"severity":""}                     | severity: expected 1-16 small letters
          {"severity":"Info"}                 | severity: expected 1-16 small letters
          {"severity":"abcdefghijklmnopq"}    | severity: expected 1-16 small letters
          {"severity":"info","message":[]}    | message: expected a string
          """)
  void whatDoesNotFitIsNamed(String params, String sentence) {
    assertThatThrownBy(() -> Alert.read(RawJson.parse(params)))
        .isInstanceOf(JsonException.class)
        .hasMessage(sentence);
  }

  @Test
  void whatIsTooLongIsRefused() {
    String most = "x".repeat(Alert.MAX_MESSAGE);
    assertThat(new Alert("info", most, null).message()).isEqualTo(most);
    assertThatThrownBy(() -> new Alert("info", most + "x", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("message: ");
    RawJson data = RawJson.string("x".repeat(Alert.MAX_DATA_BYTES));
    assertThatThrownBy(() -> new Alert("info", "", data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("data: ");
  }
}
