package dev.everwire.client;

import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.Handler;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Methods;
import dev.everwire.session.Peer;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.RemotePeer;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.TransportLimits;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One server, called and listened to over a connection that comes back by itself. Safe from any
 * thread.
 *
 * <p>While there is no connection, calls end at once with {@link ConnectionLostException};
 * subscriptions wait, and go on where they were.
 */
public final class Client implements Peer, AutoCloseable {
  /** Connections, threads and waiting calls are gone by then. */
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(1);

  private final ClientOptions options;
  private final Keeper keeper;
  private final RemotePeer peer;
  private final TopicCalls topicCalls;

  private Client(ClientOptions options) {
    this.options = options;
    this.keeper = new Keeper(options);
    this.peer = new RemotePeer(keeper, options.values(), options.workers());
    this.topicCalls = new TopicCalls(this, keeper, options);
  }

  /**
   * @param uri {@code ws} or {@code wss}, for instance {@code wss://example.org/ws}
   */
  public static Builder builder(URI uri) {
    return new Builder(uri);
  }

  // ---- calls

  @Override
  public <T> @Nullable T call(String method, @Nullable Object params, Class<T> type) {
    return orLost(() -> peer.call(method, params, type));
  }

  @Override
  public @Nullable Object call(
      String method, @Nullable Object params, Type type, CallOptions options) {
    return orLost(() -> peer.call(method, params, type, options));
  }

  @Override
  public CompletableFuture<@Nullable Object> callAsync(
      String method, @Nullable Object params, Type type, CallOptions options) {
    try {
      return peer.callAsync(method, params, type, options);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(closed());
    }
  }

  @Override
  public Offer notify(String method, @Nullable Object params) {
    try {
      return peer.notify(method, params);
    } catch (RejectedExecutionException e) {
      return Offer.CLOSED;
    }
  }

  // ---- topics

  /** Follows a topic: begins with what is published next. Returns at once, connected or not. */
  public <T> Subscription<T> subscribe(String topic, Class<T> type) {
    return subscribe(topic, type, null);
  }

  /**
   * Follows a topic behind a position, for instance one stored before this program was started.
   * What cannot be recovered is told as an {@link Event.Gap}.
   *
   * @param since null to begin with what is published next
   */
  public <T> Subscription<T> subscribe(String topic, Class<T> type, @Nullable Position since) {
    return topicCalls.subscribe(topic, type, since);
  }

  /**
   * Publishes and waits until the server has it.
   *
   * @throws ConnectionLostException perhaps published, see {@link
   *     ConnectionLostException#maybeExecuted}
   */
  public Position publish(String topic, @Nullable Object data) {
    return topicCalls.publish(topic, data);
  }

  /** As {@link #publish} without waiting. */
  public CompletableFuture<Position> publishAsync(String topic, @Nullable Object data) {
    return topicCalls.publishAsync(topic, data);
  }

  /**
   * What a topic still remembers, oldest first.
   *
   * @param since null for the oldest kept
   * @param limit most events wanted, at least 1; the server may give fewer, so ask again behind the
   *     last one until none comes
   */
  public <T> List<Event.Item<T>> history(
      String topic, @Nullable Position since, int limit, Class<T> type) {
    return topicCalls.history(topic, since, limit, type);
  }

  // ---- life

  /** Where the client stands now. */
  public Status status() {
    return keeper.status();
  }

  /** The session's public name; empty while there is none, and with a plain JSON-RPC server. */
  public Optional<String> sessionId() {
    return Optional.ofNullable(keeper.sessionId());
  }

  /**
   * Ends the client, whatever it is doing: everything that waits for it ends, and within a second
   * its connection and threads are gone. Idempotent.
   */
  @Override
  public void close() {
    CompletableFuture<Void> ended = closeAsync();
    if (keeper.loop().inLoop()) {
      return; // what is to be waited for happens here
    }
    await(ended);
    if (!keeper.statuses().telling()) {
      await(keeper.statuses().closed());
    }
  }

  /** As {@link #close} without waiting: done when the connection and the threads are gone. */
  public CompletableFuture<Void> closeAsync() {
    keeper.close();
    return keeper.ended().copy();
  }

