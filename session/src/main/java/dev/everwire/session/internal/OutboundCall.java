package dev.everwire.session.internal;

import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.internal.rpc.CallTable;
import dev.everwire.session.internal.rpc.Turn;
import dev.everwire.session.internal.stream.Inflow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call to be made.
 *
 * @param done called exactly once; on the loop, but for an answer that waited for a listener of
 *     progress
 * @param result takes the items of a streamed result; null if none is asked for
 * @param arguments streams that its parameters name as {@code {"$stream":1}}, {@code {"$stream":2}}
 *     …
 * @param progress hears of it; null if nobody does
 * @param turn of the handler that makes it, if that runs in order
 */
public record OutboundCall(
    String method,
    @Nullable RawJson params,
    CallOptions options,
    CallTable.Completion done,
    @Nullable Inflow result,
    List<Argument> arguments,
    @Nullable ProgressTeller progress,
    @Nullable Turn turn) {

  /** A call that is answered once and nothing else. */
  public static OutboundCall of(
      String method, @Nullable RawJson params, CallOptions options, CallTable.Completion done) {
    return new OutboundCall(method, params, options, done, null, List.of(), null, null);
  }

  /** The same made in another way, telling somebody else how it ended. */
  public OutboundCall with(CallOptions other, CallTable.Completion told) {
    return new OutboundCall(method, params, other, told, result, arguments, progress, turn);
  }

  /**
   * As this, from when on who makes it counts as waiting for its answer. Of a stream the reader
   * tells when it waits. Event loop only.
   */
  OutboundCall begun() {
    if (turn == null || result != null) {
      return this;
    }
    turn.waits();
    CallTable.Completion behind =
        outcome -> {
          turn.goesOn();
          done.complete(outcome);
        };
    return new OutboundCall(method, params, options, behind, null, arguments, progress, null);
  }

  /** Closes the arguments that nobody reads. May block as their own code does. */
  void closeArguments() {
    arguments.forEach(Argument::closeUnlessTaken);
  }

  /** Whether anything comes and goes while it runs. */
  boolean lively() {
    return result != null || progress != null || !arguments.isEmpty();
  }
}
