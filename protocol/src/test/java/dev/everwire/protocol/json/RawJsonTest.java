package dev.everwire.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RawJsonTest {

  @ParameterizedTest
  @CsvSource({
    "{}, OBJECT",
    "[], ARRAY",
    "\"a\", STRING",
    "0, NUMBER",
    "-1, NUMBER",
    "true, BOOLEAN",
    "false, BOOLEAN",
    "null, NULL"
  })
  void theKindIsToldByTheFirstByte(String text, RawJson.Kind kind) {
    assertThat(RawJson.parse(text).kind()).isEqualTo(kind);
    assertThat(RawJson.parse(" \n" + text + "\t").kind()).isEqualTo(kind);
    assertThat(RawJson.parse(text).isNull()).isEqualTo(kind == RawJson.Kind.NULL);
  }

  @Test
  void whitespaceAroundTheValueIsDroppedAndWithinItIsKept() {
    RawJson json = RawJson.parse(" { \"a\" : 1 } ");

    assertThat(json).hasToString("{ \"a\" : 1 }");
    assertThat(json.length()).isEqualTo(11);
  }

  @Test
  void valuesAreEqualWhenTheirBytesAre() {
    assertThat(RawJson.parse("[1]"))
        .isEqualTo(RawJson.parse("[1] "))
        .hasSameHashCodeAs(RawJson.parse("[1] "));
    assertThat(RawJson.parse("[1]")).isNotEqualTo(RawJson.parse("[ 1]"));
  }

  @Test
  void aParsedValueKeepsNothingOfTheCallersArray() {
    byte[] text = "[1]".getBytes(StandardCharsets.UTF_8);
    RawJson json = RawJson.parse(text);
    text[1] = '2';
    json.toBytes()[1] = '3';

    assertThat(json).hasToString("[1]");
  }

  @Test
  void anArrayHasItsElements() {
    RawJson json = RawJson.parse("[1, [2,3] ,{\"a\":4}, null]");

    assertThat(json.elements())
        .containsExactly(
            RawJson.number(1), RawJson.parse("[2,3]"), RawJson.parse("{\"a\":4}"), RawJson.NULL);
    assertThat(RawJson.parse("[ ]").elements()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 7, -1, 42, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 53, 1_000_000_000_000L})
  void aLongIsWrittenAndRead(long value) {
    assertThat(RawJson.number(value).asLong()).isEqualTo(value);
    assertThat(RawJson.number(value)).hasToString(Long.toString(value));
  }

  @Test
  void minusZeroIsZero() {
    assertThat(RawJson.parse("-0").asLong()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0",
        "1e3",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
        "\"1\"",
        "true",
        "null",
        "{}",
        "[1]",
        "-0.0"
      })
  void nothingElseIsAnInteger(String text) {
    RawJson json = RawJson.parse(text);

    assertThatThrownBy(json::asLong)
        .isInstanceOf(JsonException.class)
        .hasMessage("expected an integer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "true", "null", "{}", "[]"})
  void onlyAStringIsAString(String text) {
    RawJson json = RawJson.parse(text);

    assertThatThrownBy(json::asString)
        .isInstanceOf(JsonException.class)
        .hasMessage("expected a string");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "\"true\"", "null", "{}", "[]"})
  void onlyABooleanIsABoolean(String text) {
    RawJson json = RawJson.parse(text);

    assertThatThrownBy(json::asBoolean)
        .isInstanceOf(JsonException.class)
        .hasMessage("expected a boolean");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "\"a\"", "null", "true"})
  void onlyContainersHaveContents(String text) {
    RawJson json = RawJson.parse(text);

    assertThatThrownBy(json::elements).hasMessage("expected an array");
    assertThatThrownBy(json::members).hasMessage("expected an object");
  }

  @Test
  void escapesAreDecoded() {
    assertThat(
            RawJson.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\\u0000 é😀\"")
                .asString())
        .isEqualTo("\"\\/\b\f\n\r\té😀\0 é😀");
  }

  @Test
  void textWithALoneSurrogateIsNotParsed() {
    assertThatThrownBy(() -> RawJson.parse("\"\ud800\"")).isInstanceOf(JsonException.class);
  }

  @Test
  void parsingStopsAtTheDeepestLevel() {
    String deepest = "[".repeat(RawJson.MAX_DEPTH) + "]".repeat(RawJson.MAX_DEPTH);

    assertThat(RawJson.parse(deepest).length()).isEqualTo(deepest.length());
    assertThatThrownBy(() -> RawJson.parse("[" + deepest + "]"))
        .hasMessage("nested deeper than 1000 levels");
  }
}
