package dev.everwire.server.internal.limit;

import dev.everwire.server.limit.InboundRates;
import dev.everwire.session.transport.Transport;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The {@link InboundRates} of now, and what all that there were have refused. Safe from any thread.
 */
public final class InboundGuards {
  private final LongAdder refused = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private volatile InboundGuard now; // replaced whole, read by every loop

  public InboundGuards(InboundRates rates) {
    this.now = guard(rates);
  }

  private InboundGuard guard(InboundRates rates) {
    return new InboundGuard(rates, refused, dropped);
  }

  public InboundRates rates() {
    return now.rates();
  }

  /**
   * Other rates from now on, with full buckets.
   *
   * @return false if they are the same as before; nothing has changed then
   */
  public boolean change(InboundRates rates) {
    if (Objects.requireNonNull(rates).equals(now.rates())) {
      return false;
    }
    now = guard(rates);
    return true;
  }

  /**
   * For a connection, on its loop; null if it may talk as fast as it likes.
   *
   * @param user who is there at the moment
   */
  public @Nullable InboundMeter meter(Transport transport, Supplier<Optional<String>> user) {
    InboundGuard guard = now;
    return guard.rates().unlimited() ? null : guard.meter(transport, user);
  }

  /** Requests that were refused since the start. */
  public long refused() {
    return refused.sum();
  }

  /** Notifications that were dropped since the start. */
  public long dropped() {
    return dropped.sum();
  }
}
