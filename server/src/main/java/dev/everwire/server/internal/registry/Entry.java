package dev.everwire.server.internal.registry;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.wire.AuthExpiring;
import dev.everwire.protocol.wire.Names;
import dev.everwire.server.connection.Attributes;
import dev.everwire.server.connection.ConnectionFigures;
import dev.everwire.server.connection.ConnectionState;
import dev.everwire.server.connection.Payload;
import dev.everwire.server.connection.ServerConnection;
import dev.everwire.server.internal.access.Standing;
import dev.everwire.server.internal.limit.Seat;
import dev.everwire.session.Peer;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.lifecycle.Lifespan;
import dev.everwire.session.transport.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One open connection as the registry knows it, in front of what receives its messages. What is
 * inherited from {@link Transport} and {@link dev.everwire.session.transport.Receiver} is for its
 * loop; what {@link ServerConnection} promises is safe from any thread.
 */
public final class Entry extends Relay implements ServerConnection, Standing.Lodger {
  private static final Logger LOG = System.getLogger(Entry.class.getName());
  private static final AtomicReferenceFieldUpdater<Entry, @Nullable Seat> SEAT =
      AtomicReferenceFieldUpdater.newUpdater(Entry.class, Seat.class, "seat");
  private static final AtomicReferenceFieldUpdater<Entry, @Nullable SessionIdentity> IDENTITY =
      AtomicReferenceFieldUpdater.newUpdater(Entry.class, SessionIdentity.class, "identity");
  private static final AtomicIntegerFieldUpdater<Entry> POSTED =
      AtomicIntegerFieldUpdater.newUpdater(Entry.class, "posted");

  private final Registry registry;
  private final long serial;
  private final String id;
  private final String path;
  private final long openedAt;

  // taken out by whoever changes it or gives it on
  @SuppressWarnings("UnusedVariable") // read by SEAT
  private volatile @Nullable Seat seat;

  private volatile @Nullable SessionIdentity identity; // made on first use, or by hello

  @SuppressWarnings("UnusedVariable") // read by POSTED
  private volatile int posted; // bytes on their way to the loop of a raw peer

  // written on the loop, seen by all
  private volatile ConnectionState state = ConnectionState.CONNECTING;
  private volatile String sessionId;
  private volatile @Nullable String user;
  private volatile @Nullable String tenant;
  private volatile @Nullable String clientId; // null for the session's
  private volatile int generation;

  private volatile @Nullable Standing standing; // null where nobody is asked who they are
  private volatile boolean succeeded; // another has its names; set once by that
  private volatile boolean hookFailed; // set on a worker, where hooks of one come one by one

  // event loop only
  private @Nullable CompletableFuture<Void> told; // the hook called last, of those there are
  private int hooks; // those called, a bit for each
  private boolean inSession; // and counted as that
  private boolean lingers; // and counted as that

  Entry(
      Registry registry,
      long serial,
      Transport transport,
      LoopCounts counts,
      Ticket ticket,
      Seat seat) {
    super(transport, counts);
    this.registry = registry;
    this.serial = serial;
    this.id = registry.idOf(serial);
    this.sessionId = id;
    this.path = ticket.path();
    this.openedAt = transport.loop().now();
    this.seat = seat;
    this.user = ticket.user();
    this.tenant = ticket.tenant();
  }

  // ---- who it is

  @Override
  public String connectionId() {
    return id;
  }

  @Override
  public String sessionId() {
    return sessionId;
  }

  @Override
  public String clientId() {
    String given = clientId;
    return given == null ? sessionId : given;
  }

  @Override
  public Optional<String> user() {
    return Optional.ofNullable(user);
  }

