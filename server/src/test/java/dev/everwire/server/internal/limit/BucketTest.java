package dev.everwire.server.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.server.limit.Rate;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BucketTest {
  private static final long SECOND = 1_000_000_000L;

  private static List<Bucket> both(double perSecond, long burst) {
    Rate rate = new Rate(perSecond, burst);
    return List.of(Bucket.ofOne(rate), Bucket.ofMany(rate));
  }

  @Test
  void aBurstIsThereAtOnceAndThenWhatDripsIn() {
    for (Bucket bucket : both(2, 3)) {
      for (int i = 0; i < 3; i++) {
        assertThat(bucket.take(1, 0)).isZero();
      }
      assertThat(bucket.take(1, 0)).isEqualTo(SECOND / 2);
      assertThat(bucket.take(1, SECOND / 2 - 1)).isEqualTo(1);
      assertThat(bucket.take(1, SECOND / 2)).isZero();
      assertThat(bucket.full(SECOND)).isFalse();
      assertThat(bucket.full(2 * SECOND)).isTrue();
    }
  }

  @Test
  void itBeginsFullWhateverTheTimeIs() {
    for (long now : new long[] {Long.MIN_VALUE, -5, 0, Long.MAX_VALUE}) {
      for (Bucket bucket : both(1, 2)) {
        assertThat(bucket.full(now)).isTrue();
        assertThat(bucket.take(2, now)).isZero();
        assertThat(bucket.take(1, now)).isEqualTo(SECOND);
        assertThat(bucket.take(1, now + SECOND)).isZero();
      }
    }
  }

  @Test
  void moreThanTheBurstNeedsAllOfIt() {
    for (Bucket bucket : both(1_000_000, 1_000)) {
      assertThat(bucket.take(1, 0)).isZero();
      assertThat(bucket.take(5_000_000, 0)).isEqualTo(1_000);
      assertThat(bucket.take(5_000_000, 1_000)).isZero();
      assertThat(bucket.take(1, 1_000)).isPositive();
    }
  }

  @Test
  void whatIsGivenBackIsThereAgain() {
    for (Bucket bucket : both(1, 2)) {
      assertThat(bucket.take(2, 0)).isZero();
      bucket.giveBack(2);
      assertThat(bucket.take(2, 0)).isZero();
    }
  }

  @Test
  void overTimeTheRateIsNotExceeded() {
    Random random = new Random(3);
    for (Bucket bucket : both(20, 100)) {
      long now = 0;
      long taken = 0;
      while (now < 600 * SECOND) {
        now += random.nextInt(100_000_000);
        if (bucket.take(1, now) == 0) {
          taken++;
        }
      }
      assertThat(taken).isBetween(11_800L, 20 * 600 + 100L);
    }
  }
}
