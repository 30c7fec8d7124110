package dev.everwire.session.internal.lifecycle;

import dev.everwire.session.Heartbeat;
import dev.everwire.session.Lifetime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Watches over the life of one connection: whether its peer is there, is idle, or has been for long
 * enough. Knows no clock; times are nanoseconds of the loop. Event loop only.
 */
public final class Vigil implements Lifespan {

  /** What to do now; where several things are due, one after the other. */
  public enum Due {
    NOTHING,
    PING,
    /** So many pings were missed. */
    DEAD,
    /** Nothing came for too long; unless somebody is busy, see {@link Vigil#active}. */
    IDLE,
    /** It is old enough to be told; once. */
    AGED,
    /** Old, and what it was given to leave in is over. */
    OVERDUE
  }

  private Heartbeat heartbeat;
  private Pulse pulse;
  private long answeredAt;
  private final @Nullable Span span; // null where nothing but silence ends a connection

  /**
   * @param phase see {@link Pulse}
   * @param share 0.0…1.0 at random: how much of the lifetime's spread is taken off the age
   */
  public Vigil(Heartbeat heartbeat, Lifetime lifetime, double phase, double share, long now) {
    this.heartbeat = heartbeat;
    this.pulse = new Pulse(heartbeat, phase, now);
    this.answeredAt = now;
    this.span = lifetime.unlimited() ? null : new Span(lifetime, share, now);
  }

  // ---- what happens

  /** Another heartbeat from now on; ages go on. */
  public void heartbeat(Heartbeat other, double phase, long now) {
    heartbeat = other;
    pulse = new Pulse(other, phase, now);
    answeredAt = now;
  }

  /** A message came, or somebody is busy. */
  public void active(long now) {
    if (span != null) {
      span.activeAt = now;
    }
  }

  /** A ping was answered by a message. */
  public void answered(long now) {
    answeredAt = now;
  }

  /** We did not read, so that silence says nothing about the peer. */
  public void excuse(long now) {
    pulse.excuse(now);
    active(now);
  }

  // ---- what follows

  /** Whether {@link #active} makes a difference. */
  public boolean watchesIdleness() {
    return span != null && span.idle != NEVER;
  }

  /** Whether every byte is a sign of life. */
  public boolean anyTraffic() {
    return heartbeat.anyTraffic();
  }

  /** What a ping is. */
  public Heartbeat.Mode mode() {
    return heartbeat.mode();
  }

  /** Pings in a row that were not answered in their time. */
  public int missed() {
    return pulse.missed();
  }

  /** Whether it was told that it is old enough. */
  public boolean aged() {
    return span != null && span.aged;
  }

  /** From its age to its end. */
  public Duration grace() {
    return span == null ? Duration.ZERO : Duration.ofNanos(span.grace);
  }

  /** Nanoseconds until {@link #decide} has something to decide. */
  public long untilNext(long now) {
    long pulseDue = pulse.untilNext(now);
    return span == null ? pulseDue : Math.min(pulseDue, span.untilNext(now));
  }

  /**
   * Decides; to be called when {@link #untilNext} is over, harmless before.
   *
   * @param lastSignAt when the last byte came where every one counts, else the last Pong frame
   */
  public Due decide(long now, long lastSignAt) {
    Due due = span == null ? Due.NOTHING : span.decide(now);
    if (due != Due.NOTHING) {
      return due;
    }
    long sign = !anyTraffic() && answeredAt - lastSignAt > 0 ? answeredAt : lastSignAt;
    return switch (pulse.beat(now, sign)) {
      case NOTHING -> Due.NOTHING;
      case PING -> Due.PING;
      case DEAD -> Due.DEAD;
    };
  }

  // ---- what remains

  @Override
  public long untilMaxAge(long now) {
    return span == null || !span.ages ? NEVER : Math.max(0, span.agedAt - now);
  }

  @Override
  public long untilIdleTimeout(long now) {
    return span == null || span.idle == NEVER
        ? NEVER
        : Math.max(0, span.activeAt + span.idle - now);
  }

  /** The bounds of one connection's life. */
  private static final class Span {
    final long idle; // NEVER if it may be
    final boolean ages;
    final long agedAt; // if it ages
    final long grace;
    long activeAt;
    boolean aged;

    Span(Lifetime lifetime, double share, long now) {
      this.idle = lifetime.idle() == null ? NEVER : lifetime.idle().toNanos();
      this.ages = lifetime.maxAge() != null;
      this.agedAt =
          lifetime.maxAge() == null
              ? now
              : now + (long) (lifetime.maxAge().toNanos() * (1 - lifetime.spread() * share));
      this.grace = lifetime.grace().toNanos();
      this.activeAt = now;
    }

    long untilNext(long now) {
      long untilIdle = idle == NEVER ? NEVER : activeAt + idle - now;
      if (!ages) {
        return untilIdle;
      }
      long untilAged = (aged ? agedAt + grace : agedAt) - now;
      return Math.min(untilIdle, untilAged);
    }

    Due decide(long now) {
      if (ages && now - agedAt >= 0) {
        if (!aged) {
          aged = true;
          return Due.AGED;
        }
        if (now - agedAt >= grace) {
          return Due.OVERDUE;
        }
      }
      return idle != NEVER && now - activeAt >= idle ? Due.IDLE : Due.NOTHING;
    }
  }
}
