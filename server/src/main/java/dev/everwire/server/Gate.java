package dev.everwire.server;

import dev.everwire.server.internal.access.Authentications;
import dev.everwire.server.internal.gate.Origins;
import dev.everwire.server.internal.limit.Admissions;
import dev.everwire.server.internal.registry.Reception;
import dev.everwire.server.internal.registry.Reception.Who;
import dev.everwire.server.internal.registry.Ticket;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.HttpRoute;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of a request: which path is a WebSocket, which answers HTTP. While draining
 * nobody comes in.
 */
final class Gate implements Acceptor {

  /** The subprotocol's name of what Everwire speaks in text frames. */
  static final String EVERWIRE = "everwire.v1.json";

  /** A subprotocol of others, and of this server's: JSON-RPC 2.0, and a hello may follow. */
  static final String JSON_RPC = "jsonrpc2.0";

  /**
   * What is spoken at a path.
   *
   * @param subprotocols those it knows; the first that the client offers among them is selected.
   *     None where messages are the application's own
   */
  record Endpoint(List<String> subprotocols, TransportLimits limits, Opening opening) {
    /** Whether a client may show who it is in a message. */
    boolean inBand() {
      return !subprotocols.isEmpty();
    }
  }

  /** Makes what receives the messages of a new connection. Called on its loop. */
  @FunctionalInterface
  interface Opening {
    Receiver open(Ticket ticket, Transport transport);
  }

  /**
   * Who may come in.
   *
   * @param origins those of now
   * @param authentications ask who somebody is
   * @param who finds out whose a handshake is, as far as that says nothing
   * @param knowsClients whether that may find out which client
   */
  record Admission(
      Supplier<Origins> origins,
      Function<Handshake, Optional<Refuse>> refusal,
      Authentications authentications,
      Function<Handshake, Who> who,
      boolean knowsClients,
      Admissions admissions,
      Reception reception,
      BooleanSupplier outOfMemory) {}

  private static final Logger LOG = System.getLogger(Gate.class.getName());
  private static final long NANOS_BETWEEN_LINES = 1_000_000_000L;
  private static final int MAX_LOGGED = 200;
  static final long RETRY_AFTER_SECONDS = 5;
  private static final String COMES_BACK = "everwire-resume"; // a header
  private static final String COMES_BACK_OFFERED = "everwire.resume"; // never selected
  private static final int FORBIDDEN = 403;
  private static final String HEALTH = "/health";
  private static final String READY = "/ready";

  private final Map<String, Endpoint> endpoints;
  private final Map<String, HttpRoute> routes;
  private final Admission admission;
  private final Entrance entrance;
  private final Executor workers;
  private final AtomicLong lastLine = new AtomicLong(System.nanoTime() - NANOS_BETWEEN_LINES);
  private volatile boolean draining; // set once, seen by every loop
  private volatile @Nullable Loop clock; // set once when it listens

  Gate(
      Map<String, Endpoint> endpoints,
      Map<String, HttpRoute> routes,
      Admission admission,
      Executor workers) {
    this.endpoints = Map.copyOf(endpoints);
    this.routes = Map.copyOf(routes);
    this.admission = admission;
    this.entrance = new Entrance(admission);
    this.workers = workers;
  }

  static boolean reserved(String path) {
    return path.equals(HEALTH) || path.equals(READY);
  }

  /** It listens: arrivals are counted by the time of this loop. */
  void listens(Loop loop) {
    clock = loop;
  }

  void drain() {
    draining = true;
  }

  @Override
  public Answer upgrade(Handshake handshake) {
    String foreign = admission.origins().get().refusal(handshake.headers());
    if (foreign != null) {
      logForeign(handshake.path(), handshake.headers());
      return Refuse.with(FORBIDDEN, foreign);
    }
    Endpoint endpoint = endpoints.get(handshake.path());
    if (endpoint == null) {
      return Refuse.with(404, "not found");
    }
    if (draining) {
      return later("draining", RETRY_AFTER_SECONDS);
    }
    if (admission.outOfMemory().getAsBoolean()) {
      return later("short of memory", RETRY_AFTER_SECONDS);
    }
    Refuse tooSoon = tooSoon(handshake);
    if (tooSoon != null) {
      return tooSoon;
    }
    String subprotocol = selected(endpoint, handshake);
    boolean comesBack =
        endpoint.subprotocols().contains(EVERWIRE)
            && (handshake.header(COMES_BACK) != null
                || handshake.subprotocols().contains(COMES_BACK_OFFERED));
    if (!admission.knowsClients() && !comesBack && admission.admissions().refusesAll()) {
      return later("full", RETRY_AFTER_SECONDS); // before the user's code is asked
    }
    Optional<Refuse> refused = admission.refusal().apply(handshake);
    if (refused.isPresent()) {
      return refused.get();
    }
    return entrance.enter(new Entrance.Arrival(handshake, endpoint, subprotocol, comesBack), clock);
  }

