package dev.everwire.autobahn;

import dev.everwire.netty.options.Compression;
import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Sends back what comes, text as text; reads no further while the way back is full. */
final class Echo implements Receiver {
  private static final int MIB = 1024 * 1024;

  /** The suite's longest message has 16 MiB; one pass of a loop may answer many short ones. */
  static final TransportLimits LIMITS =
      new TransportLimits(32 * MIB, 64L * MIB, 100_000, Duration.ofSeconds(5));

  /** Everything may be compressed, short messages too, and refer to earlier ones. */
  static final Compression COMPRESSION =
      Compression.DEFAULT.withThreshold(0).withTakeover(true, true);

  private final Transport transport;
  private final Runnable ended;

  Echo(Transport transport, Runnable ended) {
    this.transport = transport;
    this.ended = ended;
  }

  @Override
  public void onText(ByteBuffer utf8) {
    taken(transport.sendText(utf8));
  }

  @Override
  public void onBinary(ByteBuffer bytes) {
    taken(transport.sendBinary(bytes));
  }

  private static void taken(Offer offer) {
    if (offer == Offer.FULL) {
      throw new IllegalStateException("an answer found no room"); // closes, so the case fails
    }
  }

  @Override
  public void onWritable(boolean writable) {
    transport.reading(writable);
  }

  @Override
  public void onClosed(int code, String reason) {
    ended.run();
  }
}
