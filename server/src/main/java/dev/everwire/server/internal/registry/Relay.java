package dev.everwire.server.internal.registry;

import dev.everwire.protocol.Offer;
import dev.everwire.server.internal.registry.LoopCounts.Count;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;

/**
 * Stands between a transport and what receives its messages, and counts what goes through either
 * way. One object for both ways: there is one for each connection.
 */
abstract class Relay implements Transport, Receiver {

  /** Receives as long as nobody is in place. */
  private static final Receiver NOBODY =
      new Receiver() {
        @Override
        public void onText(ByteBuffer utf8) {}

        @Override
        public void onBinary(ByteBuffer bytes) {}

        @Override
        public void onClosed(int code, String reason) {}
      };

  private final Transport transport;
  private final LoopCounts counts;
  private volatile Receiver receiver = NOBODY; // written once on the loop, seen by all

  Relay(Transport transport, LoopCounts counts) {
    this.transport = transport;
    this.counts = counts;
  }

  final void to(Receiver newReceiver) {
    receiver = newReceiver;
  }

  final Receiver receiver() {
    return receiver;
  }

  final LoopCounts counts() {
    return counts;
  }

  // ---- out

  @Override
  public final Offer send(Encoded message) {
    return counted(transport.send(message), message.payload().length);
  }

  @Override
  public final Offer sendText(ByteBuffer utf8) {
    int bytes = utf8.remaining();
    return counted(transport.sendText(utf8), bytes);
  }

  @Override
  public final Offer sendBinary(ByteBuffer bytes) {
    int length = bytes.remaining();
    return counted(transport.sendBinary(bytes), length);
  }

  private Offer counted(Offer offer, int bytes) {
    if (offer == Offer.QUEUED) {
      counts.add(Count.MESSAGES_OUT, 1);
      counts.add(Count.BYTES_OUT, bytes);
    }
    return offer;
  }

  @Override
  public final Loop loop() {
    return transport.loop();
  }

  @Override
  public final String remoteAddress() {
    return transport.remoteAddress();
  }

  @Override
  public final void ping() {
    transport.ping();
  }

  @Override
  public final long queuedBytes() {
    return transport.queuedBytes();
  }

  @Override
  public final int queuedMessages() {
    return transport.queuedMessages();
  }

  @Override
  public final long lastReceivedAt() {
    return transport.lastReceivedAt();
  }

  @Override
  public final long lastPongAt() {
    return transport.lastPongAt();
  }

  @Override
  public final void limitMessages(int maxBytes) {
    transport.limitMessages(maxBytes);
  }

  @Override
  public final void reading(boolean on) {
    transport.reading(on);
  }

  @Override
  public void close(int code, String reason) {
    transport.close(code, reason);
  }

  @Override
  public void abort() {
    transport.abort();
  }

  @Override
  public final boolean open() {
    return transport.open();
  }

  // ---- in

  @Override
  public final void onText(ByteBuffer utf8) {
    received(utf8.remaining());
    receiver.onText(utf8);
  }

  @Override
  public final void onBinary(ByteBuffer bytes) {
    received(bytes.remaining());
    receiver.onBinary(bytes);
  }

  private void received(int bytes) {
    counts.add(Count.MESSAGES_IN, 1);
    counts.add(Count.BYTES_IN, bytes);
  }

  @Override
  public final void onWritable(boolean writable) {
    receiver.onWritable(writable);
  }

  @Override
  public void onClosed(int code, String reason) {
    receiver.onClosed(code, reason);
  }
}
