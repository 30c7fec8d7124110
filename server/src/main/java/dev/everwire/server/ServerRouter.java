package dev.everwire.server;

import dev.everwire.protocol.wire.Names;
import dev.everwire.server.internal.admin.AdminMethods;
import dev.everwire.server.internal.topic.TopicHub;
import dev.everwire.session.Exposed;
import dev.everwire.session.Methods;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.Router;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds a method: Everwire's own first, then the application's. Safe from any thread. */
final class ServerRouter implements Router {
  private final Route hello;
  private final TopicHub topics;
  private final AdminMethods admin;
  private final Map<String, Route> served = new HashMap<>(); // not changed any more

  ServerRouter(Route.InlineHandler hello, TopicHub topics, AdminMethods admin, Methods methods) {
    this.hello = new Route.Inline(hello);
    this.topics = topics;
    this.admin = admin;
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
      Route route = topics.route(method);
      return route == null ? admin.route(method) : route;
    }
    return served.get(method);
  }
}
