package dev.everwire.session.internal.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.session.Heartbeat;
import dev.everwire.session.internal.lifecycle.Pulse.Beat;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PulseTest {
  private static final long SECOND = 1_000_000_000L;

  private static Pulse pulse(double phase) {
    return new Pulse(new Heartbeat(Duration.ofSeconds(25), Duration.ofSeconds(10)), phase, 0);
  }

  @Test
  void silenceIsPingedAfterTheIntervalAndFatalAfterTheTimeout() {
    Pulse pulse = pulse(1.0);
    assertThat(pulse.untilNext(0)).isEqualTo(25 * SECOND);
    assertThat(pulse.beat(24 * SECOND, 0)).isEqualTo(Beat.NOTHING);
    assertThat(pulse.beat(25 * SECOND, 0)).isEqualTo(Beat.PING);
    assertThat(pulse.untilNext(25 * SECOND)).isEqualTo(10 * SECOND);
    assertThat(pulse.beat(34 * SECOND, 0)).isEqualTo(Beat.NOTHING);
    assertThat(pulse.beat(35 * SECOND, 0)).isEqualTo(Beat.DEAD);
  }

  @Test
  void anyByteAfterThePingClearsIt() {
    Pulse pulse = pulse(1.0);
    pulse.beat(25 * SECOND, 0);
    assertThat(pulse.beat(35 * SECOND, 34 * SECOND)).isEqualTo(Beat.NOTHING);
    assertThat(pulse.untilNext(35 * SECOND)).isEqualTo(24 * SECOND);
    assertThat(pulse.beat(59 * SECOND, 34 * SECOND)).isEqualTo(Beat.PING);
    assertThat(pulse.beat(69 * SECOND, 34 * SECOND)).isEqualTo(Beat.DEAD);
  }

  @Test
  void aBusyLinkIsNeverPinged() {
    Pulse pulse = pulse(1.0);
    for (long now = 25; now < 100_000; now += 25) {
      assertThat(pulse.beat(now * SECOND, (now - 1) * SECOND)).isEqualTo(Beat.NOTHING);
    }
  }

  @Test
  void aHealthyLinkWithAnIntervalLongerThanTheTimeoutIsNeverDropped() {
    Pulse pulse = pulse(0.3);
    long lastReceived = 0;
    for (long now = 0; now < 100_000 * SECOND; now += pulse.untilNext(now)) {
      Beat beat = pulse.beat(now, lastReceived);
      assertThat(beat).isNotEqualTo(Beat.DEAD);
      if (beat == Beat.PING) {
        lastReceived = now + SECOND / 10; // the pong
      }
    }
  }

  @Test
  void thePhaseSpreadsFirstPingsAndOnlyThose() {
    Pulse pulse = pulse(0.2);
    assertThat(pulse.untilNext(0)).isEqualTo(5 * SECOND);
    assertThat(pulse.beat(5 * SECOND, 0)).isEqualTo(Beat.PING);
    assertThat(pulse.beat(15 * SECOND, 5 * SECOND + 1)).isEqualTo(Beat.NOTHING);
    assertThat(pulse.untilNext(15 * SECOND)).isEqualTo(15 * SECOND + 1);
  }

  @Test
  void anExcusedSilenceStartsOver() {
    Pulse pulse = pulse(1.0);
    pulse.beat(25 * SECOND, 0);
    pulse.excuse(30 * SECOND);
    assertThat(pulse.beat(40 * SECOND, 0)).isEqualTo(Beat.NOTHING);
    assertThat(pulse.beat(55 * SECOND, 0)).isEqualTo(Beat.PING);
    assertThat(pulse.beat(65 * SECOND, 0)).isEqualTo(Beat.DEAD);
  }

  @Test
  void itHoldsWhereTheClockOfNanosecondsWraps() {
    long origin = Long.MAX_VALUE - 5 * SECOND;
    Pulse pulse = new Pulse(Heartbeat.DEFAULT, 1.0, origin);
    assertThat(pulse.beat(origin + 25 * SECOND, origin)).isEqualTo(Beat.PING);
    assertThat(pulse.beat(origin + 35 * SECOND, origin)).isEqualTo(Beat.DEAD);
  }

  private static Pulse counting(int interval, int timeout, int misses) {
    Heartbeat heartbeat =
        new Heartbeat(Duration.ofSeconds(interval), Duration.ofSeconds(timeout), misses);
    return new Pulse(heartbeat, 1.0, 0);
  }

  @Test
  void aLinkIsDeadAfterSoManyPingsInARowWithoutAnAnswer() {
    Pulse pulse = counting(25, 10, 3);
    assertThat(pulse.beat(25 * SECOND, 0)).isEqualTo(Beat.PING);
    assertThat(pulse.missed()).isZero();
    assertThat(pulse.beat(35 * SECOND, 0)).isEqualTo(Beat.PING);
    assertThat(pulse.missed()).isEqualTo(1);
    assertThat(pulse.beat(44 * SECOND, 0)).isEqualTo(Beat.NOTHING);
    assertThat(pulse.beat(45 * SECOND, 0)).isEqualTo(Beat.PING);
    assertThat(pulse.missed()).isEqualTo(2);
    assertThat(pulse.beat(55 * SECOND, 0)).isEqualTo(Beat.DEAD);
    assertThat(pulse.missed()).isEqualTo(3);
  }

  @Test
  void oneAnswerInBetweenStartsTheCountOver() {
    Pulse pulse = counting(25, 10, 2);
    assertThat(pulse.beat(25 * SECOND, 0)).isEqualTo(Beat.PING);
    assertThat(pulse.beat(35 * SECOND, 0)).isEqualTo(Beat.PING);
    assertThat(pulse.beat(45 * SECOND, 44 * SECOND)).isEqualTo(Beat.NOTHING);
    assertThat(pulse.missed()).isZero();
    assertThat(pulse.beat(69 * SECOND, 44 * SECOND)).isEqualTo(Beat.PING);
    assertThat(pulse.beat(79 * SECOND, 44 * SECOND)).isEqualTo(Beat.PING);
    assertThat(pulse.beat(89 * SECOND, 44 * SECOND)).isEqualTo(Beat.DEAD);
  }

  /** Steps a pulse on a link that answers each ping so much later and carries nothing else. */
  private static int pingsOfALinkThatAnswers(Pulse pulse, long answersAfter, long until) {
    long lastReceived = 0;
    long answerAt = Long.MAX_VALUE;
    int pings = 0;
    for (long now = 0; now < until; now += SECOND / 2) {
      if (now >= answerAt) {
        lastReceived = answerAt;
        answerAt = Long.MAX_VALUE;
      }
      Beat beat = pulse.beat(now, lastReceived);
      assertThat(beat).as("at %s s", now / SECOND).isNotEqualTo(Beat.DEAD);
      if (beat == Beat.PING) {
        pings++;
        answerAt = now + answersAfter;
      }
    }
    return pings;
  }

  @Test
  void aLinkThatAnswersEachPingIsNeverDroppedThoughTheTimeoutIsShorterThanTheInterval() {
    for (int misses = 1; misses <= 3; misses++) {
      int pings = pingsOfALinkThatAnswers(counting(30, 10, misses), 9 * SECOND, 3_600 * SECOND);
      assertThat(pings).isBetween(90, 120);
    }
  }

  @Test
  void aLinkThatAnswersEachPingIsNeverDroppedThoughTheTimeoutIsLongerThanTheInterval() {
    for (int misses = 1; misses <= 3; misses++) {
      int pings = pingsOfALinkThatAnswers(counting(5, 20, misses), 19 * SECOND, 3_600 * SECOND);
      assertThat(pings).isBetween(140, 720);
    }
  }

  @Test
  void aDeadLinkIsFoundThoughTheTimeoutIsLongerThanTheInterval() {
    Pulse pulse = counting(5, 20, 2);
    assertThat(pulse.beat(5 * SECOND, 0)).isEqualTo(Beat.PING);
    assertThat(pulse.beat(24 * SECOND, 0)).isEqualTo(Beat.NOTHING);
    assertThat(pulse.beat(25 * SECOND, 0)).isEqualTo(Beat.PING);
    assertThat(pulse.beat(45 * SECOND, 0)).isEqualTo(Beat.DEAD);
  }
}
