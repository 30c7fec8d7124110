package dev.everwire.session.internal;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Call;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Caller;
import dev.everwire.session.Handler;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Params;
import dev.everwire.session.Peer;
import dev.everwire.session.internal.rpc.CallTable;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One connection: feeds a {@link SessionEngine} from a transport and carries out what it decides.
 * Event loop only, except where a method says otherwise.
 */
public final class Connection implements Receiver, SessionEngine.Effects, Outgoing, Caller {

  /** Is told once that the connection ended. */
  public interface Ended {
    void ended(Connection connection, int code, String reason);
  }

  private static final Logger LOG = System.getLogger(Connection.class.getName());
  private static final long NEVER = Long.MAX_VALUE;

  private final String id;
  private final Transport transport;
  private final ConnectionSettings settings;
  private final JsonWriter scratch;
  private final Ended ended;
  private final SessionEngine engine;
  private final RemotePeer peer;

  private volatile String sessionId; // written on the loop, read by handlers
  private volatile boolean open = true; // written on the loop, read by senders
  private Loop.@Nullable Timer wake;
  private long wakeAt = NEVER;
  private boolean reading = true;

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
    this.scratch = scratch;
    this.ended = ended;
    this.engine =
        new SessionEngine(
            role,
            router,
            settings.limits(),
            settings.heartbeat(),
            settings.random().nextDouble(),
            transport.loop().now(),
            this);
    this.peer = new RemotePeer(this, settings.values(), settings.workers());
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
  public Peer peer() {
    return peer;
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

  @Override
  public boolean open() {
    return open;
  }

  public boolean established() {
    return engine.established();
  }

  /** Calls and notifications of the peer that run or wait. */
  public int inboundCalls() {
    return engine.inboundCalls();
  }

  /** Refuses new calls of the peer's; those that run or wait go on. */
  public void drain() {
    engine.drain();
  }

  /** Makes this an Everwire session: hello was said and answered. */
  public void establish(String session, Heartbeat heartbeat) {
    sessionId = session;
    engine.establish(heartbeat, settings.random().nextDouble(), loop().now());
    rearm();
  }

  // ---- sending

  /** Sends {@code rpc.hello}; the completion is called exactly once, on the loop. */
  public void hello(RawJson params, CallOptions options, CallTable.Completion done) {
    long deadline = loop().now() + options.within().toNanos();
    engine.hello(params, deadline, done);
    wakeBy(deadline);
  }

  @Override
  public Runnable call(
      String method, @Nullable RawJson params, CallOptions options, CallTable.Completion done) {
    long deadline = loop().now() + options.within().toNanos();
    RequestId call = engine.call(method, params, deadline, done);
    if (call == null) {
      return () -> {};
    }
    wakeBy(deadline);
    return () -> engine.cancel(call);
  }

  @Override
  public Offer notify(String method, @Nullable RawJson params) {
    return offer(new Message.Notification(method, params));
  }

  /** Queues a shared event. A peer that leaves no room for it is given up with 4002. */
  public Offer offer(Encoded event) {
    return orGiveUp(transport.send(event));
  }

  @Override
  public Offer offer(Message message) {
    scratch.reset();
    settings.codec().write(message, scratch);
    return transport.sendText(scratch.buffer());
  }

  @Override
  public void send(Message message) {
    orGiveUp(offer(message));
  }

  @Override
  public void sendBatch(List<Message.Response> responses) {
    scratch.reset();
    settings.codec().writeBatch(responses, scratch);
    orGiveUp(transport.sendText(scratch.buffer()));
  }

  private Offer orGiveUp(Offer offer) {
    if (offer == Offer.FULL) {
      close(CloseCode.SLOW_CONSUMER, "outbound queue full");
    }
    return offer;
  }

  @Override
  public void pingFrame() {
    transport.ping();
  }

  @Override
  public void reading(boolean on) {
    if (reading != on) {
      reading = on;
      transport.reading(on);
    }
  }

  @Override
  public void close(CloseCode code, String reason) {
    transport.close(code.value(), reason);
  }

  // ---- receiving

  @Override
  public void onText(ByteBuffer utf8) {
    engine.receive(settings.codec().read(utf8));
  }

  @Override
  public void onBinary(ByteBuffer bytes) {
    close(CloseCode.BAD_PROTOCOL, "binary messages are not spoken here");
  }

  @Override
  public void onWritable(boolean writable) {
    engine.writable(writable, loop().now());
    rearm();
  }

  @Override
  public void onClosed(int code, String reason) {
    open = false;
    cancelWake();
    engine.lost(reason.isEmpty() ? "closed with " + code : reason);
    ended.ended(this, code, reason);
  }

  // ---- running the peer's calls

  @Override
  public void runInline(InboundCall call, Route.InlineHandler handler) {
    try {
      handler.handle(this, call);
    } catch (RuntimeException e) {
      call.refuse(fault(call.method(), e));
    }
  }

  @Override
  public void run(InboundCall call, Handler handler) {
    Serving serving = new Serving(go -> serve(call, go ? handler : null));
    call.interruption(serving::interrupt);
    try {
      settings.workers().execute(serving);
    } catch (RejectedExecutionException e) {
      call.refuse(Fault.of(FaultCode.DRAINING, "shutting down"));
      loop().execute(() -> engine.returned(call));
    }
  }

  /** On a worker. */
  private void serve(InboundCall call, @Nullable Handler handler) {
    Runnable outcome = () -> {};
    try {
      if (handler != null) {
        RawJson result = result(call, handler);
        outcome = () -> call.answer(result);
      }
    } catch (Throwable e) { // a handler's Error must not cost the caller its answer
      outcome = () -> failed(call, e);
    } finally {
      Runnable last = outcome;
      loop()
          .execute(() -> {
            last.run();
            engine.returned(call);
          });
    }
  }

  private RawJson result(InboundCall call, Handler handler) throws Exception {
    Params params = new Params(call.params(), settings.values());
    Object result = handler.handle(new Call(call.method(), params, this));
    if (call.notification()) {
      return RawJson.NULL;
    }
    return result instanceof RawJson raw ? raw : settings.values().encode(result);
  }

  private void failed(InboundCall call, Throwable cause) {
    if (!call.ended()) { // what a cancelled handler throws is no news
      call.refuse(fault(call.method(), cause));
    }
  }

  @Override
  public void interrupt(InboundCall call) {
    call.interrupt();
  }

  /** Only the number crosses the wire. */
  private Fault fault(String method, Throwable cause) {
    if (cause instanceof FaultException e) {
      return e.fault();
    }
    String incident = settings.incident();
    LOG.log(
        Level.ERROR,
        "handler failed incident="
            + incident
            + " method="
            + method
            + " connection="
            + id
            + " session="
            + sessionId,
        cause);
    return Fault.of(FaultCode.INTERNAL, "Internal error: incident " + incident);
  }

  // ---- time

  private void wakeUp() {
    wakeAt = NEVER;
    wake = null;
    engine.tick(loop().now(), transport.lastReceivedAt());
    rearm();
  }

  private void rearm() {
    long now = loop().now();
    long delay = engine.untilNextTick(now);
    if (delay == NEVER || !open) {
      cancelWake();
    } else {
      wakeBy(now + delay);
    }
  }

  private void wakeBy(long at) {
    if (wake != null && wakeAt - at <= 0) {
      return;
    }
    cancelWake();
    wakeAt = at;
    wake = loop().schedule(Math.max(0, at - loop().now()), this::wakeUp);
  }

  private void cancelWake() {
    if (wake != null) {
      wake.cancel();
      wake = null;
    }
    wakeAt = NEVER;
  }
}
