package dev.everwire.server.internal.session;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.server.internal.registry.Claim;
import dev.everwire.server.internal.registry.Entry;
import dev.everwire.server.internal.registry.Greeting;
import dev.everwire.server.internal.registry.Reception;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.server.internal.registry.SessionIdentity;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.rpc.InboundCall;
import org.jspecify.annotations.Nullable;

/** Asks the reception for those who say hello. On the connection's loop. */
public record Desk(Registry registry, Reception reception) {
  private static final long LATER_MILLIS = 5_000;

  /** What the handshake calls the client; null if it does not. */
  @Nullable String clientId(Connection connection) {
    Entry entry = registry.of(connection);
    return entry == null ? null : entry.givenClientId();
  }

  /** Whom the client belongs to; null if nobody says. */
  @Nullable String tenant(Connection connection) {
    Entry entry = registry.of(connection);
    return entry == null ? null : entry.tenant().orElse(null);
  }

  /**
   * What is attached to the session if the claim holds. Otherwise null: the hello is refused, and
   * the connection closed unless it has ended.
   */
  @Nullable SessionIdentity welcome(Connection connection, InboundCall hello, Claim claim) {
    Entry entry = registry.of(connection);
    if (entry == null) {
      return null;
    }
    Greeting greeting = reception.greet(entry, claim);
    return switch (greeting) {
      case Greeting.Welcomed(SessionIdentity identity, var former) -> identity;
      case Greeting.Gone() -> null;
      case Greeting.Conflict() -> {
        hello.refuse(Fault.of(FaultCode.CONFLICT, "the client is connected already"));
        reception.refuse(entry, greeting);
        yield null;
      }
      case Greeting.Full(String where) -> {
        hello.refuse(
            Fault.of(FaultCode.OVERLOADED, where + " is full").retryAfterMillis(LATER_MILLIS));
        reception.refuse(entry, greeting);
        yield null;
      }
    };
  }
}
