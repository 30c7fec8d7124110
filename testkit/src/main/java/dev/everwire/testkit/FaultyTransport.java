package dev.everwire.testkit;

import dev.everwire.protocol.Offer;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The dialer's end of a connection that delays and breaks as planned. The loop only. */
final class FaultyTransport implements Transport {
  private static final int ABNORMAL = 1006;

  private final Transport real;
  private final Faults.Plan plan;
  private final CutPlan cut;
  private final TransportLimits limits;
  private final DelayLine up;
  private final FaultyInbound inbound;
  private @Nullable Receiver receiver;
  private Loop.@Nullable Timer breaking;
  private int messages;
  private long sent;
  private boolean broken;
  private boolean upSilent; // nothing leaves any more
  private boolean downSilent; // nothing comes any more
  private long lastHeardAt; // once nothing comes any more
  private boolean closing; // this end wants no more
  private boolean told; // the receiver has had its end
  private int closeCode = ABNORMAL;
  private String closeReason = "";

  FaultyTransport(Transport real, Faults.Plan plan, TransportLimits limits) {
    this.real = real;
    this.plan = plan;
    this.cut = plan.cut();
    this.limits = limits;
    this.up = new DelayLine(real.loop());
    this.inbound = new FaultyInbound(this, real, plan);
  }

  void receiver(Receiver ours) {
    receiver = ours;
    Duration after = cut.after();
    if (cut.afterSent() == 0 || cut.afterReceived() == 0) {
      breakDown();
    } else if (after != null) {
      breaking = loop().schedule(after.toNanos(), this::breakDown);
    }
  }

  /** What the real transport reports to. */
  Receiver inbound() {
    return inbound;
  }

  /** Who is told what comes; null where nothing does any more. */
  @Nullable Receiver listening() {
    return told || downSilent || closing ? null : receiver;
  }

  boolean silentUp() {
    return upSilent;
  }

  /** Whether an end of the real transport is the end of this one. */
  boolean endsWithTheRealOne() {
    return !told && (!downSilent || (closing && !upSilent));
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
    ByteBuffer payload = ByteBuffer.wrap(message.payload());
    return send(
        payload.remaining(), () -> real.send(message), () -> later(payload, message.isText()));
  }

  @Override
  public Offer sendText(ByteBuffer utf8) {
    return send(utf8.remaining(), () -> real.sendText(utf8), () -> later(copy(utf8), true));
  }

  @Override
  public Offer sendBinary(ByteBuffer bytes) {
    return send(bytes.remaining(), () -> real.sendBinary(bytes), () -> later(copy(bytes), false));
  }

  @Override
  public void ping() {
    if (!upSilent && !told && !closing) {
      real.ping();
    }
  }

  @Override
  public long queuedBytes() {
    return upSilent ? 0 : real.queuedBytes() + up.bytes();
  }

  @Override
  public int queuedMessages() {
    return upSilent ? 0 : real.queuedMessages() + up.size();
  }

  @Override
  public long lastReceivedAt() {
    return downSilent ? lastHeardAt : real.lastReceivedAt();
  }

  @Override
  public long lastPongAt() {
    long at = real.lastPongAt();
    return downSilent && at - lastHeardAt > 0 ? lastHeardAt : at;
  }

  @Override
  public void limitMessages(int maxBytes) {
    real.limitMessages(maxBytes);
  }

  @Override
  public void reading(boolean on) {
    if (!downSilent && !told) {
      inbound.reading(on);
    }
  }

  @Override
  public void close(int code, String reason) {
    if (told || closing) {
      return;
    }
    closing = true;
    closeCode = code;
    closeReason = reason;
    if (upSilent) {
      leave(); // a close into a dead link: its timeout, cut short
    } else {
      inbound.reading(true);
      up.add(
          0,
          0,
          () -> {
            real.close(code, reason);
            return true;
          });
    }
  }

  @Override
  public void abort() {
    if (told) {
      return;
    }
    if (!closing) {
      closing = true;
      closeReason = "aborted";
    }
    up.clear();
    inbound.clear();
    if (upSilent) {
      leave();
    } else {
      real.abort();
    }
  }

  @Override
  public boolean open() {
    return !told && !closing && (broken || real.open());
  }

  // ---- breaking

  /** Bytes came; answers whether the message that brought them gets through. */
  boolean arrives(long received) {
    if (received < cut.afterReceived()) {
      return true;
    }
    boolean whole = received == cut.afterReceived();
    reached(whole);
    return whole || !downSilent;
  }

  /** The end of this connection, as the receiver sees it. */
  void end(int code, String reason) {
    if (told) {
      return;
    }
    told = true;
    cancelBreaking();
    Receiver last = receiver;
    if (last != null) {
      last.onClosed(closing ? closeCode : code, closing ? closeReason : reason);
    }
  }

  private Offer send(int bytes, Supplier<Offer> now, Supplier<Supplier<Offer>> later) {
    if (told || closing) {
      return Offer.CLOSED;
    }
    if (upSilent) {
      return Offer.QUEUED; // and lost
    }
    if (sent + bytes > cut.afterSent()) {
      reached(false);
      if (upSilent) {
        return Offer.QUEUED; // and lost
      }
    }
    long delay = plan.underWay(Way.UP, messages);
    if (delay > 0 || up.size() > 0) {
      if (up.size() > 0 && queuedBytes() + bytes > limits.maxQueuedBytes()) {
        return Offer.FULL;
      }
      Supplier<Offer> held = later.get();
      up.add(delay, bytes, () -> held.get() != Offer.FULL);
    } else {
      Offer answer = now.get();
      if (answer != Offer.QUEUED) {
        return answer;
      }
    }
    messages++;
    sent += bytes;
    if (sent == cut.afterSent()) {
      reached(true);
    }
    return Offer.QUEUED;
  }

  /** The planned moment; what was sent in this pass still leaves, if it was whole. */
  private void reached(boolean whole) {
    if (!whole) {
      silence();
    }
    if (!broken) {
      broken = true;
      loop().execute(this::consequences);
    }
  }

  private void breakDown() {
    if (!broken && !told && !closing) {
      broken = true;
      consequences();
    }
  }

  private void consequences() {
    cancelBreaking();
    silence();
    switch (cut.told()) {
      case BOTH -> {
        endSoon();
        real.abort();
      }
      case DIALER -> {
        endSoon();
        real.reading(false); // the peer waits for an end that has gone
      }
      case ACCEPTOR -> real.abort();
      case NOBODY -> {
        if (downSilent) {
          real.reading(false); // so that nothing is answered either
        }
      }
    }
  }

  private void silence() {
    upSilent |= cut.silences(Way.UP);
    if (cut.silences(Way.DOWN) && !downSilent) {
      goDeaf();
    }
    if (cut.told() != CutPlan.Told.NOBODY) {
      up.clear();
    }
  }

  private void goDeaf() {
    downSilent = true;
    lastHeardAt = real.lastReceivedAt();
    inbound.clear();
  }

  /** Ends at this end only: the other could not hear of it. */
  private void leave() {
    if (!downSilent) {
      goDeaf();
    }
    real.reading(false);
    endSoon();
  }

  private void endSoon() {
    loop().execute(() -> end(ABNORMAL, "connection lost"));
  }

  private void cancelBreaking() {
    if (breaking != null) {
      breaking.cancel();
      breaking = null;
    }
  }

  private Supplier<Offer> later(ByteBuffer payload, boolean text) {
    return () -> text ? real.sendText(payload.duplicate()) : real.sendBinary(payload.duplicate());
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
  }
}
