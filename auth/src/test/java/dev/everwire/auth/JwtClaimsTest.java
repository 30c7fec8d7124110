package dev.everwire.auth;

import static dev.everwire.auth.Tokens.NOW;
import static dev.everwire.auth.Tokens.accepted;
import static dev.everwire.auth.Tokens.ask;
import static dev.everwire.auth.Tokens.assertRefused;
import static dev.everwire.auth.Tokens.claims;
import static dev.everwire.auth.Tokens.good;
import static dev.everwire.auth.Tokens.hs256;
import static dev.everwire.auth.Tokens.secret;
import static dev.everwire.auth.Tokens.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What claims mean, of tokens that are signed rightly. */
final class JwtClaimsTest {
  private static final String HS = "{\"alg\":\"HS256\"}";
  private final JwtSettings plain = settings(secret()).build();

  @Test
  void thePrincipalHasWhatTheClaimsSay() {
    Principal principal =
        principal(plain, good(",\"tenant\":\"acme\",\"roles\":[\"a\",\"b c\"],\"scope\":\"r w\""));
    assertThat(principal)
        .isEqualTo(
            new Principal(
                "ada",
                "acme",
                Set.of("a", "b c"),
                Set.of("r", "w"),
                "jwt",
                "t-1",
                NOW,
                NOW.plus(Duration.ofMinutes(5)).plus(plain.clockSkew())));
  }

  @Test
  void claimsHaveOtherNamesAndStandDeeperIfSo() {
    JwtSettings named =
        settings(secret())
            .userClaim("https://x.test/user")
            .tenantClaim("org.name")
            .rolesClaim("realm_access.roles")
            .permissionsClaim("a.b.c")
            .build();
    Principal principal =
        principal(
            named,
            good(
                ",\"https://x.test/user\":\"grace\",\"org\":{\"name\":\"navy\"},"
                    + "\"realm_access\":{\"roles\":[\"admin\"]},\"a\":{\"b\":{\"c\":\" x  y \"}}"));
    assertThat(principal.user()).isEqualTo("grace");
    assertThat(principal.tenant()).isEqualTo("navy");
    assertThat(principal.roles()).containsExactly("admin");
    assertThat(principal.permissions()).containsExactlyInAnyOrder("x", "y");
  }

  @Test
  void aClaimThatIsMissingInTheMiddleIsMissing() {
    JwtSettings named = settings(secret()).rolesClaim("a.b.c").build();
    assertThat(principal(named, good("")).roles()).isEmpty();
    assertThat(principal(named, good(",\"a\":{}")).roles()).isEmpty();
    assertThat(principal(named, good(",\"a\":{\"b\":7}")).roles()).isEmpty();
    assertThat(principal(named, good(",\"a\":null")).roles()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"roles\":7",
        ",\"roles\":{\"a\":true}",
        ",\"roles\":[\"a\",7]",
        ",\"scope\":[[\"a\"]]",
        ",\"tenant\":7",
        ",\"tenant\":\"\"",
        ",\"roles\":[\"\\ud800\"]",
        ",\"nbf\":\"1\"",
        ",\"nbf\":true",
        ",\"nbf\":-1",
        ",\"nbf\":1e400",
        ",\"sub\":\"root\"",
        ",\"s\\u0075b\":\"root\"",
      })
  void aClaimOfTheWrongKindOrTwiceIsRefused(String more) {
    refused(plain, good(more), Reason.INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "7",
        "null",
        "[\"ada\"]",
        "\"a\\u0000\"",
        "\"a\\nb\"",
        "\"\\ud800\"",
        "true"
      })
  void aUserIsATextOfWholePrintableCharacters(String user) {
    refused(plain, good("").replace("\"ada\"", user), Reason.INVALID);
  }

  @Test
  void aUserOfAnyScriptIsTakenAsItIs() {
    assertThat(principal(plain, good("").replace("ada", "名前 Ünïcødé 🦜")).user())
        .isEqualTo("名前 Ünïcødé 🦜");
    // Not the same as ada, though it looks so: nothing is folded.
    assertThat(principal(plain, good("").replace("ada", "аda")).user()).isNotEqualTo("ada");
    refused(plain, good("").replace("ada", "x".repeat(257)), Reason.INVALID);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "everwire"               | true
          ["other","everwire"]     | true
          "other"                  | false
          ["other"]                | false
          []                       | false
          null                     | false
          "Everwire"               | false
          "everwire other"         | false
          ["everwire",7]           | false
          {"everwire":1}           | false
          """,
      quoteCharacter = '`')
  void anAudienceOfOursHasToBeAmongThem(String audience, boolean taken) {
    check(plain, good("").replace("\"aud\":\"everwire\"", "\"aud\":" + audience), taken);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "https://issuer.test"    | true
          "https://issuer.test/"   | false
          "https://ISSUER.test"    | false
          ["https://issuer.test"]  | false
          null                     | false
          7                        | false
          """,
      quoteCharacter = '`')
  void theIssuerHasToBeExactlyOneOfOurs(String issuer, boolean taken) {
    check(plain, good("").replace("\"iss\":\"https://issuer.test\"", "\"iss\":" + issuer), taken);
  }

  @Test
  void anyIssuerAndAudienceIsAChoice() {
    JwtSettings any = JwtSettings.builder().keys(secret()).anyIssuer().anyAudience().build();
    check(
        any, TokenClaims.of("ada").expiresAt(NOW.plusSeconds(1)).build().toJson().toString(), true);
  }

