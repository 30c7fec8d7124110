package dev.everwire.session.internal.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.session.Heartbeat;
import dev.everwire.session.internal.lifecycle.Pulse.Beat;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Random;
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
    ArrayDeque<Long> answers = new ArrayDeque<>();
    int pings = 0;
    for (long now = 0; now < until; now += SECOND / 2) {
      while (!answers.isEmpty() && answers.getFirst() <= now) {
        lastReceived = answers.removeFirst();
      }
      Beat beat = pulse.beat(now, lastReceived);
      assertThat(beat).as("at %s s", now / SECOND).isNotEqualTo(Beat.DEAD);
      if (beat == Beat.PING) {
        pings++;
        answers.add(now + answersAfter);
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
    for (int at = 5; at <= 20; at += 5) {
      assertThat(pulse.beat(at * SECOND, 0)).isEqualTo(Beat.PING);
      assertThat(pulse.untilNext(at * SECOND)).isEqualTo(5 * SECOND);
    }
    assertThat(pulse.beat(24 * SECOND, 0)).isEqualTo(Beat.NOTHING);
    assertThat(pulse.beat(25 * SECOND, 0)).isEqualTo(Beat.PING); // the first was missed
    assertThat(pulse.missed()).isEqualTo(1);
    assertThat(pulse.beat(29 * SECOND, 0)).isEqualTo(Beat.NOTHING);
    assertThat(pulse.beat(30 * SECOND, 0)).isEqualTo(Beat.DEAD); // and the second
  }

  @Test
  void eachPingHasATimeoutOfItsOwn() {
    Pulse pulse = counting(30, 60, 1);
    assertThat(pulse.beat(30 * SECOND, 0)).isEqualTo(Beat.PING);
    assertThat(pulse.beat(60 * SECOND, 0)).isEqualTo(Beat.PING);
    assertThat(pulse.beat(89 * SECOND, 0)).isEqualTo(Beat.NOTHING);
    assertThat(pulse.beat(90 * SECOND, 59 * SECOND)).isEqualTo(Beat.PING); // answers the first only
    assertThat(pulse.beat(119 * SECOND, 59 * SECOND)).isEqualTo(Beat.NOTHING);
    assertThat(pulse.beat(120 * SECOND, 59 * SECOND)).isEqualTo(Beat.DEAD); // of the second
  }

  @Test
  void aLateAnswerClearsAllPingsThatWereSentBeforeIt() {
    Pulse pulse = counting(30, 60, 1);
    pulse.beat(30 * SECOND, 0);
    pulse.beat(60 * SECOND, 0);
    assertThat(pulse.beat(90 * SECOND, 89 * SECOND)).isEqualTo(Beat.NOTHING);
    assertThat(pulse.untilNext(90 * SECOND)).isEqualTo(29 * SECOND);
    assertThat(pulse.missed()).isZero();
  }

  @Test
  void pingsThatAreOutTogetherAreFew() {
    Pulse pulse = counting(1, 3_600, 1);
    int pings = 0;
    long now = 0;
    Beat beat = Beat.NOTHING;
    while (beat != Beat.DEAD) {
      now += Math.max(0, pulse.untilNext(now));
      beat = pulse.beat(now, 0);
      pings += beat == Beat.PING ? 1 : 0;
    }
    assertThat(pings).isLessThanOrEqualTo(9);
    assertThat(now).isEqualTo(3_601 * SECOND);
  }

  @Test
  void asSlowAsTheTimeoutAllowsAnswersNeverEndALinkWhateverThePace() {
    Random random = new Random(8_842);
    for (int run = 0; run < 200; run++) {
      long interval = 1L + random.nextInt(60);
      long timeout = 1L + random.nextInt(60);
      Pulse pulse = counting((int) interval, (int) timeout, 1 + random.nextInt(3));
      ArrayDeque<Long> answers = new ArrayDeque<>();
      long sign = 0;
      for (long now = 0; now < 2_000 * SECOND; now += SECOND / 4) {
        while (!answers.isEmpty() && answers.getFirst() <= now) {
          sign = answers.removeFirst();
        }
        Beat beat = pulse.beat(now, sign);
        assertThat(beat)
            .as("interval %s timeout %s at %s", interval, timeout, now)
            .isNotEqualTo(Beat.DEAD);
        if (beat == Beat.PING) {
          answers.add(now + timeout * SECOND - SECOND / 2);
        }
      }
    }
  }

  @Test
  void aDeadLinkIsFoundWithinWhatThePaceSays() {
    Random random = new Random(4_711);
    for (int run = 0; run < 500; run++) {
      long interval = 1L + random.nextInt(60);
      long timeout = 1L + random.nextInt(60);
      int misses = 1 + random.nextInt(3);
      Pulse pulse = counting((int) interval, (int) timeout, misses);
      long now = 0;
      while (pulse.beat(now, 0) != Beat.DEAD) {
        now += Math.max(0, pulse.untilNext(now));
      }
      long apart = Math.max(interval, Math.ceilDiv(timeout, 8L));
      long found =
          timeout <= interval
              ? interval + misses * timeout
              : interval + timeout + (misses - 1) * apart;
      assertThat(now / SECOND).as("%s/%s/%s", interval, timeout, misses).isLessThanOrEqualTo(found);
      assertThat(now / SECOND).isGreaterThanOrEqualTo(interval + timeout);
    }
  }

  @Test
  void thePresetsFindADeadLinkAfterWhatTheySay() {
    assertThat(deadAfter(Heartbeat.DEFAULT)).isEqualTo(35);
    assertThat(deadAfter(Heartbeat.PROMPT)).isEqualTo(40);
    assertThat(deadAfter(Heartbeat.NINETY_SECONDS)).isEqualTo(90);
    assertThat(deadAfter(Heartbeat.CONSERVATIVE)).isEqualTo(90);
    assertThat(deadAfter(Heartbeat.AGGRESSIVE)).isEqualTo(15);
    assertThat(deadAfter(Heartbeat.RELAXED)).isEqualTo(180);
    assertThat(deadAfter(Heartbeat.halved(Duration.ofSeconds(8)))).isEqualTo(8 + 3 * 4);
    assertThat(deadAfter(Heartbeat.halved(Duration.ofSeconds(60)))).isEqualTo(60 + 3 * 10);
  }

  private static long deadAfter(Heartbeat heartbeat) {
    Pulse pulse = new Pulse(heartbeat, 1.0, 0);
    long now = 0;
    while (pulse.beat(now, 0) != Beat.DEAD) {
      now += Math.max(0, pulse.untilNext(now));
    }
    return now / SECOND;
  }
}
