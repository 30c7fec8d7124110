package dev.everwire.session.internal.delivery;

import dev.everwire.protocol.Priority;
import dev.everwire.session.Overflow;
import java.util.List;

/**
 * The bounds of what one connection holds for its peer, the transport's queue included, and where
 * it is counted what did not leave.
 *
 * @param maxBytes of messages that may be refused; what must not be lost has its own bound
 * @param maxMessages as maxBytes
 * @param perLane most messages that wait in each lane, in the order of {@link Priority}
 * @param degradedAbove the level above which only critical messages are admitted, 0 to 1
 * @param normalBelow the level below which they all are again
 * @param passing whether messages wait here only where the transport refuses them, and then none
 *     but those that must not be lost; all else does not matter then
 */
public record QueueRules(
    long maxBytes,
    int maxMessages,
    List<Integer> perLane,
    Overflow overflow,
    double degradedAbove,
    double normalBelow,
    boolean passing,
    OutboundCounts counts) {
  private static final List<Integer> UNBOUNDED =
      List.of(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

  public QueueRules {
    perLane = List.copyOf(perLane);
  }

  /** The transport's queue is the only one. */
  public static QueueRules transportOnly() {
    return new QueueRules(0, 0, UNBOUNDED, Overflow.CLOSE, 1, 1, true, new OutboundCounts());
  }

  int most(Priority priority) {
    return switch (priority) {
      case CRITICAL -> perLane.get(0);
      case HIGH -> perLane.get(1);
      case NORMAL -> perLane.get(2);
      case LOW -> perLane.get(3);
    };
  }
}
