package dev.everwire.session.internal;

import dev.everwire.session.Exposed;
import dev.everwire.session.internal.rpc.InboundCall;

/** Where an inbound call is served. */
public sealed interface Route {

  /** By an application's handler, admitted and ordered by the engine. */
  record Served(Exposed method) implements Route {}

  /**
   * At once on the connection's loop, for Everwire's own methods. Must not block; answers a request
   * now or later, exactly once, on the loop.
   */
  record Inline(InlineHandler handler) implements Route {}

  /** Serves a method of Everwire's own. */
  @FunctionalInterface
  interface InlineHandler {
    void handle(Connection connection, InboundCall call);
  }
}
