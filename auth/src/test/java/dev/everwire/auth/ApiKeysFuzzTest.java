package dev.everwire.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Credentials.Occasion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** As {@link JwtFuzzTest}, for API keys and the lines that they are kept as. */
final class ApiKeysFuzzTest {
  private static final ApiKeys.Generated KEY = ApiKeys.generate("ada");
  private static final ApiKeys SERVER = ApiKeys.of(List.of(KEY.entry()));

  @FuzzTest(maxDuration = "5m")
  void anyTextGetsAVerdictAndNobodyIn(byte[] data) {
    for (String text : texts(data)) {
      for (String key :
          new String[] {
            text,
            "ewk_" + text,
            "ewk_" + KEY.entry().id() + "_" + text,
            KEY.key() + text,
            text + KEY.key()
          }) {
        if (!key.equals(KEY.key())) {
          assertThat(Tokens.ask(SERVER, key)).isNotInstanceOf(Verdict.Accepted.class);
          assertThat(Tokens.ask(SERVER, header(key))).isInstanceOf(Verdict.Refused.class);
        }
      }
    }
  }

  @FuzzTest(maxDuration = "5m")
  void anyLineIsAKeyOrRefused(byte[] data) {
    for (String text : texts(data)) {
      try {
        ApiKey read = ApiKey.of(text, "ada");
        // the last letters have bits without a meaning, so it need not be the same text
        assertThat(ApiKey.of(read.hash(), "ada").hash()).isEqualTo(read.hash());
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageStartingWith("hash: ");
      }
    }
  }

  private static String[] texts(byte[] data) {
    return new String[] {
      new String(data, StandardCharsets.UTF_8), new String(data, StandardCharsets.ISO_8859_1)
    };
  }

  private static Credentials header(String value) {
    return new Credentials(
        Occasion.HANDSHAKE, "/ws", "192.0.2.1:1", null, Map.of("x-api-key", value), List.of());
  }
}
