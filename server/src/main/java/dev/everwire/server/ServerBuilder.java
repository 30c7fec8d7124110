package dev.everwire.server;

import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.server.access.AuditEvent;
import dev.everwire.server.access.Authentication;
import dev.everwire.server.access.Authoriser;
import dev.everwire.server.admin.Operations;
import dev.everwire.server.connection.ConnectionHooks;
import dev.everwire.server.connection.DuplicateClient;
import dev.everwire.server.drain.DrainPlan;
import dev.everwire.server.internal.gate.Origins;
import dev.everwire.server.internal.registry.Reception.Who;
import dev.everwire.server.limit.ConnectionLimits;
import dev.everwire.server.limit.InboundRates;
import dev.everwire.server.limit.MemoryLimits;
import dev.everwire.server.limit.OutboundLimits;
import dev.everwire.server.memory.MemoryBroker;
import dev.everwire.server.raw.RawEndpoint;
import dev.everwire.server.resume.ResumeSettings;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.Caller;
import dev.everwire.session.Execution;
import dev.everwire.session.Exposed;
import dev.everwire.session.Handler;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.Lifetime;
import dev.everwire.session.Params;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.build.ServingBuilder;
import dev.everwire.session.internal.SubscriptionMethods;
import dev.everwire.session.transport.Acceptor.Refuse;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpRoute;
import dev.everwire.session.transport.Listener;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.spi.Broker;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Collects what a server is made of. One thread at a time. */
public final class ServerBuilder extends ServingBuilder<ServerBuilder> {
  /** An endpoint of the user's own. */
  record Raw(RawEndpoint endpoint, Function<Transport, Receiver> open) {}

  private static final int MOST_SUBSCRIPTIONS = 1_000_000;

  private static final Executor WATCHER =
      task -> Thread.ofPlatform().daemon().name("everwire-watchdog").start(task);

  final AtomicReference<@Nullable String> nodeName; // of the last started
  final List<TopicRule> rules = new ArrayList<>();
  final Map<String, HttpRoute> routes = new HashMap<>();
  final Map<String, Raw> raw = new HashMap<>();
  @Nullable Listener listener;
  @Nullable ValueCodec values;
  @Nullable Broker broker;
  @Nullable Executor workers;
  @Nullable String node;
  String path = "/ws";
  SessionLimits limits = SessionLimits.DEFAULT;
  TransportLimits transportLimits = TransportLimits.SERVER;
  @Nullable OutboundLimits outbound;
  MemoryLimits memory = MemoryLimits.UNLIMITED;
  Heartbeat heartbeat = Heartbeat.DEFAULT;
  Lifetime lifetime = Lifetime.UNLIMITED;
  InboundRates inboundRates = InboundRates.UNLIMITED;
  DrainPlan drain = DrainPlan.DEFAULT;
  ResumeSettings resume = ResumeSettings.DEFAULT;
  RandomGenerator random = new SecureRandom();
  @Nullable Predicate<Caller> administrators;
  @Nullable Authoriser authoriser;
  @Nullable Consumer<AuditEvent> audit;
  Operations operations = Operations.NONE;
  @Nullable Consumer<Caller> onDisconnect;
  List<String> origins = List.of();
  List<String> hosts = List.of();
  boolean loopbackNamesOnly;
  String title = "Everwire server";
  String version = "0";
  ConnectionLimits connectionLimits = ConnectionLimits.DEFAULT;
  DuplicateClient duplicates = DuplicateClient.REPLACE_OLD;
  @Nullable ConnectionHooks hooks;
  int maxSubscriptions = 128;
  Function<Handshake, Optional<Refuse>> admission = handshake -> Optional.empty();
  Function<Handshake, Optional<String>> identify = handshake -> Optional.empty();
  Function<Handshake, Optional<String>> tenant = handshake -> Optional.empty();
  @Nullable Function<Handshake, Optional<String>> identifyClient;
  Authentication authentication = Authentication.NONE;
  Set<Dialect> dialects = EnumSet.allOf(Dialect.class);
  final Map<String, Dialect> dialectPaths = new HashMap<>();
  @Nullable Function<Params, Optional<String>> login;

  ServerBuilder() {
    this(new AtomicReference<>());
  }

