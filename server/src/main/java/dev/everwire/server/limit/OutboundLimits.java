package dev.everwire.server.limit;

import dev.everwire.protocol.Priority;
import dev.everwire.session.Overflow;
import java.util.List;

/**
 * What one connection may hold for a peer that reads slowly, and what becomes of the rest.
 * Immutable.
 *
 * <p>Nothing waits while the peer keeps up. When it does not, messages wait by {@link Priority};
 * answers, calls and control keep their order among each other, go first and are never dropped. One
 * message is always admitted to an empty queue.
 *
 * @param maxBytes of all that waits, the transport's queue included
 * @param maxMessages as maxBytes
 * @param perLane most messages that wait in the lanes CRITICAL, HIGH, NORMAL and LOW
 * @param overflow what becomes of a message with a priority for which there is no room
 * @param degradedAbove the level (the larger ratio of messages and bytes) above which the
 *     connection is degraded and only critical messages are admitted, above 0, at most 1
 * @param normalBelow the level below which it is so no more, above 0, at most degradedAbove
 */
public record OutboundLimits(
    long maxBytes,
    int maxMessages,
    List<Integer> perLane,
    Overflow overflow,
    double degradedAbove,
    double normalBelow) {
  private static final long MIB = 1024 * 1024;
  private static final int ANY = Integer.MAX_VALUE;
  private static final List<Integer> UNBOUNDED = List.of(ANY, ANY, ANY, ANY);

  /** The lanes of the connection manager that many came from: 1000, 500, 200 and 100 messages. */
  public static final List<Integer> CLASSIC_LANES = List.of(1_000, 500, 200, 100);

  /** 1 MiB, 10 000 messages in all lanes together, degraded from 0.7 down to 0.35, CLOSE. */
  public static final OutboundLimits DEFAULT =
      new OutboundLimits(MIB, 10_000, UNBOUNDED, Overflow.CLOSE, 0.7, 0.35);

  public OutboundLimits {
    perLane = List.copyOf(perLane);
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: >= 1)");
    }
    if (maxMessages < 1) {
      throw new IllegalArgumentException("maxMessages: " + maxMessages + " (expected: >= 1)");
    }
    if (perLane.size() != Priority.values().length || perLane.stream().anyMatch(most -> most < 1)) {
      throw new IllegalArgumentException(
          "perLane: " + perLane + " (expected: 4 bounds, each >= 1)");
    }
    if (!(degradedAbove > 0 && degradedAbove <= 1)) {
      throw new IllegalArgumentException(
          "degradedAbove: " + degradedAbove + " (expected: > 0, <= 1)");
    }
    if (!(normalBelow > 0 && normalBelow <= degradedAbove)) {
      throw new IllegalArgumentException(
          "normalBelow: " + normalBelow + " (expected: > 0, <= " + degradedAbove + ")");
    }
  }

  public OutboundLimits withMax(long bytes, int messages) {
    return new OutboundLimits(bytes, messages, perLane, overflow, degradedAbove, normalBelow);
  }

  /** The same with bounds of its own for each lane; see {@link #CLASSIC_LANES}. */
  public OutboundLimits withLanes(List<Integer> most) {
    return new OutboundLimits(maxBytes, maxMessages, most, overflow, degradedAbove, normalBelow);
  }

  public OutboundLimits withOverflow(Overflow policy) {
    return new OutboundLimits(maxBytes, maxMessages, perLane, policy, degradedAbove, normalBelow);
  }

  /** The same with other levels. */
  public OutboundLimits withLevels(double degraded, double normal) {
    return new OutboundLimits(maxBytes, maxMessages, perLane, overflow, degraded, normal);
  }
}
