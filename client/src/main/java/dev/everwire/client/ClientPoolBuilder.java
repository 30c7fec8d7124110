package dev.everwire.client;

import dev.everwire.client.link.ConnectFailedException;
import dev.everwire.client.link.PoolStrategy;
import java.time.Duration;
import java.util.function.IntFunction;

/** Puts a pool together. One thread at a time. */
public final class ClientPoolBuilder {
  private static final int MOST = 1_000;
  private static final Duration LONGEST = Duration.ofDays(1);

  private final IntFunction<ClientBuilder> member;
  private int size = 4;
  private PoolStrategy strategy = PoolStrategy.ROUND_ROBIN;
  private Duration moveAfter = Duration.ofSeconds(5);
  private Duration connectWithin = Duration.ofSeconds(30);

  ClientPoolBuilder(IntFunction<ClientBuilder> member) {
    this.member = member;
  }

  /** How many connections, 4 unless said; 1–1000. */
  public ClientPoolBuilder size(int connections) {
    if (connections < 1 || connections > MOST) {
      throw new IllegalArgumentException("size: " + connections + " (expected: 1-" + MOST + ")");
    }
    this.size = connections;
    return this;
  }

  /** Which member is used for what, one after the other unless said. */
  public ClientPoolBuilder strategy(PoolStrategy strategy) {
    this.strategy = strategy;
    return this;
  }

  /**
   * How long a member may be without a connection before its topics go to another, 5 s unless said.
   * One that ends for good loses them at once.
   */
  public ClientPoolBuilder moveAfter(Duration time) {
    this.moveAfter = checked("moveAfter", time);
    return this;
  }

  /** How long {@link #connect} waits, 30 s unless said. */
  public ClientPoolBuilder connectWithin(Duration within) {
    this.connectWithin = checked("connectWithin", within);
    return this;
  }

  /**
   * Starts all members and waits until one is ready; the others follow.
   *
   * @throws ConnectFailedException none was in time, or all were refused for good
   */
  public ClientPool connect() {
    ClientPool pool = start();
    pool.awaitReady(connectWithin);
    return pool;
  }

  /** Starts all members and returns at once. */
  public ClientPool start() {
    return new ClientPool(size, member, strategy, moveAfter);
  }

  private static Duration checked(String name, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0, <= P1D)");
    }
    return value;
  }
}