  private ServerBuilder(AtomicReference<@Nullable String> nodeName) {
    super(
        nodeName::get,
        WATCHER,
        CompletableFuture.delayedExecutor(AFTERWARDS.toMillis(), TimeUnit.MILLISECONDS));
    this.nodeName = nodeName;
  }

  @Override
  protected ServerBuilder self() {
    return this;
  }

  @Override
  protected Serving serving() { // seen by this package, too
    return super.serving();
  }

  /** Where connections come from. Required. */
  public ServerBuilder listen(Listener newListener) {
    listener = newListener;
    return this;
  }

  /** Binds parameters, results and event data. Required. */
  public ServerBuilder values(ValueCodec codec) {
    values = codec;
    return this;
  }

  /**
   * A subscription in the manner of Ethereum's nodes: calling {@code subscribe} answers an id, each
   * item that the handler's {@link Iterable} gives is a notification, and {@code unsubscribe} ends
   * it, as the end of the connection does. 128 of one connection at most. The items are pulled on a
   * virtual thread as fast as the peer takes them, and closed in the end if they can be.
   *
   * @throws IllegalArgumentException if a name is reserved, malformed or taken
   */
  public ServerBuilder subscription(
      String subscribe, String unsubscribe, String notification, Handler items) {
    Exposed source = Exposed.of(subscribe, items, Execution.CONCURRENT);
    SubscriptionMethods.of(source, unsubscribe, notification).forEach(this::method);
    return this;
  }

  /** A kind of topic. Rules are asked in the order given; the first that matches holds. */
  public ServerBuilder topic(TopicRule rule) {
    rules.add(rule);
    return this;
  }

  /**
   * Carries publications. The caller closes it, after the server. A {@link MemoryBroker} of the
   * server's own unless said.
   */
  public ServerBuilder broker(Broker newBroker) {
    broker = newBroker;
    return this;
  }

  /**
   * How the document that {@code rpc.discover} answers calls this service, {@code Everwire server}
   * and {@code 0} unless said.
   *
   * @param newVersion of the service's methods, for instance {@code 1.4.0}
   */
  public ServerBuilder describe(String newTitle, String newVersion) {
    title = newTitle;
    version = newVersion;
    return this;
  }

  /** Who may do what; everybody may do what methods and topics allow unless said. */
  public ServerBuilder authoriser(@Nullable Authoriser rules) {
    authoriser = rules;
    return this;
  }

  /**
   * Is told who comes in, who is kept out and who directs the server, instead of the log {@code
   * dev.everwire.audit}. Called on event loops and elsewhere, so it must not block.
   */
  public ServerBuilder audit(@Nullable Consumer<AuditEvent> listener) {
    audit = listener;
    return this;
  }

  /**
   * Who may call {@code rpc.admin.*}; nobody unless said, or whom the {@link #authoriser} lets.
   * Where there is both, both must let. Asked on an event loop for each call, so it must not block.
   */
  public ServerBuilder administration(Predicate<Caller> allowed) {
    administrators = allowed;
    return this;
  }

  /** What the program around the server does when an administrator asks for it. */
  public ServerBuilder operations(Operations newOperations) {
    operations = newOperations;
    return this;
  }

  /**
   * Is told on a worker, once for each connection at {@link #path}, that it has ended. Handlers of
   * its calls may still run then; those that begin later find that {@link Caller#peer} is CLOSED.
   */
  public ServerBuilder onDisconnect(Consumer<Caller> told) {
    onDisconnect = told;
    return this;
  }

  /** The path of the WebSocket, {@code /ws} unless said. */
  public ServerBuilder path(String newPath) {
    path = checked(newPath);
    return this;
  }

