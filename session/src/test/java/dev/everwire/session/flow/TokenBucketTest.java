package dev.everwire.session.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
  private static final long MS = 1_000_000;

  @ParameterizedTest(name = "capacity {0}, {1}/s: after {2} taken, {3} ms later {4} may go")
  @CsvSource({
    "3, 2, 0, 0, 3",
    "3, 2, 3, 0, 0",
    "3, 2, 3, 499, 0",
    "3, 2, 3, 500, 1",
    "3, 2, 3, 1499, 2",
    "3, 2, 3, 1500, 3",
    "3, 2, 3, 86400000, 3",
    "1, 0.5, 1, 1999, 0",
    "1, 0.5, 1, 2000, 1",
    "10, 1000, 10, 5, 5"
  })
  void aBurstIsAllowedAndThenTheRate(
      int capacity, double rate, int taken, long laterMs, int allowed) {
    for (long start : new long[] {0, -7, Long.MAX_VALUE - 1}) { // clocks may begin anywhere
      TokenBucket bucket = new TokenBucket(capacity, rate, start);
      for (int i = 0; i < taken; i++) {
        assertThat(bucket.tryAcquire(start)).isTrue();
      }
      long now = start + laterMs * MS;
      int went = 0;
      while (bucket.tryAcquire(now)) {
        went++;
      }
      assertThat(went).isEqualTo(allowed);
    }
  }

  @Test
  void severalAreTakenTogetherOrNotAtAll() {
    TokenBucket bucket = new TokenBucket(5, 1, 0);
    assertThat(bucket.tryAcquire(4, 0)).isTrue();
    assertThat(bucket.tryAcquire(2, 0)).isFalse();
    assertThat(bucket.tryAcquire(1, 0)).isTrue();
  }

  @Test
  void theTimeUntilTokensAreThereIsExact() {
    TokenBucket bucket = new TokenBucket(2, 4, 0);
    assertThat(bucket.timeUntilAvailable(2, 0)).isZero();
    assertThat(bucket.tryAcquire(2, 0)).isTrue();
    assertThat(bucket.timeUntilAvailable(1, 0)).isEqualTo(Duration.ofMillis(250));
    assertThat(bucket.timeUntilAvailable(2, 100 * MS)).isEqualTo(Duration.ofMillis(400));
    assertThat(bucket.timeUntilAvailable(1, 250 * MS)).isZero();
    assertThat(bucket.tryAcquire(250 * MS)).isTrue();
  }

  @Test
  void reservationsQueueUpAndNoneWaitsLongerThanItWould() {
    TokenBucket bucket = new TokenBucket(1, 10, 0);
    Duration most = Duration.ofMillis(200);
    assertThat(bucket.reserve(1, most, 0)).hasValue(Duration.ZERO);
    assertThat(bucket.reserve(1, most, 0)).hasValue(Duration.ofMillis(100));
    assertThat(bucket.reserve(1, most, 0)).hasValue(Duration.ofMillis(200));
    assertThat(bucket.reserve(1, most, 0)).isEmpty();
    bucket.giveBack(1);
    assertThat(bucket.reserve(1, most, 0)).hasValue(Duration.ofMillis(200));
    assertThat(bucket.tryAcquire(200 * MS)).isFalse();
    assertThat(bucket.tryAcquire(300 * MS)).isTrue();
  }

  @Test
  void aResetBucketIsFull() {
    TokenBucket bucket = new TokenBucket(2, 1, 0);
    assertThat(bucket.tryAcquire(2, 0)).isTrue();
    bucket.reset(0);
    assertThat(bucket.tryAcquire(2, 0)).isTrue();
    assertThat(bucket.tryAcquire(0)).isFalse();
  }

  @Test
  void whoLooksAtTheClockEarlierButComesLaterGainsNothing() {
    TokenBucket bucket = new TokenBucket(1, 1, 0);
    assertThat(bucket.tryAcquire(5_000 * MS)).isTrue();
    assertThat(bucket.tryAcquire(4_999 * MS)).isFalse();
    assertThat(bucket.tryAcquire(6_000 * MS)).isTrue();
  }

  @Test
  void longUseDoesNotDrift() {
    TokenBucket bucket = new TokenBucket(1, 3, 0); // a third of a second has no exact nanoseconds
    long now = 0;
    for (int i = 0; i < 100_000; i++) {
      assertThat(bucket.tryAcquire(now)).isTrue();
      assertThat(bucket.tryAcquire(now + 333_333_333)).isFalse();
      now += 333_333_334;
    }
  }

  @Test
  void threadsShareItWithoutTakingMoreThanThereIs() throws InterruptedException {
    TokenBucket bucket = new TokenBucket(100, 1, 0);
    AtomicInteger went = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  start.await();
                } catch (InterruptedException e) {
                  return;
                }
                for (int n = 0; n < 50; n++) {
                  went.addAndGet(bucket.tryAcquire(0) ? 1 : 0);
                }
              }));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(went).hasValue(100);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1_000_001, 1e-300})
  void aRateOutOfBoundsIsNamed(double rate) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenBucket(1, rate, 0))
        .withMessageStartingWith("refillPerSecond: " + rate + " (expected: ");
  }

  @Test
  void moreThanItHoldsCanNeverBeTaken() {
    TokenBucket bucket = new TokenBucket(2, 1, 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bucket.tryAcquire(3, 0))
        .withMessage("tokens: 3 (expected: 1-2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bucket.timeUntilAvailable(0, 0))
        .withMessage("tokens: 0 (expected: 1-2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenBucket(0, 1, 0))
        .withMessage("capacity: 0 (expected: >= 1)");
  }
}
