package dev.everwire.session.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.session.CallOptions;
import dev.everwire.session.Heartbeat;
import dev.everwire.session.SessionLimits;
import dev.everwire.session.internal.rpc.CallOutcome;
import dev.everwire.session.internal.rpc.InboundCall;
import dev.everwire.session.internal.stream.Ending;
import dev.everwire.session.internal.stream.Inflow;
import dev.everwire.session.internal.stream.Outflow;
import dev.everwire.session.stream.ItemStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine makes of the messages of streams. */
class StreamsTest {
  private static final Inflow.Reader NOBODY =
      new Inflow.Reader() {
        @Override
        public void grants(int n) {}

        @Override
        public void waits(boolean on) {}
      };
  private static final SessionLimits LIMITS =
      new SessionLimits(200, 100, 2, 6, 4, 9, Duration.ofSeconds(10));

  private final EngineHarness h = new EngineHarness(LIMITS);

  private void everwire(String... caps) {
    h.engine.establish(
        Heartbeat.DEFAULT, new PeerProfile(Set.of(caps), Long.MAX_VALUE), 1.0, h.now);
  }

  private void everwire() {
    everwire(PeerProfile.META, PeerProfile.STREAM, PeerProfile.BATCH);
  }

  private Outflow streamed(int id, long credits) {
    h.request(id, "work", "{\"_meta\":{\"stream\":true,\"credits\":" + credits + "}}");
    InboundCall call = h.started(h.effects.started.size() - 1);
    assertThat(h.effects.next()).isEqualTo("run work");
    Outflow result = call.result();
    assertThat(result).isNotNull();
    result.open(() -> h.engine.ready(result), 1_000_000);
    return result;
  }

