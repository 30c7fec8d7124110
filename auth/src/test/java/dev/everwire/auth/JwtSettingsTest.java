package dev.everwire.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be set, and what is refused at once. */
final class JwtSettingsTest {
  private static final Set<SigningAlgorithm> HS = Set.of(SigningAlgorithm.HS256);
  private static final Set<SigningAlgorithm> ES = Set.of(SigningAlgorithm.ES256);

  static Stream<Arguments> wrong() {
    String pem = Tokens.publicKey(Tokens.P256);
    JwksEndpoint endpoint = JwksEndpoint.at(URI.create("https://keys.test/"));
    return Stream.of(
        row("secret: 31 bytes", () -> JwtKeys.secret("x".repeat(31), HS)),
        row("secret: 47", () -> JwtKeys.secret("x".repeat(47), EnumSet.of(SigningAlgorithm.HS384))),
        row(
            "secret: 63",
            () ->
                JwtKeys.secret(
                    "x".repeat(63), EnumSet.of(SigningAlgorithm.HS256, SigningAlgorithm.HS512))),
        row("algorithms: [ES256]", () -> JwtKeys.secret("x".repeat(64), ES)),
        row("algorithms: []", () -> JwtKeys.secret("x".repeat(64), Set.of())),
        row("algorithms: [HS256]", () -> JwtKeys.pem(pem, HS)),
        row("algorithms: [HS256]", () -> JwtKeys.jwks(endpoint, HS)),
        row("algorithms: [HS256]", () -> JwtKeys.jwks("{}", HS)),
        row(
            "pem: a key that fits none of [ES384]",
            () -> JwtKeys.pem(pem, Set.of(SigningAlgorithm.ES384))),
        row("pem: no key", () -> JwtKeys.pem("", ES)),
        row("pem: a private key", () -> JwtKeys.pem(Tokens.P256.secretOrPrivateKey(), ES)),
        row("pem: ", () -> JwtKeys.pem(pem.replaceAll("M[A-Z]", "AA"), ES)),
        row("key: RSA of 1024 bits", () -> JwtKeys.pem(rsa1024(), Set.of(SigningAlgorithm.RS256))),
        row("jwks: no JSON", () -> JwtKeys.jwks("x", ES)),
        row("jwks: no keys", () -> JwtKeys.jwks("{}", ES)),
        row("jwks: 0 keys", () -> JwtKeys.jwks("{\"keys\":[]}", ES)),
        row("keyId: a", () -> JwtKeys.jwks(endpoint, ES).withKeyId("a")),
        row("keyId: 0", () -> JwtKeys.pem(pem, ES).withKeyId("")),
        row("timeout: PT0S", () -> endpoint.timeout(Duration.ZERO)),
        row("timeout: PT31S", () -> endpoint.timeout(Duration.ofSeconds(31))),
        row("cacheFor: PT59S", () -> endpoint.cacheFor(Duration.ofSeconds(59))),
        row("cacheFor: PT1H1S", () -> endpoint.cacheFor(Duration.ofSeconds(3601))),
        row("unknownKeyRefreshEvery: PT0S", () -> endpoint.unknownKeyRefreshEvery(Duration.ZERO)),
        row("tolerance: PT-1S", () -> endpoint.tolerance(Duration.ofSeconds(-1))),
        row("tolerance: PT192H", () -> endpoint.tolerance(Duration.ofDays(8))),
        row("clockSkew: PT5M0.001S", () -> builder().clockSkew(Duration.ofMillis(300_001))),
        row("clockSkew: PT-1S", () -> builder().clockSkew(Duration.ofSeconds(-1))),
        row("longestToken: 255", () -> builder().longestToken(255)),
        row("longestToken: 65537", () -> builder().longestToken(65_537)),
        row("userClaim: 0", () -> builder().userClaim("")),
        row("issuers: 1", () -> builder().issuers(" ")),
        row("keys: 0", () -> JwtSettings.builder().anyIssuer().anyAudience().build()),
        row("issuers: []", () -> builder().anyAudience().build()),
        row("audiences: []", () -> builder().anyIssuer().build()),
        row("issuers: [a]", () -> builder().issuers("a").anyIssuer().anyAudience().build()),
        row("permissions: ", () -> Tokens.claims().permissions(java.util.List.of("a b"))),
        row("algorithm: RS256", () -> TokenIssuer.secret("x".repeat(64), SigningAlgorithm.RS256)),
        row(
            "algorithm: HS256",
            () -> TokenIssuer.pem(Tokens.P256.secretOrPrivateKey(), SigningAlgorithm.HS256)),
        row(
            "key: EC on",
            () -> TokenIssuer.pem(Tokens.P384.secretOrPrivateKey(), SigningAlgorithm.ES256)),
        row(
            "key: not readable",
            () -> TokenIssuer.pem(Tokens.rsa().secretOrPrivateKey(), SigningAlgorithm.ES256)),
        row("key: no PRIVATE KEY", () -> TokenIssuer.pem(pem, SigningAlgorithm.ES256)),
        row("secret: 5 bytes", () -> TokenIssuer.secret("short", SigningAlgorithm.HS256)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void aWrongSettingIsNamedWithItsValueAndWhatIsExpected(String begin, ThrowingCallable set) {
    assertThatThrownBy(set)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(begin)
        .satisfies(e -> {
          assertThat(e.getMessage()).doesNotContain("xxxxx").doesNotContain("MII");
        });
  }

  @Test
  void theDefaultsAreAsDocumented() {
    JwtSettings settings = builder().issuers("a").audiences("b").build();
    assertThat(settings.clockSkew()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.expiryRequired()).isTrue();
    assertThat(settings.type()).isNull();
    assertThat(settings.userClaim()).isEqualTo("sub");
    assertThat(settings.tenantClaim()).isEqualTo("tenant");
    assertThat(settings.rolesClaim()).isEqualTo("roles");
    assertThat(settings.permissionsClaim()).isEqualTo("scope");
    assertThat(settings.longestToken()).isEqualTo(16_384);
    JwksEndpoint endpoint = JwksEndpoint.at(URI.create("https://keys.test/"));
    assertThat(endpoint.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(endpoint.cacheFor()).isEqualTo(Duration.ofMinutes(10));
    assertThat(endpoint.unknownKeyRefreshEvery()).isEqualTo(Duration.ofSeconds(30));
    assertThat(endpoint.tolerance()).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void nothingThatIsSetShowsItsSecret() {
    JwtSettings settings = builder().issuers("a").audiences("b").build();
    assertThat(
            settings.toString()
                + settings.keys()
                + Tokens.P256
                + Tokens.issuer(SigningAlgorithm.HS256))
        .doesNotContain(Tokens.SECRET)
        .doesNotContain("PRIVATE");
  }

  @Test
  void keysAreReadFromFiles(@TempDir Path directory) throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), Tokens.SECRET + "\n");
    Path pem = Files.writeString(directory.resolve("key.pub"), Tokens.publicKey(Tokens.P256));
    KeyPairs pair = KeyPairs.named("k");
    Path set = Files.writeString(directory.resolve("keys.json"), KeyPairs.set(pair));
    JwtAuthenticator server =
        Tokens.open(
            Tokens.settings(
                    JwtKeys.secretFile(secret, HS),
                    JwtKeys.pemFile(pem, ES).withKeyId("pem"),
                    JwtKeys.jwksFile(set, ES))
                .build());
    TokenClaims claims = Tokens.claims().build();
    Tokens.accepted(Tokens.ask(server, Tokens.issuer(SigningAlgorithm.HS256).issue(claims)));
    Tokens.accepted(Tokens.ask(server, Tokens.issuer(SigningAlgorithm.ES256).issue(claims)));
    Tokens.accepted(
        Tokens.ask(server, Tokens.issuer(SigningAlgorithm.ES256).withKeyId("pem").issue(claims)));
    Tokens.accepted(Tokens.ask(server, pair.token()));
    Tokens.assertRefused(
        Tokens.ask(server, Tokens.issuer(SigningAlgorithm.ES256).withKeyId("k").issue(claims)),
        dev.everwire.spi.auth.Authenticator.Reason.INVALID);
    assertThatThrownBy(() -> JwtKeys.pemFile(directory.resolve("none"), ES))
        .hasMessageContaining("does not exist");
  }

  private static JwtSettings.Builder builder() {
    return JwtSettings.builder().keys(Tokens.secret());
  }

  private static String rsa1024() throws Exception {
    var generator = java.security.KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    return "-----BEGIN PUBLIC KEY-----\n"
        + java.util.Base64.getMimeEncoder()
            .encodeToString(generator.generateKeyPair().getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  private static Arguments row(String begin, ThrowingCallable set) {
    return Arguments.of(begin, set);
  }
}
