package dev.everwire.session.internal;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.CallMeta;
import dev.everwire.protocol.wire.Names;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.rpc.Asked;
import dev.everwire.session.internal.rpc.BatchAnswer;
import dev.everwire.session.internal.rpc.FrameLimit;
import dev.everwire.session.internal.rpc.Inbound;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.internal.stream.Ending;
import org.jspecify.annotations.Nullable;

/**
 * The peer's calls and notifications, from their arrival to their answers: routes them, runs what
 * {@link Inbound} lets start, answers each request once. Event loop only.
 */
final class InboundCalls implements InboundCall.Answers {
  private static final Fault LATE =
      Fault.of(FaultCode.DEADLINE_PASSED, "no answer within the caller's deadline");
  private static final Fault CANCELLED = Fault.of(FaultCode.CANCELLED, "cancelled");

  private final Router router;
  private final Effects effects;
  private final Inbound inbound;
  private FrameLimit limit = FrameLimit.UNKNOWN;
  private boolean draining; // what was admitted goes on, nothing more is
  private @Nullable Ending lost; // how streams end that begin too late

  InboundCalls(Router router, SessionLimits limits, Effects effects) {
    this.router = router;
    this.effects = effects;
    this.inbound = new Inbound(limits);
  }

  // ---- what comes in

  void request(
      RequestId id,
      String method,
      @Nullable RawJson params,
      @Nullable BatchAnswer batch,
      long now) {
    if (batch != null) {
      batch.expect();
    }
    Route route = router.route(method);
    if (route != null && !Asked.mayCarryMeta(params)) {
      serve(new InboundCall(id, method, params, CallMeta.NONE, batch, this, now), route, now);
      return;
    }
    Asked asked;
    try {
      asked = Asked.read(method, params);
    } catch (JsonException e) {
      new InboundCall(id, method, null, CallMeta.NONE, batch, this, now)
          .refuse(Fault.of(FaultCode.INVALID_PARAMS, "Invalid params: " + e.getMessage()));
      return;
    }
    InboundCall call = new InboundCall(id, asked, batch, this, now);
    serve(call, router.route(asked.method()), now);
  }

  private void serve(InboundCall call, @Nullable Route route, long now) {
    switch (route) {
      case null -> call.refuse(Fault.of(FaultCode.METHOD_NOT_FOUND, "Method not found"));
      case Route.Inline(Route.InlineHandler handler) -> effects.runInline(call, handler);
      case Route.Served(Exposed served) -> {
        Fault refusal = refusal(call, now);
        if (refusal != null) {
          call.refuse(refusal);
        } else if (served.execution() == Execution.NON_BLOCKING) {
          effects.runNow(call, served);
        } else if (!inbound.admit(call, served)) {
          call.refuse(
              Fault.of(FaultCode.OVERLOADED, "too many calls at once").retryAfterMillis(1_000));
        } else if (call.hasDeadline()) {
          effects.wakeBy(call.deadline());
        }
      }
    }
  }

  /** Why a request is not even admitted; null if it may be. */
  private @Nullable Fault refusal(InboundCall call, long now) {
    RequestId id = call.id();
    if (id != null && inbound.inUse(id)) {
      return Fault.of(FaultCode.INVALID_REQUEST, "Invalid Request: the id is in use");
    }
    if (draining) {
      return Fault.of(FaultCode.DRAINING, "the server is going away").retryAfterMillis(1_000);
    }
    return call.late(now) ? LATE : null;
  }

  /** False if nobody serves it, or if it cannot be read. */
  boolean notification(String method, @Nullable RawJson params, long now) {
    Asked asked;
    try {
      asked =
          method.equals(Names.CALL) || Asked.mayCarryMeta(params)
              ? Asked.read(method, params)
              : new Asked(method, params, CallMeta.NONE);
    } catch (JsonException e) {
      return false;
    }
    InboundCall call = new InboundCall(null, asked, null, this, now);
    switch (router.route(asked.method())) {
      case null -> {
        return false;
      }
      case Route.Inline(Route.InlineHandler handler) -> effects.runInline(call, handler);
      case Route.Served(Exposed served) -> {
        if (served.execution() == Execution.NON_BLOCKING) {
          effects.runNow(call, served);
        } else {
          inbound.queue(call, served);
        }
      }
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
      batch.add(failure, limit);
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
    InboundCall call = id == null ? null : inbound.find(new RequestId(id.toString()));
    if (call == null || call.ended()) {
      return false;
    }
    giveUp(call, CANCELLED);
    return true;
  }

  /** Ends what is past its deadline, before it begins or while it runs. */
  void expire(long now) {
    for (InboundCall late = inbound.pollLate(now); late != null; late = inbound.pollLate(now)) {
      if (!late.ended()) {
        giveUp(late, LATE);
      }
    }
  }

  private void giveUp(InboundCall call, Fault why) {
    boolean runs = inbound.giveUp(call);
    call.abandon();
    call.refuse(why);
    if (runs) {
      effects.interrupt(call);
    }
  }

  long untilNextDeadline(long now) {
    return inbound.untilNextDeadline(now);
  }

  // ---- what goes out

  /**
   * A call has its answer. What was cancelled meanwhile, or has no connection any more, is not
   * answered again.
   */
  @Override
  public void answered(InboundCall call, Message.Response response) {
    boolean first = call.end();
    if (!first || call.notification() || lost != null) {
      return;
    }
    BatchAnswer batch = call.batch();
    if (batch == null) {
      effects.send(limit.fitting(response));
    } else if (batch.add(response, limit)) {
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

  /** The handler of a call has returned a stream. */
  void streams(InboundCall call) {
    inbound.streams(call);
    if (lost != null) {
      effects.interrupt(call); // it returned its stream too late to be told with the others
    }
  }

  /** How the connection went, null while it is there. */
  @Nullable Ending lost() {
    return lost;
  }

  /** A request that runs or waits; null if there is none of this id, or it was answered. */
  @Nullable InboundCall find(RequestId id) {
    InboundCall call = inbound.find(id);
    return call == null || call.ended() ? null : call;
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

  /** What is too large for the peer is answered −32008 from now on. */
  void limit(FrameLimit told) {
    limit = told;
  }

  // ---- the end

  void drain() {
    draining = true;
  }

  /** Nobody is there to answer: requests that have not begun are forgotten. */
  void lost(String reason) {
    Ending why = new Ending.Lost(true, reason);
    lost = why;
    inbound.endStreams(why, effects::interrupt);
    inbound.dropWaitingRequests();
  }
}
