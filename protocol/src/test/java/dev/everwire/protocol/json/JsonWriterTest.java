package dev.everwire.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonWriterTest {
  private final JsonWriter writer = new JsonWriter();

  @Test
  void commasArePutByTheWriter() {
    writer
        .beginObject()
        .name("a")
        .value(1)
        .name("b")
        .beginArray()
        .value("x")
        .value(true)
        .value((String) null)
        .beginObject()
        .endObject()
        .beginArray()
        .endArray()
        .value(RawJson.parse("{\"raw\": 1}"))
        .literal("1e3")
        .endArray()
        .name("c")
        .value(false)
        .endObject();

    assertThat(writer.toRawJson())
        .hasToString("{\"a\":1,\"b\":[\"x\",true,null,{},[],{\"raw\": 1},1e3],\"c\":false}");
  }

  @Test
  void rawBytesGetNoComma() {
    writer.beginObject().raw(utf8("\"a\":")).value(1).raw(utf8(",\"b\":")).value(2).endObject();

    assertThat(writer.toRawJson()).hasToString("{\"a\":1,\"b\":2}");
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, -1, 9, 10, -10, 99, 100, 12345678901L, Long.MAX_VALUE, Long.MIN_VALUE})
  void aLongIsWrittenInDecimal(long value) {
    assertThat(writer.value(value).toRawJson()).hasToString(Long.toString(value));
  }

  @Test
  void anyLongIsWrittenInDecimal() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      long value = random.nextLong() >> random.nextInt(64);
      assertThat(writer.reset().value(value).toRawJson()).hasToString(Long.toString(value));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          plain / text 'with' <tags> & such | "plain / text 'with' <tags> & such"
          größe 日本 😀                     | "größe 日本 😀"
          back\\slash "quote"               | "back\\\\slash \\"quote\\""
          """)
  void onlyWhatHasToBeEscapedIs(String content, String json) {
    assertThat(writer.value(content).toRawJson()).hasToString(json);
  }

  @Test
  void controlCharactersAreEscaped() {
    assertThat(writer.value("\0\b\t\n\u000b\f\r\u001f\u007f").toRawJson())
        .hasToString("\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\u007f\"");
  }

  @ParameterizedTest
  @CsvSource({
    "\ud800,        \\ufffd",
    "\udc00,        \\ufffd",
    "a\ud83d,       a\\ufffd",
    "\ud83dé,       \\ufffdé",
    "\ude00\ud83d,  \\ufffd\\ufffd",
    "\ud83d\ud83d\ude00, \\ufffd😀"
  })
  void aLoneSurrogateIsReplaced(String content, String json) {
    assertThat(writer.value(content).toRawJson()).hasToString("\"" + json + "\"");
    assertThat(writer.reset().beginObject().name(content).value(1).endObject().toRawJson())
        .hasToString("{\"" + json + "\":1}");
  }

  @Test
  void longTextsMakeTheArrayGrow() {
    for (String piece : new String[] {"a", "é", "日", "😀", "\n", "\u0001", "\ud800"}) {
      String content = piece.repeat(10_000);
      RawJson json = RawJson.parse(writer.reset().value(content).toBytes());

      String expected = piece.equals("\ud800") ? "\ufffd".repeat(10_000) : content;
      assertThat(json.asString()).isEqualTo(expected);
    }
  }

  @Test
  void aWriterIsUsedAgainAfterReset() {
    writer.beginArray().value(1);

    assertThat(writer.reset().value(2).toRawJson()).hasToString("2");
    assertThat(writer.reset().length()).isZero();
  }

  @Test
  void aGrownArrayIsGivenBack() {
    writer.value("a".repeat(65 * 1024));
    int grown = writer.buffer().array().length;

    assertThat(writer.reset().buffer().array()).hasSizeLessThan(grown);
  }

  @Test
  void theBufferIsAViewOfWhatWasWritten() {
    ByteBuffer buffer = writer.beginArray().endArray().buffer();

    assertThat(buffer.hasArray()).isTrue();
    assertThat(buffer.remaining()).isEqualTo(2).isEqualTo(writer.length());
    assertThat(StandardCharsets.UTF_8.decode(buffer).toString()).isEqualTo("[]");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
