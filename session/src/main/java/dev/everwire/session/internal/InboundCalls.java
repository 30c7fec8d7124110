package dev.everwire.session.internal;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Exposed;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.rpc.BatchAnswer;
import dev.everwire.session.internal.rpc.Inbound;
import dev.everwire.session.internal.rpc.InboundCall;
import org.jspecify.annotations.Nullable;

/**
 * The peer's calls and notifications, from their arrival to their answers: routes them, runs what
 * {@link Inbound} lets start, answers each request once. Event loop only.
 */
final class InboundCalls implements InboundCall.Answers {
  private final Router router;
  private final Effects effects;
  private final Inbound inbound;
  private boolean draining; // what was admitted goes on, nothing more is
  private boolean lost;

  InboundCalls(Router router, SessionLimits limits, Effects effects) {
    this.router = router;
    this.effects = effects;
    this.inbound = new Inbound(limits);
  }

  // ---- what comes in

  void request(RequestId id, String method, @Nullable RawJson params, @Nullable BatchAnswer batch) {
    if (batch != null) {
      batch.expect();
    }
    InboundCall call = new InboundCall(id, method, params, batch, this);
    switch (router.route(method)) {
      case null -> call.refuse(Fault.of(FaultCode.METHOD_NOT_FOUND, "Method not found"));
      case Route.Inline(Route.InlineHandler handler) -> effects.runInline(call, handler);
      case Route.Served(Exposed served) -> {
        if (draining) {
          call.refuse(
              Fault.of(FaultCode.DRAINING, "the server is going away").retryAfterMillis(1_000));
        } else if (!inbound.admit(call, served)) {
          call.refuse(
              Fault.of(FaultCode.OVERLOADED, "too many calls at once").retryAfterMillis(1_000));
        }
      }
    }
  }

  /** False if nobody serves it. */
  boolean notification(String method, @Nullable RawJson params) {
    InboundCall call = new InboundCall(null, method, params, null, this);
    switch (router.route(method)) {
      case null -> {
        return false;
      }
      case Route.Inline(Route.InlineHandler handler) -> effects.runInline(call, handler);
      case Route.Served(Exposed served) -> inbound.queue(call, served);
    }
    return true;
  }

  /** A request that was none, to be answered with its fault. */
  void malformed(Message.Malformed malformed, @Nullable BatchAnswer batch) {
    Message.Failure failure = new Message.Failure(malformed.id(), malformed.fault());
    if (batch == null) {
      effects.send(failure);
    } else {
      batch.expect();
      batch.add(failure);
    }
  }

  /** The batch was read to its end. */
  void read(BatchAnswer batch) {
    if (batch.read()) {
      finish(batch);
    }
  }

  /** The peer no longer waits for a call. False if it names none that runs or waits. */
  boolean cancel(@Nullable RawJson params) {
    RawJson id;
    try {
      id = params == null ? null : params.members().get("id");
    } catch (JsonException e) {
      id = null;
    }
    InboundCall call = id == null ? null : inbound.cancel(new RequestId(id.toString()));
    if (call == null) {
      return false;
    }
    boolean runs = Inbound.running(call);
    call.refuse(Fault.of(FaultCode.CANCELLED, "cancelled"));
    if (runs) {
      effects.interrupt(call);
    }
    return true;
  }

  // ---- what goes out

  /**
   * A call has its answer. What was cancelled meanwhile, or has no connection any more, is not
   * answered again.
   */
  @Override
  public void answered(InboundCall call, Message.Response response) {
    boolean first = call.end();
    if (!first || call.notification() || lost) {
      return;
    }
    BatchAnswer batch = call.batch();
    if (batch == null) {
      effects.send(response);
    } else if (batch.add(response)) {
      finish(batch);
    }
  }

  private void finish(BatchAnswer batch) {
    if (!batch.responses().isEmpty()) {
      effects.sendBatch(batch.responses());
    }
  }

  // ---- what runs

  /**
   * Starts what may start.
   *
   * @param writable while the peer does not read, its requests wait: their answers would only pile
   *     up
   * @param waiting our own calls that are out, see {@link Inbound#next}
   */
  void start(boolean writable, int waiting) {
    for (InboundCall call = inbound.next(writable, waiting);
        call != null;
        call = inbound.next(writable, waiting)) {
      effects.run(call, Inbound.methodOf(call));
    }
  }

  /** What {@link Effects#run} started has come back, answered or not. */
  void returned(InboundCall call) {
    inbound.finished(call);
  }

  boolean overflowing() {
    return inbound.overflowing();
  }

  boolean saturated() {
    return inbound.saturated();
  }

  boolean relieved() {
    return inbound.relieved();
  }

  /** Calls and notifications that run or wait. */
  int size() {
    return inbound.size();
  }

  // ---- the end

  void drain() {
    draining = true;
  }

  /** Nobody is there to answer: requests that have not begun are forgotten. */
  void lost() {
    lost = true;
    inbound.dropWaitingRequests();
  }
}
