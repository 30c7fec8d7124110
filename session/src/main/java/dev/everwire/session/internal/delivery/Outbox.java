package dev.everwire.session.internal.delivery;

import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Sends in order, and keeps what must not be lost while the transport's queue has no room for it.
 * Bounded in bytes; holds nothing while the peer keeps up. Event loop only.
 */
public final class Outbox {
  private final Transport transport;
  private final long maxWaitingBytes;
  private boolean binary; // what is sent goes in binary messages
  private @Nullable ArrayDeque<Encoded> waiting; // null while nothing waits
  private long waitingBytes;

  /**
   * @param maxWaitingBytes beyond the transport's own bound; one message is always kept
   */
  public Outbox(Transport transport, long maxWaitingBytes) {
    this.transport = transport;
    this.maxWaitingBytes = maxWaitingBytes;
  }

  /** From now on messages go as binary ones. */
  public void sendBinary() {
    binary = true;
  }

  /** Sends or keeps what must not be lost; FULL only beyond the bound. The bytes are copied. */
  public Offer send(ByteBuffer message) {
    if (waiting == null) {
      Offer offer = put(message);
      if (offer != Offer.FULL) {
        return offer;
      }
    }
    byte[] copy = new byte[message.remaining()];
    message.get(message.position(), copy);
    return keep(binary ? Encoded.binary(copy) : Encoded.text(copy));
  }

  /** Sends it if there is room and nothing waits before it. */
  public Offer offer(ByteBuffer message) {
    return waiting == null ? put(message) : Offer.FULL;
  }

  private Offer put(ByteBuffer message) {
    return binary ? transport.sendBinary(message) : transport.sendText(message);
  }

  /**
   * Sends a shared message if there is room; keeps it if others wait, which it may not overtake.
   */
  public Offer offer(Encoded message) {
    return waiting == null ? transport.send(message) : keep(message.retain());
  }

  private Offer keep(Encoded message) {
    int bytes = message.payload().length;
    if (!transport.open() || (waiting != null && waitingBytes + bytes > maxWaitingBytes)) {
      message.release();
      return transport.open() ? Offer.FULL : Offer.CLOSED;
    }
    if (waiting == null) {
      waiting = new ArrayDeque<>();
    }
    waiting.add(message);
    waitingBytes += bytes;
    return Offer.QUEUED;
  }

  /** Sends what waits as far as there is room. */
  public void flush() {
    while (waiting != null) {
      Encoded next = waiting.peek();
      if (next == null) {
        waiting = null;
        return;
      }
      if (transport.send(next) == Offer.FULL) {
        return;
      }
      waiting.remove();
      waitingBytes -= next.payload().length;
      next.release();
    }
  }

  /** Whether something waits for room. */
  public boolean waiting() {
    return waiting != null;
  }

  /** Bytes that have not left this process. */
  public long unsentBytes() {
    return waitingBytes + transport.queuedBytes();
  }

  /** Forgets what waits: there is no connection any more. */
  public void clear() {
    if (waiting != null) {
      waiting.forEach(Encoded::release);
      waiting = null;
      waitingBytes = 0;
    }
  }
}
