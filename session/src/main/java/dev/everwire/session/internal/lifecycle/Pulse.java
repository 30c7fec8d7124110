package dev.everwire.session.internal.lifecycle;

import dev.everwire.session.Heartbeat;

/**
 * Decides when to ping and when a link is dead. Knows no clock: it is told the time and when bytes
 * last came in, all in nanoseconds of the loop. Not thread-safe.
 *
 * <p>With interval 25 s and timeout 10 s: silent since 0 → ping at 25 → dead at 35. A byte at 34
 * clears it, and the next ping is due at 59.
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
      if (now - pingedAt >= timeout) {
        return Beat.DEAD;
      }
      next = pingedAt + timeout;
      return Beat.NOTHING;
    }
    pingedAt = NO_PING;
    if (now - lastReceivedAt >= silence) {
      pingedAt = now;
      next = now + timeout;
      silence = interval;
      return Beat.PING;
    }
    silence = interval;
    next = lastReceivedAt + interval;
    return Beat.NOTHING;
  }

  /** While we ourselves do not read, silence says nothing about the peer: starts over from now. */
  public void excuse(long now) {
    pingedAt = NO_PING;
    next = now + interval;
  }
}