  private @Nullable Refuse tooSoon(Handshake handshake) {
    Loop loop = clock;
    if (loop == null) {
      return null;
    }
    Duration wait = admission.admissions().arrive(handshake.remoteAddress(), loop.now());
    return wait.isZero() ? null : later("too many connections at once", wait.toSeconds() + 1);
  }

  static Refuse later(String why, long seconds) {
    return new Refuse(503, why, Map.of("retry-after", Long.toString(seconds)));
  }

  @Override
  public void http(HttpRequest request, Consumer<HttpReply> reply) {
    String foreign = admission.origins().get().refusal(request.headers());
    if (foreign != null) {
      logForeign(request.path(), request.headers());
      reply.accept(HttpReply.text(FORBIDDEN, foreign));
      return;
    }
    switch (request.path()) {
      case HEALTH -> reply.accept(onlyGet(request, HttpReply.json(200, "{\"status\":\"ok\"}")));
      case READY -> reply.accept(onlyGet(request, ready()));
      default -> {
        HttpRoute route = routes.get(request.path());
        if (route != null) {
          run(route, request, reply);
        } else if (endpoints.containsKey(request.path())) {
          reply.accept(
              with(HttpReply.text(426, "expected a WebSocket upgrade"), "upgrade", "websocket"));
        } else {
          reply.accept(HttpReply.text(404, "not found"));
        }
      }
    }
  }

  /** Once a second at most: anybody can bring this about. */
  private void logForeign(String path, Map<String, String> headers) {
    long now = System.nanoTime();
    long last = lastLine.get();
    if (now - last >= NANOS_BETWEEN_LINES && lastLine.compareAndSet(last, now)) {
      LOG.log(
          Level.WARNING,
          "refused a page of another origin path="
              + shown(path)
              + " origin="
              + shown(headers.get("origin"))
              + " host="
              + shown(headers.get("host"))
              + "; if it is yours, name it in the server's origins");
    }
  }

  private static String shown(@Nullable String value) {
    if (value == null) {
      return "-";
    }
    return value.length() <= MAX_LOGGED ? value : value.substring(0, MAX_LOGGED) + "…";
  }

  /**
   * Hello, in the first message, is the authority. But a browser that offers subprotocols, if only
   * to bring a token, gives the connection up if none is selected.
   */
  private static @Nullable String selected(Endpoint endpoint, Handshake handshake) {
    for (String offered : handshake.subprotocols()) {
      if (endpoint.subprotocols().contains(offered)) {
        return offered;
      }
    }
    return null;
  }

  private HttpReply ready() {
    return draining
        ? HttpReply.json(503, "{\"status\":\"draining\"}")
        : HttpReply.json(200, "{\"status\":\"ready\"}");
  }

  private static HttpReply onlyGet(HttpRequest request, HttpReply reply) {
    return request.method().equals("GET") || request.method().equals("HEAD")
        ? reply
        : with(HttpReply.text(405, "method not allowed"), "allow", "GET, HEAD");
  }

  private static HttpReply with(HttpReply reply, String header, String value) {
    Map<String, String> headers = new HashMap<>(reply.headers());
    headers.put(header, value);
    return new HttpReply(reply.status(), headers, reply.body());
  }

  private void run(HttpRoute route, HttpRequest request, Consumer<HttpReply> reply) {
    try {
      workers.execute(() -> reply.accept(answer(route, request)));
    } catch (RejectedExecutionException e) {
      reply.accept(HttpReply.text(503, "shutting down"));
    }
  }

  /** On a worker. */
  private static HttpReply answer(HttpRoute route, HttpRequest request) {
    try {
      return route.handle(request);
    } catch (Throwable e) { // an Error must not cost the client its answer
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      LOG.log(Level.ERROR, "route failed path=" + request.path(), e);
      return new HttpReply(500, Map.of(), new byte[0]);
    }
  }
}
