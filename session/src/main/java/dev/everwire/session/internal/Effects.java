package dev.everwire.session.internal;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.session.Exposed;
import dev.everwire.session.internal.rpc.InboundCall;
import java.util.List;

/** What a {@link SessionEngine} wants done, to be carried out at once and in order. */
public interface Effects {
  /** Queues a message that must not be lost; a peer that leaves no room for it is given up. */
  void send(Message message);

  /** As {@link #send} for the answers of a batch. */
  void sendBatch(List<Message.Response> responses);

  /** Queues a message if there is room. */
  Offer offer(Message message);

  /** Runs a user's handler away from the loop; its outcome comes back by the call. */
  void run(InboundCall call, Exposed method);

  /** Runs a handler of Everwire's own right now. */
  void runInline(InboundCall call, Route.InlineHandler handler);

  /** Interrupts what {@link #run} started, if it still runs. */
  void interrupt(InboundCall call);

  /** Sends a WebSocket Ping frame. */
  void pingFrame();

  void reading(boolean on);

  void close(CloseCode code, String reason);
}
