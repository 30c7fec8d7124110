package dev.everwire.config.section;

import dev.everwire.config.word.Bytes;
import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Range;
import dev.everwire.session.transport.TransportLimits;
import java.time.Duration;

/** The bounds of one connection. Immutable. */
public record TransportOptions(
    @Doc("Longest inbound message, joined and inflated.") @Bytes @Range(min = "1KiB", max = "1GiB")
        int maxMessageBytes,
    @Doc("How long a close waits for the peer's.") @Range(min = "1ms", max = "1h")
        Duration closeTimeout) {
  public static final TransportOptions DEFAULT =
      new TransportOptions(
          TransportLimits.SERVER.maxMessageBytes(), TransportLimits.SERVER.closeTimeout());

  /**
   * @param queue whose bounds are those of the transport's queue too
   */
  public TransportLimits limits(OutboundOptions queue) {
    return new TransportLimits(
        maxMessageBytes, queue.maxBytes(), queue.maxMessages(), closeTimeout);
  }
}
