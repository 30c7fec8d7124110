package dev.everwire.session.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.FaultException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RateLimitersTest {
  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong clock = new AtomicLong();
  private final List<Duration> pauses = new ArrayList<>();
  private final RateLimiters limiters =
      new RateLimiters(
              clock::get,
              time -> {
                pauses.add(time);
                clock.addAndGet(time.toNanos());
              })
          .add("orders", 2, 1)
          .add("quotes", 1, 10);

  @Test
  void eachNameHasItsOwnBucket() {
    assertThat(limiters.tryAcquire("orders")).isTrue();
    assertThat(limiters.tryAcquire("orders")).isTrue();
    assertThat(limiters.tryAcquire("orders")).isFalse();
    assertThat(limiters.tryAcquire("quotes")).isTrue();
    assertThat(limiters.timeUntilAvailable("orders")).isEqualTo(Duration.ofSeconds(1));
    clock.set(SECOND);
    assertThat(limiters.tryAcquire("orders")).isTrue();
    limiters.reset("orders");
    assertThat(limiters.timeUntilAvailable("orders")).isZero();
  }

  @Test
  void whoWaitsGoesWhenThereIsAToken() throws InterruptedException {
    limiters.acquire("quotes", Duration.ZERO);
    assertThat(pauses).isEmpty();
    limiters.acquire("quotes", Duration.ofSeconds(1));
    assertThat(pauses).containsExactly(Duration.ofMillis(100));
  }

  @Test
  void whoWouldWaitTooLongIsRefusedAtOnceAndToldWhenToComeBack() throws InterruptedException {
    limiters.acquire("quotes", Duration.ZERO);
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> limiters.acquire("quotes", Duration.ofMillis(99)))
        .satisfies(refused -> {
          assertThat(refused.fault().code()).isEqualTo(FaultCode.RATE_LIMITED);
          assertThat(refused.fault().message()).contains("quotes");
          assertThat(String.valueOf(refused.fault().data())).contains("\"retryAfterMs\":100");
        });
    assertThat(pauses).isEmpty();
    assertThat(limiters.timeUntilAvailable("quotes")).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void whoIsInterruptedGivesItsPlaceBack() {
    RateLimiters interrupting =
        new RateLimiters(
                clock::get,
                time -> {
                  throw new InterruptedException();
                })
            .add("a", 1, 1);
    assertThat(interrupting.tryAcquire("a")).isTrue();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> interrupting.acquire("a", Duration.ofSeconds(5)));
    assertThat(interrupting.timeUntilAvailable("a")).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void theRealWaitEndsByItself() throws InterruptedException {
    RateLimiters real = new RateLimiters(clock::get).add("a", 1, 1_000);
    real.acquire("a", Duration.ZERO);
    real.acquire("a", Duration.ofSeconds(5)); // a millisecond of the machine's own time
    assertThat(real.timeUntilAvailable("a")).isEqualTo(Duration.ofMillis(2));
  }

  @Test
  void anUnknownNameIsAnErrorEverywhere() {
    List<ThrowingCallable> uses =
        List.of(
            () -> limiters.tryAcquire("oders"),
            () -> limiters.acquire("oders", Duration.ZERO),
            () -> limiters.reserve("oders", Duration.ZERO),
            () -> limiters.giveBack("oders"),
            () -> limiters.timeUntilAvailable("oders"),
            () -> limiters.refusal("oders"),
            () -> limiters.reset("oders"));
    for (ThrowingCallable use : uses) {
      assertThatIllegalArgumentException()
          .isThrownBy(use)
          .withMessage("limiter: oders (expected: one of [orders, quotes])");
    }
    assertThat(limiters.has("oders")).isFalse();
    assertThat(limiters.has("orders")).isTrue();
  }

  @Test
  void aNameIsAddedOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limiters.add("orders", 1, 1))
        .withMessage("limiter: orders (expected: a new name)");
  }
}
