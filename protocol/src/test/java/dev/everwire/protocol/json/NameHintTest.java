package dev.everwire.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NameHintTest {
  private static final NameHint META = NameHint.of("_meta");

  @Test
  void aQuotedNameIsSeenWhereverItStands() {
    assertThat(META.mayBeIn(RawJson.parse("{\"_meta\":1}"))).isTrue();
    assertThat(META.mayBeIn(RawJson.parse("{\"a\":[\"\",\"_meta\"]}"))).isTrue();
    for (int before = 0; before < 20; before++) {
      String text = "{\"" + "x".repeat(before) + "y\":\"__meta\",\"_meta\":1}";
      assertThat(META.mayBeIn(RawJson.parse(text))).describedAs(text).isTrue();
    }
  }

  @Test
  void whatOnlyLooksAlikeIsNot() {
    assertThat(META.mayBeIn(RawJson.parse("{\"_metal\":1,\"x_meta\":2,\"_met\":3}"))).isFalse();
    assertThat(META.mayBeIn(RawJson.parse("1"))).isFalse();
    assertThat(META.mayBeIn(RawJson.parse("\"_meta,\u00e4_meta\""))).isFalse();
  }

  @Test
  void itAgreesWithASearchOfEveryPlace() {
    SplittableRandom random = new SplittableRandom(5);
    String alphabet = "\"_metaax";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(40); length >= 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      RawJson raw = RawJson.trusted(text.toString().getBytes(StandardCharsets.US_ASCII));
      assertThat(META.mayBeIn(raw))
          .describedAs("%s", text)
          .isEqualTo(text.indexOf("\"_meta\"") >= 0);
    }
  }

  @Test
  void onlyTheSliceItselfIsSearched() {
    byte[] text = "[{\"_meta\":1},{\"other\":2}]".getBytes(StandardCharsets.US_ASCII);
    assertThat(META.mayBeIn(RawJson.trusted(text, 1, 12))).isTrue();
    assertThat(META.mayBeIn(RawJson.trusted(text, 13, 24))).isFalse();
  }

  @Test
  void aNameThatNeedsEscapesIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> NameHint.of("a\"b"));
    assertThatIllegalArgumentException().isThrownBy(() -> NameHint.of(""));
  }
}
