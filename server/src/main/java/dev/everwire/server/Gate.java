package dev.everwire.server;

import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.Handshake;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import dev.everwire.session.transport.HttpRoute;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Decides what becomes of a request: which path is a WebSocket, which answers HTTP. While draining
 * nobody comes in.
 */
final class Gate implements Acceptor {

  /** What is spoken at a path. */
  record Endpoint(TransportLimits limits, Function<Transport, Receiver> open) {}

  private static final Logger LOG = System.getLogger(Gate.class.getName());
  private static final String RETRY_AFTER_SECONDS = "5";
  private static final String HEALTH = "/health";
  private static final String READY = "/ready";

  private final Map<String, Endpoint> endpoints;
  private final Map<String, HttpRoute> routes;
  private final Executor workers;
  private volatile boolean draining; // set once, seen by every loop

  Gate(Map<String, Endpoint> endpoints, Map<String, HttpRoute> routes, Executor workers) {
    this.endpoints = Map.copyOf(endpoints);
    this.routes = Map.copyOf(routes);
    this.workers = workers;
  }

  static boolean reserved(String path) {
    return path.equals(HEALTH) || path.equals(READY);
  }

  void drain() {
    draining = true;
  }

  @Override
  public Answer upgrade(Handshake handshake) {
    Endpoint endpoint = endpoints.get(handshake.path());
    if (endpoint == null) {
      return Refuse.with(404, "not found");
    }
    if (draining) {
      return new Refuse(503, "draining", Map.of("retry-after", RETRY_AFTER_SECONDS));
    }
    // Whatever was offered, none is selected: hello, in the first message, is the authority.
    return new Accept(null, endpoint.limits(), endpoint.open());
  }

  @Override
  public void http(HttpRequest request, Consumer<HttpReply> reply) {
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
