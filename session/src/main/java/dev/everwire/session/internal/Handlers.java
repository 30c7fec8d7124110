package dev.everwire.session.internal;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Call;
import dev.everwire.session.Exposed;
import dev.everwire.session.Handler;
import dev.everwire.session.NotSentException;
import dev.everwire.session.Params;
import dev.everwire.session.RemoteFaultException;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.internal.watch.Watchdog;
import dev.everwire.session.stream.ItemStream;
import dev.everwire.session.transport.Loop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs users' handlers, on workers unless they never block, and brings what came of them back to
 * the loop: an answer, a fault said on purpose, or an incident number. Called on the loop.
 */
final class Handlers {
  private static final Logger LOG = System.getLogger(Handlers.class.getName());

  private final Connection connection;
  private final Loop loop;
  private final ConnectionSettings settings;
  private final Consumer<InboundCall> returned;
  private Watchdog.@Nullable Post post; // once something ran on the loop, until the end
  private boolean ended;

  /**
   * @param returned told on the loop, exactly once for each call that was run, behind its answer
   */
  Handlers(Connection connection, ConnectionSettings settings, Consumer<InboundCall> returned) {
    this.connection = connection;
    this.loop = connection.loop();
    this.settings = settings;
    this.returned = returned;
  }

  /** Runs a handler right here, and answers before it returns. */
  void runNow(InboundCall call, Exposed method) {
    if (ended) {
      call.end(); // the rest of a batch whose first answers were the last that could be sent
      return;
    }
    Watchdog.Post watched = post;
    if (watched == null) {
      watched = settings.watchdog().post(loop);
      post = watched;
    }
    RawJson result;
    watched.enter(method.name());
    try {
      result = result(call, method.handler());
    } catch (Throwable e) { // a handler's Error must not cost the others their connection
      failed(call, e);
      return;
    } finally {
      watched.leave();
    }
    call.answer(result);
  }

  /** The connection has ended. */
  void ended() {
    ended = true;
    if (post != null) {
      post.close();
      post = null;
    }
  }

  /**
   * Answers a call that was to run, and does not.
   *
   * @param fault null for one that has ended already
   */
  void refuse(InboundCall call, @Nullable Fault fault) {
    if (fault != null && !call.ended()) {
      call.refuse(fault);
    }
    returned.accept(call);
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
    Params params =
        new Params(
            call.params(),
            settings.values(),
            (number, bound) -> connection.streaming().argument(call, number, bound));
    Object result = handler.handle(new Call(call.method(), params, new CallView(connection, call)));
    if (result instanceof ItemStream<?> stream) {
      return connection.streaming().answer(call, stream, connection.profile().maxMessageBytes());
    }
    if (call.notification()) {
      return RawJson.NULL;
    }
    return result instanceof RawJson raw ? raw : settings.values().encode(result);
  }

  private void bringBack(InboundCall call, Runnable outcome) {
    try {
      loop.execute(() -> {
        try {
          outcome.run();
        } finally {
          returned.accept(call);
        }
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

  /** Not what became of a call to somebody else, which would look as if it were about this one. */
  private static boolean onPurpose(FaultException e) {
    return !(e instanceof RemoteFaultException)
        && !(e instanceof NotSentException)
        && e.fault().code() != FaultCode.CONNECTION_LOST;
  }

  /** What the peer is told: only a number, unless it was said on purpose. */
  Fault fault(String method, Throwable cause) {
    if (cause instanceof FaultException e && onPurpose(e)) {
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
            + connection.connectionId()
            + " session="
            + connection.sessionId(),
        cause);
    return settings.disclosure().internal(incident, cause);
  }
}
