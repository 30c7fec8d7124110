package dev.everwire.server.internal.resume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.server.internal.resume.Verdict.Accepted;
import dev.everwire.server.internal.resume.Verdict.Kind;
import dev.everwire.server.internal.resume.Verdict.Refused;
import dev.everwire.server.memory.MemoryNonceStore;
import dev.everwire.server.resume.ResumeKey;
import dev.everwire.server.resume.ResumeKeys;
import dev.everwire.server.resume.ResumeSettings;
import dev.everwire.spi.NonceStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResumeTokensTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.500Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private final Random random = new Random(7);
  private final ResumeKey key = ResumeKey.random(random);
  private final ResumeKeys keys = ResumeKeys.of(key);
  private final MemoryNonceStore nonces = new MemoryNonceStore();
  private final ResumeTokens tokens = tokens(keys, nonces);

  private ResumeTokens tokens(ResumeKeys ring, NonceStore store) {
    return new ResumeTokens(ResumeSettings.DEFAULT.keys(ring).nonces(store), random);
  }

  @Test
  void aTokenSaysWhatItWasGivenFor() {
    String token = tokens.mint("S1", "c.1", "ann", 3, null, NOW);
    assertThat(token).matches("v1\\." + key.id() + "\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{43}");

    Claims claims = accepted(tokens, token, "ann", "c.1");
    assertThat(claims.session()).isEqualTo("S1");
    assertThat(claims.client()).isEqualTo("c.1");
    assertThat(claims.user()).isEqualTo("ann");
    assertThat(claims.generation()).isEqualTo(3);
    assertThat(claims.issued()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(claims.expires()).isEqualTo(Instant.parse("2026-01-01T01:00:00Z"));
    assertThat(claims.nonce()).matches("[A-Za-z0-9_-]{22}");
    assertThat(claims.former()).isNull();
  }

  @Test
  void noTwoTokensAreEqual() {
    assertThat(tokens.mint("S1", null, null, 1, null, NOW))
        .isNotEqualTo(tokens.mint("S1", null, null, 1, null, NOW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.b.c", ".", "v1.k.x.y", "ünï ✓ 𝄞", "\"\\\u0000\n", "null", ""})
  void namesMayHoldWhateverTheyLike(String name) {
    String token = tokens.mint("S1", name, name, 1, null, NOW);
    Claims claims = accepted(tokens, token, name, name);
    assertThat(claims.user()).isEqualTo(name);
    assertThat(claims.client()).isEqualTo(name);
  }

  @Test
  void aTokenIsGoodOnAnotherNodeWithTheSameKeys() {
    String token = tokens.mint("S1", null, "ann", 1, null, NOW);
    ResumeKeys same = ResumeKeys.of(ResumeKey.random(random), key);
    accepted(tokens(same, new MemoryNonceStore()), token, "ann", null);
  }

  /** Whom it was given to, who comes with it. */
  private static Stream<Arguments> bindings() {
    return Stream.of(
        Arguments.of("ann", "c1", "ann", "c1", null),
        Arguments.of("ann", "c1", null, "c1", null), // nobody asked who it is: the token says it
        Arguments.of(null, null, null, null, null),
        Arguments.of("ann", "c1", "bob", "c1", Kind.USER_CHANGED),
        Arguments.of("ann", "c1", "", "c1", Kind.USER_CHANGED),
        Arguments.of(null, "c1", "ann", "c1", Kind.USER_CHANGED),
        Arguments.of("ann", "c1", "bob", "c2", Kind.USER_CHANGED),
        Arguments.of("ann", "c1", "ann", "c2", Kind.CLIENT_CHANGED),
        Arguments.of("ann", "c1", "ann", null, Kind.CLIENT_CHANGED),
        Arguments.of("ann", null, "ann", "c1", Kind.CLIENT_CHANGED),
        Arguments.of("ann", "c.1", "ann", "c", Kind.CLIENT_CHANGED));
  }

  @ParameterizedTest
  @MethodSource("bindings")
  void aTokenIsBoundToItsUserAndItsClient(
      @Nullable String user,
      @Nullable String client,
      @Nullable String comingUser,
      @Nullable String comingClient,
      @Nullable Kind kind) {
    String token = tokens.mint("S1", client, user, 1, null, NOW);
    Verdict verdict = verdict(tokens.accept(token, comingUser, comingClient, NOW));
    if (kind == null) {
      assertThat(verdict).isInstanceOf(Accepted.class);
    } else {
      assertThat(verdict).isEqualTo(new Refused(kind));
      assertThat(nonces.size()).as("uses").isZero();
    }
  }

  @Test
  void aTokenEndsWithItsHourAndWhatAnotherClockSaysOfItsBeginningDoesNotMatter() {
    String token = tokens.mint("S1", null, null, 1, null, NOW);
    Instant end = Instant.parse("2026-01-01T01:00:00Z");
    assertThat(at(token, end)).isEqualTo(new Refused(Kind.EXPIRED));
    assertThat(at(token, NOW.plus(Duration.ofDays(9)))).isEqualTo(new Refused(Kind.EXPIRED));
    assertThat(at(token, end.minusMillis(1))).isInstanceOf(Accepted.class);
    assertThat(at(token, NOW.minus(Duration.ofMinutes(3)))).isInstanceOf(Accepted.class);
  }

  @Test
  void reasonsAreFoundInOrderSignatureExpiryBindingUse() {
    String first = tokens.mint("S1", "c1", "ann", 1, null, NOW);
    accepted(tokens, tokens.mint("S1", "c1", "ann", 2, null, NOW), "ann", "c1");
    String forged = first.substring(0, first.length() - 2) + "__";
    Instant late = NOW.plus(HOUR);
    assertThat(kind(tokens.accept(forged, "bob", "c2", late))).isEqualTo(Kind.INVALID);
    assertThat(kind(tokens.accept(first, "bob", "c2", late))).isEqualTo(Kind.EXPIRED);
    assertThat(kind(tokens.accept(first, "bob", "c2", NOW))).isEqualTo(Kind.USER_CHANGED);
    assertThat(kind(tokens.accept(first, "ann", "c2", NOW))).isEqualTo(Kind.CLIENT_CHANGED);
    assertThat(kind(tokens.accept(first, "ann", "c1", NOW))).isEqualTo(Kind.REPLAYED);
  }

  /** Which tokens come, by generation, and which of them are good: {@code -} is replayed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 2 3 4", // each answer arrived
        "1 1 1 2", // answers were lost: the same one again, as long as no successor was used
        "1 1 3 -1 -2 4", // the second answer arrived; what the first said is worth nothing
        "1 2 -1 2 3 -2 -1", // after its successor it is replayed
        "1 1 2 3 -2 4", // two clients with one token: the later one came back, the earlier is out
        "5 -4 -1 5 6", // a node that starts knows only what it saw
      })
  void aTokenIsGoodUntilOneOfAHigherGenerationWasUsed(String course) {
    String[] given = new String[8];
    for (int generation = 1; generation < given.length; generation++) {
      given[generation] = tokens.mint("S1", null, null, generation, null, NOW);
    }
    for (String step : course.split(" ", -1)) {
      int generation = Math.abs(Integer.parseInt(step));
      Verdict verdict = at(given[generation], NOW);
      if (step.startsWith("-")) {
        assertThat(verdict).as(course + ": " + step).isEqualTo(new Refused(Kind.REPLAYED));
      } else {
        assertThat(verdict).as(course + ": " + step).isInstanceOf(Accepted.class);
      }
    }
  }

  @Test
  void aUseIsRememberedLongerThanAnyTokenOfTheLineLives() {
    String first = tokens.mint("S1", null, null, 1, null, NOW.plusSeconds(60)); // a fast clock
    String second = tokens.mint("S1", null, null, 2, null, NOW);
    assertThat(at(second, NOW)).isInstanceOf(Accepted.class);
    assertThat(at(first, NOW.plus(HOUR).plusSeconds(30))).isEqualTo(new Refused(Kind.REPLAYED));
  }

  @Test
  void theFirstTokenOfAFreshSessionEndsThatOfTheOneThatWasGone() {
    String old = tokens.mint("S1", null, "ann", 4, null, NOW);
    Claims used = accepted(tokens, old, null, null);
    String lost = tokens.mint("S2", null, "ann", 1, used, NOW);
    assertThat(at(old, NOW)).as("the answer was lost").isInstanceOf(Accepted.class);
    String fresh = tokens.mint("S3", null, "ann", 1, used, NOW);

    assertThat(accepted(tokens, fresh, null, null).former()).isEqualTo(new Claims.Former("S1", 4));
    assertThat(at(old, NOW)).isEqualTo(new Refused(Kind.REPLAYED));
    assertThat(at(fresh, NOW)).isInstanceOf(Accepted.class);
    assertThat(at(lost, NOW)).as("a line of its own").isInstanceOf(Accepted.class);
  }

  @Test
  void aTokenOfTheSameSessionDoesNotNameItself() {
    Claims used = accepted(tokens, tokens.mint("S1", null, null, 1, null, NOW), null, null);
    String next = tokens.mint("S1", null, null, 2, used, NOW);
    assertThat(accepted(tokens, next, null, null).former()).isNull();
  }

  @Test
  void aReplayedTokenOfAFreshSessionEndsNothing() {
    Claims used = accepted(tokens, tokens.mint("S1", null, null, 4, null, NOW), null, null);
    String first = tokens.mint("S2", null, null, 1, used, NOW);
    assertThat(at(tokens.mint("S2", null, null, 2, null, NOW), NOW)).isInstanceOf(Accepted.class);
    assertThat(at(first, NOW)).isEqualTo(new Refused(Kind.REPLAYED));
    assertThat(at(tokens.mint("S1", null, null, 4, null, NOW), NOW)).isInstanceOf(Accepted.class);
  }

  @Test
  void keysChangeWhileTokensAreOut() {
    String before = tokens.mint("S1", null, null, 1, null, NOW);
    ResumeKey next = ResumeKey.random(random);
    keys.replace(next, key);
    String after = tokens.mint("S1", null, null, 1, null, NOW);
    assertThat(after).startsWith("v1." + next.id() + ".");
    assertThat(at(before, NOW)).isInstanceOf(Accepted.class);
    keys.replace(next);
    assertThat(at(before, NOW)).isEqualTo(new Refused(Kind.INVALID));
    assertThat(at(after, NOW)).isInstanceOf(Accepted.class);
  }

  @Test
  void noChangeOfATokenIsAccepted() {
    String token = tokens.mint("S1", "c1", "ann", 1, null, NOW);
    for (int at = 0; at < token.length(); at++) {
      char was = token.charAt(at);
      for (char c : "AQgwBhx.-_=+/?09 é\uD800".toCharArray()) {
        if (c != was) {
          requireInvalid(token.substring(0, at) + c + token.substring(at + 1));
        }
        requireInvalid(token.substring(0, at) + c + token.substring(at));
      }
      requireInvalid(token.substring(0, at));
      requireInvalid(token.substring(at + 1));
      requireInvalid(token.substring(0, at) + token.substring(at + 1));
    }
    for (String tail : List.of(".", "=", "A", ".A", "\n", " ")) {
      requireInvalid(token + tail);
      requireInvalid(tail + token);
    }
    assertThat(nonces.size()).as("uses").isZero();
    assertThat(verdict(tokens.accept(token, "ann", "c1", NOW))).isInstanceOf(Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "...",
        "v1",
        "v1.",
        "v1..",
        "v1...",
        "v2.k.e30.x",
        "v1.KID.e30",
        "v1.KID..",
        "v1.KID.e30.",
        "V1.KID.e30.x",
        "v1.none.e30.x",
        "v1.KID.e30.x.y",
        "R1",
        "\u0000"
      })
  void whatIsNoTokenIsInvalid(String text) {
    requireInvalid(text.replace("KID", key.id()));
  }

  @Test
  void aTokenOfAnotherKeyWithTheSameIdIsInvalid() {
    ResumeKeys foreign = ResumeKeys.of(ResumeKey.of(key.id(), new byte[32]));
    requireInvalid(tokens(foreign, nonces).mint("S1", null, null, 1, null, NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "7",
        "not JSON",
        "{\"sess\":7}",
        "{\"sess\":\"S1\",\"gen\":1}",
        "{\"sess\":\"S\",\"gen\":1,\"iat\":1,\"exp\":1e99,\"nonce\":\"n\"}",
        "{\"sess\":\"S\",\"gen\":1,\"iat\":1,\"exp\":9223372036854775807,\"nonce\":\"n\"}"
      })
  void whatWeSignedForSomethingElseIsInvalid(String claims) {
    requireInvalid(signed(claims));
  }

  @Test
  void aLongTokenIsNotLookedAt() {
    String longest = "x".repeat(1200);
    String token = tokens.mint("S1", null, longest, 1, null, NOW);
    assertThat(token).hasSizeLessThan(ResumeTokens.MOST_LENGTH);
    assertThat(verdict(tokens.accept(token, null, null, NOW))).isInstanceOf(Accepted.class);
    requireInvalid(tokens.mint("S1", null, longest + longest, 1, null, NOW));
  }

  @Test
  void aStoreThatCannotSayIsNoReasonToAcceptAndNoFailure() {
    nonces.close();
    String token = tokens.mint("S1", null, null, 1, null, NOW);
    assertThat(at(token, NOW)).isEqualTo(new Refused(Kind.UNAVAILABLE));
    ResumeTokens broken = tokens(keys, new BrokenStore());
    assertThat(kind(broken.accept(token, null, null, NOW))).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void aTokenIsGoodThoughThatOfTheFormerSessionCannotBeEnded() {
    Claims used = accepted(tokens, tokens.mint("S1", null, null, 4, null, NOW), null, null);
    String first = tokens.mint("S2", null, null, 1, used, NOW);
    try (MemoryNonceStore full = new MemoryNonceStore(1)) { // room for the new line only
      accepted(tokens(keys, full), first, null, null);
    }
  }

  @Test
  void switchedOffNothingIsAcceptedAndWhatIsGivenIsWorthNothing() {
    ResumeTokens off =
        new ResumeTokens(new ResumeSettings(false, HOUR, HOUR, keys, nonces), random);
    assertThat(off.mint("S1", null, null, 1, null, NOW)).matches("[A-Za-z0-9_-]{22}");
    String good = tokens.mint("S1", null, null, 1, null, NOW);
    assertThat(kind(off.accept(good, null, null, NOW))).isEqualTo(Kind.INVALID);
  }

  @Test
  void withoutKeysOfItsOwnAServerHasSomeThatNobodyElseHas() {
    try (ResumeTokens one = new ResumeTokens(ResumeSettings.DEFAULT, random);
        ResumeTokens two = new ResumeTokens(ResumeSettings.DEFAULT, random)) {
      String token = one.mint("S1", null, null, 1, null, NOW);
      assertThat(kind(two.accept(token, null, null, NOW))).isEqualTo(Kind.INVALID);
      accepted(one, token, null, null);
    }
  }

  private static final class BrokenStore implements NonceStore {
    @Override
    public CompletionStage<Boolean> spend(String nonce, Instant now, Instant until) {
      throw new IllegalStateException("broken");
    }

    @Override
    public CompletionStage<Boolean> advance(String line, long number, Instant now, Instant until) {
      throw new IllegalStateException("broken");
    }

    @Override
    public void close() {}
  }

  private String signed(String claims) {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String text =
        "v1." + key.id() + "." + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    return text + "." + base64.encodeToString(key.mac(text.getBytes(StandardCharsets.UTF_8)));
  }

  private void requireInvalid(String token) {
    assertThat(at(token, NOW)).as(token).isEqualTo(new Refused(Kind.INVALID));
  }

  private Verdict at(String token, Instant now) {
    return verdict(tokens.accept(token, null, null, now));
  }

  private static Claims accepted(
      ResumeTokens by, String token, @Nullable String user, @Nullable String client) {
    return ((Accepted) verdict(by.accept(token, user, client, NOW))).claims();
  }

  private static Kind kind(CompletionStage<Verdict> stage) {
    return ((Refused) verdict(stage)).kind();
  }

  private static Verdict verdict(CompletionStage<Verdict> stage) {
    return stage.toCompletableFuture().join();
  }
}
