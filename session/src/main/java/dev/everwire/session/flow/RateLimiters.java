package dev.everwire.session.flow;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Named {@link TokenBucket}s, for services that ban fast callers. A name that was not added is an
 * error, never a limit of its own. Safe from any thread.
 */
public final class RateLimiters {

  /** Lets time pass. */
  @FunctionalInterface
  interface Pause {
    void pause(Duration time) throws InterruptedException;
  }

  private static final int MOST = 10_000;

  private final LongSupplier clock;
  private final Pause pause;
  private final Map<String, TokenBucket> buckets = new ConcurrentHashMap<>();

  /**
   * @param clock nanoseconds that only grow, {@code System::nanoTime} outside of tests
   */
  public RateLimiters(LongSupplier clock) {
    this(clock, RateLimiters::await);
  }

  RateLimiters(LongSupplier clock, Pause pause) {
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Adds a limiter, full. There may be 10 000.
   *
   * @param capacity how many may go at once, at least 1
   * @param refillPerSecond how many may go each second over time
   * @throws IllegalArgumentException if the name is taken
   */
  public RateLimiters add(String name, int capacity, double refillPerSecond) {
    TokenBucket bucket = new TokenBucket(capacity, refillPerSecond, clock.getAsLong());
    if (buckets.size() >= MOST) {
      throw new IllegalArgumentException("limiter: " + name + " (expected: at most " + MOST + ")");
    }
    if (buckets.putIfAbsent(name, bucket) != null) {
      throw new IllegalArgumentException("limiter: " + name + " (expected: a new name)");
    }
    return this;
  }

  /** Whether a limiter of this name was added. */
  public boolean has(String name) {
    return buckets.containsKey(name);
  }

  /**
   * Takes a token if there is one.
   *
   * @throws IllegalArgumentException if there is no limiter of this name
   */
  public boolean tryAcquire(String name) {
    return named(name).tryAcquire(clock.getAsLong());
  }

  /**
   * Takes a token, waiting for it; whoever asked first goes first. Blocks, so never on an event
   * loop.
   *
   * @throws FaultException −32005 at once if it would take longer, saying when to come back
   * @throws InterruptedException while it waited; the token is given back
   * @throws IllegalArgumentException if there is no limiter of this name
   */
  public void acquire(String name, Duration within) throws InterruptedException {
    TokenBucket bucket = named(name);
    Optional<Duration> wait = bucket.reserve(1, within, clock.getAsLong());
    if (wait.isEmpty()) {
      throw new FaultException(refusal(name));
    }
    if (!wait.get().isZero()) {
      try {
        pause.pause(wait.get());
      } catch (InterruptedException e) {
        bucket.giveBack(1);
        throw e;
      }
    }
  }

  /**
   * As {@link #acquire} for those that must not block: they go on after the time that is answered.
   *
   * @return empty if it would be longer; nothing was taken then
   * @throws IllegalArgumentException if there is no limiter of this name
   */
  public Optional<Duration> reserve(String name, Duration atMost) {
    return named(name).reserve(1, atMost, clock.getAsLong());
  }

  /**
   * Takes a {@link #reserve reservation} back that is not used.
   *
   * @throws IllegalArgumentException if there is no limiter of this name
   */
  public void giveBack(String name) {
    named(name).giveBack(1);
  }

  /**
   * How long until there is a token, if nobody takes any; zero if there is one.
   *
   * @throws IllegalArgumentException if there is no limiter of this name
   */
  public Duration timeUntilAvailable(String name) {
    return named(name).timeUntilAvailable(1, clock.getAsLong());
  }

  /**
   * Full again.
   *
   * @throws IllegalArgumentException if there is no limiter of this name
   */
  public void reset(String name) {
    named(name).reset(clock.getAsLong());
  }

  /**
   * What a call is refused with that would have to wait too long.
   *
   * @throws IllegalArgumentException if there is no limiter of this name
   */
  public Fault refusal(String name) {
    long millis = Math.ceilDiv(timeUntilAvailable(name).toNanos(), 1_000_000L);
    return Fault.of(FaultCode.RATE_LIMITED, "limiter " + name + ": no token in time")
        .retryAfterMillis(millis);
  }

  private TokenBucket named(String name) {
    TokenBucket bucket = buckets.get(name);
    if (bucket == null) {
      throw new IllegalArgumentException(
          "limiter: " + name + " (expected: one of " + new TreeSet<>(buckets.keySet()) + ")");
    }
    return bucket;
  }

  private static void await(Duration time) throws InterruptedException {
    var unused = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
