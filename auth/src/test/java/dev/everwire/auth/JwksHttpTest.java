package dev.everwire.auth;

import static dev.everwire.auth.Tokens.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.spi.auth.Authenticator.Verdict;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys over a real HTTP server, which rotates them, hangs, lies. */
@Timeout(60)
final class JwksHttpTest {
  private static final KeyPairs KEY = KeyPairs.named("k");

  private final ManualClock clock = new ManualClock();

  @Test
  void keysRotateUnderLoadAndNoValidTokenIsRefused() throws Exception {
    KeyPairs first = KeyPairs.named("key-0");
    ExecutorService verifying = Executors.newFixedThreadPool(2);
    try (KeyServer issuer = new KeyServer(KeyServer.body(KeyPairs.bytes(first)));
        JwtAuthenticator server = open(issuer.url(), verifying)) {
      AtomicReference<String> token = new AtomicReference<>(first.token());
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger accepted = new AtomicInteger();
      ConcurrentLinkedQueue<String> others = new ConcurrentLinkedQueue<>();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        clients.add(
            Thread.ofPlatform()
                .start(() -> {
                  while (!over.get()) {
                    Verdict verdict = ask(server, token.get());
                    if (verdict instanceof Verdict.Accepted) {
                      accepted.incrementAndGet();
                    } else {
                      others.add(verdict.toString());
                    }
                  }
                }));
      }
      KeyPairs former = first;
      for (int i = 1; i <= 20; i++) {
        KeyPairs next = KeyPairs.named("key-" + i);
        // As issuers do: the new key is published beside the former, then used.
        issuer.answer(KeyServer.body(KeyPairs.bytes(former, next)));
        clock.advance(Duration.ofSeconds(31));
        token.set(next.token());
        int before = accepted.get();
        while (accepted.get() < before + 50 && others.isEmpty()) {
          Thread.onSpinWait();
        }
        former = next;
      }
      over.set(true);
      for (Thread client : clients) {
        client.join();
      }
      assertThat(others).isEmpty();
      assertThat(issuer.requests())
          .isBetween(20, 22); // the first, one for each rotation, one ahead
    } finally {
      verifying.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"huge", "endless", "status", "redirect", "html", "empty", "hang", "drip", "cut"})
  void anEndpointThatMisbehavesIsAnOutageAndNoMore(String how) throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    byte[] good = KeyPairs.bytes(KEY);
    try (KeyServer target = new KeyServer(KeyServer.body(good));
        KeyServer issuer = new KeyServer(KeyServer.body(good));
        JwtAuthenticator server = open(issuer.url(), Runnable::run)) {
      Tokens.accepted(ask(server, KEY.token()));
      issuer.answer(misbehaviour(how, target, end));
      clock.advance(Duration.ofMinutes(10));
      Tokens.accepted(ask(server, KEY.token())); // the keys there are go on to work
      try (JwtAuthenticator fresh = open(issuer.url(), Runnable::run, Duration.ofMillis(300))) {
        assertThat(ask(fresh, KEY.token())).isInstanceOf(Verdict.Unavailable.class);
      }
      assertThat(target.requests()).isZero();
      issuer.answer(KeyServer.body(good));
      clock.advance(Duration.ofMinutes(5));
      int before = issuer.requests();
      Tokens.accepted(ask(server, KEY.token()));
      clock.advance(Duration.ofHours(24));
      Tokens.accepted(ask(server, KEY.token())); // waits, because nothing else is left
      assertThat(issuer.requests()).isGreaterThan(before);
    } finally {
      end.countDown();
    }
  }

  @Test
  void anEndpointThatIsNotThereIsAnOutage() throws IOException {
    URI nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/keys");
    }
    try (JwtAuthenticator server = open(nobody, Runnable::run)) {
      assertThat(ask(server, KEY.token())).isInstanceOf(Verdict.Unavailable.class);
    }
  }

  @Test
  void keysAreFetchedBeforeAnybodyAsks() {
    try (KeyServer issuer = new KeyServer(KeyServer.body(KeyPairs.bytes(KEY)));
        JwtAuthenticator server = open(issuer.url(), Runnable::run)) {
      while (issuer.requests() == 0) {
        Thread.onSpinWait();
      }
      Tokens.accepted(ask(server, KEY.token()));
      assertThat(issuer.requests()).isEqualTo(1);
    }
  }

  @Test
  void whereTheThreadsHaveNoRoomTheAnswerIsForLater() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1));
    JwtAuthenticator server =
        JwtAuthenticator.open(
            Tokens.settings(
                    Tokens.secret(),
                    JwtKeys.pem(Tokens.publicKey(Tokens.P256), Set.of(SigningAlgorithm.ES256)))
                .build(),
            one,
            Tokens.FIXED);
    try {
      one.execute(() -> await(hold));
      String token = Tokens.issuer(SigningAlgorithm.ES256).issue(Tokens.claims().build());
      var queued = server.authenticate(Tokens.bearer(token)).toCompletableFuture();
      assertThat(ask(server, token)).isEqualTo(new Verdict.Unavailable(Duration.ofSeconds(1)));
      // a secret's needs no thread
      Tokens.accepted(
          ask(server, Tokens.issuer(SigningAlgorithm.HS256).issue(Tokens.claims().build())));
      hold.countDown();
      Tokens.accepted(queued.get(10, TimeUnit.SECONDS));
    } finally {
      hold.countDown();
      one.shutdownNow();
    }
  }

  @Test
  void closingEndsItsThreadsAndAnswersWhoWaits() {
    CountDownLatch end = new CountDownLatch(1);
    try (KeyServer issuer = new KeyServer(exchange -> await(end))) {
      JwtAuthenticator server =
          JwtAuthenticator.open(
              Tokens.settings(keys(JwksEndpoint.at(issuer.url()).timeout(Duration.ofSeconds(30))))
                  .build());
      var waiting = server.authenticate(Tokens.bearer(KEY.token())).toCompletableFuture();
      assertThat(waiting).isNotDone();
      server.close();
      assertThat(waiting.orTimeout(10, TimeUnit.SECONDS).join())
          .isInstanceOf(Verdict.Unavailable.class);
    } finally {
      end.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://keys.test/",
        "http://127.0.0.1.keys.test/",
        "http://192.0.2.1/",
        "http://[::2]/",
        "ftp://localhost/",
        "https:///keys",
        "file:/etc/passwd",
        "keys",
        "https://user:password@keys.test/",
        "https://keys.test/#1"
      })
  void anAddressThatSomebodyElseCouldAnswerForIsRefused(String url) {
    assertThatThrownBy(() -> JwksEndpoint.at(URI.create(url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("url: ")
        .hasMessageNotContaining("password");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://localhost:1/", "http://127.0.0.1/k", "http://[::1]:1/", "HTTPS://a.b/c?d"})
  void anAddressOnThisMachineMayBePlain(String url) {
    assertThat(JwksEndpoint.at(URI.create(url)).url()).hasToString(url);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          max-age=60                       | PT1M
          public, Max-Age=60               | PT1M
          max-age="60"                     | PT1M
          max-age=60, no-store             | PT0S
          no-cache                         | PT0S
          max-age=99999999999999999999999  | PT8760H
          max-age=-1                       |
          max-age=                         |
          max-age=x                        |
          s-maxage=60                      |
          private                          |
          """)
  void whatCacheControlSaysIsHeard(String header, Duration age) {
    HttpHeaders headers = HttpHeaders.of(Map.of("Cache-Control", List.of(header)), (a, b) -> true);
    assertThat(HttpJwksFetcher.maxAge(headers)).isEqualTo(age);
  }

  private static KeyServer.Answer misbehaviour(String how, KeyServer target, CountDownLatch end) {
    byte[] good = KeyPairs.bytes(KEY);
    byte[] padding = " ".repeat(HttpJwksFetcher.MOST_BYTES).getBytes(StandardCharsets.US_ASCII);
    return switch (how) {
      case "huge" ->
          exchange -> {
            exchange.sendResponseHeaders(200, good.length + padding.length);
            exchange.getResponseBody().write(good);
            exchange.getResponseBody().write(padding);
          };
      case "endless" ->
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (end.getCount() > 0) {
              exchange.getResponseBody().write(padding); // fails when the other end has enough
            }
          };
      case "status" ->
          exchange -> {
            exchange.sendResponseHeaders(500, good.length);
            exchange.getResponseBody().write(good);
          };
      case "redirect" ->
          exchange -> {
            exchange.getResponseHeaders().set("location", target.url().toString());
            exchange.sendResponseHeaders(302, -1);
          };
      case "html" -> KeyServer.body("<html>welcome</html>".getBytes(StandardCharsets.US_ASCII));
      case "empty" -> exchange -> exchange.sendResponseHeaders(200, -1);
      case "hang" -> exchange -> await(end);
      case "drip" ->
          exchange -> {
            exchange.sendResponseHeaders(200, good.length);
            exchange.getResponseBody().write(good, 0, 10);
            exchange.getResponseBody().flush();
            await(end);
          };
      case "cut" ->
          exchange -> {
            exchange.sendResponseHeaders(200, good.length);
            exchange.getResponseBody().write(good, 0, 10);
            exchange.getResponseBody().flush();
            exchange.close();
          };
      default -> throw new AssertionError(how);
    };
  }

  private JwtAuthenticator open(URI url, Executor threads) {
    // long enough for a busy machine to answer, short enough to wait for one that hangs
    return open(url, threads, Duration.ofSeconds(3));
  }

  private JwtAuthenticator open(URI url, Executor threads, Duration timeout) {
    return JwtAuthenticator.open(
        Tokens.settings(keys(JwksEndpoint.at(url).timeout(timeout))).build(), threads, clock);
  }

  private static JwtKeys keys(JwksEndpoint at) {
    return JwtKeys.jwks(at, Set.of(SigningAlgorithm.ES256));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
