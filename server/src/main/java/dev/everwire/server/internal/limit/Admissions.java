package dev.everwire.server.internal.limit;

import dev.everwire.server.limit.ConnectionLimits;
import java.time.Duration;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts who is let in against {@link ConnectionLimits}, exactly: a seat is reserved before its
 * connection is open, belongs to one owner at a time, and is released once. Safe from any thread.
 */
public final class Admissions {

  /** Who asks for a seat, as far as it is known. */
  public record Applicant(String remoteAddress, @Nullable String user, @Nullable String tenant) {}

  /** The answer to who asks. */
  public sealed interface Answer {
    record Granted(Seat seat) implements Answer {}

    /** No room, with a word about where. */
    record Full(String where) implements Answer {}
  }

  private static final int SHARE = 100; // one of so many places is in the reserve
  private static final int LARGEST_RESERVE = 1_000;
  private static final int LEAST_LINGERING = 16;
  private static final int MOST_HOPES = 2; // of one address
  private static final long CLAIMED_WITHIN = Duration.ofSeconds(10).toNanos();

  private volatile ConnectionLimits limits; // replaced whole, read by every loop
  private volatile Arrivals arrivals; // as limits
  private final AtomicInteger regular = new AtomicInteger();
  private final AtomicInteger provisional = new AtomicInteger();
  private final Counters addresses = new Counters();
  private final Counters users = new Counters();
  private final Counters tenants = new Counters();
  private final Counters hopes = new Counters(); // addresses with provisional seats
  private final AtomicInteger lingering = new AtomicInteger(); // replaced, and not gone yet
  private final Queue<Seat> unclaimed = new ConcurrentLinkedQueue<>(); // oldest first, about
  private final LongAdder refused = new LongAdder();

  public Admissions(ConnectionLimits limits) {
    this.limits = limits;
    this.arrivals = new Arrivals(limits);
  }

  public ConnectionLimits limits() {
    return limits;
  }

  /**
   * Other limits from now on. Rates that stay the same go on counting.
   *
   * @return whether those who are in have to be {@link #count counted}
   */
  public boolean change(ConnectionLimits next) {
    ConnectionLimits before = limits;
    if (!Arrivals.same(before, next)) {
      arrivals = new Arrivals(next);
    }
    limits = next;
    return next.perAddress() < before.perAddress()
        || next.perUser() < before.perUser()
        || next.perTenant() < before.perTenant();
  }

  /**
   * Counts one who is in against bounds that there were not when it came, whether or not they have
   * room for it.
   */
  public void count(Seat seat, Applicant who) {
    if (!seat.regular) {
      return; // is counted when it is completed
    }
    ConnectionLimits bounds = limits;
    seat.address =
        counted(addresses, seat.address, AddressKey.of(who.remoteAddress()), bounds.perAddress());
    seat.user = counted(users, seat.user, who.user(), bounds.perUser());
    seat.tenant = counted(tenants, seat.tenant, who.tenant(), bounds.perTenant());
  }

  private static Counters.@Nullable Counter counted(
      Counters counters, Counters.@Nullable Counter held, @Nullable String name, int most) {
    return held != null || name == null || most == Integer.MAX_VALUE
        ? held
        : counters.take(name, Integer.MAX_VALUE);
  }

  // ---- how fast

  /**
   * Counts one who comes.
   *
   * @return zero, or how long to stay away
   */
  public Duration arrive(String remoteAddress, long now) {
    Duration wait = arrivals.come(remoteAddress, now);
    if (!wait.isZero()) {
      refused.increment();
    }
    return wait;
  }

  // ---- how many

  /**
   * Reserves a seat.
   *
   * @param comesBack whether it says that it will take the place of another connection; it may come
   *     in although it is full, if few others do
   */
  public Answer reserve(Applicant applicant, boolean comesBack) {
    takeBackUnclaimed();
    Seat seat = new Seat(System.nanoTime());
    seat.regular = takeRegular();
    if (!seat.regular && !(comesBack && hope(seat, applicant))) {
      return refused("the server");
    }
    String full = move(seat, applicant);
    if (full != null && comesBack && !seat.provisional && hope(seat, applicant)) {
      full = move(seat, applicant);
    }
    if (full != null) {
      release(seat);
      return refused(full);
    }
    unclaimed.add(seat);
    return new Answer.Granted(seat);
  }

  /** Takes a place in the reserve; few of one address may. */
  private boolean hope(Seat seat, Applicant applicant) {
    if (!take(provisional, Math.clamp(limits.perNode() / SHARE, 1, LARGEST_RESERVE))) {
      return false;
    }
    seat.hope = hopes.take(AddressKey.of(applicant.remoteAddress()), MOST_HOPES);
    if (seat.hope == null) {
      provisional.decrementAndGet();
      return false;
    }
    seat.provisional = true;
    return true;
  }

  /**
   * A seat for one that will take the place of another connection as soon as it is open: it holds
   * nothing until {@link #complete}.
   */
  public Seat standIn() {
    return new Seat(System.nanoTime());
  }

  private Answer refused(String where) {
    refused.increment();
    return new Answer.Full(where);
  }

