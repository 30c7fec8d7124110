package dev.everwire.auth;

import static dev.everwire.auth.Tokens.ask;
import static dev.everwire.auth.Tokens.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Authenticator.Verdict;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When keys are fetched, and what is answered meanwhile. Time and answers are given by hand. */
@Timeout(60)
final class JwksOutageTest {
  private static final KeyPairs OLD = KeyPairs.named("old");
  private static final KeyPairs NEW = KeyPairs.named("new");
  private static final KeyPairs NEVER = KeyPairs.named("never");

  private final ManualClock clock = new ManualClock();
  private final Endpoint endpoint = new Endpoint();
  private final JwtAuthenticator server = server(JwksEndpoint.at(URI.create("https://keys.test/")));

  @Test
  void beforeTheFirstKeysOneWaitsForThem() {
    CompletableFuture<Verdict> first = begin(OLD.token());
    CompletableFuture<Verdict> second = begin(OLD.token());
    CompletableFuture<Verdict> forged = begin(NEVER.token());
    assertThat(endpoint.fetches).isEqualTo(1);
    assertThat(first).isNotDone();
    endpoint.answer(KeyPairs.bytes(OLD));
    Tokens.accepted(first.join());
    Tokens.accepted(second.join());
    assertThat(forged).isNotDone(); // for it there is one more fetch
    assertThat(endpoint.fetches).isEqualTo(2);
    endpoint.answer(KeyPairs.bytes(OLD));
    assertRefused(forged.join(), Reason.INVALID);
    assertThat(endpoint.fetches).isEqualTo(2);
  }

