package dev.everwire.server.internal.registry;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Offer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Sends to one raw peer from any thread. What is on its way to the loop is bounded, so that a
 * sender that is faster than the link hears FULL.
 */
final class RawSending {
  private static final int MAX_POSTED = 1024 * 1024; // bytes; one message is always taken

  private interface Queueing {
    Offer put();
  }

  private RawSending() {}

  static Offer text(Entry entry, String text) {
    refuseConversation(entry);
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return send(entry, utf8.length, () -> entry.sendText(ByteBuffer.wrap(utf8)));
  }

  static Offer binary(Entry entry, byte[] bytes) {
    refuseConversation(entry);
    return send(entry, bytes.length, () -> entry.sendBinary(ByteBuffer.wrap(bytes)));
  }

  private static void refuseConversation(Entry entry) {
    if (entry.connection() != null) {
      throw new UnsupportedOperationException(
          "a conversation takes notifications only: " + entry.connectionId());
    }
  }

  private static Offer send(Entry entry, int bytes, Queueing queueing) {
    if (entry.leaves()) {
      return Offer.CLOSED;
    }
    if (entry.loop().inLoop()) {
      return queueing.put();
    }
    int together = entry.post(bytes);
    if (together != bytes && together > MAX_POSTED) {
      entry.post(-bytes);
      return Offer.FULL;
    }
    boolean asked =
        entry.onLoop(() -> {
          entry.post(-bytes);
          if (queueing.put() == Offer.FULL) { // it was promised that it leaves
            entry.close(CloseCode.SLOW_CONSUMER.value(), "outbound queue full");
          }
        });
    return asked ? Offer.QUEUED : Offer.CLOSED;
  }
}
