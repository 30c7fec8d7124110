package dev.everwire.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.spi.auth.Authenticator;
import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Credentials.Occasion;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Keys, tokens and the time of the tests. */
final class Tokens {
  static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  static final InstantSource FIXED = InstantSource.fixed(NOW);
  static final String ISSUER = "https://issuer.test";
  static final String AUDIENCE = "everwire";

  static final String SECRET = TokenIssuer.generate(SigningAlgorithm.HS512).secretOrPrivateKey();
  static final TokenIssuer.Material P256 = TokenIssuer.generate(SigningAlgorithm.ES256);
  static final TokenIssuer.Material P384 = TokenIssuer.generate(SigningAlgorithm.ES384);
  static final TokenIssuer.Material P521 = TokenIssuer.generate(SigningAlgorithm.ES512);

  private Tokens() {}

  /** Made when it is first needed, which takes a while under a fuzzer. */
  private static final class Rsa {
    static final TokenIssuer.Material PAIR = TokenIssuer.generate(SigningAlgorithm.RS256);
  }

  static TokenIssuer.Material rsa() {
    return Rsa.PAIR;
  }

  static JwtKeys secret() {
    return JwtKeys.secret(
        SECRET, Set.of(SigningAlgorithm.HS256, SigningAlgorithm.HS384, SigningAlgorithm.HS512));
  }

  static JwtSettings.Builder settings(JwtKeys... keys) {
    return JwtSettings.builder().keys(keys).issuers(ISSUER).audiences(AUDIENCE);
  }

  /** Verifies where it is asked. */
  static JwtAuthenticator open(JwtSettings settings) {
    return JwtAuthenticator.open(settings, Runnable::run, FIXED);
  }

  static TokenIssuer issuer(SigningAlgorithm algorithm) {
    return switch (algorithm) {
      case HS256, HS384, HS512 -> TokenIssuer.secret(SECRET, algorithm);
      case RS256, RS384, RS512, PS256, PS384, PS512 ->
          TokenIssuer.pem(rsa().secretOrPrivateKey(), algorithm);
      case ES256 -> TokenIssuer.pem(P256.secretOrPrivateKey(), algorithm);
      case ES384 -> TokenIssuer.pem(P384.secretOrPrivateKey(), algorithm);
      case ES512 -> TokenIssuer.pem(P521.secretOrPrivateKey(), algorithm);
    };
  }

  static String publicKey(TokenIssuer.Material pair) {
    String key = pair.publicKey();
    if (key == null) {
      throw new AssertionError("a secret has no public key");
    }
    return key;
  }

  static TokenClaims.Builder claims() {
    return TokenClaims.of("ada")
        .issuer(ISSUER)
        .audiences(List.of(AUDIENCE))
        .issuedAt(NOW)
        .expiresAt(NOW.plus(Duration.ofMinutes(5)))
        .id("t-1");
  }

  /** The members of claims that are good, and more. */
  static String good(String more) {
    String claims = claims().build().toJson().toString();
    return claims.substring(0, claims.length() - 1) + more + "}";
  }

  /** Signed rightly with the secret, whatever the texts are. */
  static String hs256(String header, String claims) {
    return hs256(
        header, claims.getBytes(StandardCharsets.UTF_8), SECRET.getBytes(StandardCharsets.UTF_8));
  }

  static String hs256(String header, byte[] claims, byte[] secret) {
    String input =
        ApiKey.encoded(header.getBytes(StandardCharsets.UTF_8)) + "." + ApiKey.encoded(claims);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return input + "." + ApiKey.encoded(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static String signed(SigningAlgorithm by, String header, String claims) {
    return issuer(by).sign(RawJson.parse(header), RawJson.parse(claims));
  }

  static Credentials bearer(@Nullable String token) {
    return new Credentials(Occasion.HELLO, "/ws", "192.0.2.1:4711", token, Map.of(), List.of());
  }

  static Verdict ask(Authenticator authenticator, @Nullable String token) {
    return ask(authenticator, bearer(token));
  }

  static Verdict ask(Authenticator authenticator, Credentials credentials) {
    return authenticator
        .authenticate(credentials)
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  static void assertRefused(Verdict verdict, Reason reason) {
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    assertThat(((Verdict.Refused) verdict).reason()).isEqualTo(reason);
  }

  static Verdict.Accepted accepted(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
    return (Verdict.Accepted) verdict;
  }
}
