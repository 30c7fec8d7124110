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
import dev.everwire.session.internal.rpc.CallBook;
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
  private static final Fault USED =
      Fault.of(FaultCode.INVALID_REQUEST, "Invalid Request: the id was used before");
  private static final Fault CANCELLED = Fault.of(FaultCode.CANCELLED, "cancelled");

  private final Router router;
  private final Effects effects;
  private final Inbound inbound;
  private final int mostAdmitted;
  private FrameLimit limit = FrameLimit.UNKNOWN;
  private boolean draining; // what was admitted goes on, nothing more is
  private @Nullable Ending lost; // how streams end that begin too late
  private @Nullable KeptSession kept; // what is known of calls beyond this connection
  private boolean detached; // another connection has the session, or will

  InboundCalls(Router router, SessionLimits limits, Effects effects) {
    this.router = router;
    this.effects = effects;
    this.inbound = new Inbound(limits);
    this.mostAdmitted = limits.maxAdmittedCalls();
  }

  // ---- what comes in

  void request(
      RequestId id,
      String method,
      @Nullable RawJson params,
      @Nullable BatchAnswer batch,
      long now) {
    KeptSession session = kept;
    long number = session == null ? 0 : CallBook.number(id);
    if (session != null && number > 0 && known(session, number, id)) {
      return;
    }
    if (batch != null) {
      batch.expect();
    }
    Route route = router.route(method);
    if (route != null && !Asked.mayCarryMeta(params)) {
      serve(
          new InboundCall(id, method, params, CallMeta.NONE, batch, this, now), number, route, now);
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
    serve(call, number, router.route(asked.method()), now);
  }

  /** Whether a call was received before; then it is answered as it was, or will be. */
  private boolean known(KeptSession session, long number, RequestId id) {
    switch (session.book().fate(number)) {
      case CallBook.Fate.New() -> {
        session.book().passed(number);
        return false;
      }
      case CallBook.Fate.Running(var call) -> {} // its answer will follow, by itself
      case CallBook.Fate.Done(var response) -> send(response, null);
      case CallBook.Fate.Unknown() -> send(new Message.Failure(id, USED), null);
    }
    return true;
  }

  private void serve(InboundCall call, long number, @Nullable Route route, long now) {
    if (number > 0 && kept != null && recorded(call, route)) {
      call.enter(number);
      kept.book().received(number, call);
    }
    switch (route) {
      case null -> call.refuse(effects.noSuchMethod());
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

  /**
   * Whether the answer is worth having on another connection: not of what is about this one, such
   * as a subscription, and not of a stream, which ends with the connection.
   */
  private static boolean recorded(InboundCall call, @Nullable Route route) {
    return call.result() == null
        && (!(route instanceof Route.Inline) || call.method().equals(Names.PUBLISH));
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
    if (kept != null && kept.elsewhere() > 0 && kept.elsewhere() + inbound.size() >= mostAdmitted) {
      return Fault.of(FaultCode.OVERLOADED, "too many calls at once").retryAfterMillis(1_000);
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
    RequestId named = id == null ? null : new RequestId(id.toString());
    InboundCall call = named == null ? null : inbound.find(named);
    if (call == null || call.ended()) {
      return cancelElsewhere(CallBook.number(named));
    }
    giveUp(call, CANCELLED);
    return true;
  }

  /** False if no call of this number runs that came on a former connection. */
  private boolean cancelElsewhere(long number) {
    InboundCall call = kept == null || detached ? null : kept.book().find(number);
    if (call == null) {
      return false;
    }
    call.cancelElsewhere();
    return true;
  }

  @Override
  public void cancelledElsewhere(InboundCall call) {
    effects.later(() -> {
      if (!call.ended()) {
        giveUp(call, CANCELLED);
      }
    });
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
    if (!first || call.notification()) {
      return;
    }
    if (kept != null && call.number() > 0) {
      if (detached) {
        kept.answered(call.number(), response);
        return;
      }
      kept.book().answered(call.number(), response);
    }
    if (lost == null) {
      send(response, call.batch());
    }
  }

  private void send(Message.Response response, @Nullable BatchAnswer batch) {
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
    if (detached && kept != null && kept.over()) {
      forget();
    }
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

  /** Bytes of what waits to be handled, and of answers that were not acknowledged. */
  long heldBytes() {
    return inbound.bytes() + (kept == null || detached ? 0 : kept.book().bytes());
  }

  /** Calls that came on former connections and are to be answered here. */
  int elsewhere() {
    return kept == null || detached ? 0 : kept.elsewhere();
  }

  /** What is too large for the peer is answered −32008 from now on. */
  void limit(FrameLimit told) {
    limit = told;
  }

  // ---- the end

  void drain() {
    draining = true;
  }

  /** From now on the session keeps what becomes of calls. */
  void keep(KeptSession session) {
    kept = session;
  }

  /** Another connection takes the session, or will: what runs and waits goes on for that one. */
  void detach() {
    detached = true;
  }

  /**
   * The connection is gone. Unless somebody will ask, requests that have not begun are forgotten.
   */
  void lost(String reason) {
    Ending why = new Ending.Lost(true, reason);
    lost = why;
    inbound.endStreams(why, effects::interrupt);
    if (detached) {
      inbound.dropWaitingRequests(call -> call.number() == 0); // nobody can ask for those
    } else {
      forget();
    }
  }

  /** Whether calls run or wait that stand in no book, so that they can only be answered here. */
  boolean bound() {
    return inbound.any(call -> call.number() == 0 && !call.ended());
  }

  /** Nobody will ask for what waits any more. */
  void forget() {
    inbound.dropWaitingRequests();
  }
}
