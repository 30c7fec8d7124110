package dev.everwire.session.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.session.Heartbeat;
import dev.everwire.session.Heartbeat.Mode;
import dev.everwire.session.Lifetime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a conversation lasts, and what a ping is. */
class EngineLifeTest extends EngineByHand {
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"method\":\"$/ping\"}";
  private static final Heartbeat RARE = new Heartbeat(Duration.ofDays(1), Duration.ofDays(1));
  private static final Lifetime IDLE = Lifetime.TWO_IDLE_MINUTES;
  private static final Lifetime AGED = Lifetime.UNLIMITED.maxAge(Duration.ofMinutes(10));

  private void lasting(Lifetime lifetime) {
    engine.lasting(lifetime, RARE, 1.0, 0, 0);
  }

  private void tickAt(long second) {
    now = second * SECOND;
    engine.tick(now, now, 0);
  }

  private void session() {
    engine.establish(RARE, PeerProfile.PLAIN, 1.0, now);
  }

  // ---- what a ping is

  @Test
  void aPingIsWhatTheModeSays() {
    assertThat(pings(Mode.AUTO, false)).containsExactly("ping frame");
    assertThat(pings(Mode.AUTO, true)).containsExactly(PING);
    assertThat(pings(Mode.FRAME, true)).containsExactly("ping frame");
    assertThat(pings(Mode.APP, false)).containsExactly(PING);
    assertThat(pings(Mode.BOTH, true)).containsExactly(PING, "ping frame");
  }

  private Iterable<String> pings(Mode mode, boolean session) {
    SessionEngine other = engine(Role.SERVER);
    Heartbeat heartbeat = Heartbeat.DEFAULT.mode(mode);
    other.lasting(Lifetime.UNLIMITED, heartbeat, 1.0, 0, 0);
    if (session) {
      other.establish(heartbeat, PeerProfile.PLAIN, 1.0, 0);
    }
    other.tick(25 * SECOND, 0, 0);
    return effects.all();
  }

  @Test
  void whereOnlyAnswersCountOtherMessagesAreNone() {
    engine.establish(Heartbeat.DEFAULT.answersOnly(), PeerProfile.PLAIN, 1.0, 0);
    engine.tick(25 * SECOND, 0, 0);
    now = 26 * SECOND;
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/pong\"}");
    engine.tick(35 * SECOND, 0, 0);
    engine.tick(51 * SECOND, 0, 0);
    assertThat(effects.all()).containsExactly(PING, PING);
    now = 52 * SECOND;
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/none\"}");
    engine.tick(61 * SECOND, 0, 0);
    assertThat(effects.all()).containsExactly("missed 1", "close 4001 heartbeat lost");
  }

  // ---- idle

  @Test
  void whoSaysNothingForTooLongIsClosedOnce() {
    lasting(IDLE);
    assertThat(engine.untilNextTick(0)).isEqualTo(120 * SECOND);
    tickAt(120);
    assertThat(effects.all()).containsExactly("close 1001 idle");
    tickAt(300);
    effects.assertExhausted();
    assertThat(engine.untilNextTick(300 * SECOND)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void anyMessageMakesAPeerActive() {
    lasting(IDLE);
    now = 100 * SECOND;
    notification();
    effects.all();
    engine.returned(effects.started.getFirst(), now);
    tickAt(219);
    effects.assertExhausted();
    tickAt(220);
    assertThat(effects.all()).containsExactly("close 1001 idle");
  }

  @Test
  void pingsAndPongsDoNot() {
    lasting(IDLE);
    now = 100 * SECOND;
    receive(PING);
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/pong\"}");
    effects.all();
    tickAt(120);
    assertThat(effects.all()).containsExactly("close 1001 idle");
  }

  @Test
  void whoWaitsForAnAnswerIsNotIdle() {
    lasting(IDLE);
    request(1);
    effects.all();
    tickAt(120);
    tickAt(240);
    effects.assertExhausted();
    now = 300 * SECOND;
    finish(effects.started.getFirst(), "1");
    effects.all();
    tickAt(419);
    effects.assertExhausted();
    tickAt(420);
    assertThat(effects.all()).containsExactly("close 1001 idle");
  }

  @Test
  void whoIsAskedIsNotIdle() {
    lasting(IDLE);
    engine.call("hers", null, 1_000 * SECOND, outcomes::add);
    effects.all();
    tickAt(120);
    tickAt(240);
    effects.assertExhausted();
  }

  // ---- age

  @Test
  void aSessionIsToldToMoveAndClosedWhenItsGraceIsOver() {
    lasting(AGED);
    session();
    tickAt(600);
    assertThat(effects.all())
        .containsExactly(
            "{\"jsonrpc\":\"2.0\",\"method\":\"$/goaway\",\"params\":"
                + "{\"reason\":\"max-age\",\"inMs\":0,\"closeAtMs\":30000}}");
    tickAt(629);
    effects.assertExhausted();
    tickAt(630);
    assertThat(effects.all()).containsExactly("close 4004 max age");
    tickAt(700);
    effects.assertExhausted();
  }

  @Test
  void whatASessionAsksMeanwhileIsAnswered() {
    lasting(AGED);
    session();
    tickAt(600);
    effects.all();
    request(1);
    finish(effects.started.getFirst(), "1");
    assertThat(effects.all()).hasSize(2).first().isEqualTo("run work");
  }

  @Test
  void aPlainPeerIsClosedAtItsAge() {
    lasting(AGED);
    tickAt(600);
    assertThat(effects.all()).containsExactly("close 1001 max age");
  }

  @Test
  void aPlainPeersRunningCallsAreAnsweredFirst() {
    lasting(AGED);
    request(1);
    effects.all();
    tickAt(600);
    effects.assertExhausted();
    now = 610 * SECOND;
    finish(effects.started.getFirst(), "1");
    assertThat(effects.all())
        .containsExactly("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}", "close 1001 max age");
  }

  @Test
  void aPlainPeersCallsMayNotRunForEver() {
    lasting(AGED);
    request(1);
    tickAt(600);
    effects.all();
    tickAt(630);
    assertThat(effects.all()).containsExactly("close 1001 max age");
  }

  @Test
  void anAgeIsKeptThoughWeDoNotRead() {
    lasting(AGED);
    engine.writable(false, 599 * SECOND, 10);
    effects.all();
    engine.tick(600 * SECOND, 600 * SECOND, 9);
    assertThat(effects.all()).containsExactly("close 1001 max age");
  }
}
