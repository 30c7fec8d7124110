package dev.everwire.server;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.server.internal.RandomText;
import dev.everwire.server.internal.admin.AdminMethods;
import dev.everwire.server.internal.admin.Census;
import dev.everwire.server.internal.dialect.DialectMethods;
import dev.everwire.server.internal.dialect.RpcWebsocketsMethods;
import dev.everwire.server.internal.gate.Origins;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.server.memory.MemoryBroker;
import dev.everwire.server.topic.Topics;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Caller;
import dev.everwire.session.Exposed;
import dev.everwire.session.Gather;
import dev.everwire.session.Gathered;
import dev.everwire.session.Methods;
import dev.everwire.session.build.ServingBuilder;
import dev.everwire.session.internal.ConnectionSettings;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.discover.Discovery;
import dev.everwire.session.transport.Listener;
import dev.everwire.spi.Broker;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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

  private final String node;
  private final ValueCodec values;
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

  Server(ServerBuilder from, ValueCodec values, Listener listener) throws IOException {
    RandomGenerator random = from.random;
    this.node = from.node == null ? RandomText.of(random, NODE_LENGTH) : from.node;
    from.nodeName.set(node);
    this.values = values;
    this.drainFor = from.drainFor;
    this.owned = new ArrayList<>();
    Executor workers = from.workers == null ? ownWorkers() : from.workers;
    Broker broker = from.broker == null ? ownBroker(random) : from.broker;
    this.topics = new TopicHub(broker, from.rules, values, from.maxSubscriptions);
    this.roster = new Roster();
    Map<String, Long> limits =
        Map.of(
            "frame", (long) from.transportLimits.maxMessageBytes(),
            "subscriptions", (long) from.maxSubscriptions,
            "inflight", (long) from.limits.maxAdmittedCalls());
    HelloMethod hello = new HelloMethod(node, from.heartbeat, limits, random);
    Census census = new Census();
    AdminMethods admin = new AdminMethods(node, from.administrators, census, topics);
    ServingBuilder.Serving serving = from.serving();
    Methods methods = serving.methods();
    Route discover =
        serving.discovery()
            ? Discovery.route(from.title, from.version, methods, values.schemas())
            : null;
    ConnectionSettings settings =
        ConnectionSettings.of(
                from.limits, from.heartbeat, values, workers, random, serving.watchdog())
            .disclosing(serving.disclosure())
            .allowing(from.dialects)
            .raising(serving.errors());
    DialectMethods dialects =
        new DialectMethods(
            new RpcWebsocketsMethods(
                topics.following(),
                settings,
                serving.discovery()
                    ? methods.all().stream().map(Exposed::name).toList()
                    : List.of(),
                from.login));
    Endpoints endpoints =
        new Endpoints(
            node,
            settings,
            new ServerRouter(census.counting(hello), discover, topics, admin, dialects, methods),
            topics,
            roster,
            census,
            from.identify,
            from.onDisconnect);
    Gate.Admission admission =
        new Gate.Admission(
            new Origins(from.origins, from.loopbackNamesOnly),
            from.maxConnections,
            roster::size,
            from.admission);
    this.gate = new Gate(endpointsOf(from, endpoints), from.routes, admission, workers);
    try {
      topics.start();
      this.listening = listener.listen(gate);
    } catch (IOException | RuntimeException e) {
      closeOwned();
      throw e;
    }
    LOG.log(Level.INFO, "started node=" + node + " host=" + host() + " port=" + port());
  }

  private static Map<String, Gate.Endpoint> endpointsOf(ServerBuilder from, Endpoints endpoints) {
    Map<String, Gate.Endpoint> byPath = new HashMap<>();
    from.raw.forEach((path, raw) ->
        byPath.put(path, new Gate.Endpoint(List.of(), raw.limits(), endpoints.raw(raw.open()))));
    from.dialectPaths.forEach((path, dialect) ->
        byPath.put(
            path,
            new Gate.Endpoint(
                List.of(Gate.JSON_RPC), from.transportLimits, endpoints.conversation(dialect))));
    byPath.put(
        from.path,
        new Gate.Endpoint(
            List.of(Gate.EVERWIRE, Gate.JSON_RPC),
            from.transportLimits,
            endpoints.conversation(null)));
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

  public static ServerBuilder builder() {
    return new ServerBuilder();
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

  /**
   * Those who are connected at this moment and can be called, each with who it is. Empty before the
   * first and after the last; a peer may be gone by the time it is called.
   */
  public List<Caller> callers() {
    return roster.callers();
  }

  /**
   * Calls a method of everybody who is connected at this moment, and waits until all have answered
   * or the time is over. Blocks, so never on an event loop. {@link #callers} and {@link
   * Gather#callAsync} ask some only, or do not wait.
   *
   * @throws IllegalArgumentException if the parameters cannot be written
   */
  public <T> Gathered<Caller, @Nullable T> gather(
      String method, @Nullable Object params, Class<T> type, CallOptions options) {
    Object written = params == null ? null : values.encode(params); // once for all
    return Gather.await(Gather.callAsync(callers(), Caller::peer, method, written, type, options));
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
}
