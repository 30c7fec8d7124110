package dev.everwire.session.internal;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Names;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.lifecycle.Flow;
import dev.everwire.session.internal.lifecycle.Pulse;
import dev.everwire.session.internal.rpc.BatchAnswer;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.internal.rpc.CallTable;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.internal.rpc.Turn;
import dev.everwire.session.internal.stream.Inflow;
import dev.everwire.session.internal.stream.Outflow;
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
  private final Streams streams;
  private final Flow flow;
  private Pulse pulse;

  private long now; // the latest that was told
  private boolean reading = true;
  private boolean backlogged; // too much of the peer's waits
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
    this.streams = new Streams(effects, ours, theirs);
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
          theirs.request(id, method, params, batch, now);
      case Message.Notification(String method, RawJson params) ->
          count(notification(method, params));
      case Message.Success(RequestId id, RawJson result) ->
          count(ours.answered(id, new CallOutcome.Answered(result)));
      case Message.Failure(RequestId id, Fault fault) ->
          count(ours.answered(id, new CallOutcome.Refused(fault)));
      case Message.Malformed malformed when malformed.response() ->
          // Not answered: answering answers could go on for ever.
          count(answered(malformed));
      case Message.Malformed malformed when malformed.empty() && answered(malformed) -> {}
      case Message.Malformed malformed -> theirs.malformed(malformed, batch);
    }
  }

  /** False if it names none of our calls. */
  private boolean answered(Message.Malformed malformed) {
    return ours.answered(malformed.id(), new CallOutcome.Refused(BAD_ANSWER));
  }

  /** False if it means nothing here. */
  private boolean notification(String method, @Nullable RawJson params) {
    if (method.startsWith("$/")) {
      ours.cancellable(); // who speaks like that knows $/cancelRequest, or ignores it
    }
    return switch (method) {
      case Names.PING -> {
        effects.send(new Message.Notification(Names.PONG, null));
        yield true;
      }
      case Names.PONG -> true; // its arrival was all it had to say
      case Names.CANCEL -> theirs.cancel(params);
      case Names.ITEM, Names.CREDIT, Names.END, Names.PROGRESS -> streams.received(method, params);
      default -> theirs.notification(method, params, now);
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
    int waiting = ours.answersAwaited() + streams.awaited();
    theirs.expire(now); // what is late by now must not begin
    theirs.start(flow.writable(), waiting);
    sendItems();
    if (theirs.overflowing() && !givenUp && !lost) {
      giveUp(CloseCode.OVERLOADED, "too much waits to be handled");
    }
    backlogged = backlogged ? !theirs.relieved() : theirs.saturated();
    // A handler that holds up the others may wait for an answer: that has to be read.
    flow.saturated(backlogged && waiting == 0);
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
   * Sends a call. It is completed exactly once, perhaps before this returns.
   *
   * @return the id to {@link #cancel} it by; null if it has ended already
   */
  public @Nullable RequestId call(OutboundCall call, long deadline, long now) {
    this.now = now;
    RequestId id = ours.call(call, deadline, now);
    proceed(); // a handler that waits makes room for another
    return id;
  }

  /** As the other for a call that is answered once and nothing else. */
  public @Nullable RequestId call(
      String method, @Nullable RawJson params, long deadline, CallTable.Completion completion) {
    return call(
        OutboundCall.of(method, params, CallOptions.withoutDeadline(), completion), deadline, now);
  }

  /**
   * Sends messages together.
   *
   * @param deadlines of the calls among them, in their order
   * @return the calls' ids; null for each that has ended already
   */
  public List<@Nullable RequestId> batch(
      List<Outgoing.Member> members, List<Long> deadlines, long now) {
    this.now = now;
    List<@Nullable RequestId> ids = ours.batch(members, deadlines, now);
    proceed();
    return ids;
  }

  /** Sends {@code rpc.hello} under its own id, so that calls still begin at 1. */
  public void hello(RawJson params, long deadline, CallTable.Completion completion) {
    ours.hello(params, deadline, completion);
  }

  /** The peer is told of cancelled calls though it said no hello. */
  public void cancelPlain() {
    ours.cancellable();
  }

  /** Ends one of our calls and tells the peer that nobody waits for it. */
  public void cancel(RequestId id) {
    if (ours.cancel(id)) {
      proceed();
    }
  }

  // ---- streams

  /** Items wait to be sent. */
  void ready(Outflow outflow) {
    streams.ready(outflow);
    sendItems();
  }

  private void sendItems() {
    boolean more = !lost;
    while (more && flow.writable()) {
      more = streams.sendNext();
    }
  }

  /** The handler of one of their calls has returned a stream: others may run meanwhile. */
  void streaming(InboundCall call) {
    theirs.streams(call);
    proceed();
  }

  /** The handler of one of their calls begins to read an argument. */
  void open(InboundCall call, int number, Inflow argument) {
    streams.open(call, number, argument);
  }

  /** Grants more items of an argument of theirs. */
  void grant(InboundCall call, int number, int n) {
    streams.grant(call, number, n);
  }

  /** Grants more items of a result of ours. */
  void grant(RequestId id, int n) {
    streams.grant(id, n);
  }

  /** All items of an argument of ours were sent, or there are no more because of a fault. */
  void sent(Outflow argument, @Nullable Fault fault) {
    streams.sent(argument, fault);
  }

  /**
   * Who reads a stream has begun to wait for the peer, or no longer does.
   *
   * @param turn of the handler that reads, if it runs in order
   */
  void readerWaits(Inflow inflow, @Nullable Turn turn, boolean on) {
    streams.waits(inflow, turn, on);
    proceed();
  }

  // ---- time and the link

  /**
   * The peer said (server) or answered (client) hello: pings are messages from now on.
   *
   * @param told what it told of itself
   */
  public void establish(Heartbeat heartbeat, PeerProfile told, double phase, long now) {
    established = true;
    ours.negotiated(told);
    theirs.limit(told.frameLimit());
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
    int missed = pulse.missed();
    Pulse.Beat beat = pulse.beat(now, lastReceivedAt);
    if (pulse.missed() > missed) {
      effects.heartbeatMissed(pulse.missed());
    }
    switch (beat) {
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
    long deadline = Math.min(ours.untilNextDeadline(now), theirs.untilNextDeadline(now));
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
    theirs.lost(reason);
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

  /** What the peer told of itself. */
  public PeerProfile profile() {
    return ours.profile();
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