  /**
   * Counts a new seat for its owner.
   *
   * @return null, or where there is no room; nothing has changed then
   */
  private @Nullable String move(Seat seat, Applicant who) {
    ConnectionLimits bounds = limits;
    int more = seat.provisional ? 1 : 0;
    Counters.Counter address = seat.address;
    Counters.Counter user = seat.user;
    Counters.Counter tenant = seat.tenant;
    if (bounds.perAddress() < Integer.MAX_VALUE) {
      address =
          moved(addresses, address, AddressKey.of(who.remoteAddress()), bounds.perAddress(), more);
      if (address == null) {
        return "the address";
      }
    }
    if (bounds.perUser() < Integer.MAX_VALUE) {
      user = who.user() == null ? null : moved(users, user, who.user(), bounds.perUser(), more);
      if (user == null && who.user() != null) {
        undo(addresses, seat.address, address);
        return "the user";
      }
    }
    if (bounds.perTenant() < Integer.MAX_VALUE) {
      tenant =
          who.tenant() == null
              ? null
              : moved(tenants, tenant, who.tenant(), bounds.perTenant(), more);
      if (tenant == null && who.tenant() != null) {
        undo(addresses, seat.address, address);
        undo(users, seat.user, user);
        return "the tenant";
      }
    }
    undo(addresses, address, seat.address);
    undo(users, user, seat.user);
    undo(tenants, tenant, seat.tenant);
    seat.address = address;
    seat.user = user;
    seat.tenant = tenant;
    return null;
  }

  private static Counters.@Nullable Counter moved(
      Counters counters, Counters.@Nullable Counter held, String name, int most, int more) {
    return held != null && held.name().equals(name) ? held : counters.take(name, most + more);
  }

  /** Gives {@code other} back unless it is the same. */
  private static void undo(
      Counters counters, Counters.@Nullable Counter kept, Counters.@Nullable Counter other) {
    if (other != null && other != kept) {
      counters.giveBack(other);
    }
  }

  /**
   * Makes sure that a seat is one: what it does not hold and its owner needs is taken from those
   * who leave for it, or reserved, and it is not provisional any more.
   *
   * @param leaving keep what is not needed until they have gone
   * @return null, or where there is no room; nothing has changed then
   */
  public @Nullable String complete(Seat seat, Collection<Seat> leaving, Applicant who) {
    ConnectionLimits bounds = limits;
    Part address =
        new Part(
            addresses,
            bounds.perAddress() < Integer.MAX_VALUE ? AddressKey.of(who.remoteAddress()) : null,
            bounds.perAddress());
    Part user = new Part(users, who.user(), bounds.perUser());
    Part tenant = new Part(tenants, who.tenant(), bounds.perTenant());
    String full = null;
    if (!address.find(seat, seat.address, leaving, there -> there.address)) {
      full = "the address";
    } else if (!user.find(seat, seat.user, leaving, there -> there.user)) {
      full = "the user";
    } else if (!tenant.find(seat, seat.tenant, leaving, there -> there.tenant)) {
      full = "the tenant";
    }
    Seat giver = leaving.stream().filter(there -> there.regular).findFirst().orElse(null);
    if (full == null && giver == null && !seat.regular && !takeRegular()) {
      full = "the server";
    }
    if (full != null) {
      address.undo();
      user.undo();
      tenant.undo();
      refused.increment();
      return full;
    }
    if (giver != null) {
      giver.regular = false;
      if (seat.regular) {
        regular.decrementAndGet();
      }
    }
    seat.regular = true;
    seat.address = address.settle(seat.address, (there, none) -> there.address = none);
    seat.user = user.settle(seat.user, (there, none) -> there.user = none);
    seat.tenant = tenant.settle(seat.tenant, (there, none) -> there.tenant = none);
    endHope(seat);
    return null;
  }

  private void endHope(Seat seat) {
    if (seat.provisional) {
      seat.provisional = false;
      provisional.decrementAndGet();
    }
    undo(hopes, null, seat.hope);
    seat.hope = null;
  }

  // ---- those who leave

  /**
   * Counts a connection that was replaced until its socket has gone.
   *
   * @return false if there are so many that this one has to go at once
   */
  public boolean linger() {
    return take(lingering, Math.clamp(limits.perNode() / 10, LEAST_LINGERING, LARGEST_RESERVE));
  }

  /** One that lingered has gone. */
  public void lingered() {
    lingering.decrementAndGet();
  }

  /** Gives back all that it holds, once. */
  public void release(Seat seat) {
    if (seat.release()) {
      giveBack(seat);
    }
  }

  private void giveBack(Seat seat) {
    undo(addresses, null, seat.address);
    undo(users, null, seat.user);
    undo(tenants, null, seat.tenant);
    if (seat.regular) {
      regular.decrementAndGet();
    }
    endHope(seat);
  }

  /** A transport that was let in and then not opened told nobody. */
  private void takeBackUnclaimed() {
    for (Seat oldest = unclaimed.peek(); oldest != null; oldest = unclaimed.peek()) {
      boolean late = System.nanoTime() - oldest.reservedAt > CLAIMED_WITHIN;
      if (oldest.waiting() && !late) {
        return;
      }
      if (oldest.expire()) {
        giveBack(oldest);
      }
      var unused = unclaimed.remove(oldest);
    }
  }

  private boolean takeRegular() {
    return take(regular, limits.perNode());
  }

  private static boolean take(AtomicInteger held, int most) {
    for (int now = held.get(); now < most; now = held.get()) {
      if (held.compareAndSet(now, now + 1)) {
        return true;
      }
    }
    return false;
  }

  // ---- figures

  /** Seats that are held, reserved ones included. */
  public int held() {
    return regular.get();
  }

  /** Whether every place is taken; whoever is sent away for that is counted. */
  public boolean refusesAll() {
    if (regular.get() < limits.perNode()) {
      return false;
    }
    takeBackUnclaimed();
    boolean full = regular.get() >= limits.perNode();
    if (full) {
      refused.increment();
    }
    return full;
  }

  /** Those in the reserve. */
  public int provisional() {
    return provisional.get();
  }

  /** Who was refused so far. */
  public long refused() {
    return refused.sum();
  }

  /** Names that are counted now: addresses, users and tenants. */
  int names() {
    return addresses.size() + users.size() + tenants.size() + hopes.size();
  }
}
