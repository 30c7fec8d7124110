package dev.everwire.auth;

import dev.everwire.protocol.json.RawJson;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The keys that an endpoint publishes. Safe from any thread; has no timer: everything happens
 * because somebody asks, and one fetch is under way at most.
 *
 * <pre>
 *   age of the keys   0 ──────── 80 % ───────── cached for ──────────── tolerance ────►
 *   who asks gets     them       them, and      new ones, for which     nothing but
 *                                a fetch        it waits; or, once a    "later"
 *                                begins         fetch failed, them
 * </pre>
 *
 * <p>A token that names an unknown key makes one fetch and waits for it; how often this may be is
 * bounded, so forged names cost nothing. In between the answer is "later" and not "wrong", because
 * a key may be new; unless the last fetch was made for that very name.
 */
final class JwksSource implements KeySource, AutoCloseable {
  static final int MOST_WAITING = 256;
  private static final int MOST_ROUNDS = 2; // fetches that one token waits for
  private static final Logger LOG = System.getLogger(JwksSource.class.getName());
  private static final Duration LEAST_AGE = Duration.ofMinutes(1);
  private static final Duration MOST_AGE = Duration.ofHours(1);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofMinutes(5);
  private static final Duration CROWDED = Duration.ofSeconds(1);

  private final JwksEndpoint endpoint;
  private final Set<SigningAlgorithm> algorithms;
  private final JwksFetcher fetcher;
  private final InstantSource time;

  private final AtomicInteger holders = new AtomicInteger(1);
  private final ReentrantLock lock = new ReentrantLock();
  // all guarded by lock
  private @Nullable Kept kept;
  private @Nullable Flight flight;
  private int waiting;
  private int failures; // in a row
  private Instant nextAttempt = Instant.MIN; // not before, after a failure
  private Instant nextForUnknown = Instant.MIN;
  private final Set<String> missing = new HashSet<>(); // names the last fetches were made for

  /** Keys and until when they are what. */
  private record Kept(KeySet keys, Instant ahead, Instant fresh, Instant usable) {}

  /** A fetch under way. */
  private static final class Flight {
    private final @Nullable String unknown; // the name of the key that it is for, if it is for one
    private final CompletableFuture<Void> done = new CompletableFuture<>(); // its outcome is kept

    Flight(@Nullable String unknown) {
      this.unknown = unknown;
    }
  }

  /** What to do, found under the lock and done outside. */
  private sealed interface Step {
    record Answer(Found found) implements Step {}

    record Wait(Flight on) implements Step {}
  }

  JwksSource(
      JwksEndpoint endpoint,
      Set<SigningAlgorithm> algorithms,
      JwksFetcher fetcher,
      InstantSource time) {
    this.endpoint = endpoint;
    this.algorithms = algorithms;
    this.fetcher = fetcher;
    this.time = time;
  }

  /** Fetches before anybody asks. */
  void prefetch() {
    Flight started = null;
    lock.lock();
    try {
      if (kept == null && flight == null) {
        started = takeOff(null);
      }
    } finally {
      lock.unlock();
    }
    carryOut(started);
  }

  @Override
  public CompletionStage<Found> find(@Nullable String id, SigningAlgorithm algorithm) {
    return find(id, algorithm, 0);
  }

  private CompletionStage<Found> find(@Nullable String id, SigningAlgorithm algorithm, int round) {
    Flight before;
    Flight after;
    Step step;
    lock.lock();
    try {
      before = flight;
      step = decide(id, algorithm, time.instant(), round);
      after = flight;
    } finally {
      lock.unlock();
    }
    if (after != before) {
      carryOut(after);
    }
    return switch (step) {
      case Step.Answer(Found found) -> CompletableFuture.completedStage(found);
      case Step.Wait(Flight on) ->
          on.done.thenCompose(nothing -> {
            leave();
            return find(id, algorithm, round + 1);
          });
    };
  }

  private Step decide(@Nullable String id, SigningAlgorithm algorithm, Instant now, int round) {
    Kept keys = kept;
    if (keys == null || !now.isBefore(keys.usable())) {
      boolean comes = round < MOST_ROUNDS && (flight != null || attempt(null, now));
      return comes ? join() : later(nextAttempt, now);
    }
    if (!now.isBefore(keys.ahead()) && flight == null) {
      boolean started = attempt(null, now);
      // Who brings the first token after a quiet time must not be judged by keys that may have
      // been withdrawn; but while the endpoint is down nobody waits for it.
      if (started && failures == 0 && round == 0 && !now.isBefore(keys.fresh())) {
        return join();
      }
    }
    List<VerifyingKey> fitting = keys.keys().fitting(id, algorithm);
    if (!fitting.isEmpty()) {
      return new Step.Answer(new Found.Keys(fitting));
    }
    if (id == null || keys.keys().has(id)) {
      return new Step.Answer(new Found.Nothing());
    }
    return unknown(id, now, round);
  }

