package dev.everwire.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
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

  @Test
  void aPartOfATextIsLikeTheSameTextAlone() {
    byte[] text = "[ {\"a\":[1,\"ä\"]},-12 ,true,null,\"x\"]".getBytes(StandardCharsets.UTF_8);
    RawJson whole = RawJson.checked(text);
    List<RawJson> parts = whole.elements();

    for (RawJson part : parts) {
      RawJson alone = RawJson.parse(part.toString());
      assertThat(part).isEqualTo(alone).hasSameHashCodeAs(alone);
      assertThat(alone).isEqualTo(part);
      assertThat(part.toBytes()).isEqualTo(alone.toBytes());
      assertThat(part.length()).isEqualTo(alone.length());
      assertThat(part.kind()).isEqualTo(alone.kind());
      assertThat(new String(part.array(), part.offset(), part.length(), StandardCharsets.UTF_8))
          .isEqualTo(alone.toString());
      assertThat(new JsonWriter().value(1).value(part).toRawJson()).hasToString("1," + alone);
    }
    assertThat(parts.get(0).members().get("a")).hasToString("[1,\"ä\"]");
    assertThat(parts.get(1).asLong()).isEqualTo(-12);
    assertThat(parts.get(2).asBoolean()).isTrue();
    assertThat(parts.get(3)).isEqualTo(RawJson.NULL);
    assertThat(parts.get(4).asString()).isEqualTo("x");
    assertThat(parts.get(4)).isNotEqualTo(RawJson.string("y"));
  }

  @Test
  void checkedTextIsTakenOverAndNotCopied() {
    byte[] text = " [1] ".getBytes(StandardCharsets.US_ASCII);
    RawJson json = RawJson.checked(text);

    assertThat(json).hasToString("[1]");
    assertThat(json.array()).isSameAs(text);
    assertThat(json.offset()).isEqualTo(1);
    for (String bad : List.of("", "[1", "[1] x", "nul")) {
      assertThatThrownBy(() -> RawJson.checked(bad.getBytes(StandardCharsets.US_ASCII)))
          .isInstanceOf(JsonException.class);
    }
  }

  @Test
  void aPartKeepsNoLargeTextAlive() {
    String most = "\"" + "x".repeat(10_000) + "\"";
    RawJson small = RawJson.parse("[1,\"" + "x".repeat(100) + "\"]");
    RawJson large = RawJson.parse("[1," + most + "]");

    assertThat(small.elements().getFirst().array()).isSameAs(small.array());
    assertThat(large.elements().getFirst().array()).hasSize(1);
    assertThat(large.elements().getLast().array()).isSameAs(large.array());
    assertThat(large.elements().getLast()).hasToString(most);
  }

  @Test
  void aPartLiesWithinTheText() {
    byte[] text = {'1', '2'};
    for (int[] part : new int[][] {{-1, 1}, {0, 3}, {2, 1}}) {
      assertThatThrownBy(() -> RawJson.trusted(text, part[0], part[1]))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void whatIsMadeCompactKeepsNothingElseAlive() {
    RawJson element =
        RawJson.checked("[ 17, \"x\" ]".getBytes(StandardCharsets.UTF_8)).elements().get(1);
    assertThat(element.array().length).isGreaterThan(element.length());

    RawJson compact = element.compact();
    assertThat(compact).isEqualTo(element);
    assertThat(compact.array()).hasSize(compact.length());
    assertThat(compact.compact()).isSameAs(compact);
  }

  @Test
  void anArrayIsReadUpToABound() {
    RawJson three = RawJson.parse("[1,2,3]");
    assertThat(three.elements(3)).hasSize(3);
    assertThatThrownBy(() -> three.elements(2)).hasMessage("expected at most 2 elements");
    assertThat(RawJson.parse("[]").elements(0)).isEmpty();
  }
}
