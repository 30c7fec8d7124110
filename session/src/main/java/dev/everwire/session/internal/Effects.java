package dev.everwire.session.internal;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.session.Exposed;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.internal.stream.Outflow;
import java.util.List;

/** What a {@link SessionEngine} wants done, to be carried out at once and in order. */
public interface Effects {
  /** Queues a message that must not be lost; a peer that leaves no room for it is given up. */
  void send(Message message);

  /** As {@link #send} for the answers of a batch. */
  void sendBatch(List<Message.Response> responses);

  /** Queues messages as one batch if there is room. */
  Offer offerBatch(List<? extends Message> messages);

  /** Sends the items of an argument away from the loop, at most once. */
  void produce(Argument argument, Outflow out);

  /** Queues a message if there is room. */
  Offer offer(Message message);

  /** Runs a user's handler away from the loop; its outcome comes back by the call. */
  void run(InboundCall call, Exposed method);

  /** Runs a user's handler that never blocks right now; it is answered when this returns. */
  void runNow(InboundCall call, Exposed method);

  /** Runs a handler of Everwire's own right now. */
  void runInline(InboundCall call, Route.InlineHandler handler);

  /** Interrupts what {@link #run} started, if it still runs. */
  void interrupt(InboundCall call);

  /** Has {@link SessionEngine#tick} called by then, nanoseconds of the loop. */
  void wakeBy(long at);

  /** So many pings in a row were not answered in their time. */
  default void heartbeatMissed(int inARow) {}

  /** Does something on the loop, later. Safe from any thread. */
  void later(Runnable task);

  /** Sends a WebSocket Ping frame. */
  void pingFrame();

  void reading(boolean on);

  void close(CloseCode code, String reason);

  /** What a request is answered of whose method nothing is known. */
  default Fault noSuchMethod() {
    return Fault.of(FaultCode.METHOD_NOT_FOUND, "Method not found");
  }
}
