package dev.everwire.session.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.everwire.session.flow.CircuitBreaker.Permit;
import dev.everwire.session.flow.CircuitBreaker.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CircuitBreakerTest {
  private static final long SECOND = 1_000_000_000L;

  private final List<String> changes = new ArrayList<>();
  private final CircuitBreaker breaker =
      CircuitBreaker.builder().onChange((from, to) -> changes.add(from + "-" + to)).build();

  /**
   * Each step is a time in seconds and what is done then: s(ucceed), f(ail), r(efused), -(look).
   */
  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "'', CLOSED",
    "0f 0f 0f 0f, CLOSED",
    "0f 0f 0f 0f 0f, OPEN",
    "0f 0f 0f 0f 0s 0f 0f 0f 0f, CLOSED",
    "0f 0f 0f 0f 0f 59r, OPEN",
    "0f 0f 0f 0f 0f 60-, HALF_OPEN",
    "0f 0f 0f 0f 0f 60s, HALF_OPEN",
    "0f 0f 0f 0f 0f 60s 61s, CLOSED",
    "0f 0f 0f 0f 0f 60f, OPEN",
    "0f 0f 0f 0f 0f 60s 61f, OPEN",
    "0f 0f 0f 0f 0f 60f 119r, OPEN",
    "0f 0f 0f 0f 0f 60f 120-, HALF_OPEN",
    "0f 0f 0f 0f 0f 60s 60s 61f 61f 61f 61f, CLOSED",
    "0f 0f 0f 0f 0f 60s 60s 61f 61f 61f 61f 61f, OPEN",
    "0f 0f 0f 0f 0f 60f 120s 120s, CLOSED"
  })
  void itOpensClosesAndTriesByTheTable(String steps, State expected) {
    long now = 0;
    for (String step : steps.split(" ", -1)) {
      if (step.isEmpty()) {
        continue;
      }
      now = Long.parseLong(step.substring(0, step.length() - 1)) * SECOND;
      switch (step.charAt(step.length() - 1)) {
        case 's' -> breaker.enter(now).orElseThrow().succeeded(now);
        case 'f' -> breaker.enter(now).orElseThrow().failed(now);
        case 'r' -> assertThat(breaker.enter(now)).isEmpty();
        default -> breaker.state(now);
      }
    }
    assertThat(breaker.state(now)).isEqualTo(expected);
  }

  private void open() {
    for (int i = 0; i < 5; i++) {
      breaker.enter(0).orElseThrow().failed(0);
    }
  }

  @Test
  void timeAloneMakesItHalfOpenForWhoeverAsksNext() {
    open();
    assertThat(breaker.untilTrial(20 * SECOND)).isEqualTo(Duration.ofSeconds(40));
    assertThat(breaker.enter(60 * SECOND)).isPresent();
    assertThat(changes).containsExactly("CLOSED-OPEN", "OPEN-HALF_OPEN");
  }

  @Test
  void halfOpenNoMoreThanThreeTrialsRunAtOnce() {
    open();
    long now = 60 * SECOND;
    Permit first = breaker.enter(now).orElseThrow();
    assertThat(breaker.enter(now)).isPresent();
    assertThat(breaker.enter(now)).isPresent();
    assertThat(breaker.enter(now)).isEmpty();
    assertThat(breaker.untilTrial(now)).isEqualTo(Duration.ofSeconds(60));
    first.unused(now);
    assertThat(breaker.untilTrial(now)).isZero();
    assertThat(breaker.enter(now)).isPresent();
  }

  @Test
  void trialsThatNeverReportDoNotKeepItHalfOpenForEver() {
    open();
    long now = 60 * SECOND;
    List<Permit> forgotten = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      forgotten.add(breaker.enter(now).orElseThrow());
    }
    long later = 120 * SECOND;
    Permit next = breaker.enter(later).orElseThrow();
    forgotten.forEach(late -> late.failed(later));
    assertThat(breaker.state(later)).isEqualTo(State.HALF_OPEN);
    next.succeeded(later);
    breaker.enter(later).orElseThrow().succeeded(later);
    assertThat(breaker.state(later)).isEqualTo(State.CLOSED);
  }

  @Test
  void aResultFromBeforeAChangeCountsForNothing() {
    Permit old = breaker.enter(0).orElseThrow();
    open();
    long now = 60 * SECOND;
    assertThat(breaker.state(now)).isEqualTo(State.HALF_OPEN);
    old.failed(now);
    assertThat(breaker.state(now)).isEqualTo(State.HALF_OPEN);
  }

  @Test
  void theFirstWordAboutATryCounts() {
    for (int i = 0; i < 4; i++) {
      Permit permit = breaker.enter(0).orElseThrow();
      permit.failed(0);
      permit.failed(0);
      permit.succeeded(0);
    }
    assertThat(breaker.state(0)).isEqualTo(State.CLOSED);
    breaker.enter(0).orElseThrow().failed(0);
    assertThat(breaker.state(0)).isEqualTo(State.OPEN);
  }

  @Test
  void whatWasNotTriedIsNeitherSuccessNorFailure() {
    for (int i = 0; i < 4; i++) {
      breaker.enter(0).orElseThrow().failed(0);
    }
    breaker.enter(0).orElseThrow().unused(0);
    breaker.enter(0).orElseThrow().failed(0);
    assertThat(breaker.state(0)).isEqualTo(State.OPEN);
  }

  @Test
  void aResetClosesItWithACleanRecord() {
    open();
    breaker.reset(1);
    assertThat(breaker.state(1)).isEqualTo(State.CLOSED);
    for (int i = 0; i < 4; i++) {
      breaker.enter(1).orElseThrow().failed(1);
    }
    assertThat(breaker.state(1)).isEqualTo(State.CLOSED);
    assertThat(changes).containsExactly("CLOSED-OPEN", "OPEN-CLOSED");
  }

  @ParameterizedTest(name = "half of the last four: {0} is {1}")
  @CsvSource({
    "fff, CLOSED",
    "ffff, OPEN",
    "sfsf, OPEN",
    "sssf, CLOSED",
    "sssff, OPEN",
    "ssff, OPEN",
    "fsssfsss, CLOSED",
    "fsssfsf, OPEN"
  })
  void aRateIsJudgedOverTheLastCalls(String results, State expected) {
    CircuitBreaker byRate = CircuitBreaker.builder().failureRate(0.5, 4).build();
    for (char result : results.toCharArray()) {
      byRate
          .enter(0)
          .ifPresent(permit -> {
            if (result == 's') {
              permit.succeeded(0);
            } else {
              permit.failed(0);
            }
          });
    }

    assertThat(byRate.state(0)).isEqualTo(expected);
  }

  @Test
  void aListenerThatFailsBreaksNothing() {
    CircuitBreaker watched =
        CircuitBreaker.builder()
            .failures(1)
            .onChange((from, to) -> {
              throw new IllegalStateException("listener");
            })
            .build();
    watched.enter(0).orElseThrow().failed(0);
    assertThat(watched.state(0)).isEqualTo(State.OPEN);
    assertThat(watched.state(60 * SECOND)).isEqualTo(State.HALF_OPEN);
  }

  @Test
  void aListenerMayUseTheBreakerAndIsToldOneAfterTheOther() {
    List<String> told = new ArrayList<>();
    CircuitBreaker[] self = new CircuitBreaker[1];
    self[0] =
        CircuitBreaker.builder()
            .failures(1)
            .onChange((from, to) -> {
              told.add("begin " + to);
              if (to == State.OPEN) {
                self[0].reset(0);
              }
              told.add("end " + to);
            })
            .build();
    self[0].enter(0).orElseThrow().failed(0);
    assertThat(told).containsExactly("begin OPEN", "end OPEN", "begin CLOSED", "end CLOSED");
  }

  @Test
  void severalThreadsShareItAndNoTrialTooManyRuns() throws InterruptedException {
    open();
    List<Permit> permits = new CopyOnWriteArrayList<>();
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
                breaker.enter(60 * SECOND).ifPresent(permits::add);
              }));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(permits).hasSize(3);
  }

  @Test
  void whatIsBuiltDoesNotChangeWithItsBuilder() {
    BreakerBuilder builder = CircuitBreaker.builder().failures(1);
    CircuitBreaker built = builder.build();
    builder.openFor(Duration.ofDays(1));
    built.enter(0).orElseThrow().failed(0);
    assertThat(built.state(60 * SECOND)).isEqualTo(State.HALF_OPEN);
  }

  @Test
  void aSettingOutOfBoundsIsNamed() {
    BreakerBuilder builder = CircuitBreaker.builder();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.failures(0))
        .withMessage("failures: 0 (expected: 1-10000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.successes(0))
        .withMessage("successes: 0 (expected: 1-10000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.trials(10_001))
        .withMessage("trials: 10001 (expected: 1-10000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.openFor(Duration.ZERO))
        .withMessage("openFor: PT0S (expected: 1 ms to a day)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.failureRate(0, 10))
        .withMessage("failureRate: 0.0 (expected: > 0, at most 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.failureRate(0.5, 0))
        .withMessage("ofLast: 0 (expected: 1-10000)");
  }
}
