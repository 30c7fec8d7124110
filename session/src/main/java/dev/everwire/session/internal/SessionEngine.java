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
import dev.everwire.session.Lifetime;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.lifecycle.Flow;
import dev.everwire.session.internal.lifecycle.Lifespan;
import dev.everwire.session.internal.lifecycle.Vigil;
import dev.everwire.session.internal.rpc.BatchAnswer;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.internal.rpc.CallTable;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.internal.rpc.Turn;
import dev.everwire.session.internal.stream.Inflow;
import dev.everwire.session.internal.stream.Outflow;
import java.util.List;
import java.util.Set;
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
  private static final Fault BAD_ANSWER =
      Fault.of(FaultCode.INVALID_REQUEST, "the peer's answer was malformed");

  /** What is said about calls of ours, besides their answers, and for the link. */
  private static final Set<String> ABOUT_OURS =
      Set.of(Names.ITEM, Names.CREDIT, Names.END, Names.PROGRESS, Names.PING, Names.CANCEL);

  private final Effects effects;
  private final OutboundCalls ours;
  private final InboundCalls theirs;
  private final Streams streams;
  private final Flow flow;
  private final Life life;
  private @Nullable Admission admission; // null if everything may come in

  private long now; // the latest that was told
  private boolean reading = true;
  private boolean backlogged; // too much of the peer's waits
  private boolean established; // an Everwire session, not a plain peer
  private boolean givenUp; // closed by us; its end is on its way
  private boolean lost;
  private boolean detached; // its session is another connection's, or will be
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
    this.life = new Life(heartbeat, phase, now, effects);
    this.now = now;
  }

  /**
   * It lasts only so long. Before anything is received.
   *
   * @param phase as of the constructor
   * @param share 0.0…1.0, see {@link Vigil}
   */
  public void lasting(
      Lifetime lifetime, Heartbeat heartbeat, double phase, double share, long now) {
    life.lasting(lifetime, heartbeat, phase, share, now);
  }

  /** Not all that the peer says comes in from now on, or all of it if null. Between messages. */
  public void admitting(@Nullable Intake intake) {
    admission = intake == null ? null : new Admission(intake);
  }

  // ---- the peer's messages

  public void receive(Frame frame, long now) {
    this.now = now;
    life.received(frame, now);
    if (detached) {
      receiveAnswers(frame);
      return;
    }
    if (flow.held()) {
      return; // the connection ends, and what is not known yet cannot be served for it
    }
    switch (frame) {
      case Frame.Single(Message message) -> receive(message, null);
      case Frame.Batch(List<Message> messages) -> receiveBatch(messages);
      case Frame.Unreadable(Fault fault) ->
          receive(new Message.Malformed(RequestId.NULL, fault, false), null);
    }
    proceed();
    ours.acknowledge(now);
  }

  /** Our own calls, for who knows what became of them on a former connection. */
  OutboundCalls ours() {
    return ours;
  }

  /** Who has lost the session to another connection is heard no more, but for what we asked. */
  private void receiveAnswers(Frame frame) {
    List<Message> messages =
        switch (frame) {
          case Frame.Single(Message message) -> List.of(message);
          case Frame.Batch(List<Message> batch) -> batch;
          case Frame.Unreadable unreadable -> List.of();
        };
    for (Message message : messages) {
      boolean ours =
          switch (message) {
            case Message.Response response -> true;
            case Message.Notification(String method, var params) -> ABOUT_OURS.contains(method);
            case Message.Request request -> false;
            case Message.Malformed malformed -> malformed.response();
          };
      if (ours) {
        receive(message, null);
      }
    }
    proceed();
  }

  private void receiveBatch(List<Message> messages) {
    BatchAnswer batch = new BatchAnswer();
    for (Message message : messages) {
      if (lost || detached) {
        return; // the rest was never received
      }
      receive(message, batch);
    }
    theirs.read(batch);
  }

  private void receive(Message message, @Nullable BatchAnswer batch) {
    if (admission == null || admitted(admission, message, batch)) {
      handle(message, batch);
    }
  }

  private boolean admitted(Admission asked, Message message, @Nullable BatchAnswer batch) {
    return !givenUp && admitted(asked, asked.judge(message, established, now), batch);
  }

  private boolean admitted(
      Admission asked, Admission.Verdict verdict, @Nullable BatchAnswer batch) {
    switch (verdict) {
      case Admission.Verdict.In in -> {
        return true;
      }
      case Admission.Verdict.Dropped dropped -> {}
      case Admission.Verdict.Refused(Message.Malformed answer) -> theirs.malformed(answer, batch);
    }
    if (asked.exhausted()) {
      if (established) {
        effects.send(asked.farewell());
      }
      giveUp(CloseCode.RATE_LIMITED, "rate limited");
    }
    return false;
  }

  private void handle(Message message, @Nullable BatchAnswer batch) {
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
      case Message.Malformed malformed -> {
        // What could have been an answer came in unasked.
        if (admission == null
            || !malformed.empty()
            || admitted(admission, admission.judge(malformed.id(), now), batch)) {
          theirs.malformed(malformed, batch);
        }
      }
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
      case Names.PONG -> {
        life.ponged(now);
        yield true;
      }
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
    life.returned(now);
    proceed();
  }

  /** Starts what may start, then decides whether we read on. */
  private void proceed() {
    int waiting = ours.answersAwaited() + streams.awaited();
    theirs.expire(now); // what is late by now must not begin
    theirs.start(flow.writable() || lost, waiting);
    sendItems();
    if (lost) {
      return;
    }
    if (theirs.overflowing() && !givenUp) {
      giveUp(CloseCode.OVERLOADED, "too much waits to be handled");
    }
    Life.End over = life.settled(inboundCalls());
    if (over != null && !givenUp && !lost) {
      giveUp(over.code(), over.reason());
    }
    backlogged = backlogged ? !theirs.relieved() : theirs.saturated();
    // A handler that holds up the others may wait for an answer: that has to be read.
    flow.saturated(backlogged && waiting == 0);
    if (flow.reading() != reading) {
      reading = flow.reading();
      if (reading) {
        life.excuse(now);
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
    life.establish(heartbeat, phase, now);
  }

  /**
   * Does what is due.
   *
   * @param lastSignAt when the last byte came, or the last Pong frame unless {@link #anyTraffic}
   * @param unsent bytes that have not left this process
   */
  public void tick(long now, long lastSignAt, long unsent) {
    this.now = now;
    if (lost) {
      theirs.expire(now);
      return;
    }
    ours.expire(now);
    proceed();
    if (givenUp) {
      return;
    }
    ours.acknowledge(now);
    if (flow.givenUp(now, unsent)) {
      giveUp(CloseCode.SLOW_CONSUMER, "does not read");
      return;
    }
    if (!flow.reading()) {
      life.excuse(now);
    }
    Life.End end = life.due(now, lastSignAt, inboundCalls(), ours.size());
    if (end != null) {
      giveUp(end.code(), end.reason());
    }
  }

  private void giveUp(CloseCode code, String reason) {
    givenUp = true;
    effects.close(code, reason);
  }

  /** Whether every byte is a sign of life, not only answers to pings. */
  public boolean anyTraffic() {
    return life.vigil().anyTraffic();
  }

  /** How long it still lasts. */
  Lifespan lifespan() {
    return life.vigil();
  }

  /** Nanoseconds until {@link #tick} has something to do. */
  public long untilNextTick(long now) {
    if (lost) {
      return theirs.untilNextDeadline(now);
    }
    long deadline = Math.min(ours.untilNextDeadline(now), theirs.untilNextDeadline(now));
    return givenUp
        ? deadline
        : Math.min(
            Math.min(deadline, ours.untilAcknowledged(now)),
            Math.min(life.untilNext(now), flow.untilGivenUp(now)));
  }

  /** The outbound queue became long or short again; see {@link Flow#writable}. */
  public void writable(boolean on, long now, long unsent) {
    this.now = now;
    flow.writable(on, now, unsent);
    proceed();
  }

  /** What the peer sends next waits until this is taken back. */
  public void hold(boolean on) {
    flow.held(on);
    proceed();
  }

  /** What becomes of the peer's calls outlives this connection. Before any is received. */
  void keep(KeptSession session) {
    theirs.keep(session);
  }

  /**
   * The session goes to another connection, or waits for one: the peer's calls go on for that, no
   * more are taken here.
   */
  void detach() {
    detached = true;
    theirs.detach();
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
    if (detached) {
      proceed(); // what waited for the peer to read need not any more
    }
  }

  /** Bytes of what waits to be handled, and of answers that were not acknowledged. */
  long heldBytes() {
    return theirs.heldBytes();
  }

  /** Whether nothing of the peer's runs or waits on this connection. */
  boolean ranOut() {
    return theirs.size() == 0;
  }

  /** Whether calls of the peer's run or wait that can only be answered here. */
  boolean bound() {
    return theirs.bound();
  }

  /** Nobody will ask for what waits any more. */
  void forget() {
    theirs.forget();
  }

  /** Calls and notifications of the peer that run or wait. */
  public int inboundCalls() {
    return theirs.size() + theirs.elsewhere();
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
