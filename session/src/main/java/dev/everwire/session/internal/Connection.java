package dev.everwire.session.internal;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Caller;
import dev.everwire.session.Exposed;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Peer;
import dev.everwire.session.internal.delivery.Outbox;
import dev.everwire.session.internal.rpc.CallTable;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One connection: feeds a {@link SessionEngine} from a transport and carries out what it decides.
 * Event loop only, except where a method says otherwise.
 */
public final class Connection implements Receiver, Effects, Outgoing, Caller {

  /** Is told once that the connection ended. */
  public interface Ended {
    void ended(Connection connection, int code, String reason);
  }

  private static final long NEVER = Long.MAX_VALUE;
  private static final long MAX_WAITING_BYTES = 16 * 1024 * 1024;
  private static final long MAX_POSTED_BYTES = 1024 * 1024;
  private static final long LOOK_FOR_ROOM_EVERY = 20_000_000; // nanoseconds

  private final String id;
  private final Transport transport;
  private final ConnectionSettings settings;
  private final JsonWriter scratch;
  private final Ended ended;
  private final SessionEngine engine;
  private final RemotePeer peer;
  private final Outbox outbox;
  private final Handlers handlers;
  private final AtomicLong posted = new AtomicLong(); // bytes of notifications on their way here

  private volatile String sessionId; // written on the loop, read by handlers
  private volatile @Nullable String user; // written on the loop, read by handlers
  private volatile boolean open = true; // written on the loop, read by senders
  private Loop.@Nullable Timer wake;
  private long wakeAt = NEVER;
  private boolean transportWritable = true;
  private boolean lookingForRoom;
  private volatile boolean congested; // written on the loop, read by senders

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
    this.outbox = new Outbox(transport, MAX_WAITING_BYTES);
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
    this.handlers =
        new Handlers(this, transport.loop(), settings, call -> engine.returned(call, loop().now()));
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
  public Optional<String> user() {
    return Optional.ofNullable(user);
  }

  /** Says who the peer is. */
  public void identify(String newUser) {
    user = newUser;
  }

  /** Of a call; a connection has none. */
  @Override
  public Optional<Duration> remaining() {
    return Optional.empty();
  }

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

  /** Safe from any thread. */
  public Caller caller() {
    return this;
  }

  /** Safe from any thread. */
  @Override
  public Loop loop() {
    return transport.loop();
  }

  public boolean established() {
    return engine.established();
  }

  /** Calls and notifications of the peer that run or wait, or whose answers still wait for room. */
  public int inboundCalls() {
    return engine.inboundCalls() + (outbox.waiting() ? 1 : 0);
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
    Message.Notification message = new Message.Notification(method, params);
    if (loop().inLoop()) {
      return offer(message);
    }
    if (!open) {
      return Offer.CLOSED;
    }
    long bytes = (long) method.length() + (params == null ? 0 : params.length());
    long before = posted.getAndAdd(bytes);
    if (congested || (before > 0 && before + bytes > MAX_POSTED_BYTES)) {
      posted.addAndGet(-bytes);
      return Offer.FULL;
    }
    try {
      loop()
          .execute(() -> {
            posted.addAndGet(-bytes);
            send(message);
          });
    } catch (RejectedExecutionException e) {
      return Offer.CLOSED;
    }
    return Offer.QUEUED;
  }

  /** Queues a shared event. A peer that leaves no room for it is given up with 4002. */
  public Offer offer(Encoded event) {
    return orGiveUp(outbox.offer(event));
  }

  @Override
  public Offer offer(Message message) {
    return outbox.offer(encoded(message));
  }

  @Override
  public void send(Message message) {
    orGiveUp(outbox.send(encoded(message)));
    lookForRoom();
  }

  @Override
  public void sendBatch(List<Message.Response> responses) {
    scratch.reset();
    settings.codec().writeBatch(responses, scratch);
    orGiveUp(outbox.send(scratch.buffer()));
    lookForRoom();
  }

  private ByteBuffer encoded(Message message) {
    scratch.reset();
    settings.codec().write(message, scratch);
    return scratch.buffer();
  }

  private Offer orGiveUp(Offer offer) {
    if (offer == Offer.FULL) {
      close(CloseCode.SLOW_CONSUMER, "outbound queue full");
    }
    return offer;
  }

  /** Asks again until what waits has left: the transport tells of its own queue only. */
  private void lookForRoom() {
    if (outbox.waiting() && !lookingForRoom) {
      lookingForRoom = true;
      loop().schedule(LOOK_FOR_ROOM_EVERY, this::room);
      updateWritable();
    }
  }

  private void room() {
    lookingForRoom = false;
    if (open) {
      outbox.flush();
      lookForRoom();
      updateWritable();
    }
  }

  private void updateWritable() {
    boolean writable = transportWritable && !outbox.waiting();
    if (congested == writable) {
      congested = !writable;
      engine.writable(writable, loop().now(), outbox.unsentBytes());
      rearm();
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
  }

  // ---- receiving

  @Override
  public void onText(ByteBuffer utf8) {
    engine.receive(settings.codec().read(utf8), transport.lastReceivedAt());
  }

  @Override
  public void onBinary(ByteBuffer bytes) {
    close(CloseCode.BAD_PROTOCOL, "binary messages are not spoken here");
  }

  @Override
  public void onWritable(boolean writable) {
    transportWritable = writable;
    if (writable) {
      outbox.flush();
    }
    updateWritable();
  }

  @Override
  public void onClosed(int code, String reason) {
    open = false;
    cancelWake();
    outbox.clear();
    engine.lost(reason.isEmpty() ? "closed with " + code : reason);
    ended.ended(this, code, reason);
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
  public void run(InboundCall call, Exposed method) {
    handlers.run(call, method.handler());
  }

  @Override
  public void interrupt(InboundCall call) {
    call.interrupt();
  }

  // ---- time

  private void wakeUp() {
    wakeAt = NEVER;
    wake = null;
    engine.tick(loop().now(), transport.lastReceivedAt(), outbox.unsentBytes());
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