  @Test
  void anIssuerCannotSpeakForAnother() {
    String other = TokenIssuer.generate(SigningAlgorithm.HS256).secretOrPrivateKey();
    JwtSettings two =
        JwtSettings.builder()
            .keys(
                secret().forIssuer("a"),
                JwtKeys.secret(other, Set.of(SigningAlgorithm.HS256)).forIssuer("b"))
            .issuers("a", "b")
            .anyAudience()
            .build();
    JwtAuthenticator server = Tokens.open(two);
    for (String issuer : List.of("a", "b")) {
      TokenClaims claims = claims().issuer(issuer).build();
      Verdict byFirst = ask(server, Tokens.issuer(SigningAlgorithm.HS256).issue(claims));
      Verdict bySecond =
          ask(server, TokenIssuer.secret(other, SigningAlgorithm.HS256).issue(claims));
      accepted(issuer.equals("a") ? byFirst : bySecond);
      assertRefused(issuer.equals("a") ? bySecond : byFirst, Reason.INVALID);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"1893456300\"",
        "null",
        "true",
        "[1893456300]",
        "-1",
        "1e400",
        "99999999999999999999",
        "253402300800",
        "1e999999999",
        "1893456300.00000000000000000000000000000000",
      })
  void anExpiryThatIsNoTimeIsRefused(String expiry) {
    refused(plain, good("").replaceAll("\"exp\":[0-9]+", "\"exp\":" + expiry), Reason.INVALID);
  }

  @ParameterizedTest
  @CsvSource({
    "253402300799, 9999-12-31T23:59:59Z",
    "1893456300.5, 2030-01-01T00:05:00.500Z",
    "1.8934563e9, 2030-01-01T00:05:00Z"
  })
  void anExpiryMayBeFarOrAFraction(String expiry, Instant meant) {
    assertThat(
            principal(plain, good("").replaceAll("\"exp\":[0-9]+", "\"exp\":" + expiry)).expiry())
        .contains(meant.plus(plain.clockSkew()));
  }

  @Test
  void aTokenWithoutExpiryIsForWhoAsksForIt() {
    String forever = good("").replaceAll(",\"exp\":[0-9]+", "");
    refused(plain, forever, Reason.INVALID);
    assertThat(principal(settings(secret()).expiryRequired(false).build(), forever).expiresAt())
        .isNull();
  }

  /** Issued at 0, from 0, until 300 s; the skew is 30 s. */
  @ParameterizedTest
  @CsvSource({
    "-30001, INVALID",
    "-30000, -",
    "0, -",
    "299999, -",
    "329999, -",
    "330000, EXPIRED",
    "400000, EXPIRED"
  })
  void theClocksMayBeOffByTheSkewAndNoMore(long millis, String answer) {
    for (String claim : List.of("", ",\"nbf\":" + NOW.getEpochSecond())) {
      Verdict verdict = verdict(plain, good(claim), NOW.plusMillis(millis));
      if (answer.equals("-")) {
        accepted(verdict);
      } else {
        assertRefused(verdict, Reason.valueOf(answer));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"PT0S, -1, INVALID", "PT0S, 0, -", "PT0S, 300000, EXPIRED", "PT5M, 599999, -"})
  void theSkewIsWhatIsSet(Duration skew, long millis, String answer) {
    JwtSettings settings = settings(secret()).clockSkew(skew).build();
    Verdict verdict = verdict(settings, good(""), NOW.plusMillis(millis));
    assertThat(verdict instanceof Verdict.Refused refused ? refused.reason().name() : "-")
        .isEqualTo(answer);
  }

  @Test
  void aTokenThatBeginsLaterIsNotValidYet() {
    refused(plain, good(",\"nbf\":" + (NOW.getEpochSecond() + 31)), Reason.INVALID);
    principal(plain, good(",\"nbf\":" + (NOW.getEpochSecond() + 30)));
  }

  @Test
  void aTypeThatIsSetIsAskedFor() {
    JwtSettings typed = settings(secret()).type("at+jwt").build();
    JwtAuthenticator server = Tokens.open(typed);
    accepted(ask(server, hs256("{\"alg\":\"HS256\",\"typ\":\"AT+jwt\"}", good(""))));
    assertRefused(
        ask(server, hs256("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", good(""))), Reason.INVALID);
    assertRefused(ask(server, hs256(HS, good(""))), Reason.INVALID);
  }

  @Test
  void theLongestTokenIsWhatIsSet() {
    JwtAuthenticator server = Tokens.open(settings(secret()).longestToken(300).build());
    assertRefused(
        ask(server, hs256(HS, good(",\"x\":\"" + "x".repeat(100) + "\""))), Reason.INVALID);
    accepted(
        ask(
            server,
            hs256(
                HS,
                TokenClaims.of("a")
                    .issuer(Tokens.ISSUER)
                    .audiences(List.of(Tokens.AUDIENCE))
                    .expiresAt(NOW.plusSeconds(9))
                    .build()
                    .toJson()
                    .toString())));
  }

  private static Verdict verdict(JwtSettings settings, String claims, Instant now) {
    return Tokens.ask(
        JwtAuthenticator.open(settings, Runnable::run, InstantSource.fixed(now)),
        hs256(HS, claims));
  }

  private static Principal principal(JwtSettings settings, String claims) {
    return accepted(verdict(settings, claims, NOW)).principal();
  }

  private static void refused(JwtSettings settings, String claims, Reason reason) {
    assertRefused(verdict(settings, claims, NOW), reason);
  }

  private static void check(JwtSettings settings, String claims, boolean taken) {
    if (taken) {
      principal(settings, claims);
    } else {
      refused(settings, claims, Reason.INVALID);
    }
  }
}
