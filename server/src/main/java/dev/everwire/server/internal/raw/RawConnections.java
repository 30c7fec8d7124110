package dev.everwire.server.internal.raw;

import dev.everwire.server.internal.limit.InboundGuards;
import dev.everwire.server.raw.RawEndpoint;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Opens the connections of raw endpoints. Safe from any thread. */
public final class RawConnections {
  private final InboundGuards guards;
  private final RandomGenerator random;

  public RawConnections(InboundGuards guards, RandomGenerator random) {
    this.guards = guards;
    this.random = random;
  }

  /**
   * Makes what receives the messages of a new connection. On its loop.
   *
   * @param user who the peer is, as far as that is known
   * @param open makes the application's receiver; what it throws is thrown
   */
  public Receiver open(
      RawEndpoint settings,
      Transport transport,
      Supplier<Optional<String>> user,
      Function<Transport, Receiver> open) {
    boolean metered = settings.metered() && !guards.rates().unlimited();
    if (settings.heartbeat() == null && settings.lifetime().unlimited() && !metered) {
      return open.apply(transport); // nothing to watch
    }
    RawTransport watched = new RawTransport(transport);
    Receiver receiver = open.apply(watched);
    return new RawConnection(
        settings,
        watched,
        receiver,
        metered ? guards.meter(transport, user) : null,
        random.nextDouble(),
        random.nextDouble());
  }
}
