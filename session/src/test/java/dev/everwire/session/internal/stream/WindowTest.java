package dev.everwire.session.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {
  private static final long BYTES = 1_000;
  private static final long MOST = 16_000;

  private final Window window = new Window(64, BYTES, MOST);

  @Test
  void whatIsGrantedFirstIsLittle() {
    assertThat(window.first()).isEqualTo(4);
    assertThat(new Window(3, BYTES, MOST).first()).isEqualTo(3);
  }

  @Test
  void moreIsGrantedWhenHalfIsUsed() {
    window.first();
    assertThat(window.receive(1, 4, 4)).isEqualTo(Window.Verdict.FINE);
    for (int i = 1; i < 4; i++) {
      assertThat(window.use(1)).as("after %d", i).isEqualTo(i == 1 ? 61 : 0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 4,  4,     FINE",
    "1, 5,  5,     NOT_GRANTED",
    "2, 1,  1,     OUT_OF_ORDER",
    "0, 1,  1,     OUT_OF_ORDER",
    "-1, 1, 1,     OUT_OF_ORDER",
    "1, 0,  0,     FINE",
    "1, 1,  99999, FINE",
  })
  void itemsThatDoNotFitAreNotTaken(long seq, int count, long bytes, Window.Verdict verdict) {
    window.first();
    assertThat(window.receive(seq, count, bytes)).isEqualTo(verdict);
  }

  @Test
  void noMoreThanTheMostBytesWait() {
    window.first();
    assertThat(window.receive(1, 1, MOST)).isEqualTo(Window.Verdict.FINE);
    assertThat(window.receive(2, 1, 1)).isEqualTo(Window.Verdict.TOO_LARGE);
    window.use(MOST);
    assertThat(window.receive(2, 1, 1)).isEqualTo(Window.Verdict.FINE);
  }

  @Test
  void largeItemsAreGrantedOneByOne() {
    window.first();
    window.receive(1, 4, 4 * BYTES);
    for (int i = 0; i < 3; i++) {
      assertThat(window.use(BYTES)).isZero();
    }
    assertThat(window.use(BYTES)).isEqualTo(1);
    assertThat(window.open()).isEqualTo(1);
  }

  /** A producer that sends what it may, a consumer that takes as it likes: bounded, never stuck. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 7", "3, 64", "4, 64", "5, 2", "6, 64", "7, 1000", "8, 33"})
  void aSeededStreamStaysInBoundsAndNeverStalls(long seed, int items) {
    Random random = new Random(seed);
    Window any = new Window(items, BYTES, MOST);
    long credits = any.first();
    long sent = 0;
    ArrayDeque<Integer> waiting = new ArrayDeque<>();
    int largest = 1 + random.nextInt(400);
    long waitingBytes = 0;
    for (int step = 0; step < 20_000; step++) {
      if (step % 1_000 == 0) {
        largest = 1 + random.nextInt(400);
      }
      String at = "seed " + seed + ", step " + step;
      assertThat(any.open()).as(at).isEqualTo(credits);
      assertThat(credits + waiting.size()).as(at).isBetween(1L, (long) items);
      if (credits > 0 && random.nextBoolean()) {
        int count = 1 + random.nextInt((int) credits);
        int bytes = 0;
        for (int i = 0; i < count; i++) {
          int size = 1 + random.nextInt(largest);
          waiting.add(size);
          bytes += size;
        }
        if (waitingBytes > 0 && waitingBytes + bytes > MOST) {
          assertThat(any.receive(sent + 1, count, bytes)).isEqualTo(Window.Verdict.TOO_LARGE);
          return;
        }
        assertThat(any.receive(sent + 1, count, bytes)).as(at).isEqualTo(Window.Verdict.FINE);
        waitingBytes += bytes;
        sent += count;
        credits -= count;
      } else if (!waiting.isEmpty()) {
        int size = waiting.remove();
        waitingBytes -= size;
        int granted = any.use(size);
        assertThat(granted).as(at).isNotNegative();
        assertThat(waitingBytes >= BYTES && granted > 0).as(at).isFalse();
        credits += granted;
      }
    }
    assertThat(sent).isGreaterThan(100);
  }

  @Test
  void whatIsGrantedBeforeSizesAreKnownAlwaysFindsRoom() {
    Window ours = new Window(64, BYTES, Inflow.MOST_BYTES);
    int first = ours.first();
    for (int i = 1; i <= first; i++) {
      assertThat(ours.receive(i, 1, 16 * 1024 * 1024)).isEqualTo(Window.Verdict.FINE);
    }
    for (int i = 1; i < first; i++) {
      assertThat(ours.use(16 * 1024 * 1024)).isZero();
    }
    assertThat(ours.use(16 * 1024 * 1024)).isEqualTo(1);
  }
}
