package dev.everwire.session.internal.rpc;

import dev.everwire.protocol.RequestId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private record Pending(long deadline, Completion completion) {}

  private final int maxPending;
  private final LongFunction<RequestId> ids;
  private final Map<RequestId, Pending> pending = new HashMap<>();
  private long last;

  /**
   * @param ids turns 1, 2, 3 … into ids that cannot equal the peer's own
   */
  public CallTable(int maxPending, LongFunction<RequestId> ids) {
    this.maxPending = maxPending;
    this.ids = ids;
  }

  /**
   * Enters a call before it is sent. Null if the table is full; the completion is not touched then.
   */
  public @Nullable RequestId register(long deadline, Completion completion) {
    if (pending.size() >= maxPending) {
      return null;
    }
    RequestId id = ids.apply(++last);
    registerAs(id, deadline, completion);
    return id;
  }

  /** Enters a call under an id outside the count, which must not be in use. */
  public void registerAs(RequestId id, long deadline, Completion completion) {
    if (pending.putIfAbsent(id, new Pending(deadline, completion)) != null) {
      throw new IllegalStateException("id " + id + " is in use");
    }
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

  /** Ends everything with one outcome. */
  public void endAll(CallOutcome outcome) {
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
