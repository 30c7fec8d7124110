package dev.everwire.session.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.RequestId;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Ack;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CallTableTest {
  private static final CallOutcome ANSWERED = new CallOutcome.Answered(RawJson.TRUE);

  private final List<Message.Request> sent = new ArrayList<>();
  private final List<CallOutcome> outcomes = new ArrayList<>();
  private Offer wire = Offer.QUEUED;
  private final CallTable table =
      new CallTable(
          1_000,
          RequestId::number,
          request -> {
            sent.add(request);
            return wire;
          });

  @Test
  void aThousandArePendingAndOneMoreIsRefusedUntilOneHasEnded() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(table.send("m", null, i, outcomes::add)).isNotNull();
    }
    assertThat(table.send("m", null, 0, outcomes::add)).isNull();
    assertThat(outcomes).hasSize(1).first().isInstanceOf(CallOutcome.Refused.class);
    assertThat(sent).hasSize(1_000);
    assertThat(table.end(RequestId.number(500), ANSWERED)).isTrue();
    assertThat(table.send("m", null, 0, outcomes::add)).isEqualTo(RequestId.number(1_001));
  }

  @Test
  void anEntryLivesExactlyAsLongAsItsOwnDeadline() {
    RequestId late = table.send("m", null, 20, outcomes::add);
    RequestId early = table.send("m", null, 10, outcomes::add);
    assertThat(table.untilNextDeadline(0)).isEqualTo(10);
    assertThat(table.expire(9)).isEmpty();
    assertThat(table.expire(10)).containsExactly(early);
    assertThat(table.untilNextDeadline(10)).isEqualTo(10);
    assertThat(table.expire(19)).isEmpty();
    assertThat(table.expire(25)).containsExactly(late);
    assertThat(table.untilNextDeadline(25)).isEqualTo(Long.MAX_VALUE);
    assertThat(outcomes).containsExactly(new CallOutcome.Expired(), new CallOutcome.Expired());
    assertThat(table.size()).isZero();
  }

  @Test
  void anAnsweredCallHasNoDeadlineAnyMore() {
    RequestId id = table.send("m", null, 10, outcomes::add);
    assertThat(id).isNotNull();
    assertThat(table.end(id, ANSWERED)).isTrue();
    assertThat(table.end(id, ANSWERED)).isFalse();
    assertThat(table.untilNextDeadline(0)).isEqualTo(Long.MAX_VALUE);
    assertThat(table.expire(100)).isEmpty();
    assertThat(outcomes).containsExactly(ANSWERED);
  }

  @Test
  void anIdThatIsInUseIsRefused() {
    RequestId hello = new RequestId("\"h\"");
    table.sendAs(hello, "m", null, 10, outcomes::add);
    assertThatIllegalStateException()
        .isThrownBy(() -> table.sendAs(hello, "m", null, 10, outcomes::add))
        .withMessageContaining("\"h\" is in use");
    assertThat(table.size()).isEqualTo(1);
    assertThat(outcomes).isEmpty();
  }

  @Test
  void aCallThatCouldNotBeSentLeavesNothingBehind() {
    wire = Offer.FULL;
    assertThat(table.send("m", null, 10, outcomes::add)).isNull();
    wire = Offer.CLOSED;
    assertThat(table.send("m", null, 10, outcomes::add)).isNull();
    assertThat(outcomes).hasSize(2);
    assertThat(table.size()).isZero();
    assertThat(table.untilNextDeadline(0)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aCallMadeWhileTheTableIsClosedEndsAtOnce() {
    table.send("m", null, 10, outcome -> table.send("again", null, 10, outcomes::add));
    table.close("cut");
    assertThat(outcomes).hasSize(1).first().isEqualTo(new CallOutcome.Lost(false, "closed"));
    assertThat(table.size()).isZero();
  }

  @Test
  void everyCallEndsExactlyOnceWhateverHappens() {
    for (long seed = 0; seed < 200; seed++) {
      run(new SplittableRandom(seed), seed);
    }
  }

  private static void run(SplittableRandom random, long seed) {
    Map<Integer, Integer> ends = new HashMap<>();
    List<RequestId> ids = new ArrayList<>();
    CallTable table =
        new CallTable(
            20, RequestId::number, request -> random.nextInt(10) == 0 ? Offer.FULL : Offer.QUEUED);
    int calls = 0;
    long now = 0;
    for (int step = 0; step < 300; step++) {
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          int call = calls++;
          RequestId id =
              table.send(
                  "m",
                  null,
                  now + random.nextInt(50),
                  outcome -> ends.merge(call, 1, Integer::sum));
          if (id != null) {
            ids.add(id);
          }
        }
        case 2 -> {
          if (!ids.isEmpty()) {
            table.end(ids.get(random.nextInt(ids.size())), ANSWERED);
          }
        }
        default -> {
          now += random.nextInt(20);
          table.expire(now);
          assertThat(table.untilNextDeadline(now)).describedAs("seed %d", seed).isPositive();
        }
      }
    }
    table.close("end");
    assertThat(table.size()).isZero();
    assertThat(ends).describedAs("seed %d", seed).hasSize(calls);
    assertThat(ends.values()).describedAs("seed %d", seed).allMatch(count -> count == 1);
  }

  @Test
  void numbersGoOnBehindThoseOfAFormerConnection() {
    table.goOnBehind(7);
    assertThat(table.firstAwaited()).isEqualTo(8);
    assertThat(table.send("m", null, 10, outcomes::add)).isEqualTo(RequestId.number(8));
    table.goOnBehind(3);
    assertThat(table.last()).isEqualTo(8);
  }

  @Test
  void aCallOfAFormerConnectionIsAwaitedWithoutBeingSent() {
    table.goOnBehind(7);
    assertThat(table.adopt(5, 20, outcomes::add)).isEqualTo(RequestId.number(5));
    assertThat(sent).isEmpty();
    assertThat(table.firstAwaited()).isEqualTo(5);
    assertThat(table.untilNextDeadline(0)).isEqualTo(20);
    assertThat(table.end(RequestId.number(5), ANSWERED)).isTrue();
    assertThat(outcomes).containsExactly(ANSWERED);
    assertThat(table.firstAwaited()).isEqualTo(8);
  }

  @Test
  void aCallOfAFormerConnectionIsSentUnderItsNumber() {
    table.goOnBehind(7);
    table.sendNumbered(5, id -> new Message.Request(id, "m", null), 20, outcomes::add);
    assertThat(sent).containsExactly(new Message.Request(RequestId.number(5), "m", null));
    assertThat(table.send("m", null, 10, outcomes::add)).isEqualTo(RequestId.number(8));
    table.close("cut");
    assertThat(outcomes).containsOnly(new CallOutcome.Lost(true, "cut")).hasSize(2);
    assertThat(table.adopt(6, 10, outcomes::add)).isNull();
    assertThat(outcomes).hasSize(3);
  }

  @Test
  void whoAcknowledgesIsToldOfEveryEndButThatOfHelloAndOfTheLink() {
    Acks acks = new Acks();
    table.acknowledge(acks);
    table.sendAs(new RequestId("\"h\""), "m", null, 10, outcomes::add);
    table.end(new RequestId("\"h\""), ANSWERED);
    assertThat(acks.untilDue(0)).isEqualTo(Long.MAX_VALUE);
    table.send("m", null, 10, outcomes::add);
    table.send("m", null, 5, outcomes::add);
    table.expire(6);
    assertThat(acks.untilDue(0)).isEqualTo(Acks.WITHIN);
    assertThat(acks.take(table.firstAwaited())).isEqualTo(Ack.calls(0, List.of(2L)));
    table.close("cut");
    assertThat(acks.untilDue(0)).isEqualTo(Long.MAX_VALUE);
  }
}
