package dev.everwire.session.internal.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.session.Heartbeat;
import dev.everwire.session.Lifetime;
import dev.everwire.session.internal.lifecycle.Vigil.Due;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class VigilTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Heartbeat RARE = new Heartbeat(Duration.ofDays(1), Duration.ofDays(1));

  private static Vigil vigil(Lifetime lifetime, double share) {
    return new Vigil(RARE, lifetime, 1.0, share, 0);
  }

  private static Lifetime aged(int seconds) {
    return Lifetime.UNLIMITED.maxAge(Duration.ofSeconds(seconds));
  }

  @Test
  void withoutBoundsOnlyTheHeartbeatDecides() {
    Vigil vigil = new Vigil(Heartbeat.DEFAULT, Lifetime.UNLIMITED, 1.0, 0, 0);
    assertThat(vigil.untilNext(0)).isEqualTo(25 * SECOND);
    assertThat(vigil.decide(25 * SECOND, 0)).isEqualTo(Due.PING);
    assertThat(vigil.decide(35 * SECOND, 0)).isEqualTo(Due.DEAD);
    assertThat(vigil.untilMaxAge(0)).isEqualTo(Lifespan.NEVER);
    assertThat(vigil.untilIdleTimeout(0)).isEqualTo(Lifespan.NEVER);
    assertThat(vigil.watchesIdleness()).isFalse();
  }

  @Test
  void idlenessIsCountedFromTheLastMessage() {
    Vigil vigil = vigil(Lifetime.TWO_IDLE_MINUTES, 0);
    assertThat(vigil.untilNext(0)).isEqualTo(120 * SECOND);
    vigil.active(100 * SECOND);
    assertThat(vigil.decide(120 * SECOND, 0)).isEqualTo(Due.NOTHING);
    assertThat(vigil.untilIdleTimeout(120 * SECOND)).isEqualTo(100 * SECOND);
    assertThat(vigil.decide(220 * SECOND - 1, 0)).isEqualTo(Due.NOTHING);
    assertThat(vigil.decide(220 * SECOND, 0)).isEqualTo(Due.IDLE);
    assertThat(vigil.untilIdleTimeout(230 * SECOND)).isZero();
  }

  @Test
  void bytesThatAreNoMessageDoNotMakeAPeerActive() {
    Vigil vigil = vigil(Lifetime.TWO_IDLE_MINUTES, 0);
    assertThat(vigil.decide(120 * SECOND, 119 * SECOND)).isEqualTo(Due.IDLE);
  }

  @Test
  void whileWeDoNotReadNobodyIsIdle() {
    Vigil vigil = vigil(Lifetime.TWO_IDLE_MINUTES, 0);
    vigil.excuse(119 * SECOND);
    assertThat(vigil.decide(120 * SECOND, 0)).isEqualTo(Due.NOTHING);
  }

  @Test
  void anAgeIsToldOnceAndOverAfterItsGrace() {
    Vigil vigil = vigil(aged(600), 0);
    assertThat(vigil.untilMaxAge(500 * SECOND)).isEqualTo(100 * SECOND);
    assertThat(vigil.untilNext(0)).isEqualTo(600 * SECOND);
    assertThat(vigil.aged()).isFalse();
    assertThat(vigil.decide(600 * SECOND, 0)).isEqualTo(Due.AGED);
    assertThat(vigil.aged()).isTrue();
    assertThat(vigil.decide(601 * SECOND, 0)).isEqualTo(Due.NOTHING);
    assertThat(vigil.untilNext(601 * SECOND)).isEqualTo(29 * SECOND);
    assertThat(vigil.decide(630 * SECOND, 0)).isEqualTo(Due.OVERDUE);
    assertThat(vigil.untilMaxAge(630 * SECOND)).isZero();
  }

  @Test
  void theSpreadShortensAnAgeAndNeverLengthensIt() {
    Lifetime spread = aged(1_000).spread(0.5);
    assertThat(vigil(spread, 0.0).untilNext(0)).isEqualTo(1_000 * SECOND);
    assertThat(vigil(spread, 0.5).untilNext(0)).isEqualTo(750 * SECOND);
    assertThat(vigil(spread, 1.0).untilNext(0)).isEqualTo(500 * SECOND);
  }

  @Test
  void anotherHeartbeatDoesNotMakeYounger() {
    Vigil vigil = vigil(aged(600), 0);
    vigil.heartbeat(Heartbeat.DEFAULT, 1.0, 590 * SECOND);
    assertThat(vigil.untilMaxAge(590 * SECOND)).isEqualTo(10 * SECOND);
    assertThat(vigil.decide(600 * SECOND, 590 * SECOND)).isEqualTo(Due.AGED);
  }

  @Test
  void aPingThatIsDueTogetherWithAnAgeIsNotForgotten() {
    Vigil vigil = new Vigil(Heartbeat.DEFAULT, aged(25), 1.0, 0, 0);
    assertThat(vigil.decide(25 * SECOND, 0)).isEqualTo(Due.AGED);
    assertThat(vigil.untilNext(25 * SECOND)).isLessThanOrEqualTo(0);
    assertThat(vigil.decide(25 * SECOND, 0)).isEqualTo(Due.PING);
  }

  @Test
  void whereOnlyAnswersCountABusyLinkIsPingedAndOtherBytesAreNoSign() {
    Vigil vigil = new Vigil(Heartbeat.DEFAULT.answersOnly(), Lifetime.UNLIMITED, 1.0, 0, 0);
    assertThat(vigil.anyTraffic()).isFalse();
    assertThat(vigil.decide(25 * SECOND, 0)).isEqualTo(Due.PING);
    vigil.answered(26 * SECOND);
    assertThat(vigil.decide(35 * SECOND, 0)).isEqualTo(Due.NOTHING);
    assertThat(vigil.decide(51 * SECOND, 0)).isEqualTo(Due.PING);
    assertThat(vigil.decide(61 * SECOND, 52 * SECOND)).isEqualTo(Due.NOTHING); // a Pong frame
    assertThat(vigil.decide(77 * SECOND, 52 * SECOND)).isEqualTo(Due.PING);
    assertThat(vigil.decide(87 * SECOND, 52 * SECOND)).isEqualTo(Due.DEAD);
  }

  @Test
  void itHoldsWhereTheClockOfNanosecondsWraps() {
    long origin = Long.MAX_VALUE - 5 * SECOND;
    Lifetime both = Lifetime.TWO_IDLE_MINUTES.maxAge(Duration.ofMinutes(10));
    Vigil vigil = new Vigil(RARE, both, 1.0, 0, origin);
    assertThat(vigil.decide(origin + 119 * SECOND, origin)).isEqualTo(Due.NOTHING);
    assertThat(vigil.decide(origin + 120 * SECOND, origin)).isEqualTo(Due.IDLE);
    assertThat(vigil.decide(origin + 600 * SECOND, origin)).isEqualTo(Due.AGED);
    assertThat(vigil.decide(origin + 630 * SECOND, origin)).isEqualTo(Due.OVERDUE);
  }
}