  private static String item(String params) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"$/item\",\"params\":" + params + "}";
  }

  private static String credit(String params) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"$/credit\",\"params\":" + params + "}";
  }

  private Inflow callForItems(@Nullable RawJson params, CallOptions options) {
    Inflow inflow = new Inflow(64, NOBODY);
    OutboundCall call =
        new OutboundCall("hers", params, options, h.outcomes::add, inflow, List.of(), null, null);
    h.engine.call(call, h.now + 100 * EngineHarness.SECOND, h.now);
    return inflow;
  }

  // ---- results of theirs

  @Test
  void itemsLeaveAsTheyWereGranted() throws InterruptedException {
    Outflow result = streamed(9, 2);
    result.put(RawJson.number(1));
    assertThat(h.effects.next()).isEqualTo(item("{\"id\":9,\"seq\":1,\"items\":[1]}"));
    h.notification("$/credit", "{\"id\":9,\"n\":2}");
    result.put(RawJson.number(2));
    result.put(RawJson.number(3));
    assertThat(h.effects.next()).isEqualTo(item("{\"id\":9,\"seq\":2,\"items\":[2]}"));
    assertThat(h.effects.next()).isEqualTo(item("{\"id\":9,\"seq\":3,\"items\":[3]}"));
    h.finish(0, "null");
    assertThat(h.effects.next()).isEqualTo(EngineHarness.success(9, "null"));
    h.effects.assertExhausted();
    assertThat(result.closed()).isTrue();
  }

  @Test
  void whileThePeerDoesNotReadItemsWait() throws InterruptedException {
    Outflow result = streamed(9, 20);
    h.engine.writable(false, h.now, 1_000_000);
    h.effects.all();
    result.put(RawJson.number(1));
    result.put(RawJson.number(2));
    h.effects.assertExhausted();

    h.engine.writable(true, h.now, 0);

    assertThat(h.effects.all()).contains(item("{\"id\":9,\"seq\":1,\"items\":[1,2]}"));
  }

  @Test
  void aCancelledStreamSendsNothingMore() throws InterruptedException {
    Outflow result = streamed(9, 20);
    h.engine.writable(false, h.now, 1_000_000);
    h.effects.all();
    result.put(RawJson.number(1));
    h.cancel(9);
    assertThat(h.effects.next()).startsWith(EngineHarness.failure(9, -32800));
    assertThat(h.effects.next()).isEqualTo("interrupt work");
    h.engine.writable(true, h.now, 0);
    assertThat(h.effects.all()).noneMatch(text -> text.contains("$/item"));
    assertThat(result.closed()).isTrue();
  }

  @Test
  void aStreamThatIsSentMakesRoomForAnotherCallButStaysAdmitted() {
    h.request(1, "work");
    h.request(2, "work");
    h.request(3, "work");
    assertThat(h.effects.all()).hasSize(2);
    h.engine.streaming(h.started(0));
    assertThat(h.effects.next()).isEqualTo("run work");
    for (int id = 4; id <= 6; id++) {
      h.request(id, "work");
    }
    h.effects.assertExhausted();
    h.request(7, "work");
    assertThat(h.effects.next()).startsWith(EngineHarness.failure(7, -32006));

    h.finish(0, "null");
    assertThat(h.effects.next()).isEqualTo(EngineHarness.success(1, "null"));
    h.effects.assertExhausted();
    h.finish(1, "null");
    assertThat(h.effects.next()).isEqualTo(EngineHarness.success(2, "null"));
    assertThat(h.effects.next()).isEqualTo("run work");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$/credit|{\"id\":8,\"n\":1}",
        "$/credit|{\"id\":\"9\",\"n\":1}",
        "$/credit|{\"id\":9,\"n\":0}",
        "$/credit|{\"id\":9,\"n\":-1}",
        "$/credit|{\"id\":9,\"n\":1.5}",
        "$/credit|{\"id\":9,\"n\":99999999999999999999}",
        "$/credit|{\"id\":9,\"arg\":1,\"n\":1}",
        "$/credit|{\"id\":9}",
        "$/credit|[9,1]",
        "$/item|{\"id\":9,\"seq\":1,\"items\":[1]}",
        "$/item|{\"id\":9,\"arg\":1,\"seq\":1,\"items\":[1]}",
        "$/item|{\"id\":9,\"arg\":2147483648,\"seq\":1,\"items\":[1]}",
        "$/item|{\"id\":{},\"seq\":1,\"items\":[1]}",
        "$/end|{\"id\":9,\"arg\":65}",
        "$/end|{\"id\":9}",
        "$/progress|{\"token\":9,\"value\":1}",
        "$/progress|{\"token\":{},\"value\":1}",
      })
  void whatMeansNothingIsIgnored(String message) {
    var unused = streamed(9, 0);
    int bar = message.indexOf('|');
    h.notification(message.substring(0, bar), message.substring(bar + 1));
    h.effects.assertExhausted();
    assertThat(h.engine.ignored()).isEqualTo(1);
  }

  @Test
  void creditBeyondAllMeasureIsOnlyCounted() throws InterruptedException {
    Outflow result = streamed(9, Long.MAX_VALUE);
    for (int i = 0; i < 3; i++) {
      h.notification("$/credit", "{\"id\":9,\"n\":" + Long.MAX_VALUE + "}");
    }
    result.put(RawJson.TRUE);
    assertThat(h.effects.next()).isEqualTo(item("{\"id\":9,\"seq\":1,\"items\":[true]}"));
  }

  // ---- results of ours

  @Test
  void itemsOfOursAreTakenUntilTheAnswer() throws InterruptedException {
    everwire();
    Inflow inflow = callForItems(RawJson.parse("[1]"), CallOptions.withoutDeadline());
    assertThat(h.effects.next())
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"method\":\"rpc.call\",\"params\":{\"method\":\"hers\","
                + "\"params\":[1],\"meta\":{\"stream\":true,\"credits\":4}}}");
    h.notification("$/item", "{\"id\":\"s:1\",\"seq\":1,\"items\":[1,2]}");
    h.engine.grant(new RequestId("\"s:1\""), 5);
    assertThat(h.effects.next()).isEqualTo(credit("{\"id\":\"s:1\",\"n\":5}"));
    h.receive(EngineHarness.success("\"s:1\"", "null"));
    assertThat(h.outcomes).hasSize(1);
    h.notification("$/item", "{\"id\":\"s:1\",\"seq\":3,\"items\":[3]}");
    h.engine.grant(new RequestId("\"s:1\""), 5);
    h.effects.assertExhausted();
    assertThat(inflow.take()).hasToString("1");
    assertThat(inflow.size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"s:1\",\"seq\":2,\"items\":[1]}",
        "{\"id\":\"s:1\",\"seq\":0,\"items\":[]}",
        "{\"id\":\"s:1\",\"seq\":1,\"items\":[1,2,3,4,5]}",
      })
  void aPeerThatBreaksTheRulesEndsTheStreamAndNothingElse(String items) {
    everwire();
    Inflow inflow = callForItems(null, CallOptions.withoutDeadline());
    h.effects.all();
    h.notification("$/item", items);
    assertThat(h.effects.next()).contains("$/cancelRequest").contains("s:1");
    assertThat(h.outcomes).containsExactly(new CallOutcome.Cancelled());
    assertThat(inflow.ending()).isInstanceOf(Ending.Failed.class);
    h.receive(EngineHarness.success("\"s:1\"", "null"));
    h.request(1, "work");
    assertThat(h.effects.next()).isEqualTo("run work");
    h.effects.assertExhausted();
  }

  @Test
  void whoReadsAStreamCountsAsWaitingOnlyWhileItWaits() {
    everwire();
    Inflow inflow = callForItems(null, CallOptions.withoutDeadline());
    h.effects.all();
    h.request(1, "work");
    h.request(2, "work");
    h.request(3, "work");
    assertThat(h.effects.all()).hasSize(2);
    h.engine.readerWaits(inflow, null, true);
    assertThat(h.effects.next()).isEqualTo("run work");
    h.engine.readerWaits(inflow, null, false);
    h.effects.assertExhausted();
  }

  @Test
  void aHandlerInOrderThatWaitsForItemsLetsTheNextOneBegin() {
    everwire();
    h.request(1, "turn");
    h.request(2, "turn");
    h.request(3, "turn");
    assertThat(h.effects.all()).containsExactly("run turn");
    Inflow argument = new Inflow(64, NOBODY);
    h.engine.open(h.started(0), 1, argument);
    h.effects.all();
    h.engine.readerWaits(argument, h.started(0).turn(), true);
    assertThat(h.effects.all()).containsExactly("run turn");
    h.engine.readerWaits(argument, h.started(0).turn(), false);
    h.finish(1, "2");
    assertThat(h.effects.all()).containsExactly(EngineHarness.success(2, "2"));
    h.finish(0, "1");
    assertThat(h.effects.all()).containsExactly(EngineHarness.success(1, "1"), "run turn");
  }

  // ---- arguments of theirs

  @Test
  void anArgumentIsGrantedWhenItIsReadAndEndsWithItsFault() throws InterruptedException {
    h.request(9, "work", "[{\"$stream\":1}]");
    h.effects.all();
    h.notification("$/item", "{\"id\":9,\"arg\":1,\"seq\":1,\"items\":[0]}");
    assertThat(h.engine.ignored()).isEqualTo(1);
    Inflow inflow = new Inflow(64, NOBODY);
    h.engine.open(h.started(0), 1, inflow);
    assertThat(h.effects.next()).isEqualTo(credit("{\"id\":9,\"arg\":1,\"n\":4}"));
    h.notification("$/item", "{\"id\":9,\"arg\":1,\"seq\":1,\"items\":[1]}");
    h.notification("$/end", "{\"id\":9,\"arg\":1,\"error\":{\"code\":42,\"message\":\"no more\"}}");
    assertThat(inflow.take()).hasToString("1");
    assertThat(inflow.take()).isNull();
    assertThat(inflow.ending()).isEqualTo(new Ending.Failed(Fault.of(42, "no more")));
  }

  @Test
  void anArgumentThatEndedBeforeItIsReadIsReadAsEnded() throws InterruptedException {
    h.request(1, "turn");
    h.request(2, "turn");
    h.notification("$/end", "{\"id\":2,\"arg\":1}");
    h.notification("$/end", "{\"id\":2,\"arg\":2,\"error\":{\"code\":42,\"message\":\"no more\"}}");
    assertThat(h.engine.ignored()).isZero();
    h.finish(0, "1");
    h.effects.all();
    Inflow empty = new Inflow(64, NOBODY);
    Inflow failed = new Inflow(64, NOBODY);
    h.engine.open(h.started(1), 1, empty);
    h.engine.open(h.started(1), 2, failed);
    h.effects.assertExhausted(); // nothing is granted for what has ended
    assertThat(empty.take()).isNull();
    assertThat(empty.ending()).isEqualTo(new Ending.Complete());
    assertThat(failed.ending()).isEqualTo(new Ending.Failed(Fault.of(42, "no more")));
  }

  @Test
  void anEndOfWhatCannotBeAnArgumentMeansNothing() {
    h.request(9, "work");
    h.notification("$/end", "{\"id\":9,\"arg\":65}");
    h.notification("$/end", "{\"id\":8,\"arg\":1}");
    assertThat(h.engine.ignored()).isEqualTo(2);
  }

  @Test
  void anArgumentThatIsOpenedAfterTheConnectionWentEndsWithIt() {
    h.request(9, "work");
    h.engine.lost("cut");
    h.effects.all();
    Inflow argument = new Inflow(64, NOBODY);
    h.engine.open(h.started(0), 1, argument);
    assertThat(argument.ending()).isEqualTo(new Ending.Lost(true, "cut"));
    h.effects.assertExhausted();
  }

  @Test
  void aHandlerThatReturnsItsStreamAfterTheConnectionWentIsInterrupted() {
    h.request(9, "work", "{\"_meta\":{\"stream\":true,\"credits\":5}}");
    h.engine.lost("cut");
    h.effects.all();
    h.engine.streaming(h.started(0));
    assertThat(h.effects.all()).containsExactly("interrupt work");
  }

  @Test
  void theSameArgumentIsReadOnce() {
    h.request(9, "work");
    h.effects.all();
    Inflow second = new Inflow(64, NOBODY);
    h.engine.open(h.started(0), 1, new Inflow(64, NOBODY));
    h.effects.all();
    h.engine.open(h.started(0), 1, second);
    h.effects.assertExhausted();
    assertThat(second.ending()).isInstanceOf(Ending.Failed.class);
  }

  @Test
  void whatACallReadsAndWritesEndsWithTheConnection() {
    Outflow result = streamed(9, 5);
    Inflow argument = new Inflow(64, NOBODY);
    h.engine.open(h.started(0), 1, argument);
    h.engine.lost("cut");
    assertThat(argument.ending()).isEqualTo(new Ending.Lost(true, "cut"));
    assertThat(result.closed()).isTrue();
  }

  // ---- arguments of ours

  @Test
  void anArgumentOfOursIsSentAsThePeerGrantsAndEndsWithTheCall() throws InterruptedException {
    everwire();
    OutboundCall call =
        new OutboundCall(
            "hers",
            RawJson.parse("[{\"$stream\":1}]"),
            CallOptions.withoutDeadline(),
            h.outcomes::add,
            null,
            List.of(new Argument(ItemStream.of(List.of(1)))),
            null,
            null);
    h.engine.call(call, h.now + EngineHarness.SECOND, h.now);
    assertThat(h.effects.next())
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"method\":\"hers\",\"params\":[{\"$stream\":1}]}");
    assertThat(h.effects.next()).isEqualTo("produce \"s:1\" 1");
    Outflow out = h.effects.produced.getFirst();
    out.open(() -> h.engine.ready(out), 1_000_000);
    h.notification("$/credit", "{\"id\":\"s:1\",\"arg\":1,\"n\":1}");
    out.put(RawJson.number(1));
    assertThat(h.effects.next())
        .isEqualTo(item("{\"id\":\"s:1\",\"arg\":1,\"seq\":1,\"items\":[1]}"));
    h.engine.sent(out, null);
    assertThat(h.effects.next())
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"method\":\"$/end\",\"params\":{\"id\":\"s:1\",\"arg\":1}}");
    h.receive(EngineHarness.success("\"s:1\"", "7"));
    assertThat(out.closed()).isTrue();
    h.engine.sent(out, null);
    h.effects.assertExhausted();
  }

  // ---- metadata

  @Test
  void howLongWeWaitTravelsWithEachCallToAPeerThatUnderstandsIt() {
    everwire();
    long second = h.now + EngineHarness.SECOND;
    for (String params : new String[] {"{\"a\":1}", "{}", "{ }", "[1]", "{\"_meta\":{}}"}) {
      call("hers", RawJson.parse(params), second);
    }
    call("hers", null, second);
    call("rpc.admin.stats", null, second);
    assertThat(h.effects.all())
        .extracting(text -> text.substring(text.indexOf("\"method\"")))
        .containsExactly(
            "\"method\":\"hers\",\"params\":{\"_meta\":{\"timeoutMs\":1000},\"a\":1}}",
            "\"method\":\"hers\",\"params\":{\"_meta\":{\"timeoutMs\":1000} }}",
            "\"method\":\"hers\",\"params\":{\"_meta\":{\"timeoutMs\":1000}  }}",
            "\"method\":\"rpc.call\",\"params\":{\"method\":\"hers\",\"params\":[1],"
                + "\"meta\":{\"timeoutMs\":1000}}}",
            "\"method\":\"hers\",\"params\":{\"_meta\":{}}}",
            "\"method\":\"hers\",\"params\":{\"_meta\":{\"timeoutMs\":1000}}}",
            "\"method\":\"rpc.admin.stats\"}");
  }

  @Test
  void aPlainPeerSeesNothingButJsonRpc() {
    call("hers", RawJson.parse("{\"a\":1}"), h.now + EngineHarness.SECOND);
    assertThat(h.effects.next())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"method\":\"hers\",\"params\":{\"a\":1}}");
    var unused = callForItems(null, CallOptions.withoutDeadline());
    assertThat(h.effects.next())
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"s:2\",\"method\":\"hers\"}");
  }

  private void call(String method, @Nullable RawJson params, long deadline) {
    CallOptions options = CallOptions.within(Duration.ofSeconds(1));
    h.engine.call(OutboundCall.of(method, params, options, h.outcomes::add), deadline, h.now);
  }

  // ---- batches

  private List<Outgoing.Member> batch() {
    List<Outgoing.Member> members = new ArrayList<>();
    for (String method : List.of("one", "two")) {
      members.add(
          new Outgoing.Member.Called(
              OutboundCall.of(method, null, CallOptions.withoutDeadline(), h.outcomes::add)));
    }
    members.add(new Outgoing.Member.Told("three", null));
    return members;
  }

  private List<String> sendBatch() {
    long deadline = h.now + EngineHarness.SECOND;
    assertThat(h.engine.batch(batch(), List.of(deadline, deadline), h.now)).hasSize(2);
    return h.effects.all();
  }

  @Test
  void aBatchLeavesInOneArrayAndItsAnswersComeAsTheyLike() {
    everwire(PeerProfile.BATCH);
    assertThat(sendBatch())
        .containsExactly(
            "[{\"jsonrpc\":\"2.0\",\"id\":\"s:1\",\"method\":\"one\"},"
                + "{\"jsonrpc\":\"2.0\",\"id\":\"s:2\",\"method\":\"two\"},"
                + "{\"jsonrpc\":\"2.0\",\"method\":\"three\"}]");
    h.receive(EngineHarness.success("\"s:2\"", "2"));
    h.receive("[" + EngineHarness.success("\"s:1\"", "1") + "]");
    assertThat(h.outcomes)
        .containsExactly(
            new CallOutcome.Answered(RawJson.number(2)),
            new CallOutcome.Answered(RawJson.number(1)));
  }

  @Test
  void aServerSendsAPeerThatReadsNoArraysOneByOne() {
    assertThat(sendBatch()).hasSize(3).noneMatch(text -> text.startsWith("["));
  }

  @Test
  void aBatchForWhichThereIsNoRoomEndsAtOnce() {
    everwire(PeerProfile.BATCH);
    h.effects.offer = Offer.FULL;
    assertThat(sendBatch()).isEmpty();
    assertThat(h.outcomes).hasSize(2).allMatch(CallOutcome.Refused.class::isInstance);
    assertThat(h.engine.pendingCalls()).isZero();
  }
}