  @Test
  void whereThereWereNeverKeysNobodyIsRefusedAndRetriesGrow() {
    List<Long> retries = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      CompletableFuture<Verdict> verdict = begin(OLD.token());
      assertThat(endpoint.fetches).isEqualTo(i + 1);
      endpoint.fail();
      long seconds = unavailable(verdict.join()).toSeconds();
      retries.add(seconds);
      unavailable(ask(server, OLD.token())); // too early: no fetch for it
      clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
      unavailable(ask(server, OLD.token()));
      clock.advance(Duration.ofMillis(1));
    }
    assertThat(retries)
        .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 300L, 300L, 300L);
    CompletableFuture<Verdict> verdict = begin(OLD.token());
    endpoint.answer(KeyPairs.bytes(OLD));
    Tokens.accepted(verdict.join());
  }

  @Test
  void otherSettingsGoOnWithTheKeysThereAreThroughAnOutage() {
    arrive();
    clock.advance(Duration.ofMinutes(30)); // the endpoint is down meanwhile
    JwtAuthenticator next =
        server.succeeded(
            Tokens.settings(
                    JwtKeys.jwks(
                        JwksEndpoint.at(URI.create("https://keys.test/")),
                        Set.of(SigningAlgorithm.ES256)))
                .clockSkew(Duration.ofSeconds(7))
                .build());
    server.close();
    int fetches = endpoint.fetches;

    CompletableFuture<Verdict> verdict = begin(next, OLD.token());
    if (endpoint.fetches > fetches) {
      endpoint.fail();
    }
    Tokens.accepted(verdict.join());
    next.close();
    assertThat(endpoint.closes).isOne();
  }

  @Test
  void anotherEndpointIsAskedForItsOwnKeys() {
    arrive();
    int fetches = endpoint.fetches;
    JwtAuthenticator next =
        server.succeeded(
            Tokens.settings(
                    JwtKeys.jwks(
                        JwksEndpoint.at(URI.create("https://others.test/")),
                        Set.of(SigningAlgorithm.ES256)))
                .build());
    assertThat(endpoint.fetches).isEqualTo(fetches + 1);
    next.close();
  }

  @Test
  void keysAreFetchedAheadOfTheirEndWithoutAnybodyWaiting() {
    arrive();
    clock.advance(Duration.ofMinutes(8).minusMillis(1));
    Tokens.accepted(ask(server, OLD.token()));
    assertThat(endpoint.fetches).isEqualTo(1);
    clock.advance(Duration.ofMillis(1));
    Tokens.accepted(ask(server, OLD.token())); // does not wait
    Tokens.accepted(ask(server, OLD.token()));
    assertThat(endpoint.fetches).isEqualTo(2);
    endpoint.answer(KeyPairs.bytes(OLD, NEW));
    Tokens.accepted(ask(server, NEW.token()));
    assertThat(endpoint.fetches).isEqualTo(2);
  }

  @Test
  void afterAQuietTimeAWithdrawnKeyIsNotTaken() {
    arrive();
    clock.advance(Duration.ofMinutes(10));
    CompletableFuture<Verdict> verdict = begin(OLD.token());
    assertThat(verdict).isNotDone();
    endpoint.answer(KeyPairs.bytes(NEW));
    unavailableOrRefused(verdict);
    Tokens.accepted(ask(server, NEW.token()));
  }

  @Test
  void whileTheEndpointIsDownForAnHourValidTokensPassAtOnce() {
    arrive();
    int fetches = endpoint.fetches;
    String token = OLD.token();
    for (int second = 0; second < 3_600; second++) {
      clock.advance(Duration.ofSeconds(1));
      CompletableFuture<Verdict> verdict = begin(token);
      assertThat(verdict).as("second %d", second).isDone();
      endpoint.failAll();
      Tokens.accepted(verdict.join());
    }
    // from minute 8 on: 1, 2, 4 … 256 s after each other, then every 300 s
    assertThat(endpoint.fetches - fetches).isBetween(15, 20);
    CompletableFuture<Verdict> forged = begin(NEVER.token());
    endpoint.failAll();
    unavailable(forged.join()); // it cannot be known
  }

  @Test
  void afterTheToleranceNothingPassesUntilKeysCome() {
    arrive();
    clock.advance(Duration.ofHours(24).minusSeconds(1));
    CompletableFuture<Verdict> last = begin(OLD.token());
    endpoint.fail();
    Tokens.accepted(last.join());
    clock.advance(Duration.ofSeconds(1));
    CompletableFuture<Verdict> late = begin(OLD.token());
    endpoint.failAll();
    unavailable(late.join());
    clock.advance(Duration.ofMinutes(5));
    CompletableFuture<Verdict> again = begin(OLD.token());
    endpoint.answer(KeyPairs.bytes(OLD));
    Tokens.accepted(again.join());
  }

  @Test
  void theToleranceAndTheCacheAreWhatIsSet() {
    JwtAuthenticator strict =
        server(
            JwksEndpoint.at(URI.create("https://keys.test/"))
                .cacheFor(Duration.ofMinutes(1))
                .tolerance(Duration.ZERO));
    CompletableFuture<Verdict> first = begin(strict, OLD.token());
    endpoint.answer(KeyPairs.bytes(OLD));
    Tokens.accepted(first.join());
    clock.advance(Duration.ofSeconds(59));
    CompletableFuture<Verdict> fresh = begin(strict, OLD.token());
    endpoint.fail();
    Tokens.accepted(fresh.join());
    clock.advance(Duration.ofSeconds(1));
    CompletableFuture<Verdict> stale = begin(strict, OLD.token());
    endpoint.failAll();
    unavailable(stale.join());
  }

  @Test
  void howLongKeysAreFreshMayBeSaidWithinBounds() {
    long[][] saidAndMeant = {{0, 60}, {30, 60}, {120, 120}, {3_600, 3_600}, {1_000_000, 3_600}};
    for (long[] pair : saidAndMeant) {
      Endpoint other = new Endpoint();
      JwtAuthenticator one = server(JwksEndpoint.at(URI.create("https://keys.test/")), other);
      CompletableFuture<Verdict> first = begin(one, OLD.token());
      other.answer(KeyPairs.bytes(OLD), Duration.ofSeconds(pair[0]));
      Tokens.accepted(first.join());
      clock.advance(Duration.ofSeconds(pair[1]).multipliedBy(4).dividedBy(5).minusMillis(1));
      Tokens.accepted(ask(one, OLD.token()));
      assertThat(other.fetches).isEqualTo(1);
      clock.advance(Duration.ofMillis(1));
      Tokens.accepted(ask(one, OLD.token()));
      assertThat(other.fetches).isEqualTo(2);
    }
  }

  @Test
  void aNewKeyIsFetchedForWhoNamesItFirst() {
    arrive();
    CompletableFuture<Verdict> first = begin(NEW.token());
    CompletableFuture<Verdict> second = begin(NEW.token());
    assertThat(endpoint.fetches).isEqualTo(2);
    Tokens.accepted(ask(server, OLD.token())); // nobody else waits
    endpoint.answer(KeyPairs.bytes(OLD, NEW));
    Tokens.accepted(first.join());
    Tokens.accepted(second.join());
  }

  @Test
  void forgedNamesCauseNoMoreThanTheAllowedFetches() {
    arrive();
    List<String> forged =
        IntStream.range(0, 50)
            .mapToObj(i -> new KeyPairs("forged-" + i, NEVER.pair()).token())
            .toList();
    int fetches = endpoint.fetches;
    for (int second = 0; second < 300; second++) {
      for (String one : forged) {
        CompletableFuture<Verdict> verdict = begin(one);
        endpoint.answerAll(KeyPairs.bytes(OLD));
        assertThat(verdict.join()).isNotInstanceOf(Verdict.Accepted.class);
      }
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(endpoint.fetches - fetches).isEqualTo(10); // 300 s, one in 30 s
    Tokens.accepted(ask(server, OLD.token()));
  }

  @Test
  void aNameThatWasLookedForInVainIsWrongAndOneThatWasNotIsForLater() {
    arrive();
    CompletableFuture<Verdict> sought = begin(NEVER.token());
    endpoint.answer(KeyPairs.bytes(OLD));
    assertRefused(sought.join(), Reason.INVALID);
    assertRefused(ask(server, NEVER.token()), Reason.INVALID);
    assertThat(unavailable(ask(server, NEW.token()))).isEqualTo(Duration.ofSeconds(30));
    clock.advance(Duration.ofSeconds(30));
    CompletableFuture<Verdict> later = begin(NEW.token());
    endpoint.answer(KeyPairs.bytes(OLD, NEW));
    Tokens.accepted(later.join());
  }

  @Test
  void whoNamesAKeyWhileAFetchIsUnderWayThatCameTooEarlyIsNotRefused() {
    arrive();
    clock.advance(Duration.ofMinutes(9));
    Tokens.accepted(ask(server, OLD.token())); // begins a fetch
    CompletableFuture<Verdict> rotated = begin(NEW.token());
    endpoint.answer(KeyPairs.bytes(OLD)); // read before the rotation
    assertThat(rotated).isNotDone();
    endpoint.answer(KeyPairs.bytes(OLD, NEW));
    Tokens.accepted(rotated.join());
  }

  @Test
  void waitersAreBounded() {
    List<CompletableFuture<Verdict>> asked =
        IntStream.range(0, JwksSource.MOST_WAITING + 10).mapToObj(i -> begin(OLD.token())).toList();
    assertThat(asked.stream().filter(CompletableFuture::isDone)).hasSize(10);
    asked.stream().filter(CompletableFuture::isDone).forEach(done -> unavailable(done.join()));
    endpoint.answer(KeyPairs.bytes(OLD));
    asked.subList(0, JwksSource.MOST_WAITING).forEach(one -> Tokens.accepted(one.join()));
    // all places are free again
    clock.advance(Duration.ofMinutes(10));
    List<CompletableFuture<Verdict>> again =
        IntStream.range(0, JwksSource.MOST_WAITING).mapToObj(i -> begin(NEW.token())).toList();
    assertThat(again).noneMatch(CompletableFuture::isDone);
    endpoint.answerAll(KeyPairs.bytes(OLD, NEW));
    again.forEach(one -> Tokens.accepted(one.join()));
  }

  @Test
  void anAnswerThatIsNoKeySetKeepsTheKeysThereAre() {
    arrive();
    String secret = "{\"kty\":\"oct\",\"k\":\"" + "A".repeat(64) + "\",\"kid\":\"old\"}";
    String[] garbage = {
      "",
      "<html>",
      "{}",
      "{\"keys\":7}",
      "{\"keys\":[]}",
      "{\"keys\":[{}]}",
      "{\"keys\":[" + secret + "]}",
      "{\"keys\":[" + OLD.jwk().replace("\"crv\":\"P-256\"", "\"crv\":\"P-384\"") + "]}",
      "{\"keys\":[" + (OLD.jwk() + ",").repeat(100) + OLD.jwk() + "]}",
      "{\"keys\":[" + OLD.jwk() + "],\"keys\":[]}",
    };
    for (String text : garbage) {
      clock.advance(Duration.ofMinutes(10));
      CompletableFuture<Verdict> verdict = begin(OLD.token());
      endpoint.answer(text.getBytes(StandardCharsets.UTF_8));
      Tokens.accepted(verdict.join());
    }
  }

  @Test
  void keysForOtherUsesAndBrokenOnesArePassedOver() {
    String encrypting = NEW.jwk().replace("\"kty\"", "\"use\":\"enc\",\"kty\"");
    String set =
        "{\"keys\":[{\"kty\":\"new\"},7,{\"kty\":\"RSA\"}," + encrypting + "," + OLD.jwk() + "]}";
    CompletableFuture<Verdict> good = begin(OLD.token());
    endpoint.answer(set.getBytes(StandardCharsets.UTF_8));
    Tokens.accepted(good.join());
    CompletableFuture<Verdict> wrong = begin(NEW.token());
    endpoint.answer(set.getBytes(StandardCharsets.UTF_8));
    assertRefused(wrong.join(), Reason.INVALID);
  }

  private void arrive() {
    CompletableFuture<Verdict> first = begin(OLD.token());
    endpoint.answer(KeyPairs.bytes(OLD));
    Tokens.accepted(first.join());
  }

  private void unavailableOrRefused(CompletableFuture<Verdict> verdict) {
    endpoint.answerAll(KeyPairs.bytes(NEW));
    assertThat(verdict.join()).isInstanceOfAny(Verdict.Refused.class, Verdict.Unavailable.class);
  }

  private CompletableFuture<Verdict> begin(String token) {
    return begin(server, token);
  }

  private static CompletableFuture<Verdict> begin(JwtAuthenticator server, String token) {
    return server.authenticate(Tokens.bearer(token)).toCompletableFuture();
  }

  private JwtAuthenticator server(JwksEndpoint at) {
    return server(at, endpoint);
  }

  private JwtAuthenticator server(JwksEndpoint at, Endpoint fetcher) {
    JwtSettings settings =
        Tokens.settings(JwtKeys.jwks(at, Set.of(SigningAlgorithm.ES256))).build();
    return new JwtAuthenticator(settings, Runnable::run, clock, asked -> fetcher);
  }

  private static Duration unavailable(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Unavailable.class);
    return ((Verdict.Unavailable) verdict).retryAfter();
  }

  /** Answers when told to; asked once at a time. */
  private static final class Endpoint implements JwksFetcher {
    private final Deque<CompletableFuture<Answer>> asked = new ArrayDeque<>();
    private int fetches;
    private int closes;

    @Override
    public void close() {
      closes++;
    }

    @Override
    public CompletableFuture<Answer> fetch() {
      assertThat(asked).as("one fetch at a time").isEmpty();
      fetches++;
      CompletableFuture<Answer> answer = new CompletableFuture<>();
      asked.add(answer);
      return answer;
    }

    void answer(byte[] body) {
      answer(body, null);
    }

    void answer(byte[] body, @Nullable Duration maxAge) {
      asked.remove().complete(new Answer(body, maxAge));
    }

    void answerAll(byte[] body) {
      while (!asked.isEmpty()) {
        answer(body);
      }
    }

    void fail() {
      asked.remove().completeExceptionally(new IOException("no route"));
    }

    void failAll() {
      while (!asked.isEmpty()) {
        fail();
      }
    }
  }
}
