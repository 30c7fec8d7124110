package dev.everwire.netty.internal.connection;

import dev.everwire.netty.internal.frame.ControlBudget;
import dev.everwire.netty.internal.frame.Opcode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The answers to a peer's pings: to each, but only to the latest while the queue is more than half
 * full or the peer sends too many (RFC 6455 section 5.5.3 allows that). On the connection's loop
 * only.
 */
final class Pongs {
  private final Outbound outbound;
  private final ControlBudget budget;
  private byte @Nullable [] late; // payload of a ping to be answered later

  Pongs(Outbound outbound, long now) {
    this.outbound = outbound;
    this.budget = new ControlBudget(now);
  }

  /** A ping came: answers it now, or keeps it. False: there are far too many. */
  boolean ping(ByteBuffer payload, long now) {
    ControlBudget.Verdict verdict = budget.take(now);
    if (verdict == ControlBudget.Verdict.ANSWER && !outbound.aboveHalf()) {
      late = null;
      outbound.control(Opcode.PONG, payload);
    } else {
      byte[] copy = new byte[payload.remaining()];
      payload.get(payload.position(), copy);
      late = copy;
    }
    return verdict != ControlBudget.Verdict.FLOOD;
  }

  /** Something else came that no message is. False: there are far too many. */
  boolean other(long now) {
    return budget.take(now) != ControlBudget.Verdict.FLOOD;
  }

  /** Nanoseconds until a ping that was too many may be answered; 0 if none was. */
  long nanosUntilAnswer(long now) {
    return late == null ? 0 : budget.nanosUntilAnswer(now);
  }

  /** Gives the late answer, if there is one and room for it. */
  void answer() {
    byte[] payload = late;
    if (payload != null && !outbound.aboveHalf()) {
      late = null;
      outbound.control(Opcode.PONG, ByteBuffer.wrap(payload));
    }
  }
}