  /**
   * Answers ordinary HTTP requests for a path, of every method, on a worker. What it throws is
   * logged and answered with an empty 500.
   */
  public ServerBuilder http(String routePath, HttpRoute route) {
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
  public ServerBuilder raw(
      String rawPath, TransportLimits bounds, Function<Transport, Receiver> open) {
    return raw(rawPath, RawEndpoint.of(bounds), open);
  }

  /** As the other, where connections are pinged or last only so long. */
  public ServerBuilder raw(
      String rawPath, RawEndpoint endpoint, Function<Transport, Receiver> open) {
    if (raw.putIfAbsent(checked(rawPath), new Raw(endpoint, open)) != null) {
      throw new IllegalArgumentException("path: \"" + rawPath + "\" (expected: not given before)");
    }
    return this;
  }

  /**
   * Web pages of these origins may connect and ask, besides those of the server's own; {@code *}
   * for all. A request with another {@code Origin} is answered 403.
   *
   * @param allowed like {@code https://app.example.com}
   * @throws IllegalArgumentException if one cannot be an origin
   */
  public ServerBuilder origins(String... allowed) {
    var unused = new Origins(List.of(allowed), List.of(), false);
    origins = List.of(allowed);
    return this;
  }

  /**
   * Answers only requests whose {@code Host} is one of these, others 403; any unless said. It keeps
   * out web pages that make a name of theirs point here (DNS rebinding).
   *
   * @param names like {@code live.example.com} or an address, without a port
   * @throws IllegalArgumentException if one cannot be a host
   */
  public ServerBuilder hosts(String... names) {
    var unused = new Origins(List.of(), List.of(names), false);
    hosts = List.of(names);
    return this;
  }

  /**
   * Answers only requests whose {@code Host} is localhost or a loopback address, or one of {@link
   * #hosts}, others 403. For servers that only their own machine should reach: it keeps out web
   * pages that make a name of theirs point there.
   */
  public ServerBuilder loopbackNamesOnly() {
    loopbackNamesOnly = true;
    return this;
  }

  /**
   * How many WebSocket connections may be open: {@link ConnectionLimits#withPerNode}. One more is
   * answered 503 with {@code Retry-After}. No bound unless said.
   */
  public ServerBuilder maxConnections(int connections) {
    if (connections < 1) {
      throw new IllegalArgumentException("maxConnections: " + connections + " (expected: >= 1)");
    }
    connectionLimits = connectionLimits.withPerNode(connections);
    return this;
  }

  /** How many connections may be open, and how fast new ones may come. */
  public ServerBuilder connectionLimits(ConnectionLimits newLimits) {
    connectionLimits = newLimits;
    return this;
  }

  /**
   * How many topics each connection may be subscribed to, 128 unless said. One more is refused with
   * −32006.
   *
   * @param topics 1–1 000 000
   */
  public ServerBuilder maxSubscriptions(int topics) {
    if (topics < 1 || topics > MOST_SUBSCRIPTIONS) {
      throw new IllegalArgumentException(
          "maxSubscriptions: " + topics + " (expected: 1-" + MOST_SUBSCRIPTIONS + ")");
    }
    maxSubscriptions = topics;
    return this;
  }

  /**
   * Decides who may connect before the upgrade, by an HTTP answer such as 401 or 403. Called on an
   * event loop for each upgrade to a path that is served, so it must not block; what it throws is
   * logged and answered 500. {@link Handshake#bearerToken} finds a token.
   */
  public ServerBuilder admission(Function<Handshake, Optional<Refuse>> refusal) {
    admission = refusal;
    return this;
  }

  /** How it is found out who connects; nobody is asked unless said. */
  public ServerBuilder authentication(Authentication terms) {
    authentication = terms;
    return this;
  }

  /**
   * Finds out who connects, for {@link Caller#user}; nobody in particular unless said. Where there
   * is an {@link #authentication} this is asked about anonymous ones only. Called on an event loop
   * for each connection that {@link #admission} let in, so it must not block.
   */
  public ServerBuilder identify(Function<Handshake, Optional<String>> user) {
    identify = user;
    return this;
  }

  /** As {@link #identify} for the tenant that the user belongs to; none unless said. */
  public ServerBuilder identifyTenant(Function<Handshake, Optional<String>> newTenant) {
    tenant = newTenant;
    return this;
  }

  /**
   * Finds out which client connects, for peers that say no hello; as {@link #identify}. A client
   * that is not named is called after its session. The names are those of all paths together, so a
   * client that has connections to two of them needs two. They have 1–128 printable characters;
   * others are answered 400.
   */
  public ServerBuilder identifyClient(Function<Handshake, Optional<String>> clientId) {
    identifyClient = clientId;
    return this;
  }

  /** What becomes of a client that connects twice; the new connection replaces unless said. */
  public ServerBuilder duplicateClient(DuplicateClient policy) {
    duplicates = policy;
    return this;
  }

  /** Is told of the life of all connections, raw ones included. */
  public ServerBuilder connectionHooks(ConnectionHooks newHooks) {
    hooks = newHooks;
    return this;
  }

  Function<Handshake, Who> who() {
    Function<Handshake, Optional<String>> user = identify;
    Function<Handshake, Optional<String>> ofTenant = tenant;
    Function<Handshake, Optional<String>> client = identifyClient;
    return handshake ->
        new Who(
            user.apply(handshake).orElse(null),
            ofTenant.apply(handshake).orElse(null),
            client == null ? null : client.apply(handshake).orElse(null));
  }

  /**
   * The dialects that a peer at {@link #path} may switch on by what it says first; all unless said.
   * {@link Dialect#JSON_RPC} is always spoken.
   */
  public ServerBuilder dialects(Dialect... switchable) {
    dialects = EnumSet.of(Dialect.JSON_RPC, switchable);
    return this;
  }

  /** One more path, where a dialect is spoken from the first message on and no other is. */
  public ServerBuilder dialect(String dialectPath, Dialect spoken) {
    if (dialectPaths.putIfAbsent(checked(dialectPath), spoken) != null) {
      throw new IllegalArgumentException(
          "path: \"" + dialectPath + "\" (expected: not given before)");
    }
    return this;
  }

  /**
   * Serves {@code rpc.login} of rpc-websockets: finds the user that credentials belong to, for
   * {@link Caller#user}. Called on a worker, once at a time for each connection; there is no such
   * method unless said.
   *
   * @param user empty if they are wrong, which is answered with {@code false}
   */
  public ServerBuilder login(Function<Params, Optional<String>> user) {
    login = user;
    return this;
  }

  /** Bounds of one conversation. */
  public ServerBuilder limits(SessionLimits newLimits) {
    limits = newLimits;
    return this;
  }

  /** Bounds of one connection. */
  public ServerBuilder transportLimits(TransportLimits newLimits) {
    transportLimits = newLimits;
    return this;
  }

  /**
   * What each connection may hold for a peer that reads slowly; {@link OutboundLimits#DEFAULT} with
   * the queue of {@link #transportLimits} unless said, and instead of it if said.
   */
  public ServerBuilder outboundLimits(OutboundLimits newLimits) {
    outbound = newLimits;
    return this;
  }

  /**
   * How much memory all connections may hold together; {@link MemoryLimits#UNLIMITED} unless said.
   */
  public ServerBuilder memoryLimits(MemoryLimits newLimits) {
    memory = newLimits;
    return this;
  }

  /** How silent links are found out; clients are told. */
  public ServerBuilder heartbeat(Heartbeat newHeartbeat) {
    heartbeat = newHeartbeat;
    return this;
  }

  /** How long each connection may be idle, and how old it may grow; no bound unless said. */
  public ServerBuilder lifetime(Lifetime bounds) {
    lifetime = bounds;
    return this;
  }

  /** How fast peers may talk; no bound unless said. */
  public ServerBuilder inboundRates(InboundRates rates) {
    inboundRates = rates;
    return this;
  }

  /** How sessions survive their connections; clients are told. */
  public ServerBuilder resume(ResumeSettings settings) {
    resume = settings;
    return this;
  }

  /** How the server goes away; {@link DrainPlan#DEFAULT} unless said. */
  public ServerBuilder drain(DrainPlan plan) {
    drain = plan;
    return this;
  }

  /** How long going away may take in all, 30 s unless said; see {@link DrainPlan#within}. */
  public ServerBuilder drainFor(Duration atMost) {
    return drain(drain.within(atMost));
  }

  /**
   * Runs handlers and routes; a virtual thread for each unless said. The caller ends it, after the
   * server.
   */
  public ServerBuilder workers(Executor newWorkers) {
    workers = newWorkers;
    return this;
  }

  /**
   * Makes session names, tokens, epochs and jitter. Must be safe from any thread and, outside
   * tests, not guessable; a {@link SecureRandom} unless said.
   */
  public ServerBuilder random(RandomGenerator generator) {
    random = generator;
    return this;
  }

  /** Names this server among others, for logs and clients; a short random name unless said. */
  public ServerBuilder node(String name) {
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
    Set<String> taken = new HashSet<>(routes.keySet());
    for (Set<String> paths : List.of(raw.keySet(), dialectPaths.keySet(), Set.of(path))) {
      for (String given : paths) {
        if (!taken.add(given)) {
          throw new IllegalStateException("path: \"" + given + "\" (expected: not given before)");
        }
      }
    }
    return new Server(this, values, listener);
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
