package dev.everwire.session.internal;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Names;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.lifecycle.Flow;
import dev.everwire.session.internal.lifecycle.Pulse;
import dev.everwire.session.internal.rpc.BatchAnswer;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.internal.rpc.CallTable;
import dev.everwire.session.internal.rpc.InboundCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides everything about one conversation: what a message means, what is answered, what runs
 * when, when a ping is due and when the peer is given up. Knows no clock, thread or socket: it is
 * told the time in nanoseconds and says what to do through {@link Effects}. Single-threaded.
 *
 * <p>A message goes through here like this: {@link #receive} → a response ends one of {@link
 * OutboundCalls}; a request or notification goes to {@link InboundCalls}, is routed, and either
 * served inline or queued, until the order rules let {@link Effects#run} be called → the outcome
 * comes back through {@link InboundCall#answer} → {@link Effects#send}.
 */
public final class SessionEngine {
  private static final long NEVER = Long.MAX_VALUE;
  private static final Fault BAD_ANSWER =
      Fault.of(FaultCode.INVALID_REQUEST, "the peer's answer was malformed");

  private final Effects effects;
  private final OutboundCalls ours;
  private final InboundCalls theirs;
  private final Flow flow;
  private Pulse pulse;

  private long now; // the latest that was told
  private boolean reading = true;
  private boolean backlogged; // too many notifications wait
  private boolean established; // an Everwire session, not a plain peer
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
    this.effects = effects;
    this.ours = new OutboundCalls(role, limits.maxPendingCalls(), effects);
    this.theirs = new InboundCalls(router, limits, effects);
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
    theirs.read(batch);
  }

  private void receive(Message message, @Nullable BatchAnswer batch) {
    switch (message) {
      case Message.Request(RequestId id, String method, RawJson params) ->
          theirs.request(id, method, params, batch);
      case Message.Notification(String method, RawJson params) ->
          count(notification(method, params));
      case Message.Success(RequestId id, RawJson result) ->
          count(ours.answered(id, new CallOutcome.Answered(result)));
      case Message.Failure(RequestId id, Fault fault) ->
          count(ours.answered(id, new CallOutcome.Refused(fault)));
      case Message.Malformed malformed when malformed.response() ->
          // Not answered: answering answers could go on for ever.
          count(ours.answered(malformed.id(), new CallOutcome.Refused(BAD_ANSWER)));
      case Message.Malformed malformed -> theirs.malformed(malformed, batch);
    }
  }

  /** False if it means nothing here. */
  private boolean notification(String method, @Nullable RawJson params) {
    return switch (method) {
      case Names.PING -> {
        effects.send(new Message.Notification(Names.PONG, null));
        yield true;
      }
      case Names.PONG -> true; // its arrival was all it had to say
      case Names.CANCEL -> theirs.cancel(params);
      default -> theirs.notification(method, params);
    };
  }

  /**
   * What {@link Effects#run} started has come back, answered or not. Called exactly once for each.
   */
  public void returned(InboundCall call, long now) {
    this.now = now;
    theirs.returned(call);
    proceed();
  }

  /** Starts what may start, then decides whether we read on. */
  private void proceed() {
    theirs.start(flow.writable(), ours.size());
    if (theirs.overflowing() && !givenUp && !lost) {
      giveUp(CloseCode.OVERLOADED, "too many notifications wait");
    }
    backlogged = backlogged ? !theirs.relieved() : theirs.saturated();
    // A handler that holds up the others may wait for an answer: that has to be read.
    flow.saturated(backlogged && ours.size() == 0);
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
    RequestId id = ours.call(method, params, deadline, completion);
    proceed(); // a handler that waits makes room for another
    return id;
  }

  /** Sends {@code rpc.hello} under its own id, so that calls still begin at 1. */
  public void hello(RawJson params, long deadline, CallTable.Completion completion) {
    ours.hello(params, deadline, completion);
  }

  /** Ends one of our calls and tells the peer that nobody waits for it. */
  public void cancel(RequestId id) {
    if (ours.cancel(id)) {
      proceed();
    }
  }

  // ---- time and the link

  /** The peer said (client) or heard (server) hello: pings are messages from now on. */
  public void establish(Heartbeat heartbeat, double phase, long now) {
    established = true;
    ours.negotiated();
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
    ours.expire(now);
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
    long deadline = ours.untilNextDeadline(now);
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
    theirs.drain();
  }

  /** The connection is gone: our calls end, the peer's that have not begun are forgotten. */
  public void lost(String reason) {
    lost = true;
    theirs.lost();
    ours.lost(reason);
  }

  /** Calls and notifications of the peer that run or wait. */
  public int inboundCalls() {
    return theirs.size();
  }

  /** Our calls that wait for an answer. */
  public int pendingCalls() {
    return ours.size();
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
