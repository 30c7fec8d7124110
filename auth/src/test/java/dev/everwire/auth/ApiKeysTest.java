package dev.everwire.auth;

import static dev.everwire.auth.Tokens.NOW;
import static dev.everwire.auth.Tokens.accepted;
import static dev.everwire.auth.Tokens.ask;
import static dev.everwire.auth.Tokens.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.spi.auth.Authenticator;
import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Credentials.Occasion;
import dev.everwire.spi.auth.Principal;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiKeysTest {
  private final ManualClock clock = new ManualClock();
  private final ApiKeys.Generated ada = ApiKeys.generate("ada");
  private final ApiKeys keys = ApiKeys.of(List.of(ada.entry()), clock);

  @Test
  void aKeyStandsForWhoItWasMadeFor() {
    ApiKey entry =
        ada.entry()
            .withTenant("acme")
            .withRoles(Set.of("operator"))
            .withPermissions(Set.of("read"))
            .withIssuedAt(NOW)
            .withExpiresAt(NOW.plusSeconds(60));
    assertThat(accepted(ask(ApiKeys.of(List.of(entry), clock), ada.key())).principal())
        .isEqualTo(
            new Principal(
                "ada",
                "acme",
                Set.of("operator"),
                Set.of("read"),
                "api-key",
                "ewk_" + entry.id(),
                NOW,
                NOW.plusSeconds(60)));
  }

  @Test
  void whatIsKeptIsEnoughAndIsNotTheKey() {
    ApiKey read = ApiKey.of(ada.entry().hash(), "ada");
    assertThat(read.hash()).isEqualTo(ada.entry().hash()).startsWith(read.id() + ":sha256:");
    accepted(ask(ApiKeys.of(List.of(read)), ada.key()));
    String secret = ada.key().substring(ada.key().indexOf('_', 4) + 1);
    assertThat(read.hash()).doesNotContain(secret);
    assertThat(List.of(ada.toString(), ada.entry().toString(), keys.toString()))
        .noneMatch(text -> text.contains(secret) || text.contains(read.hash()));
    refused(read.hash()); // nor can it be used as one
    refused("ewk_" + read.hash().replace(":sha256:", "_").replace(":", ""));
  }

  @Test
  void keysDiffer() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      ApiKeys.Generated one = ApiKeys.generate("ada");
      assertThat(one.key()).matches("ewk_[A-Za-z0-9]{12}_[A-Za-z0-9_-]{43}");
      assertThat(seen.add(one.key()) && seen.add(one.entry().id())).isTrue();
    }
  }

  @Test
  void noOtherTextIsTheKey() {
    String key = ada.key();
    for (int i = 0; i < key.length(); i++) {
      for (char other : new char[] {'A', 'b', '0', '-', '_', '.', ' ', 'é', '\u0000'}) {
        if (other != key.charAt(i)) {
          String changed = key.substring(0, i) + other + key.substring(i + 1);
          assertThat(ask(keys, changed)).as(changed).isNotInstanceOf(Verdict.Accepted.class);
        }
      }
      assertThat(ask(keys, key.substring(0, i))).isNotInstanceOf(Verdict.Accepted.class);
    }
    refused(key + "A");
    refused(key + " ");
    refused(key + "\n");
    refused("ewk_" + "x".repeat(1_000_000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "opaque", "a.b.c", "EWK_a_b", " ewk_a_b", "ewk"})
  void aBearerTokenOfAnotherKindIsForOthers(String token) {
    assertThat(ask(keys, token)).isEqualTo(new Verdict.Absent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ewk_", "ewk__", "ewk_a_b", "ewk_a:b_c", "ewk_ü_x", "ewk_%00_x"})
  void aKeyThatIsNoneIsRefused(String key) {
    refused(key);
  }

  @Test
  void theHeaderIsReadWhereThereIsNoBearerToken() {
    accepted(ask(keys, header(null, ada.key())));
    assertRefused(ask(keys, header(null, "opaque")), Reason.INVALID);
    assertRefused(ask(keys, header(null, "")), Reason.INVALID);
    accepted(ask(keys, header(ada.key(), "opaque")));
    // What was brought with purpose is not outdone by what the handshake had.
    assertThat(ask(keys, header("a.b.c", ada.key()))).isEqualTo(new Verdict.Absent());
    assertThat(ask(keys, header(null, null))).isEqualTo(new Verdict.Absent());
  }

  @Test
  void aKeyEndsWhenItIsOver() {
    ApiKeys ending = ApiKeys.of(List.of(ada.entry().withExpiresAt(NOW.plusSeconds(60))), clock);
    clock.advance(Duration.ofSeconds(60).minusMillis(1));
    accepted(ask(ending, ada.key()));
    clock.advance(Duration.ofMillis(1));
    assertRefused(ask(ending, ada.key()), Reason.EXPIRED);
    String wrong = ada.key().substring(0, ada.key().length() - 4) + "0000";
    assertRefused(ask(ending, wrong), Reason.INVALID); // who guesses learns nothing of it
  }

  @Test
  void anUnknownIdIsTheSameWorkAsAWrongSecret() {
    List<Integer> compared = new ArrayList<>();
    ApiKeys watched =
        ApiKeys.comparing(
            List.of(ada.entry()),
            clock,
            (first, second) -> {
              compared.add(first.length);
              compared.add(second.length);
              return MessageDigest.isEqual(first, second);
            });
    String secret = "_" + "A".repeat(43);
    Verdict unknown = ask(watched, "ewk_nobody" + secret);
    assertThat(compared).containsExactly(32, 32);
    Verdict wrong = ask(watched, "ewk_" + ada.entry().id() + secret);
    assertThat(compared).containsExactly(32, 32, 32, 32);
    assertThat(unknown).isEqualTo(wrong);
    accepted(ask(watched, ada.key()));
    assertThat(compared).hasSize(6);
  }

  @Test
  void anUnknownIdIsRefusedWhateverIsCompared() {
    ApiKeys credulous = ApiKeys.comparing(List.of(ada.entry()), clock, (first, second) -> true);
    assertRefused(ask(credulous, "ewk_nobody_" + "A".repeat(43)), Reason.INVALID);
  }

  @Test
  void anIdIsForOneKey() {
    assertThatThrownBy(() -> ApiKeys.of(List.of(ada.entry(), ada.entry().withTenant("x"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "id",
        "id:sha256:AAAAAAAAAAAAAAAAAAAAAA",
        "id:md5:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "i_d:sha256:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "id:sha256:AAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "id:sha256:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "id:sha256:AAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
      })
  void aHashThatIsNoneIsRefusedWithoutSayingIt(String hash) {
    assertThatThrownBy(() -> ApiKey.of(hash, "ada"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("hash: ")
        .hasMessageNotContaining("AAAAAAAA");
  }

  @Test
  void tokensGoBeforeKeysWhereBothAreAsked() {
    JwtAuthenticator tokens = Tokens.open(Tokens.settings(Tokens.secret()).build());
    Authenticator both = Authenticator.firstOf(List.of(tokens, keys));
    accepted(ask(both, ada.key()));
    String token = Tokens.issuer(SigningAlgorithm.HS256).issue(Tokens.claims().build());
    assertThat(accepted(ask(both, token)).principal().method()).isEqualTo("jwt");
    assertRefused(ask(both, header(token + "A", ada.key())), Reason.INVALID);
  }

  private void refused(String key) {
    if (key.startsWith("ewk_")) {
      assertRefused(ask(keys, key), Reason.INVALID);
    } else {
      assertThat(ask(keys, key)).isEqualTo(new Verdict.Absent());
    }
    assertRefused(ask(keys, header(null, key)), Reason.INVALID);
  }

  private static Credentials header(@Nullable String token, @Nullable String value) {
    return new Credentials(
        Occasion.HANDSHAKE,
        "/ws",
        "192.0.2.1:4711",
        token,
        value == null ? Map.of() : Map.of("x-api-key", value),
        List.of());
  }
}
