package dev.everwire.session.internal;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.ValueCodec;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.Batch;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.Errors;
import dev.everwire.session.Peer;
import dev.everwire.session.RemoteFaultException;
import dev.everwire.session.SendOptions;
import dev.everwire.session.internal.contract.Contract;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.internal.rpc.CallTable;
import dev.everwire.session.internal.rpc.Turn;
import dev.everwire.session.internal.stream.Ending;
import dev.everwire.session.internal.stream.Inflow;
import dev.everwire.session.internal.stream.PulledItems;
import dev.everwire.session.stream.ItemStream;
import dev.everwire.session.transport.Loop;
import java.lang.reflect.Type;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Presents an {@link Outgoing} as blocking and asynchronous calls. Values are bound on the caller's
 * thread or on a worker, never on the loop. Safe from any thread.
 */
public final class RemotePeer implements Peer {
  /** Something went wrong while it was sent; nobody knows how far it got. */
  static final CallOutcome FAILED = new CallOutcome.Lost(true, "the call could not be made");

  private final Outgoing outgoing;
  private final ValueCodec values;
  private final Executor workers;
  private final Errors errors;
  private final @Nullable Turn turn;

  /**
   * @param errors what proxies throw for which fault
   */
  public RemotePeer(Outgoing outgoing, ValueCodec values, Executor workers, Errors errors) {
    this(outgoing, values, workers, errors, null);
  }

  private RemotePeer(
      Outgoing outgoing, ValueCodec values, Executor workers, Errors errors, @Nullable Turn turn) {
    this.outgoing = outgoing;
    this.values = values;
    this.workers = workers;
    this.errors = errors;
    this.turn = turn;
  }

  /** The same for a handler that runs in order: while it waits here, the next one may begin. */
  RemotePeer in(Turn itsTurn) {
    return new RemotePeer(outgoing, values, workers, errors, itsTurn);
  }

