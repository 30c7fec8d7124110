package dev.everwire.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class Utf8Test {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a\u0000b",
        "\u0080",
        "\u07ff",
        "\u0800",
        "\ud7ff",
        "\ue000",
        "\uffff",
        "\ufeff",
        "\ud800\udc00",
        "\udbff\udfff",
        "1234567é",
        "12345678é",
        "1234567😀1234567日",
        "日本 😀 größe"
      })
  void textIsValidWhereverItStands(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    for (int before = 0; before < 17; before++) {
      byte[] there = new byte[before + utf8.length + 3];
      Arrays.fill(there, (byte) 0xff); // not looked at
      System.arraycopy(utf8, 0, there, before, utf8.length);
      ByteBuffer bytes = ByteBuffer.wrap(there, before, utf8.length);
      assertThat(Utf8.valid(bytes)).isTrue();
      assertThat(bytes).isEqualTo(ByteBuffer.wrap(utf8));
      assertThat(
              Utf8.valid(
                  ByteBuffer.wrap((".".repeat(before) + text).getBytes(StandardCharsets.UTF_8))))
          .isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          80          | a continuation with no lead
          bf          | a continuation with no lead
          c0 80       | an overlong NUL
          c1 bf       | an overlong two
          c2          | cut off
          c2 41       | no continuation
          c2 c2       | no continuation
          c3 28       | no continuation
          e0 9f bf    | an overlong three
          e0 80 af    | an overlong slash
          e2 82       | cut off
          e2 82 28    | no continuation
          e2 28 a1    | no continuation
          ed a0 80    | the first surrogate
          ed bf bf    | the last surrogate
          ed a0 bd ed b8 80 | a pair of surrogates
          f0 8f bf bf | an overlong four
          f0 9f 98    | cut off
          f0 9f 28 80 | no continuation
          f0 28 8c bc | no continuation
          f0 9f 98 28 | no continuation
          f4 90 80 80 | beyond U+10FFFF
          f5 80 80 80 | beyond U+10FFFF
          f8 88 80 80 80 | five bytes
          fe          | no lead
          ff          | no lead
          """)
  void anythingElseIsNotWhereverItStands(String hex, String why) {
    byte[] bad = HexFormat.of().parseHex(hex.replace(" ", ""));
    for (int before = 0; before < 17; before++) {
      for (int behind = 0; behind < 10; behind += 9) {
        byte[] bytes = new byte[before + bad.length + behind];
        Arrays.fill(bytes, (byte) '.');
        System.arraycopy(bad, 0, bytes, before, bad.length);
        assertThat(Utf8.valid(ByteBuffer.wrap(bytes))).as("%s at %d", why, before).isFalse();
        assertThat(Utf8.valid(direct(bytes))).as("%s at %d", why, before).isFalse();
      }
    }
  }

  @Test
  void allOfOneTwoAndThreeBytesAreJudgedAsTheJdkJudges() {
    CharsetDecoder jdk = StandardCharsets.UTF_8.newDecoder();
    CharBuffer out = CharBuffer.allocate(16);
    for (int all = 0; all < 1 << 24; all += all < 1 << 16 ? 1 : 7) { // 7: each third byte in turn
      byte[] bytes = {(byte) (all >> 16), (byte) (all >> 8), (byte) all};
      jdk.reset();
      boolean valid = !jdk.decode(ByteBuffer.wrap(bytes), out.clear(), true).isError();
      if (Utf8.valid(ByteBuffer.wrap(bytes)) != valid) {
        assertThat(Utf8.valid(ByteBuffer.wrap(bytes)))
            .as(HexFormat.of().formatHex(bytes))
            .isEqualTo(valid);
      }
    }
  }

  @Test
  void damagedTextIsJudgedAsTheJdkJudges() {
    int valid = 0;
    for (long seed = 1; seed <= 50_000; seed++) {
      RandomJson random = new RandomJson(seed);
      byte[] bytes = random.mutant(random.text(3));
      boolean expected = jdk(bytes);
      assertThat(Utf8.valid(ByteBuffer.wrap(bytes))).as("seed %d", seed).isEqualTo(expected);
      assertThat(Utf8.valid(direct(bytes))).as("seed %d", seed).isEqualTo(expected);
      valid += expected ? 1 : 0;
    }
    assertThat(valid).isBetween(10_000, 45_000);
  }

  @Test
  void randomBytesBehindALeadAreJudgedAsTheJdkJudges() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(5)];
      random.nextBytes(bytes);
      bytes[0] = (byte) (0xc0 + random.nextInt(0x40));
      for (int k = 1; k < bytes.length; k++) {
        bytes[k] = random.nextInt(4) == 0 ? bytes[k] : (byte) (0x80 | (bytes[k] & 0x3f));
      }
      assertThat(Utf8.valid(ByteBuffer.wrap(bytes)))
          .as(HexFormat.of().formatHex(bytes))
          .isEqualTo(jdk(bytes));
    }
  }

  private static boolean jdk(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }
}
