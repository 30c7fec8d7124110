package dev.everwire.session.internal.lifecycle;

import java.time.Duration;

/**
 * Decides whether we read from a peer. We do not while too many of its notifications wait, nor
 * while it leaves what we sent it unread; a peer that goes on like that for too long is given up.
 * Not thread-safe; times are nanoseconds of the loop.
 */
public final class Flow {
  private final long patience;
  private boolean saturated;
  private boolean held;
  private boolean writable = true;
  // while not writable
  private long slowSince;
  private long unsentThen;

  /**
   * @param patience how long the peer may take nothing from a queue that is long
   */
  public Flow(Duration patience) {
    this.patience = patience.toNanos();
  }

  /** Too many notifications wait, or again few enough. */
  public void saturated(boolean on) {
    saturated = on;
  }

  public boolean saturated() {
    return saturated;
  }

  /** What comes next has to wait for something of ours, or no longer does. */
  public void held(boolean on) {
    held = on;
  }

  public boolean held() {
    return held;
  }

  /**
   * The outbound queue became long, or short again.
   *
   * @param unsent bytes in it
   */
  public void writable(boolean on, long now, long unsent) {
    writable = on;
    slowSince = now;
    unsentThen = unsent;
  }

  public boolean writable() {
    return writable;
  }

  /** Whether we read. */
  public boolean reading() {
    return writable && !saturated && !held;
  }

  /** Whether the peer has taken nothing for longer than we wait. A slow reader starts over. */
  public boolean givenUp(long now, long unsent) {
    if (writable || now - slowSince < patience) {
      return false;
    }
    boolean took = unsent < unsentThen;
    slowSince = now;
    unsentThen = unsent;
    return !took;
  }

  /**
   * Nanoseconds until {@link #givenUp} can become true; {@link Long#MAX_VALUE} if nothing is due.
   */
  public long untilGivenUp(long now) {
    return writable ? Long.MAX_VALUE : slowSince + patience - now;
  }
}
