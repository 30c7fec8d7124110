package dev.everwire.server;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.server.internal.RandomText;
import dev.everwire.server.internal.access.Audit;
import dev.everwire.server.internal.access.Authentications;
import dev.everwire.server.internal.access.Permissions;
import dev.everwire.server.internal.admin.AdminMethods;
import dev.everwire.server.internal.admin.Departure;
import dev.everwire.server.internal.admin.House;
import dev.everwire.server.internal.budget.MemoryGuard;
import dev.everwire.server.internal.budget.OutboundQueues;
import dev.everwire.server.internal.dialect.DialectMethods;
import dev.everwire.server.internal.dialect.RpcWebsocketsMethods;
import dev.everwire.server.internal.gate.Origins;
import dev.everwire.server.internal.limit.Admissions;
import dev.everwire.server.internal.limit.InboundGuards;
import dev.everwire.server.internal.live.LiveSettings;
import dev.everwire.server.internal.registry.Census;
import dev.everwire.server.internal.registry.HookCalls;
import dev.everwire.server.internal.registry.OpenConnections;
import dev.everwire.server.internal.registry.Reception;
import dev.everwire.server.internal.registry.Registry;
import dev.everwire.server.internal.resume.ResumeTokens;
import dev.everwire.server.internal.session.AckMethod;
import dev.everwire.server.internal.session.AuthMethod;
import dev.everwire.server.internal.session.Desk;
import dev.everwire.server.internal.session.HelloMethod;
import dev.everwire.server.internal.session.Identities;
import dev.everwire.server.internal.session.Login;
import dev.everwire.server.internal.session.Sessions;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.server.memory.MemoryBroker;
import dev.everwire.server.memory.MemoryRevocations;
import dev.everwire.session.Exposed;
import dev.everwire.session.Methods;
import dev.everwire.session.build.ServingBuilder;
import dev.everwire.session.internal.ConnectionSettings;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.discover.Discovery;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.spi.Broker;
import dev.everwire.spi.auth.Revocations;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Puts a server together from what its builder collected: each part once, in the order in which
 * they need each other. What it made for itself it ends in {@link #close}. One thread, before the
 * server begins.
 */
final class Assembly implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Assembly.class.getName());
  private static final int NODE_LENGTH = 6;
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);
  private static final int MOST_LOST_SESSIONS = 100_000;
  private static final long MOST_LOST_BYTES = 256L * 1024 * 1024;

  final String node;
  final ValueCodec values;
  final RandomGenerator random;
  final TopicHub topics;
  final OpenConnections connections;
  final Roster roster;
  final Sessions sessions;
  final HookCalls hooks;
  final AccessDesk access;
  final LiveSettings live;
  final Gate gate;

  private final ServerBuilder from;
  private final List<AutoCloseable> owned = new ArrayList<>();
  private final Executor workers;
  private final Registry registry;
  private final Census census = new Census();
  private final Reception reception;
  private final Authentications authentications;
  private final Permissions permissions;
  private final Audit audit;
  private final InboundGuards guards;
  private final MemoryGuard memory;
  private final ServingBuilder.Serving serving;

  /**
   * @param departure how an administrator has the server go away
   */
  Assembly(ServerBuilder from, ValueCodec values, Departure departure) {
    this.from = from;
    this.values = values;
    this.random = from.random;
    this.node = from.node == null ? RandomText.of(random, NODE_LENGTH) : from.node;
    from.nodeName.set(node);
    this.serving = from.serving();
    this.workers = from.workers == null ? ownWorkers() : from.workers;
    Broker broker = from.broker == null ? ownBroker(random) : from.broker;
    this.topics = new TopicHub(broker, from.rules, values, from.maxSubscriptions);

    Admissions admissions = new Admissions(from.connectionLimits);
    this.hooks = new HookCalls(from.hooks, workers);
    this.registry = new Registry(node, census, admissions, hooks, values);
    this.reception = new Reception(registry, admissions, from.duplicates);
    this.connections = new OpenConnections(registry);
    this.roster = new Roster(registry);

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

    this.audit = new Audit(from.audit);
    Revocations revocations = from.authentication.revocations();
    this.authentications =
        new Authentications(
            from.authentication,
            revocations == null ? new MemoryRevocations() : revocations,
            audit);
    this.permissions = new Permissions(from.authoriser, from.administrators, audit);
    topics.guarded(permissions);
    this.access =
        new AccessDesk(
            authentications,
            permissions,
            new Subscribed(topics.subscriptions(), serving.methods()),
            registry,
            sessions,
            audit);
    this.guards = new InboundGuards(from.inboundRates);
    this.live =
        new LiveSettings(
            new Origins(from.origins, from.hosts, from.loopbackNamesOnly),
            from.drain,
            admissions,
            guards,
            registry,
            reception);

    OutboundQueues queues = new OutboundQueues(from.outbound, from.transportLimits);
    ConnectionSettings settings = settings(queues);
    Endpoints endpoints =
        new Endpoints(
            settings,
            router(settings, tokens, departure),
            topics,
            roster,
            sessions,
            guards,
            reception,
            authentications,
            permissions,
            from.onDisconnect);
    this.memory = new MemoryGuard(from.memory, registry);
    memory.held(sessions::lostBytes);
    this.gate =
        new Gate(
            served(endpoints, queues.transport()),
            from.routes,
            new Gate.Admission(
                live::gate,
                from.admission,
                authentications,
                from.who(),
                from.identifyClient != null,
                admissions,
                reception,
                memory::full),
            workers);
  }

  /** It listens: time is that of this loop. */
  void begin(Loop clock) {
    gate.listens(clock);
    audit.listens(clock);
    access.begin(clock);
    memory.start(clock);
  }

  // ---- the parts

  private ConnectionSettings settings(OutboundQueues queues) {
    return ConnectionSettings.of(
            from.limits, from.heartbeat, values, workers, random, serving.watchdog())
        .lasting(from.lifetime)
        .disclosing(serving.disclosure())
        .allowing(from.dialects)
        .raising(serving.errors())
        .queueing(queues.rules());
  }

  private ServerRouter router(
      ConnectionSettings settings, ResumeTokens tokens, Departure departure) {
    Methods methods = serving.methods();
    Map<String, Long> limits =
        Map.of(
            "frame", (long) from.transportLimits.maxMessageBytes(),
            "subscriptions", (long) from.maxSubscriptions,
            "inflight", (long) from.limits.maxAdmittedCalls());
    HelloMethod hello =
        new HelloMethod(
            new HelloMethod.Terms(node, from.heartbeat, limits),
            sessions,
            tokens,
            new Desk(registry, reception),
            new Identities(authentications, access::renewed),
            random,
            from.resume.enabled(),
            topics::closed);
    AdminMethods admin =
        new AdminMethods(
            permissions::administer,
            workers,
            new House(
                node,
                census,
                registry,
                connections,
                sessions,
                topics,
                guards,
                access,
                departure,
                from.operations));
    DialectMethods dialects =
        new DialectMethods(
            new RpcWebsocketsMethods(
                topics.following(),
                permissions,
                settings,
                serving.discovery()
                    ? methods.all().stream().map(Exposed::name).toList()
                    : List.of(),
                from.login,
                new Login(authentications, reception, access::renewed)));
    Route discover =
        serving.discovery()
            ? Discovery.route(from.title, from.version, methods, values.schemas())
            : null;
    return new ServerRouter(
        hello,
        new AuthMethod(authentications, sessions, reception, access::renewed),
        new AckMethod(sessions),
        discover,
        topics,
        admin,
        dialects,
        methods);
  }

  private Map<String, Gate.Endpoint> served(Endpoints endpoints, TransportLimits bounds) {
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

  // ---- what is made here ends here

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

  @Override
  public void close() {
    for (AutoCloseable resource : owned) {
      try {
        resource.close();
      } catch (Exception e) {
        LOG.log(Level.WARNING, "not closed properly node=" + node, e);
      }
    }
  }
}
