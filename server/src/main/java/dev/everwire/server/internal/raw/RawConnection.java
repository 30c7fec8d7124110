package dev.everwire.server.internal.raw;

import dev.everwire.protocol.CloseCode;
import dev.everwire.protocol.Offer;
import dev.everwire.server.raw.RawEndpoint;
import dev.everwire.server.raw.RawPing;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.internal.Alarm;
import dev.everwire.session.internal.Intake;
import dev.everwire.session.internal.lifecycle.Lifespan;
import dev.everwire.session.internal.lifecycle.Vigil;
import dev.everwire.session.transport.Loop;
import dev.everwire.session.transport.Receiver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an application's own, in front of what receives its messages: pings, and ends
 * it when it is dead, idle, old, or says too much. Event loop only.
 */
final class RawConnection implements Receiver, Lifespan {
  private static final Logger LOG = System.getLogger(RawConnection.class.getName());
  private static final Heartbeat RAREST = new Heartbeat(Duration.ofDays(365), Duration.ofDays(365));
  private static final long DEAD_WITHIN = Duration.ofMillis(500).toNanos();

  private final RawTransport transport;
  private final Receiver receiver;
  private final @Nullable RawPing ping;
  private final @Nullable Intake intake;
  private final Vigil vigil;
  private final Alarm alarm;
  private final boolean timed;
  private boolean over; // closed by us; its end is on its way

  RawConnection(
      RawEndpoint settings,
      RawTransport transport,
      Receiver receiver,
      @Nullable Intake intake,
      double phase,
      double share) {
    this.transport = transport;
    this.receiver = receiver;
    this.ping = settings.ping();
    this.intake = intake;
    Heartbeat heartbeat = settings.heartbeat() == null ? RAREST : settings.heartbeat();
    this.vigil = new Vigil(heartbeat, settings.lifetime(), phase, share, loop().now());
    this.alarm = new Alarm(loop(), this::tick);
    this.timed = settings.heartbeat() != null || !settings.lifetime().unlimited();
    rearm();
  }

  // ---- receiving

  @Override
  public void onText(ByteBuffer utf8) {
    if (ping != null && answers(ping, utf8)) {
      vigil.answered(loop().now());
    } else if (admitted(utf8)) {
      receiver.onText(utf8);
    }
  }

  @Override
  public void onBinary(ByteBuffer bytes) {
    if (admitted(bytes)) {
      receiver.onBinary(bytes);
    }
  }

  private static boolean answers(RawPing ping, ByteBuffer utf8) {
    try {
      return ping.answers(utf8.duplicate());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a raw endpoint's ping failed", e);
      return false;
    }
  }

  private boolean admitted(ByteBuffer message) {
    if (over) {
      return false;
    }
    long now = loop().now();
    vigil.active(now);
    if (intake == null) {
      return true;
    }
    intake.arrived(message.remaining());
    if (intake.admit(false, now) == 0) {
      return true;
    }
    if (intake.exhausted()) {
      end(CloseCode.RATE_LIMITED, "rate limited");
    }
    return false;
  }

  @Override
  public void onWritable(boolean writable) {
    receiver.onWritable(writable);
  }

  @Override
  public void onClosed(int code, String reason) {
    over = true;
    alarm.off();
    if (intake != null) {
      intake.ended();
    }
    receiver.onClosed(code, reason);
  }

  // ---- time

  private void tick() {
    long now = loop().now();
    if (transport.paused()) {
      vigil.excuse(now); // who is not read cannot be blamed for silence
    }
    long sign = vigil.anyTraffic() ? transport.lastReceivedAt() : transport.lastPongAt();
    switch (vigil.decide(now, sign)) {
      case NOTHING -> {}
      case PING -> ping();
      case DEAD -> {
        end(CloseCode.HEARTBEAT_LOST, "heartbeat lost");
        loop().schedule(DEAD_WITHIN, transport::abort); // it does not answer a Close frame
      }
      case IDLE -> end(CloseCode.GOING_AWAY, "idle");
      case AGED, OVERDUE -> end(CloseCode.GOING_AWAY, "max age");
    }
    rearm();
  }

  private void rearm() {
    if (timed && !over) {
      long now = loop().now();
      alarm.by(now + vigil.untilNext(now));
    }
  }

  private void ping() {
    Heartbeat.Mode mode = vigil.mode();
    boolean said = mode != Heartbeat.Mode.FRAME && ping != null && say(ping);
    if (!said || mode == Heartbeat.Mode.BOTH) {
      transport.ping(); // for a frame there always is room
    }
  }

  private boolean say(RawPing asked) {
    try {
      String text = asked.ping(loop().wallTime());
      ByteBuffer utf8 = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      return transport.sendText(utf8) == Offer.QUEUED;
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a raw endpoint's ping failed", e);
      return false;
    }
  }

  @Override
  public long untilIdleTimeout(long now) {
    return vigil.untilIdleTimeout(now);
  }

  @Override
  public long untilMaxAge(long now) {
    return vigil.untilMaxAge(now);
  }

  private void end(CloseCode code, String reason) {
    over = true;
    alarm.off();
    transport.close(code.value(), reason);
  }

  private Loop loop() {
    return transport.loop();
  }
}
