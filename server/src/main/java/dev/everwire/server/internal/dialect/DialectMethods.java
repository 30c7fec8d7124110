package dev.everwire.server.internal.dialect;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.dialect.Dialect;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.Route;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds what serves a method that belongs to a dialect. Asking for one is how a peer of
 * rpc-websockets shows itself; who speaks another dialect for good is told that there is no such
 * method. Safe from any thread.
 */
public final class DialectMethods {
  private final Map<String, Route> routes = new HashMap<>(); // not changed any more

  public DialectMethods(RpcWebsocketsMethods rpcWebsockets) {
    rpcWebsockets
        .routes()
        .forEach((name, method) ->
            routes.put(name, new Route.Inline(only(Dialect.RPC_WEBSOCKETS, method))));
    Map<String, Route.InlineHandler> fastapiRpc =
        Map.of(
            "_ping_", (connection, call) -> call.answer(RawJson.string("pong")),
            "_get_channel_id_", (connection, call) -> call.answer(RawJson.string(connection.id())));
    fastapiRpc.forEach(
        (name, method) -> routes.put(name, new Route.Inline(only(Dialect.FASTAPI_RPC, method))));
  }

  /** On the connection's loop. */
  public @Nullable Route route(String method) {
    return routes.get(method);
  }

  private static Route.InlineHandler only(Dialect dialect, Route.InlineHandler method) {
    return (connection, call) -> {
      if (spoken(connection, dialect)) {
        method.handle(connection, call);
      } else {
        call.refuse(Fault.of(FaultCode.METHOD_NOT_FOUND, "Method not found"));
      }
    };
  }

  private static boolean spoken(Connection connection, Dialect dialect) {
    // The older wire shows itself by its first message, never by a method.
    return dialect == Dialect.RPC_WEBSOCKETS
        ? connection.switchTo(dialect)
        : connection.form().dialect() == dialect;
  }
}