  @Override
  public Optional<String> tenant() {
    return Optional.ofNullable(tenant);
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public long generation() {
    return generation;
  }

  /** What it has shown of who it is; null where nobody is asked. */
  public @Nullable Standing standing() {
    return standing;
  }

  /** On its loop. */
  public void standing(Standing shown) {
    standing = shown;
  }

  @Override
  public void expiring(Duration in) {
    Connection connection = connection();
    if (connection != null && connection.established()) {
      connection.send(new Message.Notification(Names.AUTH_EXPIRING, new AuthExpiring(in).write()));
    }
  }

  // ---- how it is

  @Override
  public ConnectionState state() {
    ConnectionState now = state;
    if (now == ConnectionState.READY) {
      Connection connection = connection();
      return connection != null && connection.degraded() ? ConnectionState.DEGRADED : now;
    }
    return now;
  }

  @Override
  public Duration age() {
    return Duration.ofNanos(loop().now() - openedAt);
  }

  @Override
  public Instant connectedAt() {
    return loop().wallTime().minus(age());
  }

  @Override
  public CompletableFuture<ConnectionFigures> figures() {
    CompletableFuture<ConnectionFigures> figures = new CompletableFuture<>();
    boolean asked =
        onLoop(() -> {
          try {
            ConnectionFigures now = ended() ? null : figuresNow();
            registry.onWorker(() -> complete(figures, now));
          } catch (RuntimeException e) {
            registry.onWorker(() -> figures.completeExceptionally(e));
          }
        });
    if (!asked) {
      complete(figures, null);
    }
    return figures;
  }

  private void complete(
      CompletableFuture<ConnectionFigures> figures, @Nullable ConnectionFigures now) {
    if (now == null) {
      figures.completeExceptionally(new IllegalStateException("connection " + id + " has ended"));
    } else {
      figures.complete(now);
    }
  }

  /** On its loop. */
  public ConnectionFigures figuresNow() {
    long now = loop().now();
    Lifespan lifespan = receiver() instanceof Lifespan bounded ? bounded : null;
    return new ConnectionFigures(
        Duration.ofNanos(now - lastReceivedAt()),
        lifespan == null ? null : durationOf(lifespan.untilIdleTimeout(now)),
        lifespan == null ? null : durationOf(lifespan.untilMaxAge(now)),
        queuedBytes(),
        queuedMessages(),
        inboundCalls());
  }

  private static @Nullable Duration durationOf(long nanos) {
    return nanos == Lifespan.NEVER ? null : Duration.ofNanos(Math.max(0, nanos));
  }

  /** Calls of the peer that run or wait. On its loop. */
  public int inboundCalls() {
    Connection connection = connection();
    return connection == null ? 0 : connection.inboundCalls();
  }

  /** The conversation; null for a raw one. */
  public @Nullable Connection connection() {
    return receiver() instanceof Connection connection ? connection : null;
  }

  @Override
  public Optional<Peer> peer() {
    Connection connection = connection();
    return connection == null ? Optional.empty() : Optional.of(connection.peer());
  }

  /** Its place among all, never given again. */
  public long serial() {
    return serial;
  }

  /** Whether it has ended and left the registry. */
  public boolean ended() {
    return state == ConnectionState.CLOSED;
  }

  /** Whether it will end soon, or has. */
  public boolean leaves() {
    ConnectionState now = state;
    return now == ConnectionState.CLOSING || now == ConnectionState.CLOSED;
  }

  // ---- what is attached

  @Override
  public Attributes attributes() {
    return new EntryAttributes(this);
  }

  @Override
  public Set<String> tags() {
    SessionIdentity there = identity;
    return there == null ? Set.of() : there.tags();
  }

  @Override
  public boolean tag(String tag) {
    return identity().tag(tag);
  }

  @Override
  public boolean untag(String tag) {
    SessionIdentity there = identity;
    return there != null && there.untag(tag);
  }

  /** Made if there is none. */
  SessionIdentity identity() {
    SessionIdentity there = identity;
    if (there != null) {
      return there;
    }
    SessionIdentity made = new SessionIdentity(registry.tagIndex(), this);
    if (IDENTITY.compareAndSet(this, null, made)) {
      return made;
    }
    return identity();
  }

  public @Nullable SessionIdentity identityOrNull() {
    return identity;
  }

  // ---- sending and closing

  @Override
  public Offer send(Payload payload) {
    return switch (payload) {
      case Payload.Notification(String method, var params) -> {
        Connection connection = connection();
        if (connection == null) {
          throw new UnsupportedOperationException("a raw peer takes no notifications: " + id);
        }
        yield connection.notify(method, registry.written(params));
      }
      case Payload.Text(String text) -> RawSending.text(this, text);
      case Payload.Json(var value) -> RawSending.text(this, registry.json(value).toString());
      case Payload.Binary(byte[] bytes) -> RawSending.binary(this, bytes);
    };
  }

  /** Counts bytes on their way to the loop; answers how many that makes. */
  int post(int bytes) {
    return POSTED.addAndGet(this, bytes);
  }

  @Override
  public void close(CloseCode code, String reason) {
    if (!code.sendable()) {
      throw new IllegalArgumentException("code: " + code + " (expected: one that may be sent)");
    }
    var unused = onLoop(() -> close(code.value(), reason));
  }

  @Override
  public void close(int code, String reason) {
    super.close(code, reason); // throws if that is no code
    closing();
  }

  @Override
  public void abort() {
    super.abort();
    closing();
  }

  private void closing() {
    if (state != ConnectionState.CLOSED) {
      state = ConnectionState.CLOSING;
    }
  }

  @Override
  public void onClosed(int code, String reason) {
    LOG.log(
        Level.DEBUG,
        () -> "disconnected connection=" + id + " code=" + code + " reason=\"" + reason + "\"");
    registry.left(this);
    Standing stood = standing;
    if (stood != null) {
      stood.ended();
    }
    try {
      super.onClosed(code, reason);
    } finally {
      registry.hooks().disconnected(this, reason, code, age());
      registry.told(this);
    }
  }

  /** False if its loop has ended, and this with it. */
  public boolean onLoop(Runnable task) {
    try {
      loop().execute(task);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  // ---- for the registry, on the loop

  void become(ConnectionState next) {
    state = next;
  }

  void session(String newSessionId, long newGeneration, SessionIdentity newIdentity) {
    sessionId = newSessionId;
    generation = (int) newGeneration;
    SessionIdentity before = IDENTITY.getAndSet(this, newIdentity);
    newIdentity.moveTo(this, before == newIdentity ? null : before);
    if (!inSession) {
      inSession = true;
      counts().add(LoopCounts.Count.SESSIONS, 1);
    }
  }

  /** It is not a session's connection any more. */
  void sessionEnds() {
    if (inSession) {
      inSession = false;
      counts().add(LoopCounts.Count.SESSIONS, -1);
    }
  }

  void lingers(boolean on) {
    lingers = on;
  }

  /** Whether it is counted as one that was replaced. */
  boolean lingers() {
    return lingers;
  }

  void client(@Nullable String newClientId) {
    clientId = newClientId;
  }

  void owner(@Nullable String newUser, @Nullable String newTenant) {
    user = newUser;
    tenant = newTenant;
  }

  /** Null for an anonymous one. */
  @Nullable String userOrNull() {
    return user;
  }

  /** What it was named; null if it is not named but by its session. */
  public @Nullable String givenClientId() {
    return clientId;
  }

  @Nullable CompletableFuture<Void> told() {
    return told;
  }

  void told(CompletableFuture<Void> last) {
    told = last;
  }

  /** True the first time for each hook. */
  boolean first(int hook) {
    int before = hooks;
    hooks |= hook;
    return hooks != before;
  }

  // ---- from any thread

  /** Another has its names and its session: it is not meant any more unless by its own id. */
  void succeeded() {
    succeeded = true;
  }

  /** Whether it is among those that names mean. */
  boolean meant() {
    return !succeeded && state != ConnectionState.AUTHENTICATING;
  }

  /** False the first time. On a worker. */
  boolean failedBefore() {
    boolean before = hookFailed;
    hookFailed = true;
    return before;
  }

  /** Out of here; null if somebody else has it. */
  @Nullable Seat takeSeat() {
    return SEAT.getAndSet(this, null);
  }

  /** Back, unless there is one. */
  boolean giveSeat(Seat given) {
    return SEAT.compareAndSet(this, null, given);
  }
}
