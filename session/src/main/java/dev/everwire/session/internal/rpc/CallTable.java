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

  /** It cannot be put in a message; the connection is well. */
  public static final CallOutcome NEVER_WRITTEN =
      new CallOutcome.Refused(Fault.of(FaultCode.INTERNAL, "the request cannot be written"));

  private static final CallOutcome NEVER_SENT = new CallOutcome.Lost(false, "closed");

  private static final class Pending extends Timed {
    final RequestId id;
    final long number; // 0 outside the count
    final Completion completion;

    Pending(RequestId id, long number, long deadline, Completion completion) {
      super(deadline);
      this.id = id;
      this.number = number;
      this.completion = completion;
    }
  }

  private final int maxPending;
  private final LongFunction<RequestId> ids;
  private final Function<Message.Request, Offer> wire;
  private final Map<RequestId, Pending> pending = new HashMap<>();
  private final Deadlines<Pending> deadlines = new Deadlines<>();
  private FrameLimit limit = FrameLimit.UNKNOWN;
  private @Nullable Acks acks;
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
      Function<RequestId, Message.Request> request, long deadline, Completion completion) {
    if (!closed && pending.size() >= maxPending) {
      completion.complete(overloaded("too many calls are pending"));
      return null;
    }
    return sendNumbered(++last, request, deadline, completion);
  }

  /**
   * Sends a call once more under the number it had on a former connection of the session, which
   * must not be in use.
   */
  public @Nullable RequestId sendNumbered(
      long number,
      Function<RequestId, Message.Request> request,
      long deadline,
      Completion completion) {
    return sendAs(ids.apply(number), number, request, deadline, completion);
  }

  /** Waits for the answer to a call that was sent on a former connection of the session. */
  public @Nullable RequestId adopt(long number, long deadline, Completion completion) {
    RequestId id = ids.apply(number);
    if (closed) {
      completion.complete(new CallOutcome.Lost(true, "closed"));
      return null;
    }
    enter(new Pending(id, number, deadline, completion));
    return id;
  }

  private void enter(Pending entry) {
    if (pending.putIfAbsent(entry.id, entry) != null) {
      throw new IllegalStateException("id " + entry.id + " is in use");
    }
    deadlines.add(entry);
  }

  /** As the other for a request that is the same under any id. */
  public @Nullable RequestId send(
      String method, @Nullable RawJson params, long deadline, Completion completion) {
    return send(id -> new Message.Request(id, method, params), deadline, completion);
  }

  /** As {@link #send} under an id outside the count, which must not be in use. */
  public @Nullable RequestId sendAs(
      RequestId id, String method, @Nullable RawJson params, long deadline, Completion completion) {
    return sendAs(id, 0, named -> new Message.Request(named, method, params), deadline, completion);
  }

  private @Nullable RequestId sendAs(
      RequestId id,
      long number,
      Function<RequestId, Message.Request> request,
      long deadline,
      Completion completion) {
    if (closed) {
      completion.complete(NEVER_SENT);
      return null;
    }
    Message.Request made = request.apply(id);
    long size = FrameLimit.size(id, made.method(), made.params());
    if (size > limit.bytes()) {
      completion.complete(new CallOutcome.Refused(limit.tooLarge("the request", size)));
      return null;
    }
    enter(new Pending(id, number, deadline, completion));
    return switch (offer(made)) {
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

  /** Nobody may wait for the answer to what could not be written. */
  private Offer offer(Message.Request made) {
    try {
      return wire.apply(made);
    } catch (RuntimeException | Error e) {
      end(made.id(), NEVER_WRITTEN);
      throw e;
    }
  }

  private static CallOutcome overloaded(String why) {
    return new CallOutcome.Refused(Fault.of(FaultCode.OVERLOADED, why));
  }

  /** What is too large for the peer ends at once from now on. */
  public void limit(FrameLimit told) {
    limit = told;
  }

  /** Ends a call. False if there is none of this id: a late, repeated or foreign answer. */
  public boolean end(RequestId id, CallOutcome outcome) {
    Pending entry = pending.remove(id);
    if (entry == null) {
      return false;
    }
    deadlines.remove(entry);
    if (acks != null && entry.number > 0) {
      acks.settled(entry.number, size(outcome));
    }
    entry.completion.complete(outcome);
    return true;
  }

  private static long size(CallOutcome outcome) {
    return outcome instanceof CallOutcome.Answered(RawJson result) ? result.length() : 0;
  }

  /** Ends what is past its deadline and names it, so that the peer can be told. */
  public List<RequestId> expire(long now) {
    List<RequestId> late = List.of();
    for (Pending entry = deadlines.pollDue(now); entry != null; entry = deadlines.pollDue(now)) {
      late = late.isEmpty() ? new ArrayList<>() : late;
      late.add(entry.id);
      end(entry.id, new CallOutcome.Expired());
    }
    return late;
  }

  /** Who is told from now on which calls have ended; null for nobody. */
  public void acknowledge(@Nullable Acks by) {
    acks = by;
  }

  /** Numbers go on behind this one, because they do so inside a session. */
  public void goOnBehind(long number) {
    last = Math.max(last, number);
  }

  /** The largest number given. */
  public long last() {
    return last;
  }

  /** The smallest number whose call has not ended, or the next one to be given. */
  public long firstAwaited() {
    long first = last + 1;
    for (Pending entry : pending.values()) {
      first = entry.number > 0 ? Math.min(first, entry.number) : first;
    }
    return first;
  }

  /** The link is gone: what was sent ends, and what comes later ends at once. */
  public void close(String reason) {
    closed = true;
    acks = null;
    CallOutcome outcome = new CallOutcome.Lost(true, reason);
    for (RequestId id : List.copyOf(pending.keySet())) {
      end(id, outcome);
    }
  }

  /** Nanoseconds until the first deadline, {@link Long#MAX_VALUE} if nothing waits. */
  public long untilNextDeadline(long now) {
    return deadlines.untilFirst(now);
  }

  public int size() {
    return pending.size();
  }
}
