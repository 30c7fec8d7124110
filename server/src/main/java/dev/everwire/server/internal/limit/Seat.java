package dev.everwire.server.internal.limit;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A connection's place among those that may be open. Whoever took it out of its connection is the
 * only one to touch it, and gives it on or back.
 */
public final class Seat {
  private static final int RESERVED = 0;
  private static final int CLAIMED = 1;
  private static final int RELEASED = 2;

  private static final AtomicIntegerFieldUpdater<Seat> STATE =
      AtomicIntegerFieldUpdater.newUpdater(Seat.class, "state");

  private volatile int state = RESERVED;
  final long reservedAt; // nanoseconds of the machine: only for those that are never claimed

  // for the owner only
  Counters.@Nullable Counter address;
  Counters.@Nullable Counter user;
  Counters.@Nullable Counter tenant;
  Counters.@Nullable Counter hope; // while it is provisional
  boolean regular; // among the node's places
  boolean provisional; // in the reserve, until it takes another's place or there is room

  Seat(long reservedAt) {
    this.reservedAt = reservedAt;
  }

  /** A connection has it. False if it was taken back because none came. */
  public boolean claim() {
    return STATE.compareAndSet(this, RESERVED, CLAIMED);
  }

  /** Whether its connection has to replace another one soon. */
  public boolean provisional() {
    return provisional;
  }

  boolean waiting() {
    return state == RESERVED;
  }

  /** True once, unless a connection has it. */
  boolean expire() {
    return STATE.compareAndSet(this, RESERVED, RELEASED);
  }

  /** True once. */
  boolean release() {
    return STATE.getAndSet(this, RELEASED) != RELEASED;
  }
}
