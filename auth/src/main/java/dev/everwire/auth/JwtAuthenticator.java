package dev.everwire.auth;

import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.spi.auth.Authenticator;
import dev.everwire.spi.auth.Credentials;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Knows a peer by its signed token (RFC 7519, in the compact form of RFC 7515). Safe from any
 * thread; never blocks.
 *
 * <p>What does not look like a token (three parts of base64url) is {@link Verdict.Absent}, so that
 * API keys can be asked; what looks like one and does not hold is refused, with a text that says no
 * more than "expired", "not yet" and "no". Why exactly is logged at DEBUG, without the token.
 *
 * <p>A secret's signature is checked where the call is made, which takes about 5 µs. The others
 * take 50 µs to 1 ms and go to the threads given; where those have no room, and where keys cannot
 * be fetched now, the verdict is {@link Verdict.Unavailable}.
 *
 * <p>A token is good as often as it is brought; {@link dev.everwire.spi.auth.Revocations} take it
 * back before its time, by its {@code jti}.
 */
public final class JwtAuthenticator implements Authenticator, AutoCloseable {
  private static final Logger LOG = System.getLogger(JwtAuthenticator.class.getName());
  private static final Duration BUSY = Duration.ofSeconds(1);
  private static final int MOST_QUEUED = 1_000; // with one core a second of ES512
  private static final String WRONG = "the token is not accepted";

  private final JwtSettings settings;
  private final List<Source> sources;
  private final Executor threads;
  private final @Nullable Pool own; // to be ended
  private final InstantSource time;
  private final Fetchers fetchers;

  /** Keys with what they are for. */
  private record Source(JwtKeys keys, KeySource source) {
    boolean fits(SigningAlgorithm algorithm, @Nullable String issuer) {
      return keys.algorithms().contains(algorithm)
          && (keys.issuer() == null || keys.issuer().equals(issuer));
    }
  }

  /** Threads that end when the last that uses them is closed. */
  private record Pool(ExecutorService threads, AtomicInteger users) {
    Pool shared() {
      users.incrementAndGet();
      return this;
    }

    void close() {
      if (users.decrementAndGet() == 0) {
        threads.shutdown(); // what waits in it is answered
      }
    }
  }

  /** How the keys of an endpoint are fetched. */
  @FunctionalInterface
  interface Fetchers {
    JwksFetcher of(JwksEndpoint endpoint);
  }

  JwtAuthenticator(JwtSettings settings, Executor threads, InstantSource time, Fetchers fetchers) {
    this(settings, threads, null, time, fetchers, List.of());
  }

  /**
   * @param former of whom equal endpoints are taken over
   */
  private JwtAuthenticator(
      JwtSettings settings,
      Executor threads,
      @Nullable Pool own,
      InstantSource time,
      Fetchers fetchers,
      List<Source> former) {
    this.settings = settings;
    this.threads = threads;
    this.own = own;
    this.time = time;
    this.fetchers = fetchers;
    List<Source> all = new ArrayList<>();
    for (JwtKeys keys : settings.keys()) {
      JwksEndpoint endpoint = keys.endpoint();
      KeySet fixed = keys.fixed();
      if (endpoint != null) {
        all.add(new Source(keys, remote(endpoint, keys.algorithms(), former)));
      } else if (fixed != null) {
        all.add(new Source(keys, (id, algorithm) -> found(fixed.fitting(id, algorithm))));
      }
    }
    this.sources = List.copyOf(all);
  }

  private JwksSource remote(
      JwksEndpoint endpoint, Set<SigningAlgorithm> algorithms, List<Source> former) {
    for (Source source : former) {
      if (source.source() instanceof JwksSource known && known.serves(endpoint, algorithms)) {
        return known.shared();
      }
    }
    return new JwksSource(endpoint, algorithms, fetchers.of(endpoint), time);
  }

