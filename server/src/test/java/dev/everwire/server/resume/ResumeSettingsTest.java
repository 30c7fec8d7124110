package dev.everwire.server.resume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResumeSettingsTest {
  private static final byte[] SECRET =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  @Test
  void aLostSessionIsKeptTwoMinutesAndATokenLivesAnHour() {
    assertThat(ResumeSettings.DEFAULT.enabled()).isTrue();
    assertThat(ResumeSettings.DEFAULT.within()).isEqualTo(Duration.ofMinutes(2));
    assertThat(ResumeSettings.DEFAULT.tokenLife()).isEqualTo(Duration.ofHours(1));
    assertThat(ResumeSettings.OFF.enabled()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, PT1H, within: PT0S",
    "PT-1S, PT1H, within: PT-1S",
    "P8D, P9D, within: PT192H",
    "PT2M, PT1M, 'tokenLife: PT1M (expected: >= within, PT2M)'",
    "PT2M, P31D, tokenLife: PT744H",
  })
  void aSpanOutOfBoundsIsRefused(Duration within, Duration life, String message) {
    assertThatThrownBy(() -> new ResumeSettings(true, within, life, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void eachSettingCanBeReplaced() {
    ResumeKeys keys = ResumeKeys.random(new Random(1));
    ResumeSettings settings =
        ResumeSettings.DEFAULT
            .within(Duration.ofHours(1))
            .tokenLife(Duration.ofHours(1))
            .within(Duration.ofMinutes(5))
            .keys(keys);
    assertThat(settings)
        .isEqualTo(
            new ResumeSettings(true, Duration.ofMinutes(5), Duration.ofHours(1), keys, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "seventeen-letters", "ü", "a b", "a\n"})
  void aKeyIdThatWouldNotFitIntoATokenIsRefused(String id) {
    assertThatThrownBy(() -> ResumeKey.of(id, SECRET))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("id: \"" + id + "\"");
  }

  @Test
  void aShortSecretIsRefusedWithoutBeingTold() {
    assertThatThrownBy(() -> ResumeKey.of("k", new byte[31]))
        .hasMessage("secret: 31 bytes (expected: 32-1024)");
  }

  @Test
  void aMacIsHmacSha256() { // the second case of RFC 4231 needs a shorter key; this is the first
    byte[] secret = new byte[32];
    java.util.Arrays.fill(secret, 0, 20, (byte) 0x0b); // padded with zeros, as HMAC does itself
    assertThat(
            HexFormat.of()
                .formatHex(
                    ResumeKey.of("k", secret).mac("Hi There".getBytes(StandardCharsets.US_ASCII))))
        .isEqualTo("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  }

  @Test
  void aSecretIsCopiedAndNeverShown() {
    byte[] secret = SECRET.clone();
    ResumeKey key = ResumeKey.of("k1", secret);
    byte[] before = key.mac(new byte[1]);
    secret[0] ^= 1;
    assertThat(key.mac(new byte[1])).isEqualTo(before);
    assertThat(ResumeKeys.of(key)).hasToString("ResumeKeys[ResumeKey[k1]]");
    assertThat(ResumeSettings.DEFAULT.keys(ResumeKeys.of(key)).toString()).doesNotContain("012345");
  }

  @Test
  void aRingSignsWithOneKeyAndAcceptsMore() {
    ResumeKey old = ResumeKey.of("old", SECRET);
    ResumeKey next = ResumeKey.random(new Random(2));
    ResumeKeys keys = ResumeKeys.of(old, next);
    assertThat(keys.signing()).isSameAs(old);
    keys.replace(next, old);
    assertThat(keys.signing()).isSameAs(next);
    assertThat(keys.accepted()).containsExactly(next, old);
    assertThat(keys.find("old")).containsSame(old);
    keys.replace(next);
    assertThat(keys.find("old")).isEmpty();
  }

  @Test
  void aRingHoldsEachIdOnceAndNotMoreThanSixteen() {
    ResumeKey key = ResumeKey.of("k", SECRET);
    ResumeKeys keys = ResumeKeys.of(key);
    assertThatThrownBy(() -> keys.replace(key, key)).hasMessageContaining("expected: each id once");
    ResumeKey[] many = new ResumeKey[16];
    for (int i = 0; i < many.length; i++) {
      many[i] = ResumeKey.of("k" + i, SECRET);
    }
    assertThatThrownBy(() -> keys.replace(key, many)).hasMessage("keys: 17 (expected: at most 16)");
    assertThat(keys.accepted()).containsExactly(key);
  }
}
