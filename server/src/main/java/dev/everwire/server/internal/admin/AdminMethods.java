package dev.everwire.server.internal.admin;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.JsonException;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.Route;
import dev.everwire.session.internal.rpc.InboundCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code rpc.admin.*} to those who may. What is asked for is read first, so that the audit
 * log can say it; what was wrong with it only those are told who may ask. Called on the
 * connection's loop.
 */
public final class AdminMethods {
  /** Of all these methods. */
  public static final String PREFIX = "rpc.admin.";

  /** Says who may, and writes down what is done. */
  @FunctionalInterface
  public interface Door {
    /**
     * @param what the name behind {@code rpc.admin.}
     * @param detail what is done, for the audit log; null for what only looks
     * @param allowed goes on, on the connection's loop; otherwise the call is refused here
     */
    void ask(
        Connection connection,
        InboundCall call,
        String what,
        @Nullable String detail,
        Runnable allowed);
  }

  private final Door door;
  private final Executor workers;
  private final Map<String, Route> routes = new HashMap<>(); // not changed any more

  /**
   * @param house what there is to look at and to change
   */
  public AdminMethods(Door door, Executor workers, House house) {
    this.door = door;
    this.workers = workers;
    for (List<Act> group : house.groups()) {
      group.forEach(act -> routes.put(PREFIX + act.name(), route(act)));
    }
  }

  /** What serves a method, or null if it is none of these. */
  public @Nullable Route route(String method) {
    return routes.get(method);
  }

  private Route route(Act act) {
    return new Route.Inline((connection, call) -> {
      if (call.notification()) {
        return; // nobody would learn what came of it
      }
      Deed deed;
      try {
        deed = act.reader().read(Params.of(call.params(), act.members()));
      } catch (JsonException e) {
        Fault fault = Fault.of(FaultCode.INVALID_PARAMS, "Invalid params: " + e.getMessage());
        door.ask(connection, call, act.name(), null, () -> call.refuse(fault));
        return;
      }
      Deed asked = deed;
      door.ask(
          connection,
          call,
          act.name(),
          asked.detail(),
          () -> // perhaps later: what it throws must become an incident all the same
          connection.runInline(call, (on, same) -> asked.run().accept(new Ask(on, same, workers))));
    });
  }
}
