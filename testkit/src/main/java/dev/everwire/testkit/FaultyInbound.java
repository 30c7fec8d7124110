package dev.everwire.testkit;

import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What comes to a {@link FaultyTransport}: late, in order, until nothing does. The loop only. */
final class FaultyInbound implements Receiver {
  private static final Logger LOG = System.getLogger(FaultyInbound.class.getName());
  private static final int MOST_UNDER_WAY = 1024 * 1024; // then the real one stops reading

  private final FaultyTransport owner;
  private final Transport real;
  private final Faults.Plan plan;
  private final DelayLine line;
  private long received;
  private int messages;
  private boolean reading = true;
  private boolean ended;

  FaultyInbound(FaultyTransport owner, Transport real, Faults.Plan plan) {
    this.owner = owner;
    this.real = real;
    this.plan = plan;
    this.line = new DelayLine(real.loop());
  }

  void reading(boolean on) {
    reading = on;
    line.hold(!on && !ended);
    throttle();
  }

  void clear() {
    line.clear();
  }

  @Override
  public void onText(ByteBuffer utf8) {
    message(utf8, Receiver::onText);
  }

  @Override
  public void onBinary(ByteBuffer bytes) {
    message(bytes, Receiver::onBinary);
  }

  @Override
  public void onWritable(boolean writable) {
    Receiver to = owner.listening();
    if (to != null && !owner.silentUp()) {
      to.onWritable(writable);
    }
  }

  @Override
  public void onClosed(int code, String reason) {
    ended = true;
    if (owner.endsWithTheRealOne()) {
      line.hold(false); // what came before the end is still delivered
      line.add(
          0,
          0,
          () -> {
            owner.end(code, reason);
            return true;
          });
    }
  }

  private void message(ByteBuffer payload, BiConsumer<Receiver, ByteBuffer> deliver) {
    int length = payload.remaining();
    Receiver to = owner.listening();
    if (to == null) {
      return;
    }
    received += length;
    if (!owner.arrives(received)) {
      return;
    }
    long delay = plan.underWay(Way.DOWN, messages++);
    if (delay <= 0 && line.size() == 0) {
      deliver.accept(to, payload);
      return;
    }
    ByteBuffer copy = ByteBuffer.allocate(length).put(payload.duplicate()).flip();
    line.add(
        delay,
        length,
        () -> {
          deliverLate(owner.listening(), copy, deliver);
          return true;
        });
    throttle();
  }

  private void deliverLate(
      @Nullable Receiver to, ByteBuffer payload, BiConsumer<Receiver, ByteBuffer> deliver) {
    if (to != null) {
      try {
        deliver.accept(to, payload.asReadOnlyBuffer());
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "receiver failed remote=" + real.remoteAddress(), e);
        owner.close(1011, "internal error");
      }
    }
    real.loop().execute(this::throttle); // once this one is out of the line
  }

  private void throttle() {
    if (!ended && owner.listening() != null) {
      real.reading(reading && line.bytes() < MOST_UNDER_WAY);
    }
  }
}
