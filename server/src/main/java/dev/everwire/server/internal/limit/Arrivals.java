package dev.everwire.server.internal.limit;

import dev.everwire.server.limit.ConnectionLimits;
import dev.everwire.session.flow.TokenBucket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How fast new connections may come, by the rates of {@link ConnectionLimits}. Safe from any
 * thread.
 */
final class Arrivals {
  private final double ratePerNode;
  private final int burstPerNode;
  private final AtomicReference<@Nullable TokenBucket> all = new AtomicReference<>();
  private final @Nullable Buckets byAddress;

  Arrivals(ConnectionLimits limits) {
    this.ratePerNode = limits.ratePerNode();
    this.burstPerNode = limits.burstPerNode();
    this.byAddress =
        Double.isInfinite(limits.ratePerAddress())
            ? null
            : new Buckets(limits.burstPerAddress(), limits.ratePerAddress());
  }

  /** Whether two of them would count alike. */
  static boolean same(ConnectionLimits one, ConnectionLimits other) {
    return one.ratePerNode() == other.ratePerNode()
        && one.burstPerNode() == other.burstPerNode()
        && one.ratePerAddress() == other.ratePerAddress()
        && one.burstPerAddress() == other.burstPerAddress();
  }

  /**
   * Counts one who comes.
   *
   * @return zero, or how long to stay away
   */
  Duration come(String remoteAddress, long now) {
    String address = byAddress == null ? "" : AddressKey.of(remoteAddress);
    if (byAddress != null) {
      Duration wait = byAddress.take(address, now);
      if (!wait.isZero()) {
        return wait;
      }
    }
    if (Double.isInfinite(ratePerNode)) {
      return Duration.ZERO;
    }
    TokenBucket bucket = all(now);
    if (bucket.tryAcquire(now)) {
      return Duration.ZERO;
    }
    if (byAddress != null) {
      byAddress.giveBack(address); // it was not this one's fault
    }
    return bucket.timeUntilAvailable(1, now);
  }

  private TokenBucket all(long now) {
    TokenBucket there = all.get();
    if (there != null) {
      return there;
    }
    TokenBucket made = new TokenBucket(burstPerNode, ratePerNode, now);
    TokenBucket first = all.compareAndExchange(null, made);
    return first == null ? made : first;
  }
}
