package dev.everwire.testkit;

import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Listener;
import java.net.URI;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** What a transport has to provide so that the transport contracts can be run on it. */
public interface TransportHarness extends AutoCloseable {

  /** Bound to a free address with each call of {@link Listener#listen}. */
  Listener listener();

  /** The one dialer of this harness; closed by {@link #close}. */
  Dialer dialer();

  /** Where nothing listens. */
  URI nowhere();

  /** Where a connection is taken and nothing is ever answered. */
  URI silent();

  /**
   * Makes progress until a condition holds.
   *
   * @throws AssertionError if it does not within some seconds
   */
  void until(BooleanSupplier condition);

  /** Lets time go by, as the loops see it. */
  void pass(Duration time);

  /** Ends the dialer and asserts that nothing leaked. */
  @Override
  void close();
}
