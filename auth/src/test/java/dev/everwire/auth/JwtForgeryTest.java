package dev.everwire.auth;

import static dev.everwire.auth.Tokens.P256;
import static dev.everwire.auth.Tokens.SECRET;
import static dev.everwire.auth.Tokens.ask;
import static dev.everwire.auth.Tokens.assertRefused;
import static dev.everwire.auth.Tokens.claims;
import static dev.everwire.auth.Tokens.good;
import static dev.everwire.auth.Tokens.hs256;
import static dev.everwire.auth.Tokens.issuer;
import static dev.everwire.auth.Tokens.publicKey;
import static dev.everwire.auth.Tokens.signed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Authenticator.Verdict;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Forgeries, against a server that takes all algorithms: a secret, RSA, and all three curves. That
 * a good token is brought twice is no forgery.
 */
final class JwtForgeryTest {
  private static final String HS = "{\"alg\":\"HS256\"}";
  private static final JwtAuthenticator SERVER =
      Tokens.open(
          Tokens.settings(
                  Tokens.secret(),
                  JwtKeys.pem(
                          publicKey(Tokens.rsa()),
                          Set.of(SigningAlgorithm.RS256, SigningAlgorithm.PS256))
                      .withKeyId("rsa"),
                  JwtKeys.pem(publicKey(P256), Set.of(SigningAlgorithm.ES256)),
                  JwtKeys.pem(publicKey(Tokens.P384), Set.of(SigningAlgorithm.ES384)),
                  JwtKeys.pem(publicKey(Tokens.P521), Set.of(SigningAlgorithm.ES512)))
              .build());

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"RS384", "RS512", "PS384", "PS512"})
  void eachAllowedAlgorithmLetsItsOwnTokensInAndNoAltered(SigningAlgorithm algorithm) {
    String token = issuer(algorithm).issue(claims().build());
    Tokens.accepted(ask(SERVER, token));
    Tokens.accepted(ask(SERVER, token)); // again is no fault
    String[] parts = token.split("\\.", -1);
    String other = ApiKey.encoded(good(",\"roles\":[\"admin\"]").getBytes(StandardCharsets.UTF_8));
    refused(parts[0] + "." + other + "." + parts[2]);
    for (SigningAlgorithm claimed : EnumSet.complementOf(EnumSet.of(algorithm))) {
      String header = "{\"alg\":\"" + claimed + "\",\"typ\":\"JWT\"}";
      refused(
          ApiKey.encoded(header.getBytes(StandardCharsets.UTF_8))
              + "."
              + parts[1]
              + "."
              + parts[2]);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"RS384", "RS512", "PS384", "PS512"})
  void anAlgorithmThatIsNotAllowedIsRefusedThoughTheKeyWouldFit(SigningAlgorithm algorithm) {
    refused(issuer(algorithm).issue(claims().build()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "nOnE", "NONE", "", "HS1", "hs256", "HS256 ", "dir"})
  void anUnsignedTokenIsRefusedHoweverItIsSpelled(String algorithm) {
    String header = "{\"alg\":\"" + algorithm + "\"}";
    String token = hs256(header, good(""));
    refused(token); // even if it is signed
    refused(token.substring(0, token.lastIndexOf('.') + 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"alg\":null}",
        "{\"alg\":[\"HS256\"]}",
        "{\"alg\":256}",
        "{\"alg\":\"none\",\"alg\":\"HS256\"}",
        "{\"alg\":\"HS256\",\"alg\":\"none\"}",
        "{\"alg\":\"HS256\",\"\\u0061lg\":\"HS256\"}",
        "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}",
        "{\"alg\":\"HS256\",\"crit\":[]}",
        "{\"alg\":\"HS256\",\"crit\":null}",
        "{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}",
        "{\"alg\":\"HS256\",\"b64\":false}",
        "{\"alg\":\"HS256\",\"zip\":\"DEF\"}",
        "{\"alg\":\"HS256\",\"enc\":\"A128GCM\"}",
        "{\"alg\":\"HS256\",\"cty\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"cty\":\"application/jwt\"}",
        "{\"alg\":\"HS256\",\"typ\":\"logout+jwt\"}",
        "{\"alg\":\"HS256\",\"typ\":7}",
        "{\"alg\":\"HS256\",\"kid\":7}",
        "{\"alg\":\"HS256\"} ,",
        "{\"alg\":\"HS256\"",
        "[\"HS256\"]",
        "\"HS256\"",
        "null",
        "\ufeff{\"alg\":\"HS256\"}",
      })
  void aHeaderThatIsNotPlainlyAskedForIsRefused(String header) {
    refused(hs256(header, good("")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "jwt", "at+jwt", "AT+JWT"})
  void theUsualTypesAreTaken(String type) {
    Tokens.accepted(ask(SERVER, hs256("{\"alg\":\"HS256\",\"typ\":\"" + type + "\"}", good(""))));
  }

  @Test
  void aPublicKeyIsNeverASecret() {
    for (TokenIssuer.Material pair : new TokenIssuer.Material[] {Tokens.rsa(), P256}) {
      String pem = publicKey(pair);
      String body = pem.replaceAll("-----[A-Z ]+-----|\\s", "");
      byte[][] secrets = {
        pem.getBytes(StandardCharsets.US_ASCII),
        pem.strip().getBytes(StandardCharsets.US_ASCII),
        body.getBytes(StandardCharsets.US_ASCII),
        Base64.getDecoder().decode(body),
      };
      for (byte[] secret : secrets) {
        for (String kid : new String[] {"", ",\"kid\":\"rsa\""}) {
          refused(
              hs256(
                  "{\"alg\":\"HS256\"" + kid + "}",
                  good("").getBytes(StandardCharsets.UTF_8),
                  secret));
        }
      }
    }
  }

  @Test
  void aKeyThatATokenBringsAlongIsNotUsed() {
    TokenIssuer.Material mine = TokenIssuer.generate(SigningAlgorithm.ES256);
    TokenIssuer forger = TokenIssuer.pem(mine.secretOrPrivateKey(), SigningAlgorithm.ES256);
    String der = publicKey(mine).replaceAll("-----[A-Z ]+-----|\\s", "");
    for (String more :
        new String[] {
          "\"jku\":\"https://forger.test/keys\"",
          "\"x5u\":\"https://forger.test/cert\"",
          "\"x5c\":[\"" + der + "\"]",
          "\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}",
          "\"kid\":\"https://forger.test/keys\""
        }) {
      refused(
          forger.sign(
              dev.everwire.protocol.json.RawJson.parse("{\"alg\":\"ES256\"," + more + "}"),
              claims().build().toJson()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../../dev/null",
        "/dev/null",
        "file:///etc/passwd",
        "x' UNION SELECT 'secret' --",
        "| touch forged",
        "rsa\\u0000",
        "RSA",
        ""
      })
  void theNameOfAKeyIsNothingButAName(String kid) {
    String header = "{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}";
    byte[] claims = good("").getBytes(StandardCharsets.UTF_8);
    refused(hs256(header, claims, new byte[] {0}));
    refused(hs256(header, claims, "secret".getBytes(StandardCharsets.US_ASCII)));
    refused(signed(SigningAlgorithm.RS256, header.replace("HS256", "RS256"), good("")));
  }

  @Test
  void aLongKeyNameIsRefused() {
    refused(hs256("{\"alg\":\"HS256\",\"kid\":\"" + "k".repeat(257) + "\"}", good("")));
  }

  @Test
  void noPartOfATokenIsAToken() {
    String token = issuer(SigningAlgorithm.ES256).issue(claims().build());
    for (int length = 0; length < token.length(); length++) {
      notAccepted(token.substring(0, length));
      notAccepted(token.substring(token.length() - length));
    }
  }

  @Test
  void whatIsNoTokenByItsShapeIsForOthers() {
    String token = issuer(SigningAlgorithm.HS256).issue(claims().build());
    String signature = token.substring(token.lastIndexOf('.'));
    for (String other :
        new String[] {
          "ewk_0_" + "a".repeat(43),
          "opaque",
          "",
          token + signature,
          token + "=",
          " " + token,
          token + "\n",
          token.replace('.', ','),
          "{\"payload\":\"\",\"signatures\":[{},{}]}",
          "ü.ü.ü"
        }) {
      assertThat(ask(SERVER, other)).as(other).isEqualTo(new Verdict.Absent());
    }
    assertThat(ask(SERVER, (String) null)).isEqualTo(new Verdict.Absent());
  }

  @Test
  void anEncryptedTokenAndWhatLooksLikeOneIsRefused() {
    String header =
        ApiKey.encoded("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}".getBytes(StandardCharsets.UTF_8));
    refused(header + "..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA");
    refused("....");
    refused("..");
    refused("a.b.c");
  }

  @Test
  void aTokenHasOneSpelling() {
    String token = issuer(SigningAlgorithm.HS256).issue(claims().build());
    // 32 bytes leave two bits of the last letter without a meaning
    String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int last = letters.indexOf(token.charAt(token.length() - 1));
    for (int bits = 1; bits < 4; bits++) {
      refused(token.substring(0, token.length() - 1) + letters.charAt(last ^ bits));
    }
  }

  @Test
  void aCurveBelongsToItsAlgorithm() {
    for (SigningAlgorithm by :
        new SigningAlgorithm[] {SigningAlgorithm.ES256, SigningAlgorithm.ES384}) {
      for (SigningAlgorithm claimed :
          new SigningAlgorithm[] {
            SigningAlgorithm.ES256, SigningAlgorithm.ES384, SigningAlgorithm.ES512
          }) {
        String token = signed(by, "{\"alg\":\"" + claimed + "\"}", good(""));
        if (by == claimed) {
          Tokens.accepted(ask(SERVER, token));
        } else {
          refused(token);
        }
      }
    }
  }

  @Test
  void anEmptySignatureOfACurveIsRefused() {
    String token = issuer(SigningAlgorithm.ES256).issue(claims().build());
    String input = token.substring(0, token.lastIndexOf('.') + 1);
    String order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    byte[] n = HexFormat.of().parseHex(order);
    byte[] one = new byte[32];
    one[31] = 1;
    byte[] zero = new byte[32];
    byte[][][] pairs = {
      {zero, zero}, {one, zero}, {zero, one}, {n, n}, {n, one}, {one, n}, {one, one}
    };
    for (byte[][] pair : pairs) {
      refused(input + ApiKey.encoded(joined(pair[0], pair[1])));
    }
    refused(input);
    refused(input + ApiKey.encoded(new byte[63]));
    refused(input + ApiKey.encoded(new byte[65]));
    refused(input + ApiKey.encoded(HexFormat.of().parseHex("3006020100020100")));
    assertThat(new BigInteger(1, n).bitLength()).isEqualTo(256);
  }

  @Test
  void aSignatureOfAnotherLengthIsRefused() {
    for (SigningAlgorithm algorithm :
        new SigningAlgorithm[] {SigningAlgorithm.HS256, SigningAlgorithm.RS256}) {
      String token = issuer(algorithm).issue(claims().build());
      int dot = token.lastIndexOf('.') + 1;
      byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot));
      refused(token.substring(0, dot));
      refused(token.substring(0, dot) + ApiKey.encoded(joined(signature, new byte[1])));
      refused(token.substring(0, dot) + ApiKey.encoded(joined(new byte[1], signature)));
      refused(token.substring(0, dot) + ApiKey.encoded(joined(signature, new byte[3000])));
    }
  }

  @Test
  void aLongTokenIsRefusedUnread() {
    String token = hs256(HS, good(",\"more\":\"" + "x".repeat(12_000) + "\""));
    assertThat(token.length()).isGreaterThan(16 * 1024 - 400);
    String longer = hs256(HS, good(",\"more\":\"" + "x".repeat(12_400) + "\""));
    refused(longer);
    refused("x".repeat(20_000_000));
    Tokens.accepted(ask(SERVER, hs256(HS, good(",\"more\":\"" + "x".repeat(11_800) + "\""))));
  }

  @Test
  void claimsThatAreNoTextAreRefused() {
    byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);
    byte[] broken = good("").getBytes(StandardCharsets.ISO_8859_1);
    broken[broken.length - 3] = (byte) 0xc0;
    refused(hs256(HS, broken, secret));
    refused(hs256(HS, joined(new byte[] {(byte) 0xff, (byte) 0xfe}, broken), secret));
    refused(hs256(HS, good("").getBytes(StandardCharsets.UTF_16), secret));
    refused(hs256(HS, new byte[0], secret));
    refused(hs256(HS, "[".repeat(5_000)));
    refused(hs256(HS, issuer(SigningAlgorithm.HS256).issue(claims().build())));
    refused(hs256(HS, "\"" + issuer(SigningAlgorithm.HS256).issue(claims().build()) + "\""));
    refused(hs256(HS, "[]"));
    refused(hs256(HS, good("") + "{}"));
    refused(hs256(HS, good("") + "\u0000"));
  }

  @Test
  void theTextForThePeerSaysNothingThatHelps() {
    Verdict unsigned = ask(SERVER, hs256("{\"alg\":\"none\"}", good("")));
    Verdict wrongKey =
        ask(SERVER, hs256(HS, good("").getBytes(StandardCharsets.UTF_8), new byte[64]));
    Verdict wrongClaim = ask(SERVER, hs256(HS, good("").replace(Tokens.AUDIENCE, "another")));
    Verdict overAndForged =
        ask(
            SERVER,
            hs256(
                HS,
                claims().expiresAt(Tokens.NOW.minusSeconds(900)).build().toJson().toBytes(),
                new byte[64]));
    assertThat(unsigned)
        .isEqualTo(wrongKey)
        .isEqualTo(wrongClaim)
        .isEqualTo(overAndForged)
        .isEqualTo(new Verdict.Refused(Reason.INVALID, "the token is not accepted"));
  }

  private static void refused(String token) {
    try {
      assertRefused(ask(SERVER, token), Reason.INVALID);
    } catch (AssertionError e) {
      throw new AssertionError(token.substring(0, Math.min(200, token.length())), e);
    }
  }

  private static void notAccepted(String token) {
    assertThat(ask(SERVER, token)).as(token).isNotInstanceOf(Verdict.Accepted.class);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(first);
    all.writeBytes(second);
    return all.toByteArray();
  }
}
