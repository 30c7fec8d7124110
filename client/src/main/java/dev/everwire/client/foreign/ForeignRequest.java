package dev.everwire.client.foreign;

import dev.everwire.client.foreign.ForeignMessage.Text;
import dev.everwire.client.internal.foreign.PendingRequests;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.ConnectionLostException;
import dev.everwire.session.RemoteFaultException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request on its way, and whoever waits for it. Event loop only, except for {@link #done}. */
final class ForeignRequest {
  private static final String FREE = "";

  /** How it ended. */
  sealed interface Answer {

    /** What came back, or the reason why nothing did, thrown where the caller stands. */
    default Reply orThrow() {
      return switch (this) {
        case Reply reply -> reply;
        case Refused(Fault why) -> throw new RemoteFaultException(why);
        case Lost(boolean maybeExecuted, String reason) ->
            throw new ConnectionLostException(maybeExecuted, reason);
        case Wrong(String why) -> throw new IllegalArgumentException(why);
      };
    }
  }

  record Reply(Text message, RawJson result) implements Answer {}

  /** By the service, or here. */
  record Refused(Fault why) implements Answer {}

  record Lost(boolean maybeExecuted, String reason) implements Answer {}

  /** The handler cannot put an id into it. */
  record Wrong(String why) implements Answer {}

  private final ForeignMessage message;
  private final CallOptions options;
  private final long deadline;
  private final String lane;
  private final CompletableFuture<Answer> done = new CompletableFuture<>();
  private @Nullable Runnable forget; // once it is registered
  private boolean cancelled;

  /**
   * @param deadline in nanoseconds of the loop
   * @param lane which limiter it passes unless its options say another
   */
  ForeignRequest(ForeignMessage message, CallOptions options, long deadline, String lane) {
    this.message = message;
    this.options = options;
    this.deadline = deadline;
    this.lane = lane;
  }

  /** Completed on the loop, so no code of users may hang on it. Safe from any thread. */
  CompletableFuture<Answer> done() {
    return done;
  }

  /** Nobody waits for it any more. Safe from any thread. */
  void forgotten() {
    done.complete(new Lost(true, "cancelled"));
  }

  ForeignMessage message() {
    return message;
  }

  long deadline() {
    return deadline;
  }

  boolean repeatable() {
    return options.repeatable() && !options.failsFast();
  }

  boolean failsFast() {
    return options.failsFast();
  }

  /** Where it waits for a token. */
  String lane() {
    return options.limit().map(limit -> limit.waits() ? limit.name() : FREE).orElse(lane);
  }

  /** Where it is refused without a token. */
  String refusingLane() {
    return options
        .limit()
        .filter(limit -> !limit.waits())
        .map(CallOptions.Limit::name)
        .orElse(FREE);
  }

  // ---- what becomes of it

  /** It waits or was sent; this takes it out again. */
  void registered(Runnable forget) {
    this.forget = forget;
    if (cancelled) {
      forget.run();
    }
  }

  /** Nobody waits for it any more. */
  void cancel() {
    cancelled = true;
    if (forget != null) {
      forget.run();
    }
  }

  void unwritable(Throwable why) {
    if (why instanceof IllegalArgumentException) {
      complete(new Wrong(String.valueOf(why.getMessage())));
    } else {
      Guard.failed("injectRequestId", why);
      refused(Fault.of(FaultCode.INTERNAL, "the handler failed"));
    }
  }

  void notTaken(PendingRequests.Admission why, String id) {
    switch (why) {
      case FULL -> refused(Fault.of(FaultCode.OVERLOADED, "too many requests are pending"));
      case DUPLICATE ->
          refused(Fault.of(FaultCode.CONFLICT, "a request with the id " + id + " is pending"));
      case CLOSED -> complete(new Lost(false, "client closed"));
      case ADDED -> throw new IllegalStateException("admission: ADDED (expected: another)");
    }
  }

  /** The client is closed, and its loop with it. */
  void lost() {
    complete(new Lost(false, "client closed"));
  }

  void queueFull() {
    refused(Fault.of(FaultCode.OVERLOADED, "too many messages wait to be sent"));
  }

  void refused(Fault why) {
    complete(new Refused(why));
  }

  void ended(PendingRequests.Outcome<Text> outcome, ProtocolHandler handler) {
    forget = null; // its id may be another's from now on
    switch (outcome) {
      case PendingRequests.Outcome.Answered<Text>(Text answer) -> answered(answer, handler);
      case PendingRequests.Outcome.Expired<Text>() ->
          refused(Fault.of(FaultCode.DEADLINE_PASSED, "no answer within the deadline"));
      case PendingRequests.Outcome.Lost<Text>(boolean maybeExecuted, String reason) ->
          complete(new Lost(maybeExecuted, reason));
    }
  }

  private void answered(Text answer, ProtocolHandler handler) {
    Fault failed = Fault.of(FaultCode.INTERNAL, "the handler failed");
    Optional<Fault> fault = Guard.ask("fault", () -> handler.fault(answer), Optional.of(failed));
    if (fault.isPresent()) {
      refused(fault.get());
      return;
    }
    Optional<RawJson> result =
        Guard.ask("result", () -> Optional.of(handler.result(answer)), Optional.empty());
    if (result.isPresent()) {
      complete(new Reply(answer, result.get()));
    } else {
      refused(failed);
    }
  }

  private void complete(Answer how) {
    done.complete(how);
  }
}
