package dev.everwire.server.internal.raw;

import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;

/** What an application's receiver writes to; notes whether it reads. */
final class RawTransport implements Transport {
  private final Transport inner;
  private boolean reading = true;
  private boolean paused; // since it was asked

  RawTransport(Transport inner) {
    this.inner = inner;
  }

  /** Whether reading was off since this was asked before. */
  boolean paused() {
    boolean was = paused || !reading;
    paused = false;
    return was;
  }

  @Override
  public void limitMessages(int maxBytes) {
    inner.limitMessages(maxBytes);
  }

  @Override
  public void reading(boolean on) {
    paused |= !reading;
    reading = on;
    inner.reading(on);
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
  public Offer send(Encoded message) {
    return inner.send(message);
  }

  @Override
  public Offer sendText(ByteBuffer utf8) {
    return inner.sendText(utf8);
  }

  @Override
  public Offer sendBinary(ByteBuffer bytes) {
    return inner.sendBinary(bytes);
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
  public long lastPongAt() {
    return inner.lastPongAt();
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
