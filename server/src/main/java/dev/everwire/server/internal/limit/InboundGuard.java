package dev.everwire.server.internal.limit;

import dev.everwire.server.limit.InboundRates;
import dev.everwire.server.limit.InboundRates.Bounds;
import dev.everwire.session.transport.Transport;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Holds what the connections of a server share of {@link InboundRates}. Safe from any thread. */
final class InboundGuard {
  private final InboundRates rates;
  private final @Nullable KeyedBuckets users;
  private final @Nullable KeyedBuckets addresses;
  private final KeyedBuckets.@Nullable Shared node; // held for ever
  private final LongAdder refused;
  private final LongAdder dropped;

  /**
   * @param refused counts requests
   * @param dropped counts notifications
   */
  InboundGuard(InboundRates rates, LongAdder refused, LongAdder dropped) {
    this.rates = rates;
    this.refused = refused;
    this.dropped = dropped;
    this.users = of(rates.user());
    this.addresses = of(rates.address());
    this.node = rates.node().unlimited() ? null : new KeyedBuckets.Shared(rates.node());
  }

  private static @Nullable KeyedBuckets of(Bounds bounds) {
    return bounds.unlimited() ? null : new KeyedBuckets(bounds);
  }

  /**
   * For a new connection, on its loop.
   *
   * @param user who is there at the moment
   */
  InboundMeter meter(Transport transport, Supplier<Optional<String>> user) {
    return new InboundMeter(this, transport, user);
  }

  /** Users and addresses that are remembered. */
  int remembered() {
    return (users == null ? 0 : users.size()) + (addresses == null ? 0 : addresses.size());
  }

  // ---- for this package

  InboundRates rates() {
    return rates;
  }

  @Nullable KeyedBuckets users() {
    return users;
  }

  @Nullable KeyedBuckets addresses() {
    return addresses;
  }

  KeyedBuckets.@Nullable Shared node() {
    return node;
  }

  void refused(boolean request) {
    (request ? refused : dropped).increment();
  }
}
