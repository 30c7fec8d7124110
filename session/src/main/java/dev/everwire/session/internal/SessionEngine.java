package dev.everwire.session.internal;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Names;
import dev.everwire.session.Handler;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.lifecycle.Flow;
import dev.everwire.session.internal.lifecycle.Pulse;
import dev.everwire.session.internal.rpc.BatchAnswer;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.internal.rpc.CallTable;
import dev.everwire.session.internal.rpc.Inbound;
import dev.everwire.session.internal.rpc.InboundCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides everything about one conversation: what a message means, what is answered, what runs
 * when, when a ping is due and when the peer is given up. Knows no clock, thread or socket: it is
 * told the time in nanoseconds and says what to do through {@link Effects}. Single-threaded.
 *
 * <p>A message goes through here like this: {@link #receive} → a response ends one of {@link
 * CallTable}; a request or notification is routed, and either served inline or queued in {@link
 * Inbound}, whose order rules say when {@link Effects#run} is called → the outcome comes back
 * through {@link InboundCall#answer} → {@link Effects#send}.
 */
public final class SessionEngine implements InboundCall.Answers {

  /** What the engine wants done, to be carried out at once and in order. */
  public interface Effects {
    /** Queues a message that must not be lost; a peer that leaves no room for it is given up. */
    void send(Message message);

    /** As {@link #send} for the answers of a batch. */
    void sendBatch(List<Message.Response> responses);

    /** Queues a message if there is room. */
    Offer offer(Message message);

    /** Runs a user's handler away from the loop; its outcome comes back by the call. */
    void run(InboundCall call, Handler handler);

    /** Runs a handler of Everwire's own right now. */
    void runInline(InboundCall call, Route.InlineHandler handler);

    /** Interrupts what {@link #run} started, if it still runs. */
    void interrupt(InboundCall call);

    /** Sends a WebSocket Ping frame. */
    void pingFrame();

    void reading(boolean on);

    void close(CloseCode code, String reason);
  }

  private static final long NEVER = Long.MAX_VALUE;
  private static final Fault BAD_ANSWER =
      Fault.of(FaultCode.INVALID_REQUEST, "the peer's answer was malformed");

  private final Router router;
  private final Effects effects;
  private final CallTable calls;
  private final Inbound inbound;
  private final Flow flow;
  private Pulse pulse;

  private long now; // the latest that was told
  private boolean reading = true;
  private boolean backlogged; // too many notifications wait
  private boolean established; // an Everwire session, not a plain peer
  private boolean draining; // what was admitted goes on, nothing more is
  private boolean givenUp; // closed by us; its end is on its way
  private boolean lost;
  private long ignored;

  /**
   * @param phase 0.0…1.0, where in the heartbeat's interval the first ping falls
   */
  public SessionEngine(
      Role role,
      Router router,
      SessionLimits limits,
      Heartbeat heartbeat,
      double phase,
      long now,
      Effects effects) {
    this.router = router;
    this.effects = effects;
    this.calls = new CallTable(limits.maxPendingCalls(), role::id, effects::offer);
    this.inbound = new Inbound(limits);
    this.flow = new Flow(limits.slowPeerAfter());
    this.pulse = new Pulse(heartbeat, phase, now);
    this.now = now;
  }

  // ---- the peer's messages

  public void receive(Frame frame, long now) {
    this.now = now;
    switch (frame) {
      case Frame.Single(Message message) -> receive(message, null);
      case Frame.Batch(List<Message> messages) -> receiveBatch(messages);
      case Frame.Unreadable(Fault fault) ->
          effects.send(new Message.Failure(RequestId.NULL, fault));
    }
    proceed();
  }

  private void receiveBatch(List<Message> messages) {
    BatchAnswer batch = new BatchAnswer();
    for (Message message : messages) {
      receive(message, batch);
    }
    if (batch.read()) {
      finishBatch(batch);
    }
  }

  private void receive(Message message, @Nullable BatchAnswer batch) {
    switch (message) {
      case Message.Request(RequestId id, String method, RawJson params) -> {
        if (batch != null) {
          batch.expect();
        }
        request(new InboundCall(id, method, params, batch, this));
      }
      case Message.Notification(String method, RawJson params) ->
          notification(new InboundCall(null, method, params, null, this));
      case Message.Success(RequestId id, RawJson result) ->
          count(calls.end(id, new CallOutcome.Answered(result)));
      case Message.Failure(RequestId id, Fault fault) ->
          count(calls.end(id, new CallOutcome.Refused(fault)));
      case Message.Malformed malformed -> malformed(malformed, batch);
    }
  }

  private void request(InboundCall call) {
    switch (router.route(call.method())) {
      case null -> call.refuse(Fault.of(FaultCode.METHOD_NOT_FOUND, "Method not found"));
      case Route.Inline(Route.InlineHandler handler) -> effects.runInline(call, handler);
      case Route.Threaded(Handler handler) -> {
        if (draining) {
          call.refuse(
              Fault.of(FaultCode.DRAINING, "the server is going away").retryAfterMillis(1_000));
        } else if (!inbound.admit(call, handler)) {
          call.refuse(
              Fault.of(FaultCode.OVERLOADED, "too many calls at once").retryAfterMillis(1_000));
        }
      }
    }
  }

  private void notification(InboundCall call) {
    switch (call.method()) {
      case Names.PING -> effects.send(new Message.Notification(Names.PONG, null));
      case Names.PONG -> {} // its arrival was all it had to say
      case Names.CANCEL -> cancelInbound(call.params());
      default -> {
        switch (router.route(call.method())) {
          case null -> ignored++;
          case Route.Inline(Route.InlineHandler handler) -> effects.runInline(call, handler);
          case Route.Threaded(Handler handler) -> inbound.queue(call, handler);
        }
      }
    }
  }

  private void malformed(Message.Malformed malformed, @Nullable BatchAnswer batch) {
    if (malformed.response()) { // not answered: answering answers could go on for ever
      count(calls.end(malformed.id(), new CallOutcome.Refused(BAD_ANSWER)));
      return;
    }
    Message.Failure failure = new Message.Failure(malformed.id(), malformed.fault());
    if (batch == null) {
      effects.send(failure);
    } else {
      batch.expect();
      batch.add(failure);
    }
  }

  private void cancelInbound(@Nullable RawJson params) {
    RawJson id;
    try {
      id = params == null ? null : params.members().get("id");
    } catch (JsonException e) {
      id = null;
    }
    InboundCall call = id == null ? null : inbound.cancel(new RequestId(id.toString()));
    if (call == null) {
      ignored++;
      return;
    }
    boolean runs = Inbound.running(call);
    call.refuse(Fault.of(FaultCode.CANCELLED, "cancelled"));
    if (runs) {
      effects.interrupt(call);
    }
  }

  // ---- our answers

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
      finishBatch(batch);
    }
  }

  /**
   * What {@link Effects#run} started has come back, answered or not. Called exactly once for each.
   */
  public void returned(InboundCall call, long now) {
    this.now = now;
    inbound.finished(call);
    proceed();
  }

  private void finishBatch(BatchAnswer batch) {
    if (!batch.responses().isEmpty()) {
      effects.sendBatch(batch.responses());
    }
  }

  /** Starts what may start, then decides whether we read on. */
  private void proceed() {
    // While the peer does not read, its requests wait: their answers would only pile up.
    for (InboundCall call = inbound.next(flow.writable(), calls.size());
        call != null;
        call = inbound.next(flow.writable(), calls.size())) {
      effects.run(call, Inbound.handlerOf(call));
    }
    if (inbound.overflowing() && !givenUp && !lost) {
      giveUp(CloseCode.OVERLOADED, "too many notifications wait");
    }
    backlogged = backlogged ? !inbound.relieved() : inbound.saturated();
    // A handler that holds up the others may wait for an answer: that has to be read.
    flow.saturated(backlogged && calls.size() == 0);
    if (flow.reading() != reading) {
      reading = flow.reading();
      if (reading) {
        pulse.excuse(now);
      }
      effects.reading(reading);
    }
  }

  // ---- our calls

  /**
   * Sends a call. The completion is called exactly once, perhaps before this returns.
   *
   * @return the id to {@link #cancel} it by; null if it has ended already
   */
  public @Nullable RequestId call(
      String method, @Nullable RawJson params, long deadline, CallTable.Completion completion) {
    RequestId id = calls.send(method, params, deadline, completion);
    proceed(); // a handler that waits makes room for another
    return id;
  }

  /** Sends {@code rpc.hello} under its own id, so that calls still begin at 1. */
  public void hello(RawJson params, long deadline, CallTable.Completion completion) {
    calls.sendAs(new RequestId(Names.HELLO_ID), Names.HELLO, params, deadline, completion);
  }

  /** Ends one of our calls and tells the peer that nobody waits for it. */
  public void cancel(RequestId id) {
    if (calls.end(id, new CallOutcome.Cancelled())) {
      tellCancelled(id);
      proceed();
    }
  }

  private void tellCancelled(RequestId id) {
    if (established && !lost) {
      RawJson params = RawJson.parse("{\"id\":" + id.literal() + "}");
      effects.send(new Message.Notification(Names.CANCEL, params));
    }
  }

  // ---- time and the link

  /** The peer said (client) or heard (server) hello: pings are messages from now on. */
  public void establish(Heartbeat heartbeat, double phase, long now) {
    established = true;
    pulse = new Pulse(heartbeat, phase, now);
  }

  /**
   * Does what is due.
   *
   * @param unsent bytes that have not left this process
   */
  public void tick(long now, long lastReceivedAt, long unsent) {
    this.now = now;
    if (lost) {
      return;
    }
    for (RequestId late : calls.expire(now)) {
      tellCancelled(late);
    }
    proceed();
    if (givenUp) {
      return;
    }
    if (flow.givenUp(now, unsent)) {
      giveUp(CloseCode.SLOW_CONSUMER, "does not read");
      return;
    }
    if (!flow.reading()) {
      pulse.excuse(now);
      return;
    }
    switch (pulse.beat(now, lastReceivedAt)) {
      case NOTHING -> {}
      case PING -> ping();
      case DEAD -> giveUp(CloseCode.HEARTBEAT_LOST, "heartbeat lost");
    }
  }

  private void giveUp(CloseCode code, String reason) {
    givenUp = true;
    effects.close(code, reason);
  }

  private void ping() {
    if (established) {
      effects.send(new Message.Notification(Names.PING, null));
    } else {
      effects.pingFrame();
    }
  }

  /** Nanoseconds until {@link #tick} has something to do. */
  public long untilNextTick(long now) {
    if (lost) {
      return NEVER;
    }
    long deadline = calls.untilNextDeadline(now);
    return givenUp
        ? deadline
        : Math.min(deadline, Math.min(pulse.untilNext(now), flow.untilGivenUp(now)));
  }

  /** The outbound queue became long or short again; see {@link Flow#writable}. */
  public void writable(boolean on, long now, long unsent) {
    this.now = now;
    flow.writable(on, now, unsent);
    proceed();
  }

  /** From now on new calls are refused; those admitted go on, and all else. */
  public void drain() {
    draining = true;
  }

  /** The connection is gone: our calls end, the peer's that have not begun are forgotten. */
  public void lost(String reason) {
    lost = true;
    inbound.dropWaitingRequests();
    calls.close(reason);
  }

  /** Calls and notifications of the peer that run or wait. */
  public int inboundCalls() {
    return inbound.size();
  }

  /** Our calls that wait for an answer. */
  public int pendingCalls() {
    return calls.size();
  }

  public boolean established() {
    return established;
  }

  /** Messages that meant nothing here: late answers, unknown notifications. */
  public long ignored() {
    return ignored;
  }

  private void count(boolean known) {
    if (!known) {
      ignored++;
    }
  }
}
