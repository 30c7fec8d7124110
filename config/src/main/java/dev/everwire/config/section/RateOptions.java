package dev.everwire.config.section;

import dev.everwire.config.word.Bytes;
import dev.everwire.config.word.Doc;
import dev.everwire.config.word.Range;
import dev.everwire.config.word.Unbounded;
import dev.everwire.server.limit.InboundRates;
import dev.everwire.server.limit.Rate;
import org.jspecify.annotations.Nullable;

/** What somebody may send. Immutable. */
public record RateOptions(
    @Doc("Requests and notifications each second.")
        @Unbounded
        @Range(min = "0.001", max = "1000000000")
        double messagesPerSecond,
    @Doc("Requests and notifications at once after a quiet time.")
        @Range(min = "1", max = "1000000000")
        long messagesBurst,
    @Doc("Bytes of messages each second, as a plain number.")
        @Unbounded
        @Range(min = "0.001", max = "1000000000000")
        double bytesPerSecond,
    @Doc("Bytes of messages at once after a quiet time.") @Bytes @Range(min = "1")
        long bytesBurst) {
  /** No bound; the bursts hold once there is a rate. */
  public static final RateOptions DEFAULT =
      new RateOptions(Double.POSITIVE_INFINITY, 100, Double.POSITIVE_INFINITY, 1 << 20);

  public static RateOptions of(InboundRates.Bounds bounds) {
    Rate messages = bounds.messages();
    Rate bytes = bounds.bytes();
    return new RateOptions(
        messages == null ? DEFAULT.messagesPerSecond : messages.perSecond(),
        messages == null ? DEFAULT.messagesBurst : messages.burst(),
        bytes == null ? DEFAULT.bytesPerSecond : bytes.perSecond(),
        bytes == null ? DEFAULT.bytesBurst : bytes.burst());
  }

  /**
   * @throws IllegalArgumentException if a rate and its burst do not fit
   */
  public InboundRates.Bounds bounds() {
    return new InboundRates.Bounds(
        rate(messagesPerSecond, messagesBurst), rate(bytesPerSecond, bytesBurst));
  }

  private static @Nullable Rate rate(double perSecond, long burst) {
    return Double.isInfinite(perSecond) ? null : new Rate(perSecond, burst);
  }
}
