package dev.everwire.server;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.server.connection.Connections;
import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.drain.DrainReport;
import dev.everwire.server.internal.RandomText;
import dev.everwire.server.internal.admin.AdminMethods;
import dev.everwire.server.internal.budget.MemoryGuard;
import dev.everwire.server.internal.budget.OutboundQueues;
import dev.everwire.server.internal.dialect.DialectMethods;
import dev.everwire.server.internal.dialect.RpcWebsocketsMethods;
import dev.everwire.server.internal.drain.Draining;
import dev.everwire.server.internal.gate.Origins;
import dev.everwire.server.internal.limit.Admissions;
import dev.everwire.server.internal.limit.InboundGuard;
import dev.everwire.server.internal.registry.Census;
import dev.everwire.server.internal.registry.HookCalls;
import dev.everwire.server.internal.registry.OpenConnections;
import dev.everwire.server.internal.registry.Reception;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.server.internal.resume.ResumeTokens;
import dev.everwire.server.internal.session.AckMethod;
import dev.everwire.server.internal.session.Desk;
import dev.everwire.server.internal.session.HelloMethod;
import dev.everwire.server.internal.session.Sessions;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.server.memory.MemoryBroker;
import dev.everwire.server.session.Inbox;
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
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.spi.Broker;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);
  private static final Duration HOOKS_WITHIN = Duration.ofSeconds(5);
  private static final int MOST_LOST_SESSIONS = 100_000;
  private static final long MOST_LOST_BYTES = 256L * 1024 * 1024;

  private final String node;
  private final ValueCodec values;
  private final DrainPlan plan;
  private final RandomGenerator random;
  private final Listener.Listening listening;
  private final Gate gate;
  private final Roster roster;
  private final Sessions sessions;
  private final Connections registry;
  private final HookCalls hooks;
  private final TopicHub topics;
  private final List<AutoCloseable> owned;
  private final AtomicReference<@Nullable Draining> draining = new AtomicReference<>();
  private final AtomicReference<@Nullable Thread> closer = new AtomicReference<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  Server(ServerBuilder from, ValueCodec values, Listener listener) throws IOException {
    this.random = from.random;
    this.node = from.node == null ? RandomText.of(random, NODE_LENGTH) : from.node;
    from.nodeName.set(node);
    this.values = values;
    this.plan = from.drain;
    this.owned = new ArrayList<>();
    Executor workers = from.workers == null ? ownWorkers() : from.workers;
    Broker broker = from.broker == null ? ownBroker(random) : from.broker;
    this.topics = new TopicHub(broker, from.rules, values, from.maxSubscriptions);
    Census census = new Census();
    Admissions admissions = new Admissions(from.connectionLimits);
    this.hooks = new HookCalls(from.hooks, workers);
    Registry registry = new Registry(node, census, admissions, hooks, values);
    Reception reception = new Reception(registry, admissions, from.duplicates);
    this.registry = new OpenConnections(registry);
    this.roster = new Roster(registry);
    Map<String, Long> limits =
        Map.of(
            "frame", (long) from.transportLimits.maxMessageBytes(),
            "subscriptions", (long) from.maxSubscriptions,
            "inflight", (long) from.limits.maxAdmittedCalls());
    ResumeTokens tokens = new ResumeTokens(from.resume, random);
    owned.add(tokens);
    this.sessions =
        new Sessions(
            from.resume.within(),
            MOST_LOST_SESSIONS,
            MOST_LOST_BYTES,
            tokens::revoke,
            over -> over.forgetInbox(topics));
    topics.inboxesStart(sessions::inboxStart);
    HelloMethod hello =
        new HelloMethod(
            new HelloMethod.Terms(node, from.heartbeat, limits),
            sessions,
            tokens,
            new Desk(registry, reception),
            random,
            from.resume.enabled(),
            topics::closed);
    InboundGuard guard = from.inboundRates.unlimited() ? null : new InboundGuard(from.inboundRates);
    AdminMethods admin =
        new AdminMethods(node, from.administrators, census, registry, topics, guard);
    ServingBuilder.Serving serving = from.serving();
    Methods methods = serving.methods();
    Route discover =
        serving.discovery()
            ? Discovery.route(from.title, from.version, methods, values.schemas())
            : null;
    OutboundQueues queues = new OutboundQueues(from.outbound, from.transportLimits);
    ConnectionSettings settings =
        ConnectionSettings.of(
                from.limits, from.heartbeat, values, workers, random, serving.watchdog())
            .lasting(from.lifetime)
            .disclosing(serving.disclosure())
            .allowing(from.dialects)
            .raising(serving.errors())
            .queueing(queues.rules());
    DialectMethods dialects =
        new DialectMethods(
            new RpcWebsocketsMethods(
                topics.following(),
                settings,
                serving.discovery()
                    ? methods.all().stream().map(Exposed::name).toList()
                    : List.of(),
                from.login,
                reception::login));
    Endpoints endpoints =
        new Endpoints(
            settings,
            new ServerRouter(
                hello, new AckMethod(sessions), discover, topics, admin, dialects, methods),
            topics,
            roster,
            sessions,
            guard,
            reception,
            from.onDisconnect);
    MemoryGuard memory = new MemoryGuard(from.memory, registry);
    memory.held(sessions::lostBytes);
    Gate.Admission admission =
        new Gate.Admission(
            new Origins(from.origins, from.loopbackNamesOnly),
            from.admission,
            from.who(),
            from.identifyClient != null,
            admissions,
            reception,
            memory::full);
    this.gate =
        new Gate(endpointsOf(from, endpoints, queues.transport()), from.routes, admission, workers);
    try {
      topics.start();
      this.listening = listener.listen(gate);
      gate.listens(listening.loops().getFirst());
      memory.start(listening.loops().getFirst());
    } catch (IOException | RuntimeException e) {
      closeOwned();
      throw e;
    }
    LOG.log(Level.INFO, "started node=" + node + " host=" + host() + " port=" + port());
  }

  private static Map<String, Gate.Endpoint> endpointsOf(
      ServerBuilder from, Endpoints endpoints, TransportLimits bounds) {
    Map<String, Gate.Endpoint> byPath = new HashMap<>();
    from.raw.forEach((path, raw) ->
        byPath.put(
            path,
            new Gate.Endpoint(
                List.of(), raw.endpoint().limits(), endpoints.raw(raw.endpoint(), raw.open()))));
    from.dialectPaths.forEach((path, dialect) ->
        byPath.put(
            path,
            new Gate.Endpoint(List.of(Gate.JSON_RPC), bounds, endpoints.conversation(dialect))));
    byPath.put(
        from.path,
        new Gate.Endpoint(
            List.of(Gate.EVERWIRE, Gate.JSON_RPC), bounds, endpoints.conversation(null)));
    return byPath;
  }

  private Executor ownWorkers() {
    ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    owned.add(() -> end(workers));
    return workers;
  }

  /** Those who are told of the end hear of it; whoever takes longer is interrupted. */
  private static void end(ExecutorService workers) {
    workers.shutdown();
    try {
      if (workers.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    workers.shutdownNow();
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

  /** The inbox of a session that is connected or kept; empty if there is none of this name. */
  public Optional<Inbox> inbox(String sessionId) {
    return Optional.ofNullable(sessions.inbox(sessionId, topics, values));
  }

  /** Finds connections, sends to one or to many of them, and closes them. */
  public Connections registry() {
    return registry;
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

  /** As {@link #drain(DrainPlan)} with the plan that the builder was given. */
  public CompletableFuture<DrainReport> drain() {
    return drain(plan);
  }

  /**
   * Begins to go away, without waiting: whoever comes is answered 503 with {@code Retry-After}, and
   * {@code /ready} says 503; sessions are asked to move ({@code $/goaway}), then new calls are
   * refused with −32012, what waits is sent, running calls end, and every connection is closed,
   * with 4000 where there is a session and 1001 elsewhere. {@link #close} has to follow.
   *
   * @return the report, once nobody is left or the time is over; that of the first call if this is
   *     not the first. What is chained to it runs on a worker
   */
  public CompletableFuture<DrainReport> drain(DrainPlan how) {
    Draining mine = new Draining(roster, listening.loops(), how, random);
    Draining first = draining.compareAndExchange(null, mine);
    if (first != null) {
      return handedOut(first);
    }
    LOG.log(Level.INFO, "draining node=" + node + " connections=" + roster.size());
    gate.drain();
    roster.drain(mine);
    mine.begin();
    return handedOut(mine);
  }

  /** What is chained to it runs on a worker. */
  private CompletableFuture<DrainReport> handedOut(Draining begun) {
    CompletableFuture<DrainReport> report = begun.report();
    return report.isDone()
        ? report.copy()
        : report.thenApplyAsync(whole -> whole, hooks::onWorker); // not on an event loop
  }

  /**
   * Drains, then ends everything that the server started. Repeated calls return when the first is
   * done. An interrupt cuts the draining short. Hooks that still tell of the last connections are
   * waited for 5 s beyond the time of the drain, handlers 1 s.
   */
  @Override
  public void close() {
    if (!closer.compareAndSet(null, Thread.currentThread())) {
      awaitCloseOfAnother();
      return;
    }
    var unused = drain();
    Draining begun = Objects.requireNonNull(draining.get());
    try {
      begun.report().get(begun.atMost().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.log(Level.WARNING, "not drained in time node=" + node);
    } finally {
      begun.giveUp();
      listening.close();
      awaitHooks();
      closeOwned();
      LOG.log(Level.INFO, "stopped node=" + node + " " + begun.report().join().line());
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

  /** They may still tell of the last connections. */
  private void awaitHooks() {
    try {
      hooks.awaitIdle(HOOKS_WITHIN);
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
