package dev.everwire.session.internal;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.Peer;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.transport.Loop;
import java.lang.reflect.Type;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Presents an {@link Outgoing} as blocking and asynchronous calls. Values are bound on the caller's
 * thread or on a worker, never on the loop. Safe from any thread.
 */
public final class RemotePeer implements Peer {
  private final Outgoing outgoing;
  private final ValueCodec values;
  private final Executor workers;

  public RemotePeer(Outgoing outgoing, ValueCodec values, Executor workers) {
    this.outgoing = outgoing;
    this.values = values;
    this.workers = workers;
  }

  @Override
  @SuppressWarnings("unchecked") // the codec answers an instance of the type
  public <T> @Nullable T call(String method, @Nullable Object params, Class<T> type) {
    return (T) call(method, params, type, CallOptions.DEFAULT);
  }

  @Override
  public @Nullable Object call(
      String method, @Nullable Object params, Type type, CallOptions options) {
    if (outgoing.loop().inLoop()) {
      throw new IllegalStateException("call: would block the event loop (expected: callAsync)");
    }
    CompletableFuture<CallOutcome> outcome = new CompletableFuture<>();
    Runnable cancel = begin(method, encode(params), options, outcome);
    try {
      return value(outcome.get(), type);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel.run();
      throw new FaultException(FaultCode.CANCELLED, "interrupted while waiting for the answer");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // outcomes are values; the future never fails
    }
  }

  @Override
  public CompletableFuture<@Nullable Object> callAsync(
      String method, @Nullable Object params, Type type, CallOptions options) {
    CompletableFuture<CallOutcome> outcome = new CompletableFuture<>();
    Runnable cancel = begin(method, encode(params), options, outcome);
    CompletableFuture<@Nullable Object> answer =
        outcome.thenApplyAsync(ended -> value(ended, type), workers);
    var unused =
        answer.whenComplete((value, failure) -> {
          if (answer.isCancelled()) {
            cancel.run();
          }
        });
    return answer;
  }

  @Override
  public Offer notify(String method, @Nullable Object params) {
    return outgoing.notify(method, encode(params));
  }

  /** Answers what cancels the call, from any thread. */
  private Runnable begin(
      String method,
      @Nullable RawJson params,
      CallOptions options,
      CompletableFuture<CallOutcome> outcome) {
    Loop loop = outgoing.loop();
    AtomicReference<Runnable> cancel = new AtomicReference<>(() -> {});
    loop.execute(() -> cancel.set(outgoing.call(method, params, options, outcome::complete)));
    return () -> loop.execute(() -> cancel.get().run());
  }

  private @Nullable RawJson encode(@Nullable Object params) {
    if (params == null) {
      return null;
    }
    RawJson json = params instanceof RawJson raw ? raw : values.encode(params);
    return switch (json.kind()) {
      case OBJECT, ARRAY -> json;
      case STRING, NUMBER, BOOLEAN, NULL ->
          throw new IllegalArgumentException(
              "params: a " + json.kind() + " (expected: a map, record, list, array or null)");
    };
  }

  private @Nullable Object value(CallOutcome outcome, Type type) {
    return switch (outcome) {
      case CallOutcome.Answered(RawJson result) -> decode(result, type);
      case CallOutcome.Refused(var fault) -> throw new FaultException(fault);
      case CallOutcome.Expired() ->
          throw new FaultException(FaultCode.DEADLINE_PASSED, "no answer within the deadline");
      case CallOutcome.Cancelled() -> throw new FaultException(FaultCode.CANCELLED, "cancelled");
      case CallOutcome.Lost(boolean maybeExecuted, String reason) ->
          throw new ConnectionLostException(maybeExecuted, reason);
    };
  }

  private @Nullable Object decode(RawJson result, Type type) {
    if (type == RawJson.class) {
      return result;
    }
    return type == Void.class || type == void.class ? null : values.decode(result, type);
  }
}
