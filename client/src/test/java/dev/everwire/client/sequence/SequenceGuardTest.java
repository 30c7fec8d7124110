package dev.everwire.client.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.client.sequence.SequenceGuard.Finding;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceGuardTest {
  private static final Finding BEGUN = new Finding.Begun();
  private static final Finding NEXT = new Finding.Next();
  private static final Finding LATE = new Finding.Late();
  private static final Finding DUPLICATE = new Finding.Duplicate();

  private final SequenceGuard guard = new SequenceGuard();

  @Test
  void singleNumbersAreNextMissingLateOrDouble() {
    assertThat(guard.check("a", 7)).isEqualTo(BEGUN);
    assertThat(guard.check("a", 8)).isEqualTo(NEXT);
    assertThat(guard.check("a", 11)).isEqualTo(gap(9, 10));
    assertThat(guard.check("a", 9)).isEqualTo(LATE);
    assertThat(guard.check("a", 9)).isEqualTo(DUPLICATE);
    assertThat(guard.check("a", 10)).isEqualTo(LATE);
    assertThat(guard.check("a", 12)).isEqualTo(NEXT);
    assertThat(guard.check("a", 3)).isEqualTo(DUPLICATE);
    assertThat(guard.last("a")).hasValue(12);
  }

  @Test
  void rangesMayOverlapAndFillPartsOfAGap() {
    guard.begin("a", 10);

    assertThat(guard.check("a", SequenceRange.of(11, 13))).isEqualTo(NEXT);
    assertThat(guard.check("a", SequenceRange.of(13, 15))).isEqualTo(new Finding.Overlap(14));
    assertThat(guard.check("a", SequenceRange.of(20, 21))).isEqualTo(gap(16, 19));
    assertThat(guard.check("a", SequenceRange.of(17, 18))).isEqualTo(LATE);
    assertThat(guard.check("a", SequenceRange.of(17, 18))).isEqualTo(DUPLICATE);
    assertThat(guard.check("a", SequenceRange.of(18, 19))).isEqualTo(LATE);
    assertThat(guard.check("a", SequenceRange.of(14, 16))).isEqualTo(LATE);
    assertThat(guard.check("a", SequenceRange.of(16, 19))).isEqualTo(DUPLICATE);
  }

  @Test
  void messagesThatNameTheirPredecessorMakeNoGapOfUnusedNumbers() {
    guard.begin("a", 100);

    assertThat(guard.check("a", SequenceRange.after(100, 107))).isEqualTo(NEXT);
    assertThat(guard.check("a", SequenceRange.after(107, 109))).isEqualTo(NEXT);
    assertThat(guard.check("a", SequenceRange.after(115, 120))).isEqualTo(gap(110, 115));
  }

  @Test
  void eachKeyCountsOnItsOwn() {
    guard.check("a", 1);
    assertThat(guard.check("b", 50)).isEqualTo(BEGUN);
    assertThat(guard.check("a", 2)).isEqualTo(NEXT);

    guard.forget("a");
    assertThat(guard.last("a")).isEmpty();
    guard.forgetAll();
    assertThat(guard.check("b", 99)).isEqualTo(BEGUN);
  }

  @Test
  void theKeyThatWasSilentLongestIsForgotten() {
    SequenceGuard small = new SequenceGuard(2);
    small.check("a", 1);
    small.check("b", 1);
    small.check("a", 2);
    small.check("c", 1);

    assertThat(small.last("b")).isEmpty();
    assertThat(small.last("a")).hasValue(2);
  }

  @Test
  void manyGapsAreRememberedOnlySoFar() {
    guard.begin("a", 0);
    for (long n = 2; n <= 400; n += 2) {
      guard.check("a", n);
    }

    assertThat(guard.check("a", 1)).isEqualTo(DUPLICATE); // too long ago
    assertThat(guard.check("a", 399)).isEqualTo(LATE);
  }

  @Test
  void alsoGapsThatLateNumbersCutToPiecesAreRememberedOnlySoFar() {
    guard.begin("a", 0);
    guard.check("a", 1_000);
    for (long n = 2; n <= 600; n += 2) {
      assertThat(guard.check("a", n)).isEqualTo(LATE);
    }

    assertThat(guard.check("a", 1)).isEqualTo(DUPLICATE); // too long ago
    assertThat(guard.check("a", 599)).isEqualTo(LATE);
  }

  @Test
  void whatIsNoRangeIsRefused() {
    assertThatThrownBy(() -> SequenceRange.of(5, 4))
        .hasMessage("sequence: 5-4 (expected: 0 <= first <= last)");
    assertThatThrownBy(() -> SequenceRange.of(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SequenceRange.after(9, 9))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SequenceGuard(0)).hasMessageStartingWith("maxKeys: 0");
  }

  /** Losses, doubles and disorder: what was reported missing and not late is what never came. */
  @Test
  void whatIsReportedMissingAndDoesNotComeLateNeverCame() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      List<Long> sent = new ArrayList<>();
      for (long n = 1; n <= 80; n++) {
        int times = random.nextInt(10) == 0 ? 0 : random.nextInt(10) == 0 ? 2 : 1;
        sent.addAll(Collections.nCopies(times, n));
      }
      for (int i = 0; i + 1 < sent.size(); i++) {
        if (random.nextInt(6) == 0) {
          Collections.swap(sent, i, Math.min(sent.size() - 1, i + random.nextInt(4)));
        }
      }
      check(seed, sent);
    }
  }

  private static void check(long seed, List<Long> sent) {
    SequenceGuard guard = new SequenceGuard();
    guard.begin("a", 0);
    BitSet came = new BitSet();
    BitSet missing = new BitSet();
    for (long n : sent) {
      int i = (int) n;
      boolean before = came.get(i);
      came.set(i);
      switch (guard.check("a", n)) {
        case Finding.Gap(SequenceRange range) -> {
          assertThat(before).as("seed %d", seed).isFalse();
          missing.set((int) range.first(), (int) range.last() + 1);
        }
        case Finding.Late() -> {
          assertThat(before).as("seed %d", seed).isFalse();
          missing.clear(i);
        }
        case Finding.Duplicate() -> assertThat(before).as("seed %d", seed).isTrue();
        case Finding.Next() -> assertThat(before).as("seed %d", seed).isFalse();
        case Finding.Begun() -> throw new AssertionError(seed);
        case Finding.Overlap(long newFrom) -> throw new AssertionError(seed);
      }
    }
    BitSet never = new BitSet();
    never.set(1, came.length());
    never.andNot(came);
    assertThat(missing).as("seed %d", seed).isEqualTo(never);
  }

  private static Finding gap(long first, long last) {
    return new Finding.Gap(SequenceRange.of(first, last));
  }
}
