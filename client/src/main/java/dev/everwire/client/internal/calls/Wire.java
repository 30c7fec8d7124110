package dev.everwire.client.internal.calls;

import dev.everwire.protocol.Offer;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.internal.OutboundCall;
import dev.everwire.session.internal.Outgoing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connection that a {@link CallQueue} sends on. Event loop only. */
interface Wire {
  Outgoing.Running call(OutboundCall call);

  List<Outgoing.Running> batch(List<Outgoing.Member> members);

  /** Sends a call once more under the number that it had on a former connection of the session. */
  Outgoing.Running again(long number, OutboundCall call);

  /** Waits for the answer to a call that was sent on a former connection of the session. */
  Outgoing.Running adopt(long number, OutboundCall call);

  /** Says that nobody waits for such an answer any more. */
  void giveUp(long number);

  /** Sends a notification if there is room. */
  Offer offer(String method, @Nullable RawJson params);

  /**
   * Sends a notification that was accepted. FULL if the peer would close for its size, CLOSED if
   * the connection is closing.
   */
  Offer send(String method, @Nullable RawJson params);

  /** Whether what is sent now may arrive: until either end begins to close. */
  boolean open();

  /** Bytes that have not left this process. */
  long unsentBytes();
}
