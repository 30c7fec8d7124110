package dev.everwire.session.internal;

import static dev.everwire.session.internal.EngineHarness.SECOND;
import static dev.everwire.session.internal.EngineHarness.failure;
import static dev.everwire.session.internal.EngineHarness.success;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.wire.CallMeta;
import dev.everwire.session.internal.rpc.InboundCall;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What travels beside the parameters, and the deadlines among it. */
class MetadataTest {
  private final EngineHarness h = new EngineHarness();

  @Test
  void metadataIsTakenOutOfNamedParameters() {
    h.request(
        1,
        "work",
        "{\"a\":1,\"_meta\":{\"timeoutMs\":5000,\"progressToken\":\"t\",\"new\":1},\"b\":null}");
    InboundCall call = h.started(0);
    assertThat(call.params()).hasToString("{\"a\":1,\"b\":null}");
    assertThat(call.meta().timeoutMs()).isEqualTo(5_000);
    assertThat(call.meta().progressToken()).hasToString("\"t\"");
    assertThat(call.deadline()).isEqualTo(5 * SECOND);
  }

  @Test
  void parametersWithoutMetadataAreLeftAsTheyCame() {
    h.request(1, "work", "{\"a\": {\"_meta\":1}, \"b\":\"\\\"_meta\\\"\"}");
    assertThat(h.started(0).params())
        .hasToString("{\"a\": {\"_meta\":1}, \"b\":\"\\\"_meta\\\"\"}");
    h.request(2, "work", "[{\"_meta\":{\"timeoutMs\":1}}]");
    assertThat(h.started(1).params()).hasToString("[{\"_meta\":{\"timeoutMs\":1}}]");
    assertThat(h.started(1).meta()).isEqualTo(CallMeta.NONE);
  }

  @Test
  void metadataOfNullCountsAsAbsentAndNothingElseAsNoParameters() {
    h.request(1, "work", "{\"_meta\":null}");
    assertThat(h.started(0).params()).isNull();
    assertThat(h.started(0).meta()).isEqualTo(CallMeta.NONE);
  }

  @Test
  void whereverMetadataStandsTheRestStaysAsItCame() {
    String meta = "\"_meta\" : {\"timeoutMs\":5000}";
    List<String> sent =
        List.of(
            "{ " + meta + " }",
            "{ " + meta + " , \"a\" : [1, 2] }",
            "{\"a\": 1 , " + meta + "}",
            "{\"a\":{\"_meta\":2}, " + meta + " ,\"b\":\"\\u005fmeta\"}");
    for (int i = 0; i < sent.size(); i++) {
      EngineHarness one = new EngineHarness();
      one.request(1, "work", sent.get(i));
      InboundCall call = one.started(0);
      assertThat(call.meta().timeoutMs()).isEqualTo(5_000);
      assertThat(String.valueOf(call.params()))
          .isEqualTo(
              List.of(
                      "null",
                      "{ \"a\" : [1, 2] }",
                      "{\"a\": 1}",
                      "{\"a\":{\"_meta\":2} ,\"b\":\"\\u005fmeta\"}")
                  .get(i));
    }
  }

  @Test
  void metadataThatStandsTwiceIsRefused() {
    h.request(1, "work", "{\"_meta\":{},\"a\":1,\"_meta\":{}}");
    assertThat(h.effects.next()).startsWith(failure(1, -32602));
  }

  @Test
  void malformedMetadataIsAnsweredWithTheNameOfItsMember() {
    h.request(1, "work", "{\"_meta\":{\"timeoutMs\":\"soon\"}}");
    assertThat(h.effects.next()).startsWith(failure(1, -32602)).contains("_meta: timeoutMs: ");
    h.request(2, "work", "{\"_meta\":[]}");
    assertThat(h.effects.next()).startsWith(failure(2, -32602)).contains("_meta: ");
    h.request(3, "work", "{\"_meta\":{\"progressToken\":{}}}");
    assertThat(h.effects.next()).startsWith(failure(3, -32602)).contains("_meta: progressToken: ");
    h.effects.assertExhausted();
  }

  @Test
  void aNotificationOfMalformedMetadataIsIgnored() {
    h.notification("tell", "{\"_meta\":1}");
    h.effects.assertExhausted();
    assertThat(h.engine.ignored()).isEqualTo(1);
  }

  @Test
  void aWrappedCallIsServedAsTheCallInside() {
    h.request(
        1, "rpc.call", "{\"method\":\"work\",\"params\":[1,2],\"meta\":{\"timeoutMs\":1000}}");
    assertThat(h.effects.next()).isEqualTo("run work");
    assertThat(h.started(0).params()).hasToString("[1,2]");
    assertThat(h.started(0).deadline()).isEqualTo(SECOND);
    h.finish(0, "3");
    assertThat(h.effects.next()).isEqualTo(success(1, "3"));
  }

  @Test
  void aWrappedCallMayLackParametersAndMetadataAndBeANotification() {
    h.request(1, "rpc.call", "{\"method\":\"now\"}");
    assertThat(h.effects.all()).containsExactly("now now", success(1, "null"));
    h.notification("rpc.call", "{\"method\":\"tell\",\"params\":[1]}");
    assertThat(h.effects.next()).isEqualTo("run tell");
    assertThat(h.started(0).params()).hasToString("[1]");
  }

