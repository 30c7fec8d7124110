package dev.everwire.client;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.build.ServingBuilder;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.TransportLimits;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Puts a client together. Needs a {@link #dialer} and {@link #values}; everything else has a
 * default. One thread at a time.
 */
public final class ClientBuilder extends ServingBuilder<ClientBuilder> {
  private static final Executor WATCHER =
      task -> Thread.ofPlatform().daemon().name("everwire-watchdog").start(task);

  private final URI uri;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private @Nullable Supplier<? extends Dialer> dialer;
  private boolean ownsDialer;
  private @Nullable ValueCodec values;
  private ReconnectPolicy reconnect =
      ReconnectPolicy.exponential(Duration.ofSeconds(1), Duration.ofSeconds(60));
  private Consumer<Status> onStatus = status -> {};
  private SessionLimits limits = SessionLimits.DEFAULT;
  private TransportLimits transportLimits = TransportLimits.CLIENT;
  private Heartbeat heartbeat = Heartbeat.DEFAULT;
  private Duration connectWithin = Duration.ofSeconds(30);
  private Duration dialTimeout = Duration.ofSeconds(10);
  private boolean plain;
  private Dialect dialect = Dialect.JSON_RPC;
  private boolean binary;
  private List<String> subprotocols = List.of();
  private Executor workers = task -> Thread.ofVirtual().name("everwire-worker").start(task);
  private RandomGenerator random = new SecureRandom();
  private String name = "everwire-java";
  private String version = "";
  private int maxWaitingEvents = 10_000;
  private long maxWaitingBytes = 16L * 1024 * 1024;
  private boolean cancelPlain;

  ClientBuilder(URI uri) {
    super(
        () -> null,
        WATCHER,
        CompletableFuture.delayedExecutor(AFTERWARDS.toMillis(), TimeUnit.MILLISECONDS));
    // Refuses a bad address here, not at the first dial.
    this.uri =
        new Dialer.Request(uri, Map.of(), List.of(), dialTimeout, TransportLimits.CLIENT).uri();
  }

  @Override
  protected ClientBuilder self() {
    return this;
  }

  /** Opens the connections. Stays the caller's, to be closed after the client. */
  public ClientBuilder dialer(Dialer dialer) {
    this.dialer = () -> dialer;
    this.ownsDialer = false;
    return this;
  }

  /** As {@link #dialer} with one that is made for this client and closed with it. */
  public ClientBuilder ownDialer(Supplier<? extends Dialer> dialer) {
    this.dialer = dialer;
    this.ownsDialer = true;
    return this;
  }

  /** Binds parameters, results and events. */
  public ClientBuilder values(ValueCodec values) {
    this.values = values;
    return this;
  }

  /**
   * Tells a plain JSON-RPC server by {@code $/cancelRequest} when a call was cancelled or its
   * deadline passed, as language servers know it. Unless said, only a server that answered hello or
   * sent a {@code $/…} notification itself is told.
   */
  public ClientBuilder cancelPlain() {
    cancelPlain = true;
    return this;
  }

  /** When to dial again. By default a random time of up to 1 s, 2 s, 4 s … 60 s, for ever. */
  public ClientBuilder reconnect(ReconnectPolicy reconnect) {
    this.reconnect = reconnect;
    return this;
  }

  /** Is told every status, one at a time and in order, on a worker. */
  public ClientBuilder onStatus(Consumer<Status> listener) {
    this.onStatus = listener;
    return this;
  }

  /** Sent with each upgrade request; a second value of a name takes the place of the first. */
  public ClientBuilder header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  public ClientBuilder limits(SessionLimits limits) {
    this.limits = limits;
    return this;
  }

  public ClientBuilder transportLimits(TransportLimits limits) {
    this.transportLimits = limits;
    return this;
  }

  /** For plain peers, and until hello is answered; an Everwire server says its own. */
  public ClientBuilder heartbeat(Heartbeat heartbeat) {
    this.heartbeat = heartbeat;
    return this;
  }

  /** How long {@link #connect} tries, 30 s by default. */
  public ClientBuilder connectWithin(Duration within) {
    this.connectWithin = positive("connectWithin", within);
    return this;
  }

  /** How long one dial may take, 10 s by default. */
  public ClientBuilder dialTimeout(Duration timeout) {
    this.dialTimeout = positive("dialTimeout", timeout);
    return this;
  }

  /** Never says hello: nothing but JSON-RPC 2.0 goes over the wire. */
  public ClientBuilder plain() {
    this.plain = true;
    return this;
  }

  /**
   * What the server speaks; JSON-RPC 2.0 unless said. With another dialect no hello is said, as
   * with {@link #plain}.
   */
  public ClientBuilder dialect(Dialect spoken) {
    this.dialect = spoken;
    return this;
  }

  /** Sends binary messages that hold the same JSON, for servers that want it so; both are read. */
  public ClientBuilder binaryMessages() {
    this.binary = true;
    return this;
  }

  /**
   * Offered to the server, in order of preference; none unless said. A server may select one of
   * them or none; if it selects another, the dial fails.
   */
  public ClientBuilder subprotocols(String... offered) {
    this.subprotocols = List.of(offered);
    return this;
  }

  /** Runs methods, status listeners and completions; a virtual thread for each by default. */
  public ClientBuilder workers(Executor workers) {
    this.workers = workers;
    return this;
  }

  /** Chance, for delays and the phase of heartbeats. Used on the client's loop only. */
  public ClientBuilder random(RandomGenerator random) {
    this.random = random;
    return this;
  }

  /** How the client calls itself, for the server's logs. */
  public ClientBuilder name(String name) {
    this.name = name;
    return this;
  }

  public ClientBuilder version(String version) {
    this.version = version;
    return this;
  }

  /**
   * How much may wait in each {@link Subscription}, 10 000 events and 16 MiB by default. Beyond it
   * the oldest give way to one {@link Event.Gap}.
   */
  public ClientBuilder maxWaiting(int events, long bytes) {
    if (events < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "maxWaiting: " + events + ", " + bytes + " (expected: both >= 1)");
    }
    this.maxWaitingEvents = events;
    this.maxWaitingBytes = bytes;
    return this;
  }

  /**
   * Starts and waits for the first live connection, through failed dials if need be.
   *
   * @throws ConnectFailedException the server refused for good, or the time was over
   */
  public Client connect() {
    Client client = start();
    client.connect(connectWithin);
    return client;
  }

  /** Starts and returns at once. */
  public Client start() {
    Client client = new Client(options());
    client.start();
    return client;
  }

  private ClientOptions options() {
    if (dialer == null) {
      throw new IllegalStateException("dialer: not set (expected: .dialer(…))");
    }
    if (values == null) {
      throw new IllegalStateException("values: not set (expected: .values(…))");
    }
    return new ClientOptions(
        uri,
        dialer.get(),
        ownsDialer,
        values,
        serving(),
        reconnect,
        onStatus,
        Map.copyOf(headers),
        limits,
        transportLimits,
        heartbeat,
        dialTimeout,
        plain || dialect != Dialect.JSON_RPC,
        new ClientOptions.Speech(dialect, binary, subprotocols),
        workers,
        random,
        name,
        version,
        maxWaitingEvents,
        maxWaitingBytes,
        cancelPlain);
  }

  private static Duration positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
    return value;
  }
}