  private Step unknown(String id, Instant now, int round) {
    if (missing.contains(id) && now.isBefore(nextForUnknown)) {
      return new Step.Answer(new Found.Nothing());
    }
    if (round >= MOST_ROUNDS) {
      return later(nextForUnknown, now);
    }
    if (flight != null) {
      return join(); // it may have begun too early for this key; then there is a second round
    }
    if (now.isBefore(nextForUnknown)) {
      return later(nextForUnknown, now);
    }
    if (!attempt(id, now)) {
      return later(nextAttempt, now);
    }
    nextForUnknown = now.plus(endpoint.unknownKeyRefreshEvery());
    return join();
  }

  private Step join() {
    if (flight == null || waiting >= MOST_WAITING) {
      return new Step.Answer(new Found.Later(CROWDED));
    }
    waiting++;
    return new Step.Wait(flight);
  }

  private void leave() {
    lock.lock();
    try {
      waiting--;
    } finally {
      lock.unlock();
    }
  }

  /** Begins a fetch unless it is too early after a failure. */
  private boolean attempt(@Nullable String unknown, Instant now) {
    if (now.isBefore(nextAttempt)) {
      return false;
    }
    var unused = takeOff(unknown);
    return true;
  }

  private Flight takeOff(@Nullable String unknown) {
    Flight started = new Flight(unknown);
    flight = started;
    return started;
  }

  private static Step later(Instant then, Instant now) {
    Duration left = Duration.between(now, then);
    return new Step.Answer(new Found.Later(left.compareTo(FIRST_RETRY) < 0 ? FIRST_RETRY : left));
  }

  /** Fetches, outside the lock. */
  private void carryOut(@Nullable Flight started) {
    if (started == null) {
      return;
    }
    CompletableFuture<JwksFetcher.Answer> answer;
    try {
      answer = fetcher.fetch();
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    var unused =
        answer.whenComplete((fetched, failure) -> {
          try {
            if (failure != null) {
              failed(failure);
            } else {
              arrived(started, KeyReader.jwks(RawJson.parse(fetched.body()), algorithms), fetched);
            }
          } catch (
              Throwable e) { // no JSON, no keys; whatever it is, the next fetch must be possible
            failed(e);
          }
          started.done.complete(null);
        });
  }

  private void arrived(Flight landed, KeySet keys, JwksFetcher.Answer answer) {
    boolean recovered;
    lock.lock();
    try {
      Instant now = time.instant();
      Duration age = answer.maxAge() == null ? endpoint.cacheFor() : within(answer.maxAge());
      Instant fresh = now.plus(age);
      Instant tolerated = now.plus(endpoint.tolerance());
      kept =
          new Kept(
              keys,
              now.plus(age.multipliedBy(4).dividedBy(5)),
              fresh,
              tolerated.isBefore(fresh) ? fresh : tolerated);
      recovered = failures > 0;
      failures = 0;
      nextAttempt = Instant.MIN;
      missing.clear();
      if (landed.unknown != null && !keys.has(landed.unknown)) {
        missing.add(landed.unknown);
      }
      flight = null;
    } finally {
      lock.unlock();
    }
    if (recovered) {
      LOG.log(Level.INFO, "keys fetched again url=" + endpoint + " keys=" + keys.keys().size());
    }
  }

  private void failed(Throwable failure) {
    Duration retry;
    lock.lock();
    try {
      retry = FIRST_RETRY.multipliedBy(1L << Math.min(failures, 10));
      retry = retry.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : retry;
      failures++;
      nextAttempt = time.instant().plus(retry);
      flight = null;
    } finally {
      lock.unlock();
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    LOG.log(
        Level.WARNING,
        "keys not fetched url=" + endpoint + " retryIn=" + retry + " cause=" + cause);
  }

  private static Duration within(Duration age) {
    return age.compareTo(LEAST_AGE) < 0 ? LEAST_AGE : age.compareTo(MOST_AGE) > 0 ? MOST_AGE : age;
  }

  /** One more holds it; it ends when the last has closed it. */
  JwksSource shared() {
    holders.incrementAndGet();
    return this;
  }

  /** Whether it gives what another source of these would. */
  boolean serves(JwksEndpoint other, Set<SigningAlgorithm> theirs) {
    return algorithms.equals(theirs)
        && endpoint.url().equals(other.url())
        && endpoint.timeout().equals(other.timeout())
        && endpoint.cacheFor().equals(other.cacheFor())
        && endpoint.unknownKeyRefreshEvery().equals(other.unknownKeyRefreshEvery())
        && endpoint.tolerance().equals(other.tolerance());
  }

  @Override
  public void close() {
    if (holders.decrementAndGet() == 0) {
      fetcher.close();
    }
  }
}
