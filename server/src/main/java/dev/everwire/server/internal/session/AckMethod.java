package dev.everwire.server.internal.session;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.wire.Ack;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.KeptSession;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.rpc.InboundCall;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Serves {@code $/ack}: forgets what has arrived. Event loop only. */
public final class AckMethod implements Route.InlineHandler {
  private static final Logger LOG = System.getLogger(AckMethod.class.getName());

  private final Sessions sessions;

  public AckMethod(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public void handle(Connection connection, InboundCall call) {
    if (!call.notification()) {
      call.refuse(Fault.of(FaultCode.INVALID_REQUEST, "Invalid Request: expected no id"));
      return;
    }
    KeptSession kept = connection.tenure().kept();
    if (kept == null) {
      return; // nothing is kept
    }
    try {
      Ack ack = Ack.read(call.params());
      kept.book().acknowledged(ack.upTo(), ack.also());
      if (ack.inbox() > 0) {
        sessions.acknowledged(connection, ack.inbox());
      }
    } catch (JsonException e) {
      LOG.log(Level.DEBUG, "$/ack not understood: " + e.getMessage());
    }
  }
}
