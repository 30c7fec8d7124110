package dev.everwire.session.transport;

import java.time.Duration;

/**
 * The bounds of one connection.
 *
 * @param maxMessageBytes longest inbound message, joined; a longer one closes with 1009
 * @param maxQueuedBytes bound of the outbound queue in bytes
 * @param maxQueuedMessages bound of the outbound queue in messages
 * @param closeTimeout how long a close waits for the peer's Close frame
 * @param longQueueBytes above this the queue is long, under half of this short again, which the
 *     receiver is told; half of maxQueuedBytes unless said
 */
public record TransportLimits(
    int maxMessageBytes,
    long maxQueuedBytes,
    int maxQueuedMessages,
    Duration closeTimeout,
    long longQueueBytes) {
  private static final int MIB = 1024 * 1024;

  /** 10 MiB in, 1 MiB and 10 000 messages queued, 5 s to close. */
  public static final TransportLimits SERVER =
      new TransportLimits(10 * MIB, MIB, 10_000, Duration.ofSeconds(5));

  /** As {@link #SERVER} with 16 MiB in and 16 MiB queued. */
  public static final TransportLimits CLIENT =
      new TransportLimits(16 * MIB, 16L * MIB, 10_000, Duration.ofSeconds(5));

  public TransportLimits {
    if (maxMessageBytes < 1) {
      throw new IllegalArgumentException(
          "maxMessageBytes: " + maxMessageBytes + " (expected: >= 1)");
    }
    if (maxQueuedBytes < 1) {
      throw new IllegalArgumentException("maxQueuedBytes: " + maxQueuedBytes + " (expected: >= 1)");
    }
    if (maxQueuedMessages < 1) {
      throw new IllegalArgumentException(
          "maxQueuedMessages: " + maxQueuedMessages + " (expected: >= 1)");
    }
    if (longQueueBytes < 0 || longQueueBytes > maxQueuedBytes) {
      throw new IllegalArgumentException(
          "longQueueBytes: " + longQueueBytes + " (expected: 0-" + maxQueuedBytes + ")");
    }
    if (closeTimeout.isNegative() || closeTimeout.isZero()) {
      throw new IllegalArgumentException("closeTimeout: " + closeTimeout + " (expected: > 0)");
    }
  }

  public TransportLimits(
      int maxMessageBytes, long maxQueuedBytes, int maxQueuedMessages, Duration closeTimeout) {
    this(maxMessageBytes, maxQueuedBytes, maxQueuedMessages, closeTimeout, maxQueuedBytes / 2);
  }

  public TransportLimits withMaxMessageBytes(int bytes) {
    return new TransportLimits(
        bytes, maxQueuedBytes, maxQueuedMessages, closeTimeout, longQueueBytes);
  }

  /** The same with other bounds of the outbound queue, which is long when it is half full. */
  public TransportLimits withMaxQueued(long bytes, int messages) {
    return new TransportLimits(maxMessageBytes, bytes, messages, closeTimeout);
  }

  /** The same where the receiver is told earlier, or later, that the outbound queue is long. */
  public TransportLimits withLongQueue(long bytes) {
    return new TransportLimits(
        maxMessageBytes, maxQueuedBytes, maxQueuedMessages, closeTimeout, bytes);
  }
}
