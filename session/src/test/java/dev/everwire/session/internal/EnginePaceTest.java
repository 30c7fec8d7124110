package dev.everwire.session.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.session.Heartbeat;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Peers that are silent, or do not read. */
class EnginePaceTest extends EngineByHand {
  @Test
  void aPingIsAnsweredAndNonsenseAfterTheDollarIsIgnored() {
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/ping\"}");
    assertThat(effects.next()).isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"$/pong\"}");
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/pong\"}");
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":[1]}");
    effects.assertExhausted();
  }

  @Test
  void aSilentPlainPeerIsPingedByFrameAndGivenUp() {
    engine.tick(25 * SECOND, 0, 0);
    assertThat(effects.next()).isEqualTo("ping frame");
    engine.tick(35 * SECOND, 0, 0);
    assertThat(effects.next()).isEqualTo("missed 1");
    assertThat(effects.next()).isEqualTo("close 4001 heartbeat lost");
    assertThat(engine.untilNextTick(35 * SECOND)).isEqualTo(Long.MAX_VALUE);
    engine.tick(36 * SECOND, 0, 0);
    effects.assertExhausted();
  }

  @Test
  void anEverwirePeerIsPingedByMessage() {
    engine.establish(Heartbeat.DEFAULT, PeerProfile.PLAIN, 1.0, 0);
    engine.tick(25 * SECOND, 0, 0);
    assertThat(effects.next()).isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"$/ping\"}");
  }

  @Test
  void aPeerMayMissAsManyPingsAsItsHeartbeatSays() {
    Heartbeat patient = new Heartbeat(Duration.ofSeconds(25), Duration.ofSeconds(10), 2);
    engine.establish(patient, PeerProfile.PLAIN, 1.0, 0);
    engine.tick(25 * SECOND, 0, 0);
    engine.tick(35 * SECOND, 0, 0);
    assertThat(effects.all())
        .containsExactly(
            "{\"jsonrpc\":\"2.0\",\"method\":\"$/ping\"}",
            "missed 1",
            "{\"jsonrpc\":\"2.0\",\"method\":\"$/ping\"}");
    engine.tick(45 * SECOND, 0, 0);
    assertThat(effects.all()).containsExactly("missed 2", "close 4001 heartbeat lost");
  }

  @Test
  void whileWeDoNotReadThePeerIsNotBlamedForSilence() {
    engine.writable(false, 24 * SECOND, 0);
    assertThat(effects.next()).isEqualTo("reading false");
    engine.tick(30 * SECOND, 0, 0);
    effects.assertExhausted();
    engine.writable(true, 31 * SECOND, 0);
    assertThat(effects.next()).isEqualTo("reading true");
    engine.tick(40 * SECOND, 0, 0);
    effects.assertExhausted();
  }

  @Test
  void aPeerThatDoesNotReadIsGivenUpAndItsRequestsDoNotStart() {
    engine.writable(false, 0, 0);
    effects.next();
    request(1);
    effects.assertExhausted();
    assertThat(engine.untilNextTick(0)).isEqualTo(10 * SECOND);
    engine.tick(10 * SECOND, 10 * SECOND, 0);
    assertThat(effects.next()).isEqualTo("close 4002 does not read");
    assertThat(engine.untilNextTick(10 * SECOND)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aPeerThatReadsSlowlyIsNotGivenUp() {
    engine.writable(false, 0, 1_000);
    effects.next();
    engine.tick(10 * SECOND, 0, 900);
    engine.tick(20 * SECOND, 0, 899);
    effects.assertExhausted();
    engine.tick(30 * SECOND, 0, 899);
    assertThat(effects.next()).isEqualTo("close 4002 does not read");
  }

  @Test
  void aPauseOfOursInTheMiddleOfAPingIsNotHeldAgainstThePeer() {
    engine.tick(25 * SECOND, 0, 0);
    engine.writable(false, 26 * SECOND, 0);
    engine.writable(true, 35 * SECOND - 1, 0);
    effects.all();
    engine.tick(35 * SECOND, 0, 0);
    effects.assertExhausted();
  }
}
