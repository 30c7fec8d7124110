package dev.everwire.config.section;

import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Range;
import dev.everwire.session.SessionLimits;
import java.time.Duration;

/** The bounds of one conversation. Immutable. */
public record ConversationOptions(
    @Doc("Deepest nesting of a message that is read.") @Range(min = "2", max = "10000")
        int maxDepth,
    @Doc("Most members of a batch.") @Range(min = "1", max = "1000000") int maxBatch,
    @Doc("Calls of a peer that run at once.") @Range(min = "1", max = "1000000")
        int maxConcurrentCalls,
    @Doc("Calls of a peer that run or wait; at least maxConcurrentCalls.")
        @Range(min = "1", max = "1000000")
        int maxAdmittedCalls,
    @Doc("Notifications of a peer that wait; at the bound reading pauses.")
        @Range(min = "1", max = "1000000")
        int maxQueuedNotifications,
    @Doc("Our own calls that wait for a peer's answer.") @Range(min = "1", max = "1000000")
        int maxPendingCalls,
    @Doc("Topics that a connection may be subscribed to.") @Range(min = "1", max = "1000000")
        int maxSubscriptions,
    @Doc("How long a peer may leave its queue more than half full before it is closed.")
        @Range(min = "1ms", max = "1h")
        Duration slowPeerAfter) {
  private static final int SUBSCRIPTIONS = 128;

  public static final ConversationOptions DEFAULT = of(SessionLimits.DEFAULT, SUBSCRIPTIONS);

  public static ConversationOptions of(SessionLimits limits, int maxSubscriptions) {
    return new ConversationOptions(
        limits.maxDepth(),
        limits.maxBatch(),
        limits.maxConcurrentCalls(),
        limits.maxAdmittedCalls(),
        limits.maxQueuedNotifications(),
        limits.maxPendingCalls(),
        maxSubscriptions,
        limits.slowPeerAfter());
  }

  /**
   * @throws IllegalArgumentException if fewer calls are admitted than run at once
   */
  public SessionLimits limits() {
    return new SessionLimits(
        maxDepth,
        maxBatch,
        maxConcurrentCalls,
        maxAdmittedCalls,
        maxQueuedNotifications,
        maxPendingCalls,
        slowPeerAfter);
  }
}
