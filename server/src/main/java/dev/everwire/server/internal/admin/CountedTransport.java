package dev.everwire.server.internal.admin;

import dev.everwire.protocol.Offer;
import dev.everwire.server.internal.admin.LoopCounts.Count;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;

/** Counts what is sent. */
record CountedTransport(Transport inner, LoopCounts counts) implements Transport {

  @Override
  public Offer send(Encoded message) {
    return counted(inner.send(message), message.payload().length);
  }

  @Override
  public Offer sendText(ByteBuffer utf8) {
    int bytes = utf8.remaining();
    return counted(inner.sendText(utf8), bytes);
  }

  @Override
  public Offer sendBinary(ByteBuffer bytes) {
    int length = bytes.remaining();
    return counted(inner.sendBinary(bytes), length);
  }

  private Offer counted(Offer offer, int bytes) {
    if (offer == Offer.QUEUED) {
      counts.add(Count.MESSAGES_OUT, 1);
      counts.add(Count.BYTES_OUT, bytes);
    }
    return offer;
  }

  @Override
  public Loop loop() {
    return inner.loop();
  }

  @Override
  public String remoteAddress() {
    return inner.remoteAddress();
  }

  @Override
  public void ping() {
    inner.ping();
  }

  @Override
  public long queuedBytes() {
    return inner.queuedBytes();
  }

  @Override
  public int queuedMessages() {
    return inner.queuedMessages();
  }

  @Override
  public long lastReceivedAt() {
    return inner.lastReceivedAt();
  }

  @Override
  public void reading(boolean on) {
    inner.reading(on);
  }

  @Override
  public void close(int code, String reason) {
    inner.close(code, reason);
  }

  @Override
  public void abort() {
    inner.abort();
  }

  @Override
  public boolean open() {
    return inner.open();
  }
}
