package dev.everwire.server;

import dev.everwire.protocol.wire.Names;
import dev.everwire.server.internal.access.Standing;
import dev.everwire.server.internal.admin.AdminMethods;
import dev.everwire.server.internal.dialect.DialectMethods;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.session.Exposed;
import dev.everwire.session.Methods;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.Router;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds a method: Everwire's own first, then the application's. Safe from any thread. */
final class ServerRouter implements Router {
  private static final String LOGIN = "rpc.login";

  private final Route hello;
  private final Route auth;
  private final Route ack;
  private final @Nullable Route discover;
  private final TopicHub topics;
  private final AdminMethods admin;
  private final DialectMethods dialects;
  private final Map<Route, Route> guarded = new ConcurrentHashMap<>(); // as many as there are
  private final Map<String, Route> served = new HashMap<>(); // not changed any more

  /**
   * @param discover null if nobody is told what there is
   */
  ServerRouter(
      Route.InlineHandler hello,
      Route.InlineHandler auth,
      Route.InlineHandler ack,
      @Nullable Route discover,
      TopicHub topics,
      AdminMethods admin,
      DialectMethods dialects,
      Methods methods) {
    this.hello = new Route.Inline(hello);
    this.auth = new Route.Inline(auth);
    this.ack = new Route.Inline(ack);
    this.discover = discover == null ? null : guarded(discover);
    this.topics = topics;
    this.admin = admin;
    this.dialects = dialects;
    for (Exposed method : methods.all()) {
      served.put(method.name(), new Route.Served(method));
    }
  }

  @Override
  public @Nullable Route route(String method) {
    if (method.startsWith("rpc.")) {
      if (method.equals(Names.HELLO)) {
        return hello;
      }
      if (method.equals(Names.AUTH)) {
        return auth;
      }
      if (method.equals(Names.DISCOVER)) {
        return discover;
      }
      Route route = topics.route(method);
      if (route == null) {
        route = admin.route(method);
      }
      return route == null ? login(method) : behind(route);
    }
    if (method.equals(Names.ACK)) {
      return ack;
    }
    return method.startsWith("_") ? behind(dialects.route(method)) : served.get(method);
  }

  /** Who logs in has not shown yet who it is. */
  private @Nullable Route login(String method) {
    Route route = dialects.route(method);
    return method.equals(LOGIN) ? route : behind(route);
  }

  private @Nullable Route behind(@Nullable Route route) {
    return route == null ? null : guarded.computeIfAbsent(route, ServerRouter::guarded);
  }

  /** Served only to who has shown who it is, if anybody is asked. */
  private static Route guarded(Route route) {
    return route instanceof Route.Inline(Route.InlineHandler handler)
        ? new Route.Inline((connection, call) -> {
          Standing standing = Standing.of(connection);
          if (standing == null || !standing.refuses(call)) {
            handler.handle(connection, call);
          }
        })
        : route; // asked for by its connection
  }
}