  @Test
  void aWrappingOfNothingOrOfAReservedMethodIsRefused() {
    h.request(1, "rpc.call");
    assertThat(h.effects.next()).startsWith(failure(1, -32602)).contains("method: missing");
    h.request(2, "rpc.call", "{\"method\":\"rpc.known\"}");
    assertThat(h.effects.next()).startsWith(failure(2, -32602)).contains("method: ");
    h.request(3, "rpc.call", "{\"method\":\"rpc.call\",\"params\":{\"method\":\"work\"}}");
    assertThat(h.effects.next()).startsWith(failure(3, -32602)).contains("method: ");
    h.request(4, "rpc.call", "{\"method\":\"work\",\"params\":7}");
    assertThat(h.effects.next()).startsWith(failure(4, -32602)).contains("params: ");
    h.request(5, "rpc.call", "{\"method\":\"work\",\"meta\":{\"credits\":-1}}");
    assertThat(h.effects.next()).startsWith(failure(5, -32602)).contains("meta: credits: ");
    h.request(7, "rpc.call", "{\"method\":\"__listMethods\"}");
    assertThat(h.effects.next()).startsWith(failure(7, -32602)).contains("method: ");
    h.request(6, "rpc.call", "{\"method\":\"nothing\"}");
    assertThat(h.effects.next()).startsWith(failure(6, -32601));
    h.effects.assertExhausted();
  }

  @Test
  void aRequestWhoseDeadlineHasPassedIsNotStarted() {
    h.request(1, "work", timeout(0));
    assertThat(h.effects.next()).startsWith(failure(1, -32007));
    h.request(2, "now", timeout(0));
    assertThat(h.effects.next()).startsWith(failure(2, -32007));
    h.effects.assertExhausted();
  }

  @Test
  void aRequestWhoseDeadlinePassesWhileItWaitsIsNotStarted() {
    h.request(1, "work");
    h.request(2, "work");
    h.request(3, "work", timeout(1_000));
    h.effects.all();
    assertThat(h.effects.alarms).containsExactly(SECOND);
    assertThat(h.engine.untilNextTick(0)).isEqualTo(SECOND);
    h.now = SECOND;
    h.tick();
    assertThat(h.effects.next()).startsWith(failure(3, -32007));
    h.finish(0, "1");
    assertThat(h.effects.all()).containsExactly(success(1, "1"));
  }

  @Test
  void aRequestWhoseDeadlineHasPassedIsNotStartedThoughRoomComesBeforeTheTimer() {
    h.request(1, "work");
    h.request(2, "work");
    h.request(3, "work", timeout(1_000));
    h.effects.all();
    h.now = SECOND;
    h.finish(0, "1");
    assertThat(h.effects.next()).isEqualTo(success(1, "1"));
    assertThat(h.effects.next()).startsWith(failure(3, -32007));
    h.effects.assertExhausted();
  }

  @Test
  void aRunningRequestIsInterruptedAtItsDeadlineAndItsResultIsVoid() {
    h.request(1, "work", timeout(2_000));
    h.effects.all();
    h.now = SECOND;
    h.tick();
    h.effects.assertExhausted();
    assertThat(h.started(0).abandoned()).isFalse();
    h.now = 2 * SECOND;
    h.tick();
    assertThat(h.effects.next()).startsWith(failure(1, -32007));
    assertThat(h.effects.next()).isEqualTo("interrupt work");
    assertThat(h.started(0).abandoned()).isTrue();
    h.finish(0, "1");
    h.effects.assertExhausted();
    assertThat(h.engine.inboundCalls()).isZero();
  }

  @Test
  void anAnsweredRequestHasNoDeadlineAnyMore() {
    h.request(1, "work", timeout(1_000));
    h.finish(0, "1");
    h.effects.all();
    assertThat(h.engine.untilNextTick(0)).isGreaterThan(SECOND);
    h.now = SECOND;
    h.tick();
    h.effects.assertExhausted();
  }

  @Test
  void aCancelledRequestIsAbandonedAndNotAnsweredAgainAtItsDeadline() {
    h.request(1, "work", timeout(1_000));
    h.effects.all();
    h.cancel(1);
    assertThat(h.effects.next()).startsWith(failure(1, -32800));
    assertThat(h.effects.next()).isEqualTo("interrupt work");
    assertThat(h.started(0).abandoned()).isTrue();
    h.cancel(1);
    h.now = SECOND;
    h.tick();
    h.effects.assertExhausted();
  }

  @Test
  void theLongestTimeoutIsTakenForAboutAYear() {
    h.request(1, "work", "{\"_meta\":{\"timeoutMs\":9223372036854775807}}");
    assertThat(h.started(0).late(0)).isFalse();
    assertThat(h.started(0).deadline()).isPositive();
  }

  @Test
  void anIdThatIsInUseIsRefusedUntilItWasAnswered() {
    h.request(1, "work");
    h.request(1, "work");
    assertThat(h.effects.next()).isEqualTo("run work");
    assertThat(h.effects.next()).startsWith(failure(1, -32600)).contains("id is in use");
    h.finish(0, "1");
    assertThat(h.effects.next()).isEqualTo(success(1, "1"));
    h.request(1, "work");
    assertThat(h.effects.next()).isEqualTo("run work");
  }

  private static String timeout(long millis) {
    return "{\"_meta\":{\"timeoutMs\":" + millis + "}}";
  }
}
