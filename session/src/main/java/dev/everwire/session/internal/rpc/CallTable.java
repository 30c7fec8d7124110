package dev.everwire.session.internal.rpc;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Our calls that wait for an answer. Every entry ends exactly once: whoever takes it out of the
 * table ends it. Never longer than its bound. Not thread-safe; times are nanoseconds of the loop.
 */
public final class CallTable {

  /** Is told how a call ended. */
  public interface Completion {
    void complete(CallOutcome outcome);
  }

  private static final CallOutcome NEVER_SENT = new CallOutcome.Lost(false, "closed");

  private record Pending(long deadline, Completion completion) {}

  private final int maxPending;
  private final LongFunction<RequestId> ids;
  private final Function<Message.Request, Offer> wire;
  private final Map<RequestId, Pending> pending = new HashMap<>();
  private boolean closed;
  private long last;

  /**
   * @param ids turns 1, 2, 3 … into ids that cannot equal the peer's own
   * @param wire takes a request to be sent
   */
  public CallTable(
      int maxPending, LongFunction<RequestId> ids, Function<Message.Request, Offer> wire) {
    this.maxPending = maxPending;
    this.ids = ids;
    this.wire = wire;
  }

  /**
   * Sends a call. The completion is called exactly once, perhaps before this returns.
   *
   * @return the call's id, null if it has ended already
   */
  public @Nullable RequestId send(
      String method, @Nullable RawJson params, long deadline, Completion completion) {
    if (!closed && pending.size() >= maxPending) {
      completion.complete(overloaded("too many calls are pending"));
      return null;
    }
    return sendAs(ids.apply(++last), method, params, deadline, completion);
  }

  /** As {@link #send} under an id outside the count, which must not be in use. */
  public @Nullable RequestId sendAs(
      RequestId id, String method, @Nullable RawJson params, long deadline, Completion completion) {
    if (closed) {
      completion.complete(NEVER_SENT);
      return null;
    }
    if (pending.putIfAbsent(id, new Pending(deadline, completion)) != null) {
      throw new IllegalStateException("id " + id + " is in use");
    }
    return switch (wire.apply(new Message.Request(id, method, params))) {
      case QUEUED -> id;
      case FULL -> {
        end(id, overloaded("the outbound queue is full"));
        yield null;
      }
      case CLOSED -> {
        end(id, NEVER_SENT);
        yield null;
      }
    };
  }

  private static CallOutcome overloaded(String why) {
    return new CallOutcome.Refused(Fault.of(FaultCode.OVERLOADED, why));
  }

  /** Ends a call. False if there is none of this id: a late, repeated or foreign answer. */
  public boolean end(RequestId id, CallOutcome outcome) {
    Pending entry = pending.remove(id);
    if (entry == null) {
      return false;
    }
    entry.completion().complete(outcome);
    return true;
  }

  /** Ends what is past its deadline and names it, so that the peer can be told. */
  public List<RequestId> expire(long now) {
    List<RequestId> late = new ArrayList<>();
    pending.forEach((id, entry) -> {
      if (entry.deadline() - now <= 0) {
        late.add(id);
      }
    });
    late.forEach(id -> end(id, new CallOutcome.Expired()));
    return late;
  }

  /** The link is gone: what was sent ends, and what comes later ends at once. */
  public void close(String reason) {
    closed = true;
    CallOutcome outcome = new CallOutcome.Lost(true, reason);
    for (RequestId id : List.copyOf(pending.keySet())) {
      end(id, outcome);
    }
  }

  /** Nanoseconds until the first deadline, {@link Long#MAX_VALUE} if nothing waits. */
  public long untilNextDeadline(long now) {
    long least = Long.MAX_VALUE;
    for (Pending entry : pending.values()) {
      least = Math.min(least, entry.deadline() - now);
    }
    return least;
  }

  public int size() {
    return pending.size();
  }
}
