package dev.everwire.server.internal.budget;

import dev.everwire.server.limit.OutboundLimits;
import dev.everwire.session.internal.delivery.OutboundCounts;
import dev.everwire.session.internal.delivery.QueueRules;
import dev.everwire.session.transport.TransportLimits;
import org.jspecify.annotations.Nullable;

/** How the outbound queues of a server are bounded. Immutable. */
public final class OutboundQueues {
  /** What the transport holds before messages wait by urgency: little, so that few are late. */
  private static final long LONG_QUEUE_BYTES = 64 * 1024;

  private final OutboundLimits limits;
  private final TransportLimits transport;
  private final OutboundCounts counts = new OutboundCounts();

  /**
   * @param limits null for those of the transport's queue
   */
  public OutboundQueues(@Nullable OutboundLimits limits, TransportLimits transport) {
    this.limits =
        limits == null
            ? OutboundLimits.DEFAULT.withMax(
                transport.maxQueuedBytes(), transport.maxQueuedMessages())
            : limits;
    this.transport = transport;
  }

  public OutboundLimits limits() {
    return limits;
  }

  /** What became of messages that did not leave. */
  public OutboundCounts counts() {
    return counts;
  }

  /** For the conversations. */
  public QueueRules rules() {
    return new QueueRules(
        limits.maxBytes(),
        limits.maxMessages(),
        limits.perLane(),
        limits.overflow(),
        limits.degradedAbove(),
        limits.normalBelow(),
        false,
        counts);
  }

  /** For their transports. */
  public TransportLimits transport() {
    return transport
        .withMaxQueued(limits.maxBytes(), limits.maxMessages())
        .withLongQueue(Math.min(LONG_QUEUE_BYTES, limits.maxBytes() / 2));
  }
}
