package dev.everwire.server.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.everwire.server.internal.limit.Admissions.Answer;
import dev.everwire.server.internal.limit.Admissions.Applicant;
import dev.everwire.server.limit.ConnectionLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AdmissionsTest {
  private static final int RACERS = 1_000;
  private static final List<Seat> NOBODY = List.of();
  private static final ConnectionLimits NONE = ConnectionLimits.DEFAULT;

  private static Applicant from(String address, @Nullable String user, @Nullable String tenant) {
    return new Applicant(address, user, tenant);
  }

  private static Seat seat(Answer answer) {
    return switch (answer) {
      case Answer.Granted(Seat seat) -> {
        assertThat(seat.claim()).isTrue();
        yield seat;
      }
      case Answer.Full(String where) -> fail(where);
    };
  }

  private static Seat seat(Admissions admissions, Applicant who) {
    return seat(admissions.reserve(who, false));
  }

  // ---- how many

  @Test
  void aRaceNeverExceedsAnyBoundAndReleasesAllOfIt() throws Exception {
    Admissions admissions =
        new Admissions(NONE.withPerNode(100).withPerAddress(60).withPerUser(30).withPerTenant(80));
    AtomicInteger open = new AtomicInteger();
    AtomicInteger mostOpen = new AtomicInteger();
    AtomicInteger mostProvisional = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService racers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < RACERS; i++) {
        int n = i;
        all.add(
            racers.submit(() -> {
              start.await();
              for (int turn = 0; turn < 20; turn++) {
                Applicant who = from("10.0.0." + n % 3 + ":" + n, "u" + n % 5, "t" + n % 2);
                if (admissions.reserve(who, n % 7 == 0) instanceof Answer.Granted(Seat seat)) {
                  int reserved = seat.provisional() ? 0 : 1;
                  mostOpen.accumulateAndGet(open.addAndGet(reserved), Math::max);
                  mostProvisional.accumulateAndGet(admissions.provisional(), Math::max);
                  Thread.onSpinWait();
                  open.addAndGet(-reserved);
                  admissions.release(seat);
                  admissions.release(seat); // the second time it is nobody's
                }
              }
              return null;
            }));
      }
      start.countDown();
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(mostOpen.get()).isBetween(1, 100);
    assertThat(mostProvisional.get()).isLessThanOrEqualTo(1);
    assertThat(admissions.provisional()).isZero();
    assertThat(admissions.names()).isZero();
    assertThat(admissions.held()).isZero();
  }

  @Test
  void nothingIsRememberedOfThoseWhoHaveGone() {
    Admissions admissions = new Admissions(NONE.withPerAddress(9).withPerUser(9).withPerTenant(9));
    List<Seat> seats = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      seats.add(seat(admissions, from("10.0.0." + i + ":1", "u" + i, "t" + i)));
    }
    assertThat(admissions.names()).isEqualTo(300);
    seats.forEach(admissions::release);
    assertThat(admissions.names()).isZero();
    assertThat(admissions.held()).isZero();
  }

  @Test
  void whoFindsNoRoomIsToldWhereAndHoldsNothing() {
    Admissions admissions =
        new Admissions(NONE.withPerNode(9).withPerAddress(2).withPerUser(2).withPerTenant(2));
    seat(admissions, from("a:1", "u", "t"));
    seat(admissions, from("a:2", "v", "t"));
    assertThat(admissions.reserve(from("a:3", "w", "s"), false))
        .isEqualTo(new Answer.Full("the address"));
    assertThat(admissions.reserve(from("b:1", "w", "t"), false))
        .isEqualTo(new Answer.Full("the tenant"));
    seat(admissions, from("b:1", "u", "s"));
    assertThat(admissions.reserve(from("b:2", "u", "s"), false))
        .isEqualTo(new Answer.Full("the user"));
    assertThat(admissions.held()).isEqualTo(3);
    assertThat(admissions.refused()).isEqualTo(3);
    seat(admissions, from("b:2", "w", "s")); // what was refused took nothing of it
  }

  @Test
  void anIpv6AddressCountsWithItsNetwork() {
    Admissions admissions = new Admissions(NONE.withPerAddress(1));
    seat(admissions, from("[2001:db8:1:2::1]:40000", null, null));
    assertThat(admissions.reserve(from("[2001:db8:1:2:ffff::9]:1", null, null), false))
        .isEqualTo(new Answer.Full("the address"));
    seat(admissions, from("[2001:db8:1:3::1]:40000", null, null));
    seat(admissions, from("unix", null, null));
  }

  @Test
  void itMayBecomeKnownLaterWhoseASeatIs() {
    Admissions admissions = new Admissions(NONE.withPerUser(1));
    Seat first = seat(admissions, from("a:1", null, null));
    Seat second = seat(admissions, from("a:2", null, null));
    assertThat(admissions.complete(first, NOBODY, from("a:1", "u", null))).isNull();
    assertThat(admissions.complete(second, NOBODY, from("a:2", "u", null))).isEqualTo("the user");
    assertThat(admissions.complete(second, NOBODY, from("a:2", "v", null))).isNull();
    assertThat(admissions.complete(first, NOBODY, from("a:1", "w", null))).isNull(); // gives u back
    assertThat(admissions.complete(second, NOBODY, from("a:2", "u", null))).isNull();
    admissions.release(first);
    admissions.release(second);
    assertThat(admissions.names()).isZero();
  }

  // ---- coming back

  @Test
  void whoComesBackMayComeInAboveTheBoundAndTakesItsFormersPlace() {
    Admissions admissions = new Admissions(NONE.withPerNode(1).withPerUser(1));
    Seat former = seat(admissions, from("a:1", "u", null));
    assertThat(admissions.reserve(from("b:1", "u", null), false))
        .isEqualTo(new Answer.Full("the server"));
    Seat next = seat(admissions.reserve(from("b:1", "u", null), true));
    assertThat(next.provisional()).isTrue();
    assertThat(admissions.reserve(from("c:1", "u", null), true))
        .isEqualTo(new Answer.Full("the server")); // the reserve is one

    assertThat(admissions.complete(next, List.of(former), from("b:1", "u", null))).isNull();
    assertThat(next.provisional()).isFalse();
    assertThat(admissions.provisional()).isZero();
    assertThat(admissions.held()).isOne();
    admissions.release(former); // it owns nothing any more
    assertThat(admissions.held()).isOne();
    admissions.release(next);
    assertThat(admissions.held()).isZero();
    assertThat(admissions.names()).isZero();
  }

  @Test
  void whoOnlySaidThatItComesBackStaysIfThereIsRoomMeanwhile() {
    Admissions admissions = new Admissions(NONE.withPerNode(1));
    Seat other = seat(admissions, from("a:1", null, null));
    Seat hopeful = seat(admissions.reserve(from("b:1", null, null), true));
    assertThat(admissions.complete(hopeful, NOBODY, from("b:1", null, null)))
        .isEqualTo("the server");
    admissions.release(other);
    assertThat(admissions.complete(hopeful, NOBODY, from("b:1", null, null))).isNull();
    assertThat(hopeful.provisional()).isFalse();
    assertThat(admissions.held()).isOne();
  }

  @Test
  void aStandInHoldsNothingUntilItIsCompleted() {
    Admissions admissions = new Admissions(NONE.withPerNode(1));
    Seat stand = admissions.standIn();
    assertThat(admissions.held()).isZero();
    assertThat(admissions.complete(stand, NOBODY, from("a:1", null, null))).isNull();
    assertThat(admissions.held()).isOne();
    assertThat(admissions.complete(admissions.standIn(), NOBODY, from("a:1", null, null)))
        .isEqualTo("the server");
  }

  @Test
  void whoFindsNoRoomTakesNothingFromThoseWhoWouldHaveLeft() {
    Admissions admissions = new Admissions(NONE.withPerNode(3).withPerAddress(1).withPerUser(1));
    Seat old = seat(admissions, from("a:1", "u", null));
    seat(admissions, from("b:1", "v", null));
    Seat next = admissions.standIn();
    assertThat(admissions.complete(next, List.of(old), from("b:2", "u", null)))
        .isEqualTo("the address");
    admissions.release(next);
    assertThat(admissions.held()).isEqualTo(2);
    assertThat(admissions.reserve(from("a:2", "w", null), false))
        .isEqualTo(new Answer.Full("the address"));
    assertThat(admissions.reserve(from("c:1", "u", null), false))
        .isEqualTo(new Answer.Full("the user"));
    Seat other = admissions.standIn();
    assertThat(admissions.complete(other, List.of(old), from("c:1", "u", null))).isNull();
    assertThat(admissions.held()).isEqualTo(2);
    assertThat(admissions.reserve(from("a:2", "w", null), false))
        .isEqualTo(new Answer.Full("the address")); // its socket is still open
    admissions.release(old);
    seat(admissions, from("a:2", "w", null));
  }

  @Test
  void aFewOfOneAddressMayHope() {
    Admissions admissions = new Admissions(NONE.withPerNode(1_000));
    for (int i = 0; i < 1_000; i++) {
      seat(admissions, from("a:1", null, null));
    }
    Seat first = seat(admissions.reserve(from("b:1", null, null), true));
    seat(admissions.reserve(from("b:2", null, null), true));
    assertThat(admissions.reserve(from("b:3", null, null), true))
        .isEqualTo(new Answer.Full("the server"));
    seat(admissions.reserve(from("c:1", null, null), true));
    admissions.release(first);
    seat(admissions.reserve(from("b:3", null, null), true));
  }

  @Test
  void onlySoManyMayLingerAtOnce() {
    Admissions admissions = new Admissions(NONE.withPerNode(200));
    for (int i = 0; i < 20; i++) {
      assertThat(admissions.linger()).isTrue();
    }
    assertThat(admissions.linger()).isFalse();
    admissions.lingered();
    assertThat(admissions.linger()).isTrue();
  }

  @Test
  void aSeatThatNobodyClaimsIsTakenBackAlsoWhenItIsTheLast() {
    Admissions admissions = new Admissions(NONE.withPerNode(1));
    assertThat(admissions.reserve(from("a:1", null, null), false))
        .isInstanceOf(Answer.Granted.class);
    assertThat(admissions.refusesAll()).isTrue(); // it may still come
    assertThat(admissions.refused()).isOne();
  }

  // ---- how fast

  @Test
  void moreAtOnceThanTheBurstHaveToWait() {
    Admissions admissions = new Admissions(NONE.withRatePerNode(2, 3));
    for (int i = 0; i < 3; i++) {
      assertThat(admissions.arrive("a:1", 0)).isZero();
    }
    assertThat(admissions.arrive("a:1", 0)).isEqualTo(Duration.ofMillis(500));
    assertThat(admissions.arrive("a:1", Duration.ofMillis(500).toNanos())).isZero();
  }

  @Test
  void oneAddressDoesNotUseUpWhatOthersMay() {
    Admissions admissions = new Admissions(NONE.withRatePerAddress(1, 2).withRatePerNode(1, 3));
    assertThat(admissions.arrive("a:1", 0)).isZero();
    assertThat(admissions.arrive("a:2", 0)).isZero();
    assertThat(admissions.arrive("a:3", 0)).isEqualTo(Duration.ofSeconds(1));
    assertThat(admissions.arrive("b:1", 0)).isZero(); // the third of the node's
    assertThat(admissions.arrive("c:1", 0)).isPositive();
    long later = Duration.ofSeconds(1).toNanos();
    assertThat(admissions.arrive("c:1", later)).isZero(); // what the node refused cost it nothing
    assertThat(admissions.arrive("c:1", 2 * later)).isZero();
  }

  @Test
  void addressesThatAreQuietAreForgotten() {
    Buckets buckets = new Buckets(2, 1);
    Queue<Duration> waits = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 10_000; i++) {
      waits.add(buckets.take("a" + i, Duration.ofSeconds(i).toNanos()));
    }
    assertThat(waits).allMatch(Duration::isZero);
    assertThat(buckets.size()).isLessThan(2_050);
  }

  @Test
  void afterAStormOfAddressesEachHasABucketOfItsOwnAgain() {
    Buckets buckets = new Buckets(1, 1);
    for (int i = 0; i < 100_100; i++) {
      buckets.take("a" + i, 0);
    }
    assertThat(buckets.size()).isLessThanOrEqualTo(100_001);
    assertThat(buckets.take("b", 0)).isPositive(); // shares one with those that came too late
    long later = Duration.ofSeconds(5).toNanos();
    assertThat(buckets.take("c", later)).isZero();
    assertThat(buckets.take("d", later)).isZero();
    assertThat(buckets.size()).isLessThan(100);
  }
}
