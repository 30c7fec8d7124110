package dev.everwire.session.internal;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Call;
import dev.everwire.session.Caller;
import dev.everwire.session.Handler;
import dev.everwire.session.Params;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs users' handlers on workers and brings what came of them back to the loop: an answer, a fault
 * said on purpose, or an incident number. Called on the loop.
 */
final class Handlers {
  private static final Logger LOG = System.getLogger(Handlers.class.getName());

  private final Caller caller;
  private final Loop loop;
  private final ConnectionSettings settings;
  private final Consumer<InboundCall> returned;

  /**
   * @param returned told on the loop, exactly once for each call that was run, behind its answer
   */
  Handlers(Caller caller, Loop loop, ConnectionSettings settings, Consumer<InboundCall> returned) {
    this.caller = caller;
    this.loop = loop;
    this.settings = settings;
    this.returned = returned;
  }

  void run(InboundCall call, Handler handler) {
    Serving serving = new Serving(go -> serve(call, go ? handler : null));
    call.interruption(serving::interrupt);
    try {
      settings.workers().execute(serving);
    } catch (RejectedExecutionException e) {
      bringBack(call, () -> call.refuse(Fault.of(FaultCode.DRAINING, "shutting down")));
    }
  }

  /** On a worker. */
  private void serve(InboundCall call, @Nullable Handler handler) {
    Runnable outcome = () -> {};
    try {
      if (handler != null) {
        RawJson result = result(call, handler);
        outcome = () -> call.answer(result);
      }
    } catch (Throwable e) { // a handler's Error must not cost the caller its answer
      outcome = () -> failed(call, e);
    } finally {
      bringBack(call, outcome);
    }
  }

  private RawJson result(InboundCall call, Handler handler) throws Exception {
    Params params = new Params(call.params(), settings.values());
    Object result = handler.handle(new Call(call.method(), params, caller));
    if (call.notification()) {
      return RawJson.NULL;
    }
    return result instanceof RawJson raw ? raw : settings.values().encode(result);
  }

  private void bringBack(InboundCall call, Runnable outcome) {
    try {
      loop.execute(() -> {
        outcome.run();
        returned.accept(call);
      });
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "handler came back after the end method=" + call.method());
    }
  }

  private void failed(InboundCall call, Throwable cause) {
    if (!call.ended()) { // what a cancelled handler throws is no news
      call.refuse(fault(call.method(), cause));
    }
  }

  /** What the peer is told: only a number, unless it was said on purpose. */
  Fault fault(String method, Throwable cause) {
    if (cause instanceof FaultException e) {
      return e.fault();
    }
    String incident = settings.incident();
    LOG.log(
        Level.ERROR,
        "handler failed incident="
            + incident
            + " method="
            + method
            + " connection="
            + caller.connectionId()
            + " session="
            + caller.sessionId(),
        cause);
    return Fault.of(FaultCode.INTERNAL, "Internal error: incident " + incident);
  }
}
