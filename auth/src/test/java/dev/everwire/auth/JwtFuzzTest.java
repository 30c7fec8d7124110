package dev.everwire.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.everwire.spi.auth.Authenticator.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Whatever is brought, there is a verdict, and nobody comes in who did not bring the very token. A
 * plain build tries what is kept beside this class; {@code JAZZER_FUZZ=1} looks for more.
 */
final class JwtFuzzTest {
  private static final SigningAlgorithm[] ALGORITHMS = {
    SigningAlgorithm.HS256, SigningAlgorithm.ES384, SigningAlgorithm.ES256
  };
  private static final List<String> TOKENS =
      Arrays.stream(ALGORITHMS)
          .map(algorithm -> Tokens.issuer(algorithm).issue(Tokens.claims().build()))
          .toList();
  private static final JwtAuthenticator SERVER =
      Tokens.open(
          Tokens.settings(
                  Tokens.secret(),
                  JwtKeys.pem(Tokens.publicKey(Tokens.P384), Set.of(SigningAlgorithm.ES384)),
                  JwtKeys.pem(Tokens.publicKey(Tokens.P256), Set.of(SigningAlgorithm.ES256)))
              .build());

  @FuzzTest(maxDuration = "5m")
  void anyTextGetsAVerdictAndNobodyIn(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    assertThat(Tokens.ask(SERVER, text)).isNotNull().isNotInstanceOf(Verdict.Accepted.class);
    assertThat(Tokens.ask(SERVER, new String(data, StandardCharsets.ISO_8859_1)))
        .isNotInstanceOf(Verdict.Accepted.class);
  }

  /** Signed rightly, so that all of the reader is reached. */
  @FuzzTest(maxDuration = "5m")
  void anyHeaderAndClaimsThatAreSignedGetAVerdict(FuzzedDataProvider data) {
    String header = data.consumeBoolean() ? "{\"alg\":\"HS256\"}" : data.consumeString(500);
    byte[] secret = Tokens.SECRET.getBytes(StandardCharsets.UTF_8);
    Verdict verdict =
        Tokens.ask(SERVER, Tokens.hs256(header, data.consumeRemainingAsBytes(), secret));
    assertThat(verdict).isNotInstanceOf(Verdict.Absent.class);
  }

  @FuzzTest(maxDuration = "5m")
  void aTokenThatWasChangedLetsNobodyIn(FuzzedDataProvider data) {
    String token = TOKENS.get(data.consumeInt(0, TOKENS.size() - 1));
    StringBuilder changed = new StringBuilder(token);
    int changes = data.consumeInt(1, 4);
    for (int i = 0; i < changes; i++) {
      int at = data.consumeInt(0, changed.length() - 1);
      switch (data.consumeInt(0, 3)) {
        case 0 -> changed.setCharAt(at, (char) data.consumeInt(0, 0x17f));
        case 1 -> changed.insert(at, (char) data.consumeInt(0, 0x17f));
        case 2 -> changed.deleteCharAt(at);
        default ->
            changed.replace(
                0,
                changed.length(),
                TOKENS.get(data.consumeInt(0, 2)).substring(0, at % 60)
                    + changed.substring(at % 60));
      }
      if (changed.isEmpty()) {
        return;
      }
    }
    if (!TOKENS.contains(changed.toString())) {
      assertThat(Tokens.ask(SERVER, changed.toString())).isNotInstanceOf(Verdict.Accepted.class);
    }
  }

  @FuzzTest(maxDuration = "5m")
  void anyKeySetIsReadOrRefused(byte[] data) {
    try {
      assertThat(
              JwtKeys.jwks(
                  new String(data, StandardCharsets.UTF_8),
                  Set.of(SigningAlgorithm.RS256, SigningAlgorithm.ES256)))
          .isNotNull();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("jwks: ");
    }
  }
}
