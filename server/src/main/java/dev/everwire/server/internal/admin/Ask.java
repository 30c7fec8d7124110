package dev.everwire.server.internal.admin;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.internal.Connection;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.transport.Loop;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One administrative call that is allowed, until it is answered. On the caller's loop. */
final class Ask {
  private final Connection connection;
  private final InboundCall call;
  private final Executor workers;

  Ask(Connection connection, InboundCall call, Executor workers) {
    this.connection = connection;
    this.call = call;
    this.workers = workers;
  }

  Connection connection() {
    return connection;
  }

  Loop loop() {
    return connection.loop();
  }

  void answer(RawJson result) {
    call.answer(result);
  }

  void refuse(int code, String sentence) {
    call.refuse(Fault.of(code, sentence));
  }

  // ---- what takes longer

  /**
   * Does what blocks on a worker, and the rest here.
   *
   * @return false if there is no worker any more; it is refused then
   */
  <T> boolean onWorker(Supplier<T> work, Consumer<T> then) {
    try {
      workers.execute(() -> {
        try {
          T value = work.get();
          home(() -> then.accept(value));
        } catch (Throwable e) { // the caller has to hear of it whatever it is
          home(() -> failed(e));
        }
      });
      return true;
    } catch (RejectedExecutionException e) {
      refuse(FaultCode.DRAINING, "shutting down");
      return false;
    }
  }

  /** Goes on here when a stage completes, on whatever thread. */
  <T> void when(CompletionStage<T> stage, Consumer<T> then) {
    var unused =
        stage.whenComplete((value, failure) ->
            home(failure == null ? () -> then.accept(value) : () -> failed(failure)));
  }

  /** From any thread. What a task throws becomes an incident. */
  private void home(Runnable task) {
    try {
      loop().execute(() -> connection.runInline(call, (on, ask) -> task.run()));
    } catch (RejectedExecutionException e) {
      // The loop has ended, and the connection with it.
    }
  }

  private void failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    switch (cause) {
      case UnsupportedOperationException none ->
          refuse(FaultCode.METHOD_NOT_FOUND, sentence(none.getMessage()));
      case IllegalArgumentException wrong ->
          refuse(FaultCode.INVALID_PARAMS, "Invalid params: " + sentence(wrong.getMessage()));
      case FaultException fault -> call.refuse(fault.fault());
      case RuntimeException known -> throw known;
      default -> throw new IllegalStateException(call.method(), cause);
    }
  }

  private static String sentence(@Nullable String message) {
    return message == null ? "not possible here" : Texts.cut(message);
  }
}
