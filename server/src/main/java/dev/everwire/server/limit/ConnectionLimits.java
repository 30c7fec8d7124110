package dev.everwire.server.limit;

import java.time.Duration;

/**
 * How many connections may be open, and how fast new ones may come. Immutable; {@link #DEFAULT} has
 * no bounds, and each {@code with} adds one.
 *
 * <p>Who finds no room before the upgrade is answered 503 with {@code Retry-After}; where it is
 * known only afterwards whose connection it is, it is closed with 1013. A client that comes back
 * takes the place of its former connection and is not counted twice.
 *
 * @param perNode at all
 * @param perAddress from one address; an IPv6 address counts with all others of its /64
 * @param perUser of one user; anonymous connections are not counted
 * @param perTenant of all users of one tenant
 * @param ratePerNode new ones each second; {@link Double#POSITIVE_INFINITY} for no bound
 * @param burstPerNode how many may come at once after a quiet time
 * @param ratePerAddress as {@code ratePerNode}, from one address
 * @param burstPerAddress as {@code burstPerNode}
 * @param replaceWithin how long one that was let in although it was full, because it said that it
 *     comes back, may take to show it
 */
public record ConnectionLimits(
    int perNode,
    int perAddress,
    int perUser,
    int perTenant,
    double ratePerNode,
    int burstPerNode,
    double ratePerAddress,
    int burstPerAddress,
    Duration replaceWithin) {
  private static final double MOST_PER_SECOND = 1_000_000;
  private static final double LEAST_PER_SECOND = 0.001;
  private static final int MOST_AT_ONCE = 1_000_000;
  private static final Duration LONGEST_REFILL = Duration.ofDays(30);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  public static final ConnectionLimits DEFAULT =
      new ConnectionLimits(
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Double.POSITIVE_INFINITY,
          1,
          Double.POSITIVE_INFINITY,
          1,
          Duration.ofSeconds(5));

  public ConnectionLimits {
    atLeastOne("perNode", perNode);
    atLeastOne("perAddress", perAddress);
    atLeastOne("perUser", perUser);
    atLeastOne("perTenant", perTenant);
    rate("ratePerNode", ratePerNode);
    burst("burstPerNode", burstPerNode, ratePerNode);
    rate("ratePerAddress", ratePerAddress);
    burst("burstPerAddress", burstPerAddress, ratePerAddress);
    if (replaceWithin.isNegative()
        || replaceWithin.isZero()
        || replaceWithin.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "replaceWithin: " + replaceWithin + " (expected: > 0, <= " + LONGEST + ")");
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
    }
  }

  private static void rate(String name, double perSecond) {
    boolean bounded = perSecond >= LEAST_PER_SECOND && perSecond <= MOST_PER_SECOND;
    if (!bounded && perSecond != Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          name + ": " + perSecond + " (expected: 0.001-1000000, or infinity)");
    }
  }

  private static void burst(String name, int atOnce, double perSecond) {
    if (atOnce < 1 || atOnce > MOST_AT_ONCE) {
      throw new IllegalArgumentException(
          name + ": " + atOnce + " (expected: 1-" + MOST_AT_ONCE + ")");
    }
    if (atOnce / perSecond > LONGEST_REFILL.toSeconds()) {
      throw new IllegalArgumentException(
          name + ": " + atOnce + " (expected: at that rate within " + LONGEST_REFILL + ")");
    }
  }

  public ConnectionLimits withPerNode(int connections) {
    return new ConnectionLimits(
        connections,
        perAddress,
        perUser,
        perTenant,
        ratePerNode,
        burstPerNode,
        ratePerAddress,
        burstPerAddress,
        replaceWithin);
  }

  public ConnectionLimits withPerAddress(int connections) {
    return new ConnectionLimits(
        perNode,
        connections,
        perUser,
        perTenant,
        ratePerNode,
        burstPerNode,
        ratePerAddress,
        burstPerAddress,
        replaceWithin);
  }

  public ConnectionLimits withPerUser(int connections) {
    return new ConnectionLimits(
        perNode,
        perAddress,
        connections,
        perTenant,
        ratePerNode,
        burstPerNode,
        ratePerAddress,
        burstPerAddress,
        replaceWithin);
  }

  public ConnectionLimits withPerTenant(int connections) {
    return new ConnectionLimits(
        perNode,
        perAddress,
        perUser,
        connections,
        ratePerNode,
        burstPerNode,
        ratePerAddress,
        burstPerAddress,
        replaceWithin);
  }

  public ConnectionLimits withRatePerNode(double perSecond, int atOnce) {
    return new ConnectionLimits(
        perNode,
        perAddress,
        perUser,
        perTenant,
        perSecond,
        atOnce,
        ratePerAddress,
        burstPerAddress,
        replaceWithin);
  }

  public ConnectionLimits withRatePerAddress(double perSecond, int atOnce) {
    return new ConnectionLimits(
        perNode,
        perAddress,
        perUser,
        perTenant,
        ratePerNode,
        burstPerNode,
        perSecond,
        atOnce,
        replaceWithin);
  }

  public ConnectionLimits withReplaceWithin(Duration atMost) {
    return new ConnectionLimits(
        perNode,
        perAddress,
        perUser,
        perTenant,
        ratePerNode,
        burstPerNode,
        ratePerAddress,
        burstPerAddress,
        atMost);
  }
}
