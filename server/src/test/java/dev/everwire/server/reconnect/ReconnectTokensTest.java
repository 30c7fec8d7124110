package dev.everwire.server.reconnect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.server.memory.MemoryNonceStore;
import dev.everwire.server.reconnect.Reconnection.Accepted;
import dev.everwire.server.reconnect.Reconnection.Kind;
import dev.everwire.server.reconnect.Reconnection.Refused;
import dev.everwire.server.resume.ResumeKey;
import dev.everwire.server.resume.ResumeKeys;
import dev.everwire.spi.NonceStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReconnectTokensTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00.900Z");

  private final Random random = new Random(7);
  private final ResumeKey key = ResumeKey.random(random);
  private final ResumeKeys keys = ResumeKeys.of(key);
  private final MemoryNonceStore nonces = new MemoryNonceStore();
  private final ReconnectTokens tokens = tokens(true, keys, nonces);
  private Instant now = BEGIN;

  private ReconnectTokens tokens(boolean enabled, ResumeKeys ring, NonceStore store) {
    return new ReconnectTokens(enabled, Duration.ofHours(1), ring, store, () -> now, random);
  }

  @Test
  void aTokenHasTheFourPartsOfItsFormat() {
    String token = tokens.issue("client-1");
    assertThat(token).matches("1767225600\\.[0-9a-f]{32}\\.client-1\\.[0-9a-f]{64}");
    int end = token.lastIndexOf('.');
    assertThat(token.substring(end + 1))
        .isEqualTo(
            HexFormat.of()
                .formatHex(key.mac(token.substring(0, end).getBytes(StandardCharsets.UTF_8))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a.b", ".", "..", "10.0.0.1", "ünï ✓ 𝄞", "a\nb", " ", "?"})
  void aClientIdMayHoldAnything(String id) {
    assertThat(validate(tokens.issue(id))).isEqualTo(new Accepted(id));
  }

  @Test
  void aClientIdThatLooksLikeATokenIsStillOne() {
    String id = tokens.issue("inner");
    assertThat(validate(tokens.issue(id))).isEqualTo(new Accepted(id));
    assertThat(validate(id)).isEqualTo(new Accepted("inner"));
  }

  @Test
  void aTokenWorksOnce() {
    String token = tokens.issue("a");
    assertThat(validate(token)).isEqualTo(new Accepted("a"));
    assertThat(validate(token)).isEqualTo(new Refused(Kind.REPLAYED));
    assertThat(validate(tokens.issue("a"))).isEqualTo(new Accepted("a"));
  }

  @Test
  void aTokenIsGoodOnAnotherNodeAndAfterARestartAndStillWorksOnce() {
    String token = tokens.issue("a.b");
    ResumeKeys later = ResumeKeys.of(ResumeKey.random(random), key);
    ReconnectTokens other = tokens(true, later, nonces);
    assertThat(other.validate(token).toCompletableFuture())
        .isCompletedWithValue(new Accepted("a.b"));
    assertThat(validate(token)).isEqualTo(new Refused(Kind.REPLAYED));
  }

  @Test
  void aTokenEndsWithItsHourAndThatIsSaidBeforeWhetherItWasUsed() {
    String token = tokens.issue("a");
    String another = tokens.issue("a");
    now = Instant.parse("2026-01-01T00:59:59.999Z");
    assertThat(validate(token)).isEqualTo(new Accepted("a"));
    now = Instant.parse("2026-01-01T01:00:00Z");
    assertThat(validate(another)).isEqualTo(new Refused(Kind.EXPIRED));
    assertThat(validate(token)).isEqualTo(new Refused(Kind.EXPIRED));
    now = BEGIN;
    assertThat(validate(token)).isEqualTo(new Refused(Kind.REPLAYED));
    assertThat(validate(another)).as("not used up by being late").isEqualTo(new Accepted("a"));
  }

  @Test
  void noChangeOfATokenIsAccepted() {
    String token = tokens.issue("a.b?");
    for (int at = 0; at < token.length(); at++) {
      char was = token.charAt(at);
      for (char c : "0fFA.? é\uD800".toCharArray()) {
        if (c != was) {
          requireInvalid(token.substring(0, at) + c + token.substring(at + 1));
        }
        requireInvalid(token.substring(0, at) + c + token.substring(at));
      }
      requireInvalid(token.substring(0, at));
      requireInvalid(token.substring(at + 1));
      requireInvalid(token.substring(0, at) + token.substring(at + 1));
    }
    for (String tail : List.of(".", "0", ".0", "\n", " ")) {
      requireInvalid(token + tail);
      requireInvalid(tail + token);
    }
    assertThat(nonces.size()).as("uses").isZero();
    assertThat(validate(token)).isEqualTo(new Accepted("a.b?"));
  }

  @Test
  void aTokenOfAnotherKeyIsInvalid() {
    requireInvalid(tokens(true, ResumeKeys.random(random), nonces).issue("a"));
  }

  @Test
  void timesBeyondAllMeasureAndLongTextsAreInvalid() {
    String text = "999999999999." + "0".repeat(32) + ".a";
    String signed = HexFormat.of().formatHex(key.mac(text.getBytes(StandardCharsets.UTF_8)));
    assertThat(validate(text + "." + signed)).isEqualTo(new Accepted("a")); // far, but it says so
    requireInvalid("9" + text + "." + signed);
    requireInvalid("1." + "0".repeat(32) + "." + "a".repeat(2000) + "." + signed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "...", "1.2.3.4"})
  void whatIsNoTokenIsInvalid(String text) {
    requireInvalid(text);
  }

  @Test
  void switchedOffNoneIsGivenAndNoneAccepted() {
    ReconnectTokens off = tokens(false, keys, nonces);
    assertThatThrownBy(() -> off.issue("a"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("reconnect tokens: switched off");
    assertThat(off.validate(tokens.issue("a")).toCompletableFuture())
        .isCompletedWithValue(new Refused(Kind.INVALID));
  }

  @Test
  void idsThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> tokens.issue("")).hasMessageContaining("clientId: 0 characters");
    assertThatThrownBy(() -> tokens.issue("a".repeat(1025))).hasMessageContaining("clientId: 1025");
    assertThatThrownBy(() -> tokens.issue("\uD800")).hasMessageContaining("lone surrogate");
    String longest = "a".repeat(1024);
    assertThat(validate(tokens.issue(longest))).isEqualTo(new Accepted(longest));
  }

  @Test
  void aStoreThatCannotSayIsNoReasonToAcceptAndNoFailure() {
    nonces.close();
    assertThat(validate(tokens.issue("a"))).isEqualTo(new Refused(Kind.UNAVAILABLE));
  }

  private void requireInvalid(String token) {
    assertThat(validate(token)).as(token).isEqualTo(new Refused(Kind.INVALID));
  }

  private Reconnection validate(String token) {
    return tokens.validate(token).toCompletableFuture().join();
  }
}