  /** Equal to what calls the same other end, whoever calls. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RemotePeer peer && outgoing.equals(peer.outgoing);
  }

  @Override
  public int hashCode() {
    return outgoing.hashCode();
  }

  // ---- calls

  @Override
  @SuppressWarnings("unchecked") // the codec answers an instance of the type
  public <T> @Nullable T call(String method, @Nullable Object params, Class<T> type) {
    return (T) call(method, params, type, CallOptions.DEFAULT);
  }

  @Override
  public @Nullable Object call(
      String method, @Nullable Object params, Type type, CallOptions options) {
    if (outgoing.loop().inAnyLoop()) {
      throw new IllegalStateException("call: would block an event loop (expected: callAsync)");
    }
    CompletableFuture<CallOutcome> outcome = new CompletableFuture<>();
    OutboundCall call = prepare(method, params, options, outcome::complete, null);
    Begun begun = begin(call);
    try {
      return value(outcome.get(), type);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      begun.cancel();
      throw remote(FaultCode.CANCELLED, "interrupted while waiting for the answer");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // outcomes are values; the future never fails
    } finally {
      call.closeArguments();
    }
  }

  @Override
  public CompletableFuture<@Nullable Object> callAsync(
      String method, @Nullable Object params, Type type, CallOptions options) {
    if (OutboundParams.anyStream(params) && !outgoing.takesStreams()) {
      return collectedAsync(method, params, type, options);
    }
    CompletableFuture<CallOutcome> outcome = new CompletableFuture<>();
    OutboundCall call = prepare(method, params, options, outcome::complete, null);
    return answer(call, outcome, type, begin(call)::cancel);
  }

  /** A list has to be read before the call can be made, and that takes a thread. */
  private CompletableFuture<@Nullable Object> collectedAsync(
      String method, @Nullable Object params, Type type, CallOptions options) {
    CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();
    Serving serving =
        new Serving(go -> {
          try {
            if (go) {
              answer.complete(call(method, params, type, options));
            } else {
              OutboundParams.close(params);
            }
          } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
          }
        });
    workers.execute(serving);
    var unused =
        answer.whenComplete((value, failure) -> {
          if (answer.isCancelled()) {
            serving.interrupt();
          }
        });
    return answer;
  }

  CompletableFuture<@Nullable Object> answer(
      OutboundCall call, CompletableFuture<CallOutcome> outcome, Type type, Runnable cancel) {
    CompletableFuture<@Nullable Object> answer = closing(call, outcome, type);
    var unused =
        answer.whenComplete((value, failure) -> {
          if (answer.isCancelled()) {
            cancel.run();
          }
        });
    return answer;
  }

  /** Whoever cancels the answer must not keep the arguments from being closed. */
  private CompletableFuture<@Nullable Object> closing(
      OutboundCall call, CompletableFuture<CallOutcome> outcome, Type type) {
    if (call.arguments().isEmpty()) {
      return outcome.thenApplyAsync(ended -> value(ended, type), workers);
    }
    return outcome
        .whenCompleteAsync((ended, failure) -> call.closeArguments(), workers)
        .thenApply(ended -> value(ended, type));
  }

  // ---- streams

  @Override
  @SuppressWarnings("unchecked") // the codec answers instances of the type
  public <T> ItemStream<T> stream(String method, @Nullable Object params, Class<T> itemType) {
    return (ItemStream<T>) stream(method, params, itemType, CallOptions.withoutDeadline());
  }

  @Override
  public ItemStream<?> stream(
      String method, @Nullable Object params, Type itemType, CallOptions options) {
    Begun begun = new Begun(outgoing.loop());
    Inflow inflow = new Inflow(options.window(), begun);
    AtomicReference<@Nullable OutboundCall> made = new AtomicReference<>();
    OutboundCall call =
        prepare(method, params, options, outcome -> ended(made.get(), inflow, outcome), inflow);
    made.set(call);
    begun.begin(outgoing, call);
    return new PulledItems<@Nullable Object>(
        inflow,
        item -> decode(item, itemType),
        outgoing.loop(),
        RemoteFaultException::new,
        begun::cancel);
  }

  /** On the loop. */
  private void ended(@Nullable OutboundCall call, Inflow inflow, CallOutcome outcome) {
    switch (outcome) {
      case CallOutcome.Answered(RawJson result)
          when result.kind() == RawJson.Kind.ARRAY && !inflow.begun() ->
          onWorker(() -> inflow.receiveAll(result.elements()));
      case CallOutcome.Answered(RawJson result) when result.isNull() ->
          inflow.end(new Ending.Complete());
      case CallOutcome.Answered answered ->
          inflow.end(
              new Ending.Failed(
                  Fault.of(FaultCode.INVALID_REQUEST, "the peer's answer was no stream")));
      case CallOutcome.Refused(Fault fault) -> inflow.end(new Ending.Failed(fault));
      case CallOutcome.Expired expired ->
          inflow.end(
              new Ending.Failed(
                  Fault.of(FaultCode.DEADLINE_PASSED, "the stream did not end in its time")));
      case CallOutcome.Cancelled cancelled -> inflow.end(new Ending.Closed());
      case CallOutcome.Lost(boolean maybeExecuted, String reason) ->
          inflow.end(new Ending.Lost(maybeExecuted, reason));
    }
    if (call != null && !call.arguments().isEmpty()) {
      onWorker(call::closeArguments);
    }
  }

  private void onWorker(Runnable task) {
    try {
      workers.execute(task);
    } catch (RejectedExecutionException e) {
      task.run(); // the program ends: better here than never
    }
  }

  // ---- the rest

  @Override
  public Batch batch() {
    return new PeerBatch(this);
  }

  @Override
  public Offer notify(String method, @Nullable Object params) {
    return outgoing.notify(method, new OutboundParams(values, false).encode(params));
  }

  @Override
  public Offer notify(String method, @Nullable Object params, SendOptions options) {
    return outgoing.notify(method, new OutboundParams(values, false).encode(params), options);
  }

  // ---- for a batch, too

  Outgoing outgoing() {
    return outgoing;
  }

  @Nullable RawJson encode(@Nullable Object params) {
    return new OutboundParams(values, false).encode(params);
  }

  @Override
  public <T> T proxy(Class<T> contract, CallOptions options) {
    return proxy(contract, this, options);
  }

  /** As {@link #proxy(Class, CallOptions)}, calling through somebody that stands before this. */
  public <T> T proxy(Class<T> contract, Peer through, CallOptions options) {
    return Contract.of(contract).calling(through, contract, values, errors, options);
  }

  OutboundCall prepare(
      String method,
      @Nullable Object params,
      CallOptions options,
      CallTable.Completion done,
      @Nullable Inflow result) {
    checked(params, options, false);
    return encoded(method, params, options, done, result);
  }

  /** As {@link #prepare} for one of a batch. */
  OutboundCall prepareBatched(
      String method, @Nullable Object params, CallOptions options, CallTable.Completion done) {
    checked(params, options, true);
    return encoded(method, params, options, done, null);
  }

  private void checked(@Nullable Object params, CallOptions options, boolean batched) {
    try {
      outgoing.check(options, batched);
    } catch (IllegalArgumentException e) {
      OutboundParams.close(params); // who makes a call need not close its arguments
      throw e;
    }
  }

  private OutboundCall encoded(
      String method,
      @Nullable Object params,
      CallOptions options,
      CallTable.Completion done,
      @Nullable Inflow result) {
    OutboundParams encoder = new OutboundParams(values, outgoing.takesStreams());
    RawJson json = encoder.encode(params);
    ProgressTeller teller =
        options.progress().map(wanted -> new ProgressTeller(wanted, values, workers)).orElse(null);
    CallTable.Completion behind =
        teller == null ? done : outcome -> teller.end(outcome, () -> done.complete(outcome));
    return new OutboundCall(
        method, json, options, behind, result, encoder.arguments(), teller, turn);
  }

  private Begun begin(OutboundCall call) {
    Begun begun = new Begun(outgoing.loop());
    begun.begin(outgoing, call);
    return begun;
  }

  /** What the loop no longer does has ended with it. */
  static void onLoop(Loop loop, Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // every call has ended by now
    }
  }

  /** One call, from any thread. */
  private static final class Begun implements Inflow.Reader {
    private final Loop loop;
    private Outgoing.Running running = Outgoing.Running.ENDED; // event loop only

    Begun(Loop loop) {
      this.loop = loop;
    }

    void begin(Outgoing outgoing, OutboundCall call) {
      try {
        loop.execute(() -> beginOnLoop(outgoing, call));
      } catch (RejectedExecutionException e) {
        call.done().complete(new CallOutcome.Lost(false, "closed"));
      }
    }

    private void beginOnLoop(Outgoing outgoing, OutboundCall call) {
      try {
        running = outgoing.call(call);
      } catch (RuntimeException | Error e) { // nobody may wait for what did not leave
        call.done().complete(FAILED);
        throw e;
      }
    }

    void cancel() {
      onLoop(loop, () -> running.cancel());
    }

    @Override
    public void grants(int n) {
      onLoop(loop, () -> running.grant(n));
    }

    @Override
    public void waits(boolean on) {
      onLoop(loop, () -> running.readerWaits(on));
    }
  }

  private @Nullable Object value(CallOutcome outcome, Type type) {
    return switch (outcome) {
      case CallOutcome.Answered(RawJson result) -> decode(result, type);
      case CallOutcome.Refused(var fault) -> throw new RemoteFaultException(fault);
      case CallOutcome.Expired() ->
          throw remote(FaultCode.DEADLINE_PASSED, "no answer within the deadline");
      case CallOutcome.Cancelled() -> throw remote(FaultCode.CANCELLED, "cancelled");
      case CallOutcome.Lost(boolean maybeExecuted, String reason) ->
          throw new ConnectionLostException(maybeExecuted, reason);
    };
  }

  private static RemoteFaultException remote(int code, String message) {
    return new RemoteFaultException(Fault.of(code, message));
  }

  private @Nullable Object decode(RawJson result, Type type) {
    if (type == RawJson.class) {
      return result;
    }
    return type == Void.class || type == void.class ? null : values.decode(result, type);
  }
}
