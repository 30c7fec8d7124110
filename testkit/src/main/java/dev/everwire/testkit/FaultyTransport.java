package dev.everwire.testkit;

import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A transport that breaks as planned. The loop only. */
final class FaultyTransport implements Transport {
  private static final int ABNORMAL = 1006;

  private final Transport real;
  private final CutPlan plan;
  private @Nullable Receiver receiver;
  private long sent;
  private long received;
  private boolean cut; // nothing passes any more
  private boolean told; // the receiver has had its end

  FaultyTransport(Transport real, CutPlan plan) {
    this.real = real;
    this.plan = plan;
  }

  void receiver(Receiver ours) {
    receiver = ours;
    if (plan.afterSent() == 0 || plan.afterReceived() == 0) {
      cut();
    }
  }

  /** What the real transport reports to. */
  Receiver inbound() {
    return new Inbound();
  }

  @Override
  public Loop loop() {
    return real.loop();
  }

  @Override
  public String remoteAddress() {
    return real.remoteAddress();
  }

  @Override
  public Offer send(Encoded message) {
    return passes(message.payload().length) ? real.send(message) : swallowed();
  }

  @Override
  public Offer sendText(ByteBuffer utf8) {
    return passes(utf8.remaining()) ? real.sendText(utf8) : swallowed();
  }

  @Override
  public Offer sendBinary(ByteBuffer bytes) {
    return passes(bytes.remaining()) ? real.sendBinary(bytes) : swallowed();
  }

  @Override
  public void ping() {
    if (!cut) {
      real.ping();
    }
  }

  @Override
  public long queuedBytes() {
    return cut ? 0 : real.queuedBytes();
  }

  @Override
  public int queuedMessages() {
    return cut ? 0 : real.queuedMessages();
  }

  @Override
  public long lastReceivedAt() {
    return real.lastReceivedAt();
  }

  @Override
  public void reading(boolean on) {
    if (!cut) {
      real.reading(on);
    }
  }

  @Override
  public void close(int code, String reason) {
    if (!cut) {
      real.close(code, reason);
    } else if (!told) {
      end(code, reason); // a close into a dead link: its timeout, cut short
      real.abort();
    }
  }

  @Override
  public void abort() {
    if (cut && !told) {
      end(ABNORMAL, "aborted");
    }
    real.abort();
  }

  @Override
  public boolean open() {
    return !told && (cut || real.open());
  }

  private Offer swallowed() {
    return told ? Offer.CLOSED : Offer.QUEUED;
  }

  /** Whether an outgoing message gets through; cuts if it is the last one that does. */
  private boolean passes(int bytes) {
    if (cut || !real.open()) {
      return !cut;
    }
    sent += bytes;
    if (sent >= plan.afterSent()) {
      boolean whole = sent == plan.afterSent();
      loop().execute(this::cut); // after what was sent in this pass has left
      cut |= !whole;
      return whole;
    }
    return true;
  }

  private void cut() {
    cut = true;
    switch (plan.told()) {
      case BOTH -> {
        end(ABNORMAL, "connection lost");
        real.abort();
      }
      case DIALER -> end(ABNORMAL, "connection lost"); // the peer waits for an end that has gone
      case ACCEPTOR -> real.abort();
    }
  }

  private void end(int code, String reason) {
    if (told) {
      return;
    }
    told = true;
    loop()
        .execute(() -> {
          if (receiver != null) {
            receiver.onClosed(code, reason);
          }
        });
  }

  private final class Inbound implements Receiver {
    @Override
    public void onText(ByteBuffer utf8) {
      Receiver to = arrives(utf8.remaining());
      if (to != null) {
        to.onText(utf8);
      }
    }

    @Override
    public void onBinary(ByteBuffer bytes) {
      Receiver to = arrives(bytes.remaining());
      if (to != null) {
        to.onBinary(bytes);
      }
    }

    @Override
    public void onWritable(boolean writable) {
      if (!cut && receiver != null) {
        receiver.onWritable(writable);
      }
    }

    @Override
    public void onClosed(int code, String reason) {
      if (!cut && !told && receiver != null) {
        told = true;
        receiver.onClosed(code, reason);
      }
    }

    /** Who gets an incoming message; cuts if it is the last one that gets through. */
    private @Nullable Receiver arrives(int bytes) {
      if (cut) {
        return null;
      }
      received += bytes;
      if (received < plan.afterReceived()) {
        return receiver;
      }
      boolean whole = received == plan.afterReceived();
      loop().execute(FaultyTransport.this::cut);
      cut |= !whole;
      return whole ? receiver : null;
    }
  }
}
