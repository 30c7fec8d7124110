package dev.everwire.session.internal.lifecycle;

import dev.everwire.session.Heartbeat;

/**
 * Decides when to ping and when a link is dead. Knows no clock: it is told the time and when bytes
 * last came in, all in nanoseconds of the loop. Not thread-safe.
 *
 * <p>With interval 25 s and timeout 10 s: silent since 0 → ping at 25 → dead at 35. A byte at 34
 * clears it, and the next ping is due at 59. With 2 misses: ping at 25 → missed, ping again at 35 →
 * dead at 45. One ping is out at a time, so a timeout may be longer than the interval.
 */
public final class Pulse {

  /** What to do now. */
  public enum Beat {
    NOTHING,
    PING,
    DEAD
  }

  private static final long NO_PING = Long.MIN_VALUE;

  private final long interval;
  private final long timeout;
  private final int misses; // in a row that mean death
  private int missed; // in a row
  private long silence; // nanos of silence that call for a ping; shorter for the first one
  private long pingedAt = NO_PING;
  private long next;

  /**
   * @param phase 0.0…1.0, how far into the interval the first ping may come, so that many links
   *     opened at once are not pinged at once
   */
  public Pulse(Heartbeat heartbeat, double phase, long now) {
    this.interval = heartbeat.interval().toNanos();
    this.timeout = heartbeat.timeout().toNanos();
    this.misses = heartbeat.misses();
    this.silence = Math.max(1, (long) (interval * phase));
    this.next = now + silence;
  }

  /** Nanoseconds until {@link #beat} has something to decide. */
  public long untilNext(long now) {
    return next - now;
  }

  /** Decides; to be called when {@link #untilNext} is over, harmless before. */
  public Beat beat(long now, long lastReceivedAt) {
    if (now - next < 0) {
      return Beat.NOTHING;
    }
    if (pingedAt != NO_PING && lastReceivedAt - pingedAt < 0) {
      if (now - pingedAt < timeout) {
        next = pingedAt + timeout;
        return Beat.NOTHING;
      }
      missed++;
      return missed >= misses ? Beat.DEAD : ping(now);
    }
    pingedAt = NO_PING;
    missed = 0;
    if (now - lastReceivedAt >= silence) {
      return ping(now);
    }
    silence = interval;
    next = lastReceivedAt + interval;
    return Beat.NOTHING;
  }

  private Beat ping(long now) {
    pingedAt = now;
    next = now + timeout;
    silence = interval;
    return Beat.PING;
  }

  /** Pings in a row that were not answered in their time. */
  public int missed() {
    return missed;
  }

  /** While we ourselves do not read, silence says nothing about the peer: starts over from now. */
  public void excuse(long now) {
    pingedAt = NO_PING;
    missed = 0;
    next = now + interval;
  }
}
