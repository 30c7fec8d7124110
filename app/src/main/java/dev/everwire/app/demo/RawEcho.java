package dev.everwire.app.demo;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.IntConsumer;

/**
 * Sends every message back as the kind it came in, with no protocol above. A peer that sends and
 * does not read is stopped by its own TCP window: above half of the outbound queue nothing more is
 * read, so that memory stays within {@link #LIMITS}. On the connection's loop only.
 */
public final class RawEcho implements Receiver {
  /** Longest message that is echoed. */
  public static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

  /**
   * Two of the longest fit the queue: below half of it there is always room for one more. The
   * number of messages is bounded so that one read of nothing but empty frames stays under half as
   * well.
   */
  public static final TransportLimits LIMITS =
      TransportLimits.SERVER
          .withMaxMessageBytes(MAX_MESSAGE_BYTES)
          .withMaxQueued(2L * (MAX_MESSAGE_BYTES + 1024), 400_000);

  private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(1).toNanos();

  private final Transport transport;
  private final IntConsumer closed;
  private boolean told; // that the queue is above half; will be told when it is not any more

  public RawEcho(Transport transport) {
    this(transport, code -> {});
  }

  /**
   * @param closed is told the code of the end
   */
  public RawEcho(Transport transport, IntConsumer closed) {
    this.transport = transport;
    this.closed = closed;
  }

  @Override
  public void onText(ByteBuffer utf8) {
    sent(transport.sendText(utf8));
  }

  @Override
  public void onBinary(ByteBuffer bytes) {
    sent(transport.sendBinary(bytes));
  }

  @Override
  public void onWritable(boolean writable) {
    told = !writable;
    transport.reading(writable);
  }

  @Override
  public void onClosed(int code, String reason) {
    closed.accept(code);
  }

  private void sent(Offer offer) {
    switch (offer) {
      case QUEUED -> {
        if (aboveHalf()) {
          transport.reading(false);
          lookAgain();
        }
      }
      case FULL -> transport.close(CloseCode.SLOW_CONSUMER.value(), "echo queue is full");
      case CLOSED -> {}
    }
  }

  /** A queue that is above half only until the pass of the loop ends is never told of. */
  private void lookAgain() {
    transport
        .loop()
        .schedule(
            LOOK_AGAIN_NANOS,
            () -> {
              if (!told && transport.open()) {
                if (aboveHalf()) {
                  lookAgain();
                } else {
                  transport.reading(true);
                }
              }
            });
  }

  private boolean aboveHalf() {
    return transport.queuedBytes() > LIMITS.maxQueuedBytes() / 2
        || transport.queuedMessages() > LIMITS.maxQueuedMessages() / 2;
  }
}
