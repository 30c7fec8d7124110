package dev.everwire.session.internal.lifecycle;

import dev.everwire.session.Heartbeat;
import org.jspecify.annotations.Nullable;

/**
 * Decides when to ping and when a link is dead. Knows no clock: it is told the time and when the
 * last sign of life came, all in nanoseconds of the loop. Not thread-safe.
 *
 * <p>With interval 25 s and timeout 10 s: silent since 0 → ping at 25 → dead at 35. A byte at 34
 * clears it, and the next ping is due at 59. With 2 misses: ping at 25 → missed, ping again at 35 →
 * dead at 45.
 *
 * <p>With interval 30 s and timeout 60 s pings go on while the first is out: at 30 and 60 → dead at
 * 90. A sign of life clears every ping that was sent before it.
 */
public final class Pulse {

  /** What to do now. */
  public enum Beat {
    NOTHING,
    PING,
    DEAD
  }

  /** Pings that may be out at once. */
  private static final int MOST = 8;

  private final Heartbeat heartbeat;
  private int missed; // in a row
  private long silence; // nanos of silence that call for a ping; shorter for the first one
  private long next;
  // pings that are out, oldest first; those after the first are rare
  private int out;
  private long first;
  private long @Nullable [] later;

  /**
   * @param phase 0.0…1.0, how far into the interval the first ping may come, so that many links
   *     opened at once are not pinged at once
   */
  public Pulse(Heartbeat heartbeat, double phase, long now) {
    this.heartbeat = heartbeat;
    this.silence = Math.max(1, (long) (interval() * phase));
    this.next = now + silence;
  }

  /** Nanoseconds until {@link #beat} has something to decide. */
  public long untilNext(long now) {
    return next - now;
  }

  /** Decides; to be called when {@link #untilNext} is over, harmless before. */
  public Beat beat(long now, long lastSignAt) {
    if (now - next < 0) {
      return Beat.NOTHING;
    }
    while (out > 0 && lastSignAt - first >= 0) {
      forgetFirst();
      missed = 0;
    }
    boolean late = false;
    while (out > 0 && now - first >= timeout()) {
      forgetFirst();
      missed++;
      late = true;
      if (missed >= heartbeat.misses()) {
        return Beat.DEAD;
      }
    }
    if (out > 0) {
      return now - newest() >= apart() && out < MOST ? ping(now) : await();
    }
    if (late) {
      return ping(now);
    }
    missed = 0;
    if (now - lastSignAt >= silence) {
      return ping(now);
    }
    silence = interval();
    next = lastSignAt + silence;
    return Beat.NOTHING;
  }

  private Beat ping(long now) {
    if (out == 0) {
      first = now;
    } else {
      if (later == null) {
        later = new long[MOST - 1];
      }
      later[out - 1] = now;
    }
    out++;
    silence = interval();
    var unused = await();
    return Beat.PING;
  }

  /** For the answer to the oldest ping, or until another is due. */
  private Beat await() {
    long lost = first + timeout();
    long again = newest() + apart();
    next = out < MOST && again - lost < 0 ? again : lost;
    return Beat.NOTHING;
  }

  private void forgetFirst() {
    out--;
    if (out > 0 && later != null) {
      first = later[0];
      System.arraycopy(later, 1, later, 0, out - 1);
    }
  }

  private long newest() {
    return out > 1 && later != null ? later[out - 2] : first;
  }

  private long interval() {
    return heartbeat.interval().toNanos();
  }

  private long timeout() {
    return heartbeat.timeout().toNanos();
  }

  /** Between two pings that are out together. */
  private long apart() {
    return Math.max(interval(), Math.ceilDiv(timeout(), (long) MOST));
  }

  /** Pings in a row that were not answered in their time. */
  public int missed() {
    return missed;
  }

  /** While we ourselves do not read, silence says nothing about the peer: starts over from now. */
  public void excuse(long now) {
    out = 0;
    missed = 0;
    next = now + interval();
  }
}
