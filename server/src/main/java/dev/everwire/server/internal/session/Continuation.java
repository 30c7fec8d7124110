package dev.everwire.server.internal.session;

import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.rpc.InboundCall;

/** Goes on with a call that waited for somebody's answer. On the connection's loop. */
final class Continuation {
  private Continuation() {}

  /** What the step throws is answered as an incident, and the connection is not held for ever. */
  static void run(Connection connection, InboundCall call, Runnable step) {
    boolean[] done = {false};
    connection.runInline(
        call,
        (same, asked) -> {
          step.run();
          done[0] = true;
        });
    if (!done[0]) {
      connection.tenure().hold(false);
    }
  }
}