  private static void await(CompletableFuture<Void> done) {
    try {
      done.get(CLOSED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // It goes on by itself; nobody is kept waiting for it.
    }
  }

  private void connect(Duration within) {
    if (keeper.loop().inLoop()) {
      throw new IllegalStateException("connect: would block the event loop (expected: start)");
    }
    keeper.connectWithin(within);
    try {
      keeper.firstLive().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new ConnectFailedException(options.address() + ": interrupted", 0);
    } catch (ExecutionException e) {
      close();
      if (e.getCause() instanceof ConnectFailedException failed) {
        throw new ConnectFailedException(String.valueOf(failed.getMessage()), failed.httpStatus());
      }
      throw new IllegalStateException(e);
    }
  }

  private <T> @Nullable T orLost(Supplier<@Nullable T> body) {
    try {
      return body.get();
    } catch (RejectedExecutionException e) {
      throw closed();
    }
  }

  private static ConnectionLostException closed() {
    return new ConnectionLostException(false, "client closed");
  }

  /**
   * Puts a client together. Needs a {@link #dialer} and {@link #values}; everything else has a
   * default. One thread at a time.
   */
  public static final class Builder {
    private final URI uri;
    private final Methods.Builder methods = Methods.builder();
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
    private Executor workers = task -> Thread.ofVirtual().name("everwire-worker").start(task);
    private RandomGenerator random = new SplittableRandom();
    private String name = "everwire-java";
    private String version = "";
    private int maxWaitingEvents = 10_000;
    private long maxWaitingBytes = 16L * 1024 * 1024;

    private Builder(URI uri) {
      // Refuses a bad address here, not at the first dial.
      this.uri =
          new Dialer.Request(uri, Map.of(), List.of(), dialTimeout, TransportLimits.CLIENT).uri();
    }

    /** Opens the connections. Stays the caller's, to be closed after the client. */
    public Builder dialer(Dialer dialer) {
      this.dialer = () -> dialer;
      this.ownsDialer = false;
      return this;
    }

    /** As {@link #dialer} with one that is made for this client and closed with it. */
    public Builder ownDialer(Supplier<? extends Dialer> dialer) {
      this.dialer = dialer;
      this.ownsDialer = true;
      return this;
    }

    /** Binds parameters, results and events. */
    public Builder values(ValueCodec values) {
      this.values = values;
      return this;
    }

    /** A method that the server may call. */
    public Builder method(String name, Handler handler) {
      methods.add(name, handler);
      return this;
    }

    /** When to dial again. By default a random time of up to 1 s, 2 s, 4 s … 60 s, for ever. */
    public Builder reconnect(ReconnectPolicy reconnect) {
      this.reconnect = reconnect;
      return this;
    }

    /** Is told every status, one at a time and in order, on a worker. */
    public Builder onStatus(Consumer<Status> listener) {
      this.onStatus = listener;
      return this;
    }

    /** Sent with each upgrade request; a second value of a name takes the place of the first. */
    public Builder header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    public Builder limits(SessionLimits limits) {
      this.limits = limits;
      return this;
    }

    public Builder transportLimits(TransportLimits limits) {
      this.transportLimits = limits;
      return this;
    }

    /** For plain peers, and until hello is answered; an Everwire server says its own. */
    public Builder heartbeat(Heartbeat heartbeat) {
      this.heartbeat = heartbeat;
      return this;
    }

    /** How long {@link #connect} tries, 30 s by default. */
    public Builder connectWithin(Duration within) {
      this.connectWithin = positive("connectWithin", within);
      return this;
    }

    /** How long one dial may take, 10 s by default. */
    public Builder dialTimeout(Duration timeout) {
      this.dialTimeout = positive("dialTimeout", timeout);
      return this;
    }

    /** Never says hello: nothing but JSON-RPC 2.0 goes over the wire. */
    public Builder plain() {
      this.plain = true;
      return this;
    }

    /** Runs methods, status listeners and completions; a virtual thread for each by default. */
    public Builder workers(Executor workers) {
      this.workers = workers;
      return this;
    }

    /** Chance, for delays and the phase of heartbeats. Used on the client's loop only. */
    public Builder random(RandomGenerator random) {
      this.random = random;
      return this;
    }

    /** How the client calls itself, for the server's logs. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    public Builder version(String version) {
      this.version = version;
      return this;
    }

    /**
     * How much may wait in each {@link Subscription}, 10 000 events and 16 MiB by default. Beyond
     * it the oldest give way to one {@link Event.Gap}.
     */
    public Builder maxWaiting(int events, long bytes) {
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
      client.keeper.start();
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
          methods.build(),
          reconnect,
          onStatus,
          Map.copyOf(headers),
          limits,
          transportLimits,
          heartbeat,
          dialTimeout,
          plain,
          workers,
          random,
          name,
          version,
          maxWaitingEvents,
          maxWaitingBytes);
    }

    private static Duration positive(String name, Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
      }
      return value;
    }
  }
}
