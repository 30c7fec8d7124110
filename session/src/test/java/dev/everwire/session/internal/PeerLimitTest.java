package dev.everwire.session.internal;

import static dev.everwire.session.internal.EngineHarness.SECOND;
import static dev.everwire.session.internal.EngineHarness.failure;
import static dev.everwire.session.internal.EngineHarness.success;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.internal.rpc.CallOutcome;
import org.junit.jupiter.api.Test;

/** What is larger than the peer reads is said instead of sent. */
class PeerLimitTest {
  private static final String BIG = "\"" + "x".repeat(2_000) + "\"";
  private static final String SMALL = "\"" + "x".repeat(500) + "\"";

  private final EngineHarness h = new EngineHarness();

  @Test
  void aResultLargerThanThePeerReadsIsAnsweredWithItsSize() {
    h.hello(1_000);
    h.request(1, "work");
    h.effects.all();
    h.finish(0, BIG);
    assertThat(h.effects.next())
        .startsWith(failure(1, -32008))
        .contains("\"limit\":1000")
        .contains("\"size\":20")
        .hasSizeLessThan(1_000);
    h.request(2, "work");
    h.effects.all();
    h.finish(1, SMALL);
    assertThat(h.effects.next()).isEqualTo(success(2, SMALL));
    h.effects.assertExhausted();
  }

  @Test
  void aPeerThatNamesNoLimitGetsWhateverComes() {
    h.request(1, "work");
    h.effects.all();
    h.finish(0, BIG);
    assertThat(h.effects.next()).isEqualTo(success(1, BIG));
  }

  @Test
  void inABatchOnlyTheMemberThatIsTooLargeIsReplaced() {
    h.hello(1_500);
    h.receive(batchOfTwo());
    h.effects.all();
    h.finish(1, BIG);
    h.finish(0, SMALL);
    assertThat(h.effects.next())
        .startsWith("[" + failure(2, -32008))
        .endsWith("," + success(1, SMALL) + "]");
  }

  @Test
  void membersThatFitOnlyOneByOneDoNotMakeTheArrayTooLarge() {
    h.hello(1_000);
    h.receive(batchOfTwo());
    h.effects.all();
    h.finish(0, SMALL);
    h.finish(1, SMALL);
    assertThat(h.effects.next())
        .startsWith("[" + success(1, SMALL) + "," + failure(2, -32008))
        .hasSizeLessThan(1_000);
  }

  @Test
  void anErrorThatIsTooLargeLosesItsData() {
    h.hello(1_000);
    h.request(1, "work");
    h.effects.all();
    h.started(0).refuse(new Fault(7, "no", RawJson.parse(BIG)));
    assertThat(h.effects.next()).isEqualTo(failure(1, 7) + ",\"message\":\"no\"}}");
  }

  @Test
  void anErrorThatGrowsByItsEscapesIsCountedAsItIsWritten() {
    h.hello(5_000);
    h.request(1, "work");
    h.effects.all();
    h.started(0).refuse(Fault.of(7, "\u0001".repeat(1_000)));
    assertThat(h.effects.next()).startsWith(failure(1, -32008)).hasSizeLessThan(5_000);
  }

  @Test
  void aRequestOfOursThatIsTooLargeEndsHereAndNothingIsSent() {
    h.hello(1_000);
    h.engine.call("hers", RawJson.parse("[" + BIG + "]"), SECOND, h.outcomes::add);
    assertThat(h.outcomes)
        .hasSize(1)
        .first()
        .isInstanceOfSatisfying(
            CallOutcome.Refused.class,
            refused -> assertThat(refused.fault().code()).isEqualTo(FaultCode.TOO_LARGE));
    h.effects.assertExhausted();
    assertThat(h.engine.pendingCalls()).isZero();
    h.engine.call("hers", RawJson.parse("[" + SMALL + "]"), SECOND, h.outcomes::add);
    assertThat(h.effects.next()).contains("\"hers\"");
  }

  private static String batchOfTwo() {
    return "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"work\"},"
        + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"work\"}]";
  }
}
