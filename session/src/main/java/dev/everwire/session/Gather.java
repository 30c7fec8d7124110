package dev.everwire.session;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls one method of many peers at once. Whoever refuses, fails, is late or gone costs only its
 * own answer; the whole ends when the last has answered, and at the latest with the time that
 * {@link CallOptions} give. No thread waits for a peer. Safe from any thread.
 */
public final class Gather {
  private Gather() {}

  /**
   * Calls and waits for all answers. Blocks, so never on an event loop.
   *
   * @param params the same for all. Given as {@link dev.everwire.protocol.json.RawJson} they are
   *     written once, else once for each peer
   * @throws IllegalArgumentException if the parameters cannot be written
   * @throws FaultException if the waiting thread was interrupted; the calls are cancelled then
   */
  public static <P extends Peer, T> Gathered<P, @Nullable T> call(
      Collection<P> peers,
      String method,
      @Nullable Object params,
      Class<T> type,
      CallOptions options) {
    return await(callAsync(peers, peer -> peer, method, params, type, options));
  }

  /**
   * Calls without waiting. Cancelling the future cancels the calls that have no answer yet. It
   * never fails by itself.
   *
   * @param peerOf finds the peer of each that is asked, {@link Caller#peer} for instance
   */
  @SuppressWarnings("unchecked") // the codec answers an instance of the type
  public static <W, T> CompletableFuture<Gathered<W, @Nullable T>> callAsync(
      Collection<W> whom,
      Function<? super W, ? extends Peer> peerOf,
      String method,
      @Nullable Object params,
      Class<T> type,
      CallOptions options) {
    List<CompletableFuture<@Nullable Object>> calls = new ArrayList<>();
    List<CompletableFuture<Gathered.Answer<W, @Nullable T>>> answers = new ArrayList<>();
    try {
      for (W one : whom) {
        CompletableFuture<@Nullable Object> call =
            begin(peerOf.apply(one), method, params, type, options);
        calls.add(call);
        answers.add(
            call.handle((value, failure) ->
                failure == null
                    ? new Gathered.Answered<>(one, (T) value)
                    : unanswered(one, failure)));
      }
    } catch (
        RuntimeException
            e) { // the parameters cannot be written: who was asked before need not answer
      calls.forEach(call -> call.cancel(true));
      throw e;
    }
    CompletableFuture<Gathered<W, @Nullable T>> all =
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
            .thenApply(
                done -> new Gathered<>(answers.stream().map(CompletableFuture::join).toList()));
    var unused =
        all.whenComplete((gathered, failure) -> {
          if (all.isCancelled()) {
            calls.forEach(call -> call.cancel(true));
          }
        });
    return all;
  }

  /** Waits; an interrupt cancels. */
  public static <W, T extends @Nullable Object> Gathered<W, T> await(
      CompletableFuture<Gathered<W, T>> gathering) {
    try {
      return gathering.get();
    } catch (InterruptedException e) {
      gathering.cancel(true);
      Thread.currentThread().interrupt();
      throw new FaultException(FaultCode.CANCELLED, "interrupted while waiting for the answers");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // answers are values; the future never fails
    }
  }

  private static CompletableFuture<@Nullable Object> begin(
      Peer peer, String method, @Nullable Object params, Type type, CallOptions options) {
    try {
      return peer.callAsync(method, params, type, options);
    } catch (RejectedExecutionException e) { // its loop has ended
      return CompletableFuture.failedFuture(new ConnectionLostException(false, "closed"));
    } catch (FaultException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static <W, T> Gathered.Answer<W, @Nullable T> unanswered(W one, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    return switch (cause) {
      case ConnectionLostException lost -> new Gathered.Lost<>(one, lost.maybeExecuted());
      case FaultException late when late.fault().code() == FaultCode.DEADLINE_PASSED ->
          new Gathered.Late<>(one);
      case FaultException refused -> new Gathered.Refused<>(one, refused.fault());
      case CancellationException cancelled ->
          new Gathered.Refused<>(one, Fault.of(FaultCode.CANCELLED, "cancelled"));
      case RejectedExecutionException closed -> new Gathered.Lost<>(one, true);
      default ->
          new Gathered.Refused<>(
              one, Fault.of(FaultCode.INVALID_REQUEST, "the peer's answer does not fit"));
    };
  }
}
