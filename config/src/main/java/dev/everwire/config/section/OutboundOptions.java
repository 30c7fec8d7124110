package dev.everwire.config.section;

import dev.everwire.config.word.Bytes;
import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Range;
import dev.everwire.config.word.Unbounded;
import dev.everwire.server.limit.OutboundLimits;
import dev.everwire.session.Overflow;
import java.util.List;

/** What a connection may hold for a peer that reads slowly. Immutable. */
public record OutboundOptions(
    @Doc("Bytes of all that waits for one peer.") @Bytes @Range(min = "1KiB", max = "64GiB")
        long maxBytes,
    @Doc("Messages that wait for one peer.") @Range(min = "1", max = "1000000000") int maxMessages,
    @Doc("Messages of priority critical that wait.")
        @Unbounded
        @Range(min = "1", max = "1000000000")
        int maxCritical,
    @Doc("Messages of priority high that wait.") @Unbounded @Range(min = "1", max = "1000000000")
        int maxHigh,
    @Doc("Messages of priority normal that wait.") @Unbounded @Range(min = "1", max = "1000000000")
        int maxNormal,
    @Doc("Messages of priority low that wait.") @Unbounded @Range(min = "1", max = "1000000000")
        int maxLow,
    @Doc("What becomes of a message with a priority for which there is no room.") Overflow overflow,
    @Doc("How full the queue is when only critical messages are admitted any more.")
        @Range(min = "0.01", max = "1")
        double degradedAbove,
    @Doc("How full the queue is when all are admitted again; at most degradedAbove.")
        @Range(min = "0.01", max = "1")
        double normalBelow) {
  public static final OutboundOptions DEFAULT = of(OutboundLimits.DEFAULT);

  public static OutboundOptions of(OutboundLimits limits) {
    List<Integer> lanes = limits.perLane(); // the most urgent first
    return new OutboundOptions(
        limits.maxBytes(),
        limits.maxMessages(),
        lanes.get(0),
        lanes.get(1),
        lanes.get(2),
        lanes.get(3),
        limits.overflow(),
        limits.degradedAbove(),
        limits.normalBelow());
  }

  /**
   * @throws IllegalArgumentException if the levels do not fit
   */
  public OutboundLimits limits() {
    return new OutboundLimits(
        maxBytes,
        maxMessages,
        List.of(maxCritical, maxHigh, maxNormal, maxLow),
        overflow,
        degradedAbove,
        normalBelow);
  }
}
