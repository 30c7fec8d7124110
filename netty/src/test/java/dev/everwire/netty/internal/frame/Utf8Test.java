package dev.everwire.netty.internal.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
  @Test
  void everyCharacterIsUtf8AndNoSurrogateIs() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
      byte[] bytes =
          surrogate
              ? new byte[] {(byte) 0xED, (byte) (0x80 | c >> 6 & 0x3F), (byte) (0x80 | c & 0x3F)}
              : Character.toString(c).getBytes(StandardCharsets.UTF_8);
      assertThat(check(bytes, bytes.length)).as("U+%04X", c).isEqualTo(!surrogate);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agreesWithTheJdkHoweverItIsCut(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextInt(24)];
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] =
            switch (random.nextInt(3)) {
              case 0 -> (byte) random.nextInt(256);
              case 1 -> (byte) (0x80 + random.nextInt(64));
              default -> (byte) random.nextInt(128);
            };
      }
      assertThat(check(bytes, 1 + random.nextInt(12)))
          .as("seed %d, step %d", seed, i)
          .isEqualTo(jdk(bytes));
    }
  }

  @Test
  void longAsciiWithOneBadByteIsFound() {
    for (int at = 0; at < 40; at++) {
      byte[] bytes = "0123456789012345678901234567890123456789".getBytes(StandardCharsets.UTF_8);
      assertThat(check(bytes, 40)).isTrue();
      bytes[at] = (byte) 0xFF;
      assertThat(check(bytes, 40)).isFalse();
    }
  }

  private static boolean check(byte[] bytes, int piece) {
    int state = Utf8.BOUNDARY;
    ByteBuffer all = ByteBuffer.wrap(bytes);
    for (int from = 0; from < bytes.length && state != Utf8.BAD; from += piece) {
      state = Utf8.check(state, all, from, Math.min(bytes.length, from + piece));
    }
    return state == Utf8.BOUNDARY;
  }

  private static boolean jdk(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
