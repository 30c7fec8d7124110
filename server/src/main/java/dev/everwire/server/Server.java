package dev.everwire.server;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.server.internal.RandomText;
import dev.everwire.server.internal.admin.AdminMethods;
import dev.everwire.server.internal.admin.Census;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.server.memory.MemoryBroker;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.server.topic.Topics;
import dev.everwire.session.Caller;
import dev.everwire.session.Handler;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Methods;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.ConnectionSettings;
import dev.everwire.session.transport.HttpRoute;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.spi.Broker;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A running server: methods that peers call, topics that they subscribe to, on WebSocket
 * connections. Safe from any thread.
 *
 * <pre>{@code
 * Server server = Server.builder().listen(listener).values(values)
 *     .method("add", call -> call.params().get(0, "a", int.class) + call.params().get(1, "b", int.class))
 *     .topic(TopicRule.named("prices/*").keepLast(1_000))
 *     .start();
 * }</pre>
 *
 * <p>{@code GET /health} answers 200 as long as the process lives, {@code GET /ready} 200 until the
 * server drains.
 */
public final class Server implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Server.class.getName());
  private static final int NODE_LENGTH = 6;
  private static final int MAX_SUBSCRIPTIONS = 128;

  private final String node;
  private final Duration drainFor;
  private final Listener.Listening listening;
  private final Gate gate;
  private final Roster roster;
  private final TopicHub topics;
  private final List<AutoCloseable> owned;
  private final AtomicReference<@Nullable CompletableFuture<Void>> draining =
      new AtomicReference<>();
  private final AtomicReference<@Nullable Thread> closer = new AtomicReference<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  private Server(Builder from, ValueCodec values, Listener listener) throws IOException {
    RandomGenerator random = from.random;
    this.node = from.node == null ? RandomText.of(random, NODE_LENGTH) : from.node;
    this.drainFor = from.drainFor;
    this.owned = new ArrayList<>();
    Executor workers = from.workers == null ? ownWorkers() : from.workers;
    Broker broker = from.broker == null ? ownBroker(random) : from.broker;
    this.topics = new TopicHub(broker, from.rules, values, MAX_SUBSCRIPTIONS);
    this.roster = new Roster();
    Map<String, Long> limits =
        Map.of(
            "frame", (long) from.transportLimits.maxMessageBytes(),
            "subscriptions", (long) MAX_SUBSCRIPTIONS,
            "inflight", (long) from.limits.maxAdmittedCalls());
    HelloMethod hello = new HelloMethod(node, from.heartbeat, limits, random);
    Census census = new Census();
    AdminMethods admin = new AdminMethods(node, from.administrators, census, topics);
    Endpoints endpoints =
        new Endpoints(
            node,
            ConnectionSettings.of(from.limits, from.heartbeat, values, workers, random),
            new ServerRouter(census.counting(hello), topics, admin, from.methods.build()),
            topics,
            roster,
            census,
            from.onDisconnect);
    this.gate = new Gate(endpointsOf(from, endpoints), from.routes, workers);
    try {
      topics.start();
      this.listening = listener.listen(gate);
    } catch (IOException | RuntimeException e) {
      closeOwned();
      throw e;
    }
  }

  private static Map<String, Gate.Endpoint> endpointsOf(Builder from, Endpoints endpoints) {
    Map<String, Gate.Endpoint> byPath = new HashMap<>();
    from.raw.forEach((path, raw) ->
        byPath.put(path, new Gate.Endpoint(raw.limits(), endpoints.raw(raw.open()))));
    byPath.put(from.path, new Gate.Endpoint(from.transportLimits, endpoints::conversation));
    return byPath;
  }

  private Executor ownWorkers() {
    ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    owned.add(workers::shutdownNow);
    return workers;
  }

  private Broker ownBroker(RandomGenerator random) {
    MemoryBroker broker = new MemoryBroker(random);
    owned.add(broker);
    return broker;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The bound host, for a URL. */
  public String host() {
    return listening.host();
  }

  public int port() {
    return listening.port();
  }

  /** Names this server among others. */
  public String node() {
    return node;
  }

  public Topics topics() {
    return topics;
  }

  /** Connections that are open. */
  public int connections() {
    return roster.size();
  }

  /** Waits until the server is closed. */
  public void awaitClose() throws InterruptedException {
    closed.await();
  }

  /**
   * Begins to drain, without waiting: no new connections, {@code /ready} says 503, running calls go
   * on for at most the time given to the builder, then every connection is closed with 1001. {@link
   * #close} has to follow.
   *
   * @return completes when no connection is left
   */
  public CompletableFuture<Void> drain() {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    CompletableFuture<Void> first = draining.compareAndExchange(null, mine);
    if (first != null) {
      return first.copy();
    }
    LOG.log(Level.INFO, "draining node=" + node + " connections=" + roster.size());
    gate.drain();
    listening.stopAccepting();
    new Drain(roster, listening.loops().getFirst(), drainFor)
        .begin()
        .whenComplete((nothing, failure) -> mine.complete(null));
    return mine.copy();
  }

  /**
   * Drains, then ends everything that the server started. Repeated calls return when the first is
   * done. An interrupt cuts the draining short.
   */
  @Override
  public void close() {
    if (!closer.compareAndSet(null, Thread.currentThread())) {
      awaitCloseOfAnother();
      return;
    }
    try {
      Duration atMost = drainFor.plus(Drain.CLOSE_WITHIN).plusSeconds(1);
      drain().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.WARNING, "not drained in time node=" + node);
    } finally {
      listening.close();
      closeOwned();
      LOG.log(Level.INFO, "stopped node=" + node);
      closed.countDown();
    }
  }

  private void awaitCloseOfAnother() {
    if (Thread.currentThread().equals(closer.get())) {
      return; // from within itself
    }
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeOwned() {
    for (AutoCloseable resource : owned) {
      try {
        resource.close();
      } catch (Exception e) {
        LOG.log(Level.WARNING, "not closed properly node=" + node, e);
      }
    }
  }

  private record Raw(TransportLimits limits, Function<Transport, Receiver> open) {}

  /** Collects what a server is made of. One thread at a time. */
  public static final class Builder {
    private final Methods.Builder methods = Methods.builder();
    private final List<TopicRule> rules = new ArrayList<>();
    private final Map<String, HttpRoute> routes = new HashMap<>();
    private final Map<String, Raw> raw = new HashMap<>();
    private @Nullable Listener listener;
    private @Nullable ValueCodec values;
    private @Nullable Broker broker;
    private @Nullable Executor workers;
    private @Nullable String node;
    private String path = "/ws";
    private SessionLimits limits = SessionLimits.DEFAULT;
    private TransportLimits transportLimits = TransportLimits.SERVER;
    private Heartbeat heartbeat = Heartbeat.DEFAULT;
    private Duration drainFor = Duration.ofSeconds(10);
    private RandomGenerator random = new SecureRandom();
    private Predicate<Caller> administrators = caller -> false;
    private @Nullable Consumer<Caller> onDisconnect;

    private Builder() {}

    /** Where connections come from. Required. */
    public Builder listen(Listener newListener) {
      listener = newListener;
      return this;
    }

    /** Binds parameters, results and event data. Required. */
    public Builder values(ValueCodec codec) {
      values = codec;
      return this;
    }

    /**
     * A method that peers may call.
     *
     * @throws IllegalArgumentException if the name is reserved, malformed or taken
     */
    public Builder method(String name, Handler handler) {
      methods.add(name, handler);
      return this;
    }

    /** A kind of topic. Rules are asked in the order given; the first that matches holds. */
    public Builder topic(TopicRule rule) {
      rules.add(rule);
      return this;
    }

    /**
     * Carries publications. The caller closes it, after the server. A {@link MemoryBroker} of the
     * server's own unless said.
     */
    public Builder broker(Broker newBroker) {
      broker = newBroker;
      return this;
    }

    /**
     * Who may call {@code rpc.admin.*}; nobody unless said. Asked on an event loop for each call,
     * so it must not block.
     */
    public Builder administration(Predicate<Caller> allowed) {
      administrators = allowed;
      return this;
    }

    /**
     * Is told on a worker, once for each connection at {@link #path}, that it has ended. Handlers
     * of its calls may still run then; those that begin later find that {@link Caller#peer} is
     * CLOSED.
     */
    public Builder onDisconnect(Consumer<Caller> told) {
      onDisconnect = told;
      return this;
    }

    /** The path of the WebSocket, {@code /ws} unless said. */
    public Builder path(String newPath) {
      path = checked(newPath);
      return this;
    }

    /**
     * Answers ordinary HTTP requests for a path, of every method, on a worker. What it throws is
     * logged and answered with an empty 500.
     */
    public Builder http(String routePath, HttpRoute route) {
      if (routes.putIfAbsent(checked(routePath), route) != null) {
        throw new IllegalArgumentException(
            "path: \"" + routePath + "\" (expected: not given before)");
      }
      return this;
    }

    /**
     * Gives the WebSocket connections of a path to a receiver of one's own; nothing of the protocol
     * is spoken there. The function is called on the connection's loop.
     */
    public Builder raw(String rawPath, TransportLimits bounds, Function<Transport, Receiver> open) {
      if (raw.putIfAbsent(checked(rawPath), new Raw(bounds, open)) != null) {
        throw new IllegalArgumentException(
            "path: \"" + rawPath + "\" (expected: not given before)");
      }
      return this;
    }

    /** Bounds of one conversation. */
    public Builder limits(SessionLimits newLimits) {
      limits = newLimits;
      return this;
    }

    /** Bounds of one connection. */
    public Builder transportLimits(TransportLimits newLimits) {
      transportLimits = newLimits;
      return this;
    }

    /** How silent links are found out; clients are told. */
    public Builder heartbeat(Heartbeat newHeartbeat) {
      heartbeat = newHeartbeat;
      return this;
    }

    /** How long running calls may go on when the server closes; 10 s unless said. */
    public Builder drainFor(Duration atMost) {
      if (atMost.isNegative() || atMost.toDays() > 365) {
        throw new IllegalArgumentException("drainFor: " + atMost + " (expected: >= 0, <= P365D)");
      }
      drainFor = atMost;
      return this;
    }

    /**
     * Runs handlers and routes; a virtual thread for each unless said. The caller ends it, after
     * the server.
     */
    public Builder workers(Executor newWorkers) {
      workers = newWorkers;
      return this;
    }

    /**
     * Makes session names, tokens, epochs and jitter. Must be safe from any thread and, outside
     * tests, not guessable; a {@link SecureRandom} unless said.
     */
    public Builder random(RandomGenerator generator) {
      random = generator;
      return this;
    }

    /** Names this server among others, for logs and clients; a short random name unless said. */
    public Builder node(String name) {
      if (name.isEmpty()) {
        throw new IllegalArgumentException("node: \"\" (expected: at least 1 character)");
      }
      node = name;
      return this;
    }

    /**
     * Binds and serves from now on.
     *
     * @throws IOException if the address cannot be bound, with one sentence that says why
     * @throws IllegalStateException if something required is missing or a path is taken twice
     */
    public Server start() throws IOException {
      if (listener == null) {
        throw new IllegalStateException("listen: not set (expected: a Listener)");
      }
      if (values == null) {
        throw new IllegalStateException("values: not set (expected: a ValueCodec)");
      }
      if (raw.containsKey(path) || routes.containsKey(path)) {
        throw new IllegalStateException("path: \"" + path + "\" (expected: not given before)");
      }
      Server server = new Server(this, values, listener);
      LOG.log(
          Level.INFO,
          "started node=" + server.node + " host=" + server.host() + " port=" + server.port());
      return server;
    }

    private static String checked(String path) {
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException("path: \"" + path + "\" (expected: to begin with /)");
      }
      if (Gate.reserved(path)) {
        throw new IllegalArgumentException("path: \"" + path + "\" (expected: not reserved)");
      }
      return path;
    }
  }
}
