package dev.everwire.session.internal;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Priority;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Caller;
import dev.everwire.session.Exposed;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Observed;
import dev.everwire.session.Overflow;
import dev.everwire.session.Peer;
import dev.everwire.session.SendOptions;
import dev.everwire.session.internal.delivery.Outbox;
import dev.everwire.session.internal.delivery.Wish;
import dev.everwire.session.internal.lifecycle.Lifespan;
import dev.everwire.session.internal.rpc.CallTable;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.internal.rpc.Turn;
import dev.everwire.session.internal.stream.Outflow;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One connection: feeds a {@link SessionEngine} from a transport and carries out what it decides.
 * Event loop only, except where a method says otherwise.
 */
public final class Connection
    implements Receiver, Effects, Outgoing, Caller, Lifespan, Outlet.Congestion {

  /** Is told once that the connection ended, and before that how the peer keeps up. On its loop. */
  public interface Ended {
    void ended(Connection connection, int code, String reason);

    /** The connection is degraded: its queue is long, and only critical messages are admitted. */
    default void degraded(Connection connection, boolean on) {}

    /** There is room again for events that were refused. */
    default void relieved(Connection connection) {}
  }

  private static final long NEVER = Long.MAX_VALUE;
  private static final Duration DEAD_WITHIN = Duration.ofMillis(500);

  private final String id;
  private final Transport transport;
  private final ConnectionSettings settings;
  private final Speech speech;
  private final Ended ended;
  private final SessionEngine engine;
  private final RemotePeer peer;
  private final Outlet outlet;
  private final Handlers handlers;
  private final Streaming streaming;
  private final Calling calling;
  private final Alarm alarm;
  private final Subscriptions subscriptions;
  private @Nullable Intake intake; // null if everything may come in
  private volatile @Nullable Doorkeeper doorkeeper; // null if every call may run; set on the loop
  private final Tenure tenure;

  // written on the loop, read by callers
  private volatile PeerProfile profile = PeerProfile.PLAIN;
  private volatile String sessionId; // written on the loop, read by handlers
  private volatile @Nullable String user; // written on the loop, read by handlers

  /**
   * @param scratch the loop's writer, shared by its connections so that an idle one holds no buffer
   */
  public Connection(
      String id,
      Transport transport,
      Role role,
      ConnectionSettings settings,
      Router router,
      JsonWriter scratch,
      Ended ended) {
    this.id = id;
    this.sessionId = id;
    this.transport = transport;
    this.settings = settings;
    this.ended = ended;
    this.outlet =
        new Outlet(
            transport,
            settings.dialects().codec(Dialect.JSON_RPC),
            scratch,
            settings.queueing(),
            this);
    this.speech = new Speech(settings.dialects(), role, outlet);
    this.alarm = new Alarm(transport.loop(), this::tick);
    this.engine =
        new SessionEngine(
            role,
            router,
            settings.limits(),
            settings.heartbeat(),
            settings.random().nextDouble(),
            transport.loop().now(),
            this);
    if (settings.cancelPlain()) {
      engine.cancelPlain();
    }
    if (!settings.lifetime().unlimited()) {
      engine.lasting(
          settings.lifetime(),
          settings.heartbeat(),
          settings.random().nextDouble(),
          settings.random().nextDouble(),
          transport.loop().now());
    }
    this.handlers = new Handlers(this, settings, this::returned);
    this.streaming =
        new Streaming(
            engine, transport.loop(), settings.workers(), settings.values(), handlers::fault);
    this.calling = new Calling(engine, transport.loop(), speech, this::notify, this::rearm);
    this.subscriptions = new Subscriptions(settings, this);
    this.tenure = new Tenure(this, engine);
    this.peer = new RemotePeer(this, settings.values(), settings.workers(), settings.errors());
    rearm();
  }

  // ---- what others see

  /** Safe from any thread. */
  public String id() {
    return id;
  }

  @Override
  public String connectionId() {
    return id;
  }

  @Override
  public String sessionId() {
    return sessionId;
  }

  @Override
  public String remoteAddress() {
    return transport.remoteAddress();
  }

  @Override
  public Optional<String> user() {
    return Optional.ofNullable(user);
  }

  @Override
  public Set<String> roles() {
    Doorkeeper asked = doorkeeper;
    return asked == null ? Set.of() : asked.roles();
  }

  /** Says who the peer is. */
  public void identify(String newUser) {
    user = newUser;
  }

  /** Not every call of the peer's may run from now on. */
  public void guarded(Doorkeeper asked) {
    doorkeeper = asked;
  }

  /** Null if every call may run. Safe from any thread. */
  public @Nullable Doorkeeper doorkeeper() {
    return doorkeeper;
  }

  /** Of a call; a connection has none. */
  @Override
  public Optional<Duration> remaining() {
    return Optional.empty();
  }

  /** Of a call, see {@link CallView}. */
  @Override
  public boolean cancelled() {
    return false;
  }

  @Override
  public void progress(Object value) {}

  @Override
  public Peer peer() {
    return peer;
  }

  /** As {@link #peer()} for a handler that runs in order. Safe from any thread. */
  Peer peer(Turn turn) {
    return peer.in(turn);
  }

  /** Safe from any thread. */
  public Caller caller() {
    return this;
  }

  /** Safe from any thread. */
  @Override
  public Loop loop() {
    return transport.loop();
  }

  /** Takes over calls of a former connection of the session. */
  public Calling calling() {
    return calling;
  }

  /** Safe from any thread. */
  Subscriptions subscriptions() {
    return subscriptions;
  }

  /**
   * The methods by which the peer has subscribed to something in the manner of Ethereum's nodes.
   * Safe from any thread.
   */
  public Set<String> subscribedBy() {
    return subscriptions.methods();
  }

  /** Ends what the peer has subscribed to by a method; false if there is nothing. As above. */
  public boolean unsubscribe(String method) {
    return subscriptions.endAll(method);
  }

  ValueCodec values() {
    return settings.values();
  }

  /** Until the end. Safe from any thread. */
  public boolean open() {
    return outlet.open();
  }

  public boolean established() {
    return engine.established();
  }

  /** What the peer told of itself; {@link PeerProfile#PLAIN} until then. */
  public PeerProfile profile() {
    return profile;
  }

  /** Calls and notifications of the peer that run or wait, or whose answers still wait for room. */
  public int inboundCalls() {
    return engine.inboundCalls() + (outlet.waiting() ? 1 : 0);
  }

  /** Bytes of what waits to be handled, and of answers that were not acknowledged. */
  public long heldBytes() {
    return engine.heldBytes();
  }

  /** Messages that wait for room in the transport's queue. */
  public int heldBack() {
    return outlet.heldBack();
  }

  /** Our calls that wait for an answer. */
  public int pendingCalls() {
    return engine.pendingCalls();
  }

  @Override
  public long untilIdleTimeout(long now) {
    return engine.lifespan().untilIdleTimeout(now);
  }

  @Override
  public long untilMaxAge(long now) {
    return engine.lifespan().untilMaxAge(now);
  }

  /** Refuses new calls of the peer's; those that run or wait go on. */
  public void drain() {
    engine.drain();
  }

  /**
   * Makes this an Everwire session: hello was said and answered.
   *
   * @param told what the peer told of itself by that
   */
  public void establish(String session, Heartbeat heartbeat, PeerProfile told) {
    establish(session, heartbeat, told, null);
  }

  /**
   * As the other.
   *
   * @param keeps what outlives this connection; null if nothing does
   */
  public void establish(
      String session, Heartbeat heartbeat, PeerProfile told, @Nullable KeptSession keeps) {
    sessionId = session;
    tenure.begin(keeps);
    profile = told;
    speech.settle();
    outlet.limit(told.frameLimit());
    engine.establish(heartbeat, told, settings.random().nextDouble(), loop().now());
    rearm();
  }

  /** What of this outlives it. Safe from any thread. */
  public Tenure tenure() {
    return tenure;
  }

  /** Sends the answer to a call that came on a former connection, or is asked for again. */
  public void deliver(Message.Response response) {
    var unused = outlet.send(profile.frameLimit().fitting(response));
  }

  // ---- what is spoken

  /** What shared messages have to look like here. */
  public Form form() {
    return speech.form();
  }

  /** Not all that the peer says comes in from now on, or all of it if null. Between messages. */
  public void admitting(@Nullable Intake asked) {
    if (intake != null) {
      intake.ended();
    }
    intake = asked;
    engine.admitting(asked);
  }

  /** Speaks a dialect from the beginning. Before anything is sent or received. */
  public void speak(Dialect dialect) {
    speech.speak(dialect);
  }

  /** Speaks in binary messages from the beginning. Before anything is sent or received. */
  public void speakBinary() {
    speech.speakBinary();
  }

  /** The peer asks for a dialect by what it says. False if another is spoken for good. */
  public boolean switchTo(Dialect dialect) {
    return speech.switchTo(dialect);
  }

  // ---- sending

  /** Sends {@code rpc.hello}; the completion is called exactly once, on the loop. */
  public void hello(RawJson params, CallOptions options, CallTable.Completion done) {
    long deadline = Calling.deadline(options, loop().now());
    engine.hello(params, deadline, done);
    rearm();
  }

  @Override
  public boolean takesStreams() {
    return profile.can(PeerProfile.STREAM);
  }

  @Override
  public Running call(OutboundCall call) {
    Running running = calling.call(call);
    rearm();
    return running;
  }

  @Override
  public List<Running> batch(List<Member> members) {
    List<Running> running = calling.batch(members);
    rearm();
    return running;
  }

  /**
   * @throws FaultException −32008 if the peer would close for its size
   */
  @Override
  public Offer notify(String method, @Nullable RawJson params) {
    return outlet.notify(method, params);
  }

  /**
   * As {@link #notify(String, RawJson)} for somebody who sends it itself, on the loop when it is
   * told to. Safe from any thread but the loop.
   */
  public Offer notify(String method, @Nullable RawJson params, Runnable send) {
    return outlet.notify(method, params, send);
  }

  /** Whether what is sent now may arrive: until either end begins to close. */
  public boolean sendable() {
    return transport.open();
  }

  /** How full the outbound queue is: 1.0 at its bound in bytes or messages. */
  public double level() {
    return outlet.level();
  }

  /** Whether only critical messages are admitted for now. Safe from any thread. */
  public boolean degraded() {
    return outlet.degraded();
  }

  /** Whether answers, control or critical messages wait for room. */
  public boolean urgentWaits() {
    return outlet.urgentWaits();
  }

  /** Messages that have not left this process. */
  public int unsentMessages() {
    return outlet.unsentMessages();
  }

  /** Bytes that have not left this process. */
  public long unsentBytes() {
    return outlet.unsentBytes();
  }

  /** Tells how far a call has come, unless it has ended. Safe from any thread. */
  void progress(InboundCall call, RawJson params) {
    Connection now = tenure.latest();
    if (now == this) {
      outlet.progress(() -> !call.ended(), params);
    } else {
      now.outlet.progress(() -> now.tenure.runs(call), params);
    }
  }

  /**
   * Queues a shared event. If there is no room for it the rules' overflow is for it, and by {@link
   * dev.everwire.session.Overflow#CLOSE} the peer is given up with 4002.
   *
   * @param wish asked before it is sent after it has waited
   */
  public Offer offerOrGiveUp(Encoded event, Priority priority, Wish wish) {
    Offer offer = outlet.offer(event, priority, wish, true);
    if (offer == Offer.FULL && settings.queueing().overflow() == Overflow.CLOSE) {
      outlet.giveUp();
    }
    return offer;
  }

  /**
   * Queues a shared event if there is room. The caller keeps its reference.
   *
   * @param wish asked before it is sent after it has waited; null if it is wanted in any case
   * @param droppable whether the rules' overflow is for it; else {@link Ended#relieved} says when
   *     there is room again
   */
  public Offer offer(Encoded event, Priority priority, @Nullable Wish wish, boolean droppable) {
    return outlet.offer(event, priority, wish, droppable);
  }

  /**
   * Queues a shared message that may overtake others and be dropped as the rules say. The caller
   * keeps its reference.
   *
   * @param ttl nanoseconds; {@link Long#MAX_VALUE} for as long as it takes
   */
  public Offer offer(Encoded message, Priority priority, long ttl) {
    return outlet.offer(message, priority, ttl);
  }

  /**
   * As the other for one notification. Safe from any thread.
   *
   * @throws FaultException −32008 if the peer would close for its size
   */
  public Offer offer(Message.Notification message, Priority priority, long ttl) {
    return outlet.offer(message, priority, ttl);
  }

  @Override
  public Offer notify(String method, @Nullable RawJson params, SendOptions options) {
    long ttl = options.ttl().map(Duration::toNanos).orElse(Outbox.NEVER);
    return outlet.offer(new Message.Notification(method, params), options.priority(), ttl);
  }

  /** Queues a shared message in the order of all that has no priority, if there is room. */
  public Offer offerOrDrop(Encoded message) {
    return outlet.offerOrDrop(message);
  }

  @Override
  public Offer offer(Message message) {
    return outlet.offer(message);
  }

  @Override
  public void send(Message message) {
    var unused = outlet.send(message);
  }

  /** As {@link #send}; answers CLOSED if this is closing, so that the message will not arrive. */
  public Offer put(Message message) {
    return outlet.send(message);
  }

  @Override
  public Offer offerBatch(List<? extends Message> messages) {
    return outlet.offerBatch(messages);
  }

  @Override
  public void sendBatch(List<Message.Response> responses) {
    outlet.sendBatch(responses);
  }

  @Override
  public void writable(boolean on) {
    engine.writable(on, loop().now(), outlet.unsentBytes());
    rearm();
  }

  @Override
  public void degraded(boolean on) {
    ended.degraded(this, on);
  }

  @Override
  public void relieved() {
    ended.relieved(this);
  }

  @Override
  public void heartbeatMissed(int inARow) {
    settings.observer().on(new Observed.HeartbeatMissed(inARow));
  }

  @Override
  public void later(Runnable task) {
    try {
      loop().execute(task);
    } catch (RejectedExecutionException e) { // the loop ended, and all connections with it
    }
  }

  @Override
  public void pingFrame() {
    transport.ping();
  }

  @Override
  public void reading(boolean on) {
    transport.reading(on);
  }

  @Override
  public void close(CloseCode code, String reason) {
    transport.close(code.value(), reason);
    if (code.equals(CloseCode.HEARTBEAT_LOST)) { // who is dead does not answer our Close frame
      loop().schedule(DEAD_WITHIN.toNanos(), transport::abort);
    }
  }

  // ---- receiving

  @Override
  public void onText(ByteBuffer utf8) {
    if (intake != null) {
      intake.arrived(utf8.remaining());
    }
    engine.receive(speech.read(utf8), transport.lastReceivedAt());
    tenure.received();
  }

  @Override
  public void onBinary(ByteBuffer bytes) {
    if (intake != null) {
      intake.arrived(bytes.remaining());
    }
    if (speech.takesBinary(bytes)) {
      engine.receive(speech.read(bytes), transport.lastReceivedAt());
      tenure.received();
    } else {
      close(CloseCode.BAD_PROTOCOL, "binary messages are not spoken here");
    }
  }

  @Override
  public void onWritable(boolean writable) {
    outlet.transportWritable(writable);
  }

  @Override
  public void onClosed(int code, String reason) {
    outlet.ended();
    alarm.off();
    if (intake != null) {
      intake.ended();
    }
    handlers.ended();
    subscriptions.ended();
    tenure.ended(code);
    engine.lost(reason.isEmpty() ? "closed with " + code : reason);
    ended.ended(this, code, reason);
    rearm();
  }

  // ---- running the peer's calls

  @Override
  public void runInline(InboundCall call, Route.InlineHandler handler) {
    try {
      handler.handle(this, call);
    } catch (RuntimeException e) {
      call.refuse(handlers.fault(call.method(), e));
    }
  }

  @Override
  public void runNow(InboundCall call, Exposed method) {
    Doorkeeper asked = doorkeeper;
    if (asked == null || asked.open(method)) {
      handlers.runNow(call, method);
      return;
    }
    asked.ask(
        this,
        call,
        method,
        refusal -> {
          if (refusal != null) {
            call.refuse(refusal);
          } else if (!call.ended()) { // else it was cancelled meanwhile
            handlers.runNow(call, method);
          }
        });
  }

  @Override
  public void run(InboundCall call, Exposed method) {
    Doorkeeper asked = doorkeeper;
    if (asked == null || asked.open(method)) {
      handlers.run(call, method.handler());
      return;
    }
    asked.ask(
        this,
        call,
        method,
        refusal -> {
          if (refusal == null && !call.ended()) {
            handlers.run(call, method.handler());
          } else { // or it was cancelled meanwhile
            later(() -> handlers.refuse(call, refusal)); // not inside what starts calls
          }
        });
  }

  @Override
  public void produce(Argument argument, Outflow out) {
    streaming.produce(argument, out, profile.maxMessageBytes());
  }

  Streaming streaming() {
    return streaming;
  }

  @Override
  public Fault noSuchMethod() {
    Doorkeeper asked = doorkeeper;
    Fault refusal = asked == null ? null : asked.refusesUnknown();
    return refusal == null ? Effects.super.noSuchMethod() : refusal;
  }

  @Override
  public void interrupt(InboundCall call) {
    call.interrupt();
  }

  // ---- time

  @Override
  public void wakeBy(long at) {
    alarm.by(at);
  }

  private void returned(InboundCall call) {
    engine.returned(call, loop().now());
    tenure.returned();
  }

  private void tick() {
    long lastSignAt = engine.anyTraffic() ? transport.lastReceivedAt() : transport.lastPongAt();
    engine.tick(loop().now(), lastSignAt, outlet.unsentBytes());
    rearm();
  }

  void rearm() {
    long now = loop().now();
    long delay = engine.untilNextTick(now);
    if (delay == NEVER) {
      alarm.off();
    } else {
      alarm.by(now + delay);
    }
  }
}
