package dev.everwire.session.internal.delivery;

import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A transport whose peer reads when it is told to. Time is moved by hand. */
final class SlowLink implements Transport {
  private final ArrayDeque<String> queued = new ArrayDeque<>();
  private final List<String> left = new ArrayList<>();
  private final long maxBytes;
  private long bytes;
  private boolean open = true;
  long now;

  SlowLink(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** The peer reads so many messages. */
  void read(int messages) {
    for (int i = 0; i < messages && !queued.isEmpty(); i++) {
      String next = queued.remove();
      bytes -= next.length();
      left.add(next);
    }
  }

  /** What the peer has read, oldest first. */
  List<String> left() {
    return left;
  }

  @Override
  public Offer send(Encoded message) {
    return queue(new String(message.payload(), StandardCharsets.UTF_8));
  }

  @Override
  public Offer sendText(ByteBuffer utf8) {
    return queue(StandardCharsets.UTF_8.decode(utf8.duplicate()).toString());
  }

  @Override
  public Offer sendBinary(ByteBuffer bytes) {
    return sendText(bytes);
  }

  private Offer queue(String message) {
    if (!open) {
      return Offer.CLOSED;
    }
    if (!queued.isEmpty() && bytes + message.length() > maxBytes) {
      return Offer.FULL;
    }
    queued.add(message);
    bytes += message.length();
    return Offer.QUEUED;
  }

  @Override
  public long queuedBytes() {
    return bytes;
  }

  @Override
  public int queuedMessages() {
    return queued.size();
  }

  @Override
  public void close(int code, String reason) {
    open = false;
  }

  @Override
  public void abort() {
    open = false;
  }

  @Override
  public boolean open() {
    return open;
  }

  @Override
  public void ping() {}

  @Override
  public void limitMessages(int maxBytes) {}

  @Override
  public void reading(boolean on) {}

  @Override
  public long lastReceivedAt() {
    return 0;
  }

  @Override
  public String remoteAddress() {
    return "peer";
  }

  @Override
  public Loop loop() {
    return new Loop() {
      @Override
      public boolean inLoop() {
        return true;
      }

      @Override
      public long now() {
        return now;
      }

      @Override
      public Instant wallTime() {
        return Instant.EPOCH;
      }

      @Override
      public Timer schedule(long delayNanos, Runnable task) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void execute(Runnable task) {
        throw new UnsupportedOperationException();
      }
    };
  }
}
