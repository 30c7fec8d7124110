package dev.everwire.session.internal;

import dev.everwire.protocol.Message;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Names;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.internal.rpc.CallTable;
import org.jspecify.annotations.Nullable;

/**
 * Our calls, from their request to their end. Event loop only; times are the loop's nanoseconds.
 */
final class OutboundCalls {
  private final Effects effects;
  private final CallTable calls;
  private boolean negotiated; // the peer understands $/cancelRequest
  private boolean lost;

  OutboundCalls(Role role, int maxPending, Effects effects) {
    this.effects = effects;
    this.calls = new CallTable(maxPending, role::id, effects::offer);
  }

  /**
   * Sends a call. The completion is called exactly once, perhaps before this returns.
   *
   * @return the id to {@link #cancel} it by; null if it has ended already
   */
  @Nullable RequestId call(
      String method, @Nullable RawJson params, long deadline, CallTable.Completion completion) {
    return calls.send(method, params, deadline, completion);
  }

  /** Sends {@code rpc.hello} under its own id, so that calls still begin at 1. */
  void hello(RawJson params, long deadline, CallTable.Completion completion) {
    calls.sendAs(new RequestId(Names.HELLO_ID), Names.HELLO, params, deadline, completion);
  }

  /** An answer came. False if none of ours waits for it: late, repeated or foreign. */
  boolean answered(RequestId id, CallOutcome outcome) {
    return calls.end(id, outcome);
  }

  /** Ends one of our calls and tells the peer that nobody waits for it. False if it had ended. */
  boolean cancel(RequestId id) {
    boolean waited = calls.end(id, new CallOutcome.Cancelled());
    if (waited) {
      tellCancelled(id);
    }
    return waited;
  }

  /** Ends what is past its deadline. */
  void expire(long now) {
    for (RequestId late : calls.expire(now)) {
      tellCancelled(late);
    }
  }

  private void tellCancelled(RequestId id) {
    if (negotiated && !lost) {
      RawJson params = RawJson.parse("{\"id\":" + id.literal() + "}");
      effects.send(new Message.Notification(Names.CANCEL, params));
    }
  }

  long untilNextDeadline(long now) {
    return calls.untilNextDeadline(now);
  }

  /** Those that wait for an answer. */
  int size() {
    return calls.size();
  }

  /** An Everwire session was agreed on. */
  void negotiated() {
    negotiated = true;
  }

  /** The link is gone: what was sent ends, and what comes later ends at once. */
  void lost(String reason) {
    lost = true;
    calls.close(reason);
  }
}
