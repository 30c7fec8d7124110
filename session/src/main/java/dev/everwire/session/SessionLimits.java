package dev.everwire.session;

import java.time.Duration;

/**
 * The bounds of one conversation, the same words at both ends.
 *
 * @param maxDepth deepest nesting of a message that is read
 * @param maxBatch most members of a batch
 * @param maxConcurrentCalls inbound calls that run at once
 * @param maxAdmittedCalls inbound calls that run or wait; one more is refused with −32006
 * @param maxQueuedNotifications inbound notifications that wait; at the bound reading pauses
 * @param maxPendingCalls own calls that wait for an answer; one more is refused
 * @param slowPeerAfter how long a peer may leave its queue more than half full before it is closed
 *     with 4002
 */
public record SessionLimits(
    int maxDepth,
    int maxBatch,
    int maxConcurrentCalls,
    int maxAdmittedCalls,
    int maxQueuedNotifications,
    int maxPendingCalls,
    Duration slowPeerAfter) {
  public static final SessionLimits DEFAULT =
      new SessionLimits(200, 100, 32, 256, 1_000, 1_000, Duration.ofSeconds(10));

  public SessionLimits {
    atLeast("maxDepth", maxDepth, 2);
    atLeast("maxBatch", maxBatch, 1);
    atLeast("maxConcurrentCalls", maxConcurrentCalls, 1);
    atLeast("maxAdmittedCalls", maxAdmittedCalls, maxConcurrentCalls);
    atLeast("maxQueuedNotifications", maxQueuedNotifications, 1);
    atLeast("maxPendingCalls", maxPendingCalls, 1);
    if (slowPeerAfter.isNegative() || slowPeerAfter.isZero()) {
      throw new IllegalArgumentException("slowPeerAfter: " + slowPeerAfter + " (expected: > 0)");
    }
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }
}
