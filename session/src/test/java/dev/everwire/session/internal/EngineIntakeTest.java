package dev.everwire.session.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.session.Heartbeat;
import org.junit.jupiter.api.Test;

/** Peers that say too much. */
class EngineIntakeTest extends EngineByHand {

  /** Lets so many in. */
  private static final class Few implements Intake {
    int left;
    int refusedRequests;
    int dropped;
    int most = Integer.MAX_VALUE;

    @Override
    public void arrived(int bytes) {}

    @Override
    public long admit(boolean request, long now) {
      if (left > 0) {
        left--;
        return 0;
      }
      if (request) {
        refusedRequests++;
      } else {
        dropped++;
      }
      return 1_500_001;
    }

    @Override
    public boolean exhausted() {
      return refusedRequests + dropped >= most;
    }

    @Override
    public void ended() {}
  }

  private final Few few = new Few();

  EngineIntakeTest() {
    engine.admitting(few);
  }

  private static String refused(int id) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"error\":{\"code\":-32005,\"message\":\"too many messages\","
        + "\"data\":{\"retryable\":true,\"retryAfterMs\":2}}}";
  }

  @Test
  void aRequestBeyondIsAnsweredAndNothingElseHappens() {
    few.left = 1;
    request(1);
    request(2);
    assertThat(effects.all()).containsExactly("run work", refused(2));
    few.left = 1;
    request(2);
    assertThat(effects.all()).containsExactly("run work");
  }

  @Test
  void aNotificationBeyondIsDroppedAndCounted() {
    notification();
    effects.assertExhausted();
    assertThat(few.dropped).isOne();
  }

  @Test
  void eachMemberOfABatchCounts() {
    few.left = 1;
    receive(
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"none\"},"
            + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"work\"},"
            + "{\"jsonrpc\":\"2.0\",\"method\":\"tell\"}]");
    assertThat(effects.all())
        .singleElement()
        .asString()
        .startsWith("[")
        .contains(failure("1", -32601), refused(2));
    assertThat(few.dropped).isOne();
  }

  @Test
  void whatIsNoMessageCountsToo() {
    receive("{nonsense");
    receive("{\"jsonrpc\":\"2.0\",\"id\":4}");
    assertThat(effects.all()).hasSize(2).allMatch(text -> text.contains("-32005"));
  }

  @Test
  void answersControlAndHelloComeInUnasked() {
    engine.call("hers", null, 100 * SECOND, outcomes::add);
    effects.all();
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/ping\"}");
    receive("{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":9}}");
    receive("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"result\":1}");
    receive("{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"method\":\"rpc.hello\",\"params\":{\"v\":1}}");
    assertThat(outcomes).hasSize(1);
    assertThat(effects.all())
        .containsExactly(
            "{\"jsonrpc\":\"2.0\",\"method\":\"$/pong\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":\"h\",\"error\":"
                + "{\"code\":-32601,\"message\":\"Method not found\"}}");
    assertThat(few.refusedRequests + few.dropped).isZero();
  }

  @Test
  void aSecondHelloIsARequestLikeOthers() {
    engine.establish(Heartbeat.DEFAULT, PeerProfile.PLAIN, 1.0, 0);
    receive("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"rpc.hello\",\"params\":{\"v\":1}}");
    assertThat(effects.all()).containsExactly(refused(7));
  }

  @Test
  void whoGoesOnIsClosedAndToldWhenToComeBackIfThereIsASession() {
    few.most = 2;
    engine.establish(Heartbeat.DEFAULT, PeerProfile.PLAIN, 1.0, 0);
    notification();
    effects.assertExhausted();
    notification();
    notification();
    request(1);
    assertThat(effects.all())
        .containsExactly(
            "{\"jsonrpc\":\"2.0\",\"method\":\"$/goaway\",\"params\":{\"reason\":\"rate-limited\","
                + "\"inMs\":0,\"closeAtMs\":0,\"retryAfterMs\":2}}",
            "close 4201 rate limited");
  }

  @Test
  void aPlainPeerThatGoesOnIsJustClosed() {
    few.most = 1;
    notification();
    assertThat(effects.all()).containsExactly("close 4201 rate limited");
  }
}
