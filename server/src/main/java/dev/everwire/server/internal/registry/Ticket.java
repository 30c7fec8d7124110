package dev.everwire.server.internal.registry;

import dev.everwire.server.internal.access.Pass;
import dev.everwire.server.internal.limit.Seat;
import org.jspecify.annotations.Nullable;

/**
 * Lets one connection in: whose it is, as far as its handshake told, and its seat.
 *
 * @param clientId null unless the handshake says it
 * @param helloExpected whether a hello has to be said before anything else
 * @param pass what it has shown of who it is
 */
public record Ticket(
    String path,
    @Nullable String user,
    @Nullable String tenant,
    @Nullable String clientId,
    boolean helloExpected,
    Pass pass,
    Seat seat) {
  /** Whether it has to show who it is before anything else. */
  boolean unproven() {
    return pass.principal() == null;
  }
}
