package dev.everwire.session.transport;

import dev.everwire.protocol.Offer;
import java.nio.ByteBuffer;

/**
 * One open WebSocket connection (RFC 6455), either role. Loop-confined: every method is called on
 * {@link #loop()} unless it says otherwise.
 *
 * <p>Sending never blocks and never throws for a connection that is gone; it answers. The queue of
 * what was accepted and not yet handed to the operating system is bounded by {@link
 * TransportLimits}; one message is always admitted to an empty queue.
 */
public interface Transport {

  /** Safe from any thread. */
  Loop loop();

  /** The peer's address as {@code host:port}, for logs. Safe from any thread. */
  String remoteAddress();

  /**
   * Queues a shared message. The transport retains what it needs; the caller keeps its reference.
   */
  Offer send(Encoded message);

  /** Queues a text message; the bytes, valid UTF-8, are copied before the call returns. */
  Offer sendText(ByteBuffer utf8);

  /** Queues a binary message; the bytes are copied before the call returns. */
  Offer sendBinary(ByteBuffer bytes);

  /**
   * Queues a Ping frame with an empty payload (RFC 6455 section 5.5.2). Pings are answered unasked.
   */
  void ping();

  /** Bytes accepted and not yet handed to the operating system. */
  long queuedBytes();

  /** Messages accepted and not yet handed to the operating system. */
  int queuedMessages();

  /** When bytes last came in, in {@link Loop#now()} time. A partial frame counts. */
  long lastReceivedAt();

  /**
   * When a Pong frame last came, in {@link Loop#now()} time; the opening before the first. A
   * transport that does not know says when bytes last came.
   */
  default long lastPongAt() {
    return lastReceivedAt();
  }

  /**
   * Lowers the bound of inbound messages from now on, or takes that back: it is the lesser of this
   * and the limits'. A message that is on its way is held to it too.
   *
   * @param maxBytes at least 1; {@link Integer#MAX_VALUE} for the limits' own
   */
  void limitMessages(int maxBytes);

  /**
   * Switches reading off and on again. While off, no message is delivered, not even one that was
   * read already, and the peer feels it through TCP; when the connection ends meanwhile, what was
   * read before that is still delivered. On at first.
   */
  void reading(boolean on);

  /**
   * Starts the closing handshake: queues one Close frame behind what is queued, waits for the
   * peer's for at most the limit's close timeout, then ends the connection. Reading is switched on
   * for that, and messages that still come are dropped. Idempotent. {@link Receiver#onClosed}
   * follows, never inside this call, with this code if the peer did not close first.
   *
   * @param code a sendable code
   * @param reason at most 123 bytes of UTF-8; a longer one is cut at a character
   */
  void close(int code, String reason);

  /**
   * Ends the connection at once with no handshake; what is queued is lost. Idempotent. {@link
   * Receiver#onClosed} follows, never inside this call.
   */
  void abort();

  /** False from the moment a close was begun by either side or the connection was lost. */
  boolean open();
}
