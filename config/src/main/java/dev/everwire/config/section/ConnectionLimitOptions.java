package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Range;
import dev.everwire.config.word.Unbounded;
import dev.everwire.server.limit.ConnectionLimits;
import java.time.Duration;

/** How many connections may be open, and how fast new ones may come. Immutable. */
public record ConnectionLimitOptions(
    @Doc("Open connections at all.") @Unbounded @Range(min = "1", max = "1000000000") int perNode,
    @Doc("Open connections from one address; an IPv6 address counts with all others of its /64.")
        @Unbounded
        @Range(min = "1", max = "1000000000")
        int perAddress,
    @Doc("Open connections of one user; anonymous ones are not counted.")
        @Unbounded
        @Range(min = "1", max = "1000000000")
        int perUser,
    @Doc("Open connections of all users of one tenant.")
        @Unbounded
        @Range(min = "1", max = "1000000000")
        int perTenant,
    @Doc("New connections each second.") @Unbounded @Range(min = "0.001", max = "1000000")
        double ratePerNode,
    @Doc("New connections at once after a quiet time.") @Range(min = "1", max = "1000000")
        int burstPerNode,
    @Doc("New connections each second from one address.")
        @Unbounded
        @Range(min = "0.001", max = "1000000")
        double ratePerAddress,
    @Doc("New connections at once from one address after a quiet time.")
        @Range(min = "1", max = "1000000")
        int burstPerAddress,
    @Doc(
            "How long a connection that was let in although the server was full, because it said that it comes back, may take to show it.")
        @Range(min = "1ms", max = "1m")
        Duration replaceWithin) {
  public static final ConnectionLimitOptions DEFAULT = of(ConnectionLimits.DEFAULT);

  public static ConnectionLimitOptions of(ConnectionLimits limits) {
    return new ConnectionLimitOptions(
        limits.perNode(),
        limits.perAddress(),
        limits.perUser(),
        limits.perTenant(),
        limits.ratePerNode(),
        limits.burstPerNode(),
        limits.ratePerAddress(),
        limits.burstPerAddress(),
        limits.replaceWithin());
  }

  /**
   * @throws IllegalArgumentException if a rate and its burst do not fit
   */
  public ConnectionLimits limits() {
    return new ConnectionLimits(
        perNode,
        perAddress,
        perUser,
        perTenant,
        ratePerNode,
        burstPerNode,
        ratePerAddress,
        burstPerAddress,
        replaceWithin);
  }
}