  /** One with the system's clock and few threads of its own, which end when they are idle. */
  public static JwtAuthenticator open(JwtSettings settings) {
    int most = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            most,
            most,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_QUEUED),
            Thread.ofPlatform().daemon().name("everwire-jwt-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    return begun(
        new JwtAuthenticator(
            settings,
            pool,
            new Pool(pool, new AtomicInteger(1)),
            InstantSource.system(),
            HttpJwksFetcher::new,
            List.of()));
  }

  /**
   * Begins to fetch keys at once.
   *
   * @param threads where public keys are used; should refuse (by {@link
   *     RejectedExecutionException}) what it cannot do soon; is not ended by {@link #close}
   */
  public static JwtAuthenticator open(JwtSettings settings, Executor threads, InstantSource time) {
    return begun(new JwtAuthenticator(settings, threads, time, HttpJwksFetcher::new));
  }

  /**
   * One with other settings, to follow this one: it goes on with the same threads and clock, and
   * with the keys of endpoints that have not changed, so that nothing is fetched again and an
   * outage is tolerated as before. Both have to be closed, in whatever order; what they share ends
   * with the last.
   */
  public JwtAuthenticator succeeded(JwtSettings next) {
    return begun(
        new JwtAuthenticator(
            next, threads, own == null ? null : own.shared(), time, fetchers, sources));
  }

  private static JwtAuthenticator begun(JwtAuthenticator opened) {
    for (Source source : opened.sources) {
      if (source.source() instanceof JwksSource remote) {
        remote.prefetch();
      }
    }
    return opened;
  }

  @Override
  public CompletionStage<Verdict> authenticate(Credentials credentials) {
    String text = credentials.token();
    if (text == null) {
      return now(new Verdict.Absent());
    }
    if (text.length() > settings.longestToken()) {
      return now(refused("longer than " + settings.longestToken()));
    }
    if (CompactToken.shape(text) == CompactToken.Shape.OTHER) {
      return now(new Verdict.Absent());
    }
    CompactToken token;
    List<Source> fitting;
    try {
      token = CompactToken.read(text);
      fitting = fitting(token);
    } catch (CompactToken.MalformedException | JsonException e) {
      return now(refused(String.valueOf(e.getMessage())));
    }
    SigningAlgorithm algorithm = token.algorithm();
    if (algorithm == null || fitting.isEmpty()) {
      return now(refused("alg or iss: not one that a key is for"));
    }
    if (algorithm.isSecret()) {
      return ask(fitting, 0, token, algorithm, null, Runnable::run);
    }
    return ask(fitting, 0, token, algorithm, null, threads);
  }

  /** Ends what was begun: threads of its own, fetches. Tokens are refused or unavailable then. */
  @Override
  public void close() {
    for (Source source : sources) {
      if (source.source() instanceof JwksSource remote) {
        remote.close();
      }
    }
    if (own != null) {
      own.close();
    }
  }

  private List<Source> fitting(CompactToken token) {
    SigningAlgorithm algorithm = token.algorithm();
    if (algorithm == null) {
      return List.of();
    }
    RawJson issuer = token.claims().members().get("iss");
    String name = issuer != null && issuer.kind() == RawJson.Kind.STRING ? issuer.asString() : null;
    return sources.stream().filter(source -> source.fits(algorithm, name)).toList();
  }

  /** Source by source, until a key of one verifies. */
  private CompletionStage<Verdict> ask(
      List<Source> fitting,
      int next,
      CompactToken token,
      SigningAlgorithm algorithm,
      KeySource.Found.@Nullable Later unsure,
      Executor where) {
    if (next == fitting.size()) {
      return now(
          unsure != null
              ? new Verdict.Unavailable(unsure.retryAfter())
              : refused("signed by no key of ours"));
    }
    return fitting
        .get(next)
        .source()
        .find(token.keyId(), algorithm)
        .thenCompose(found ->
            switch (found) {
              case KeySource.Found.Nothing nothing ->
                  ask(fitting, next + 1, token, algorithm, unsure, where);
              case KeySource.Found.Later later ->
                  ask(fitting, next + 1, token, algorithm, later, where);
              case KeySource.Found.Keys(List<VerifyingKey> keys) ->
                  verified(keys, token, where)
                      .thenCompose(verified ->
                          verified == Signature.HOLDS
                              ? now(judged(token))
                              : verified == Signature.NO_ROOM
                                  ? now(new Verdict.Unavailable(BUSY))
                                  : ask(fitting, next + 1, token, algorithm, unsure, where));
            });
  }

  private enum Signature {
    HOLDS,
    DOES_NOT,
    NO_ROOM
  }

  private static CompletionStage<Signature> verified(
      List<VerifyingKey> keys, CompactToken token, Executor where) {
    CompletableFuture<Signature> result = new CompletableFuture<>();
    try {
      where.execute(() -> {
        try {
          boolean holds = keys.stream().anyMatch(key -> key.verifies(token));
          result.complete(holds ? Signature.HOLDS : Signature.DOES_NOT);
        } catch (Throwable e) { // who asked must not wait for ever, whatever it is
          result.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException e) {
      result.complete(Signature.NO_ROOM);
    }
    return result;
  }

  private Verdict judged(CompactToken token) {
    String type = token.type();
    String required = settings.type();
    boolean rightType =
        required != null
            ? required.equalsIgnoreCase(type)
            : type == null || type.equalsIgnoreCase("JWT") || type.equalsIgnoreCase("at+jwt");
    if (!rightType) {
      return refused("typ: another one");
    }
    return switch (TokenRules.check(token.claims(), settings, time.instant())) {
      case TokenRules.Result.Good(var principal) -> new Verdict.Accepted(principal);
      case TokenRules.Result.Bad(Reason reason, String why) -> {
        LOG.log(Level.DEBUG, "token refused why=" + why);
        yield new Verdict.Refused(
            reason, reason == Reason.EXPIRED ? "the token has expired" : WRONG);
      }
    };
  }

  private static Verdict refused(String why) {
    LOG.log(Level.DEBUG, "token refused why=" + why);
    return new Verdict.Refused(Reason.INVALID, WRONG);
  }

  private static CompletionStage<Verdict> now(Verdict verdict) {
    return CompletableFuture.completedStage(verdict);
  }

  private static CompletionStage<KeySource.Found> found(List<VerifyingKey> keys) {
    return CompletableFuture.completedStage(
        keys.isEmpty() ? new KeySource.Found.Nothing() : new KeySource.Found.Keys(keys));
  }
}
