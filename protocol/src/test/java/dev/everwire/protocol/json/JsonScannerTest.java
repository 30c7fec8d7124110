package dev.everwire.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonScannerTest {
  private static final int DEPTH = 100;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "\"\"",
        "0",
        "-0",
        "1",
        "-1",
        "10",
        "1.5",
        "0.0",
        "-0.5",
        "1e1",
        "1E1",
        "1e+1",
        "1e-1",
        "0e0",
        "0.1e01",
        "123456789012345678901234567890",
        "1e999999",
        "true",
        "false",
        "null",
        " null",
        "null ",
        "\t\r\n null \t\r\n",
        "[1,2]",
        "[ 1 , 2 ]",
        "[[],{},[[]]]",
        "{\"\":0}",
        "{\"a\":{\"a\":{}}}",
        "{ \"a\" : 1 , \"b\" : [ ] }",
        "{\"a\":1,\"a\":2}",
        "\"a\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u0000\\uFFFF\\uabCD\"",
        "\"\\ud83d\"",
        "\"\\ude00\\ud83d\"",
        "\"\u007f\"",
        "\"\u0080\"",
        "\"\u07ff\u0800\ud7ff\ue000\uffff\"",
        "\"\ud800\udc00\udbff\udfff\"",
        "\"\u2028\u2029\ufeff\"",
        "\"/'\""
      })
  void validTextIsAccepted(String text) {
    assertThatCode(() -> JsonScanner.check(utf8(text), DEPTH)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "{]",
        "[}",
        "[,]",
        "{,}",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1,,2]",
        "[1]]",
        "[1],",
        "[1",
        "[1,",
        "[[1]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1",
        "{\"a\" 1}",
        "{\"a\",1}",
        "{:1}",
        "{1:1}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1}}",
        "{\"a\":1},{}",
        "{} {}",
        "null null",
        "nulll",
        "nul",
        "n",
        "True",
        "TRUE",
        "tru",
        "fals",
        "truefalse",
        "undefined",
        "NaN",
        "Infinity",
        "-Infinity",
        "+1",
        "-",
        "--1",
        "- 1",
        "-a",
        "01",
        "-01",
        "00",
        "1.",
        ".5",
        "-.5",
        "1.e1",
        "1e",
        "1e+",
        "1E-",
        "1e1.5",
        "1ee1",
        "0x10",
        "1_000",
        "1,000",
        "1a",
        "1 a",
        "\"",
        "\"a",
        "a\"",
        "\"\\\"",
        "\"\\",
        "\"\\a\"",
        "\"\\x41\"",
        "\"\\u\"",
        "\"\\u0\"",
        "\"\\u00\"",
        "\"\\u004\"",
        "\"\\u004g\"",
        "\"\\U0041\"",
        "\"\\u 041\"",
        "\"\\u-041\"",
        "\"\\'\"",
        "\"\\0\"",
        "'a'",
        "\"a\"\"b\"",
        "\"\u0000\"",
        "\"\n\"",
        "\"\t\"",
        "\"\u001f\"",
        "{\"\u0001\":1}",
        "\f1",
        "\u000b1",
        "1\u0000",
        "\u00a01",
        "\u20281",
        "\ufeff1",
        "\ufeff{}",
        "//\n1",
        "/**/1",
        "#\n1",
        "1//",
        "[1]#",
        "`a`",
        "\"\\u\uff11\uff11\uff11\uff11\""
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> JsonScanner.check(utf8(text), DEPTH))
        .isInstanceOf(JsonException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "bf",
        "c0 80",
        "c1 bf",
        "c2",
        "c2 22",
        "c2 c2",
        "df 7f",
        "e0 80 80",
        "e0 9f bf",
        "e2 82",
        "e2 82 22",
        "e2 28 a1",
        "ed a0 80",
        "ed bf bf",
        "ed a0 bd ed b8 80",
        "ef bf",
        "f0 80 80 80",
        "f0 8f bf bf",
        "f0 9f 98",
        "f0 9f 98 22",
        "f4 90 80 80",
        "f5 80 80 80",
        "fe",
        "ff",
        "f8 88 80 80 80"
      })
  void stringsThatAreNotUtf8AreRefused(String hex) {
    byte[] text = HexFormat.of().parseHex("22" + hex.replace(" ", "") + "22");

    assertThatThrownBy(() -> JsonScanner.check(text, DEPTH)).isInstanceOf(JsonException.class);
    assertThatThrownBy(() -> JsonScanner.check(Arrays.copyOf(text, text.length - 1), DEPTH))
        .isInstanceOf(JsonException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c2 80",
        "df bf",
        "e0 a0 80",
        "ed 9f bf",
        "ee 80 80",
        "ef bf bf",
        "f0 90 80 80",
        "f4 8f bf bf"
      })
  void theBordersOfUtf8AreAccepted(String hex) {
    byte[] text = HexFormat.of().parseHex("22" + hex.replace(" ", "") + "22");

    assertThatCode(() -> JsonScanner.check(text, DEPTH)).doesNotThrowAnyException();
  }

  @Test
  void everyByteIsJudgedAlikeAtEveryPlaceOfAString() {
    // Words of eight bytes are looked at together, so the place must not matter.
    for (int length = 1; length <= 20; length++) {
      for (int place = 1; place <= length; place++) {
        for (int value = 0; value < 256; value++) {
          byte[] text = new byte[length + 2];
          Arrays.fill(text, (byte) '~');
          text[0] = '"';
          text[length + 1] = '"';
          text[place] = (byte) value;
          boolean plain = value >= ' ' && value < 0x80 && value != '"' && value != '\\';
          boolean escape = value == '\\' && place == length - 1;
          if (escape) {
            text[length] = 'n';
          }

          assertThat(accepts(() -> new JsonScanner(text, 0, text.length, DEPTH)))
              .as("byte %d at %d of %d", value, place, length)
              .isEqualTo(plain || escape);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [1,x]        | byte 3: expected a value
          {"a" 1}      | byte 5: expected ':'
          {"a":1,}     | byte 7: expected a member name
          [1 2]        | byte 3: expected ',' or ']'
          {"a":1]      | byte 6: expected ',' or '}'
          [1.x]        | byte 3: expected a digit
          ["\\x"]      | byte 3: expected an escape
          ["\\u00x0"]  | byte 6: expected a hex digit
          ["a          | byte 3: expected '"'
          [] []        | byte 3: expected the end
          """)
  void aMessageNamesThePlaceAndTheExpectation(String text, String message) {
    assertThatThrownBy(() -> JsonScanner.check(utf8(text), DEPTH)).hasMessage(message);
  }

  @Test
  void aPlaceIsCountedFromWhereTheTextBegins() {
    JsonScanner scanner = new JsonScanner(utf8("xxx[1,x]"), 3, 8, DEPTH);

    assertThatThrownBy(scanner::skipValue).hasMessage("byte 3: expected a value");
  }

  @Test
  void nothingBeyondTheLimitIsRead() {
    byte[] text = utf8("\"abc\" true [1,2] 12 \"\\u0041\" \"😀\"");

    for (int to = 0; to < text.length; to++) {
      byte[] cut = Arrays.copyOf(text, to);
      int limit = to;
      assertThat(accepts(() -> new JsonScanner(text, 0, limit, DEPTH)))
          .as("limit %d", to)
          .isEqualTo(accepts(() -> new JsonScanner(cut, 0, limit, DEPTH)));
    }
  }

  @Test
  void aHundredThousandLevelsAreAFaultAndNotAStackOverflow() {
    for (String opening : new String[] {"[", "{\"a\":", "[{\"a\":"}) {
      assertThatThrownBy(() -> JsonScanner.check(utf8(opening.repeat(100_000)), 64))
          .isInstanceOf(JsonException.class)
          .hasMessage("nested deeper than 64 levels");
    }
  }

  @Test
  void aHundredThousandLevelsAreReadWhereTheyAreAllowed() {
    String text = "[{\"a\":".repeat(50_000) + "1" + "}]".repeat(50_000);

    assertThatCode(() -> JsonScanner.check(utf8(text), 100_000)).doesNotThrowAnyException();
    assertThatThrownBy(() -> JsonScanner.check(utf8(text), 99_999))
        .hasMessage("nested deeper than 99999 levels");
  }

  @Test
  void aBracketIsClosedByItsOwnKindOnEveryLevel() {
    // Levels around 64 and 128 cross the words in which the kinds are kept.
    for (int level = 1; level <= 200; level++) {
      String outer = "[{\"a\":".repeat(level / 2) + (level % 2 == 1 ? "[" : "");
      String close = (level % 2 == 1 ? "]" : "") + "}]".repeat(level / 2);
      String wrong = (level % 2 == 1 ? "}" : "") + "]}".repeat(level / 2);

      assertThatCode(() -> JsonScanner.check(utf8(outer + "1" + close), 200))
          .doesNotThrowAnyException();
      assertThatThrownBy(() -> JsonScanner.check(utf8(outer + "1" + wrong), 200))
          .isInstanceOf(JsonException.class);
    }
  }

  @Test
  void theCursorFindsMembersAndElements() {
    byte[] text = utf8(" { \"a\" : [ 1 , \"x\" ] , \"\\u0062\":{}, \"é\" : null } ");
    JsonScanner scanner = new JsonScanner(text, 0, text.length, DEPTH);
    byte[][] names = {utf8("é"), utf8("b"), utf8("a")};

    scanner.beginObject();
    assertThat(scanner.member()).isTrue();
    assertThat(scanner.name()).isEqualTo("a");
    assertThat(scanner.nameAmong(names)).isEqualTo(2);
    scanner.beginArray();
    assertThat(scanner.element()).isTrue();
    assertThat(scanner.peek()).isEqualTo('1');
    scanner.skipValue();
    assertThat(scanner.element()).isTrue();
    assertThat(scanner.string()).isEqualTo("x");
    assertThat(scanner.element()).isFalse();
    assertThat(scanner.member()).isTrue();
    assertThat(scanner.name()).isEqualTo("b");
    assertThat(scanner.nameAmong(names)).isEqualTo(1);
    int from = scanner.position();
    scanner.skipValue();
    assertThat(Arrays.copyOfRange(text, from, scanner.position())).isEqualTo(utf8("{}"));
    assertThat(scanner.member()).isTrue();
    assertThat(scanner.nameAmong(names)).isZero();
    scanner.skipValue();
    assertThat(scanner.member()).isFalse();
    scanner.end();
    assertThat(scanner.peek()).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1,]", "[,1]", "[1 2]", "[1", "[", "{\"a\":1}", "[1}", ""})
  void theCursorRefusesWhatTheCheckRefuses(String text) {
    assertThatThrownBy(
            () -> {
              JsonScanner scanner = new JsonScanner(utf8(text), 0, text.length(), DEPTH);
              scanner.beginArray();
              while (scanner.element()) {
                scanner.skipValue();
              }
              scanner.end();
            })
        .isInstanceOf(JsonException.class);
  }

  @Test
  void theCursorCountsItsOwnLevels() {
    byte[] text = utf8("[[[1]]]");
    JsonScanner scanner = new JsonScanner(text, 0, text.length, 2);

    scanner.beginArray();
    assertThat(scanner.element()).isTrue();
    assertThatThrownBy(scanner::skipValue).hasMessage("nested deeper than 2 levels");
  }

  private static boolean accepts(Supplier<JsonScanner> made) {
    JsonScanner scanner = made.get();
    try {
      while (scanner.peek() >= 0) {
        scanner.skipValue();
      }
      return true;
    } catch (JsonException e) {
      return false;
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
