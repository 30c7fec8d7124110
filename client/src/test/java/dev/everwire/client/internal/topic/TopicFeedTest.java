package dev.everwire.client.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Entry;
import dev.everwire.protocol.wire.HistoryRequest;
import dev.everwire.protocol.wire.Subscribed;
import dev.everwire.protocol.wire.Subscribed.Recovery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A feed that is told what happens; what it asks for and what its readers get is written down. */
class TopicFeedTest {

  /** Writes requests down; each has to be looked at by the test. */
  private static final class WireLog implements TopicFeed.Wire {
    final Deque<String> asked = new ArrayDeque<>();
    final Deque<TopicFeed.Fill> fills = new ArrayDeque<>();

    @Override
    public void subscribe(TopicFeed feed, @Nullable Position since) {
      asked.add("subscribe " + since);
    }

    @Override
    public void history(TopicFeed feed, Position since, int limit, TopicFeed.Fill fill) {
      asked.add("history " + since + " +" + limit);
      fills.add(fill);
    }

    @Override
    public void unsubscribe(TopicFeed feed) {
      asked.add("unsubscribe");
    }

    @Override
    public void retryLater(TopicFeed feed, int failures, Fault fault) {
      asked.add("later " + failures);
    }

    void assertAsked(String... requests) {
      assertThat(asked).containsExactly(requests);
      asked.clear();
    }
  }

  /** Writes down what it gets: 121, or [120-123 reason] for a gap. */
  private static final class Log implements Reader {
    final List<String> lines = new ArrayList<>();
    int confirmations;

    @Override
    public void begin(Position position) {
      lines.add("@" + position);
    }

    @Override
    public void confirmed() {
      assertThat(lines).as("begins before that").isNotEmpty();
      confirmations++;
    }

    @Override
    public void piece(Piece piece) {
      lines.add(
          switch (piece) {
            case Piece.Item(Position position, RawJson data) -> {
              assertThat(data).isEqualTo(RawJson.number(position.offset()));
              yield Long.toString(position.offset());
            }
            case Piece.Gap(String reason, Position from, Position to) ->
                "[" + from + "-" + to + " " + reason + "]";
          });
    }

    @Override
    public void end(Ending ending) {
      lines.add(ending.toString());
    }

    void assertGot(String... expected) {
      assertThat(lines).containsExactly(expected);
      lines.clear();
    }
  }

  private final WireLog wire = new WireLog();
  private final TopicFeed feed = new TopicFeed("prices", wire);
  private final Log log = new Log();

  @AfterEach
  void everythingAskedForWasLookedAt() {
    assertThat(wire.asked).isEmpty();
  }

  // ---- one connection

  @Test
  void eventsFollowTheAnswer() {
    live(120);

    events(121, 122);

    log.assertGot("@k3:120", "121", "122");
  }

  @Test
  void whenTheLastReaderLeftAPageAsksForNoMore() {
    feed.attach(log, new Position("k3", 120));
    feed.online();
    feed.detach(log);
    wire.assertAsked("subscribe k3:120", "unsubscribe");

    feed.subscribed(
        new Subscribed(
            "prices",
            new Position("k3", 121),
            Recovery.COMPLETE,
            List.of(new Entry(121, RawJson.number(121))),
            true,
            null,
            0));

    log.assertGot("@k3:120");
  }

  @Test
  void aRefusalThatSaysNotToRetryEndsTheSubscription() {
    feed.attach(log, null);
    feed.online();
    feed.refused(
        new Fault(
            FaultCode.OVERLOADED,
            "too many subscriptions",
            RawJson.parse("{\"retryable\":false}")));

    wire.assertAsked("subscribe null");
    assertThat(log.lines).hasSize(1).first().asString().contains("too many subscriptions");
  }

  @Test
  void aSubscriptionThatTheServerEndsIsOverAndNotAskedForAgain() {
    live(120);
    events(121);

    feed.unsubscribed(Fault.of(FaultCode.FORBIDDEN, "not allowed"));
    events(122);
    feed.offline();

    log.assertGot("@k3:120", "121", new Ending.Refused(Fault.of(-32003, "not allowed")).toString());
    assertThat(feed.unread()).isTrue();
  }

  @Test
  void aSubscriptionThatTheServerEndsForNowIsTakenUpAgainBehindTheLastEvent() {
    live(120);
    events(121);

    feed.unsubscribed(Fault.of(FaultCode.OVERLOADED, "cannot be decided now"));
    wire.assertAsked("later 1");
    feed.retry();
    wire.assertAsked("subscribe k3:121");

    log.assertGot("@k3:120", "121");
  }

  @Test
  void theEndOfAFormerSubscriptionIsNoMatterOfTheNext() {
    feed.attach(log, null);
    feed.online();
    wire.assertAsked("subscribe null");

    feed.unsubscribed(Fault.of(FaultCode.FORBIDDEN, "not allowed"));

    log.assertGot();
    assertThat(feed.unread()).isFalse();
  }

  @Test
  void whenTheLastReaderLeftARestIsNotFollowedByAnotherTry() {
    feed.attach(log, null);
    feed.online();
    feed.refused(Fault.of(FaultCode.OVERLOADED, "later"));
    wire.assertAsked("subscribe null", "later 1");

    feed.detach(log);
    feed.retry();

    wire.assertAsked();
  }

  @Test
  void aReaderIsConfirmedOnceAndByTheServer() {
    Position since = new Position("k3", 120);
    feed.attach(log, since);
    feed.online();
    assertThat(log.confirmations).isZero();

    feed.refused(Fault.of(FaultCode.OVERLOADED, "later"));
    feed.retry();
    assertThat(log.confirmations).isZero();

    feed.subscribed(fresh(120));
    assertThat(log.confirmations).isEqualTo(1);

    feed.offline();
    feed.online();
    feed.subscribed(fresh(120));
    assertThat(log.confirmations).isEqualTo(1);
    wire.assertAsked("subscribe k3:120", "later 1", "subscribe k3:120", "subscribe k3:120");
  }

  @Test
  void aReaderThatComesToALiveTopicIsConfirmedAtOnce() {
    live(120);
    Log second = new Log();

    feed.attach(second, null);

    second.assertGot("@k3:120");
    assertThat(second.confirmations).isEqualTo(1);
  }

  @Test
  void theFirstOfSeveralPagesConfirms() {
    feed.attach(log, new Position("k3", 120));
    feed.online();

    feed.subscribed(
        new Subscribed(
            "prices",
            new Position("k3", 121),
            Recovery.COMPLETE,
            List.of(new Entry(121, RawJson.number(121))),
            true,
            null,
            0));

    assertThat(log.confirmations).isEqualTo(1);
    wire.assertAsked("subscribe k3:120", "subscribe k3:121");
  }

  @Test
  void duplicatesAreDropped() {
    live(120);

    events(120, 121, 121, 119, 122, 121);

    log.assertGot("@k3:120", "121", "122");
  }

  @Test
  void eventsBeforeTheAnswerBelongToAFormerSubscription() {
    feed.attach(log, null);
    feed.online();
    events(119, 120);
    wire.assertAsked("subscribe null");
    feed.subscribed(fresh(120));

    log.assertGot("@k3:120");
  }

  @Test
  void aHoleIsAskedForAndFilledInOrder() {
    live(120);

    events(121, 124, 125);
    wire.assertAsked("history k3:121 +2");
    log.assertGot("@k3:120", "121");

    wire.fills.remove().filled(history(125, 122, 123));
    events(126);
    log.assertGot("122", "123", "124", "125", "126");
  }

  @Test
  void aHoleThatClosesByItselfNeedsNoAnswer() {
    live(120);

    events(122, 121, 123);
    wire.assertAsked("history k3:120 +1");
    log.assertGot("@k3:120", "121", "122", "123");

    wire.fills.remove().filled(history(123, 121));
    wire.assertAsked();
    log.assertGot();
  }

  @Test
  void theAnswerAboutAHoleThatClosedSaysNothingAboutTheNext() {
    live(120);

    events(122, 121, 124);
    wire.assertAsked("history k3:120 +1");
    wire.fills.remove().filled(history(122, 121));
    wire.assertAsked("history k3:122 +1");
    wire.fills.remove().filled(history(124, 123));

    log.assertGot("@k3:120", "121", "122", "123", "124");
  }

  @Test
  void noAnswerAboutAHoleThatClosedSaysNothingEither() {
    live(120);

    events(122, 121, 124);
    wire.assertAsked("history k3:120 +1");
    wire.fills.remove().failed(Fault.of(FaultCode.DEADLINE_PASSED, "late"));
    wire.assertAsked("history k3:122 +1");
    wire.fills.remove().filled(history(124, 123));

    log.assertGot("@k3:120", "121", "122", "123", "124");
  }

  @Test
  void whatComesOutOfOrderIsPutInOrder() {
    live(120);

    events(124, 123, 122, 121);
    wire.assertAsked("history k3:120 +3");
    log.assertGot("@k3:120", "121");
    wire.fills.remove().filled(history(124, 121, 122, 123));

    log.assertGot("122", "123", "124");
  }

  @Test
  void twoHolesAreFilledOneAfterTheOther() {
    live(120);

    events(122, 124);
    wire.assertAsked("history k3:120 +1");
    wire.fills.remove().filled(history(124, 121));
    wire.assertAsked("history k3:122 +1");
    wire.fills.remove().filled(history(124, 123));

    log.assertGot("@k3:120", "121", "122", "123", "124");
  }

  @Test
  void historyInPagesIsAskedForUntilTheHoleIsClosed() {
    live(120);

    events(125);
    wire.assertAsked("history k3:120 +4");
    wire.fills.remove().filled(history(125, 121, 122));
    wire.assertAsked("history k3:122 +2");
    wire.fills.remove().filled(history(125, 123, 124));

    log.assertGot("@k3:120", "121", "122", "123", "124", "125");
  }

  @Test
  void aHoleThatHistoryDoesNotReachBackToIsAGap() {
    live(120);

    events(125);
    wire.assertAsked("history k3:120 +4");
    wire.fills.remove().filled(history(125, 123, 124));

    log.assertGot("@k3:120", "[k3:120-k3:122 trimmed]", "123", "124", "125");
  }

  @Test
  void whatIsHeldIsNotPartOfTheGapInFrontOfIt() {
    live(120);

    events(122, 124);
    wire.assertAsked("history k3:120 +1");
    wire.fills.remove().filled(history(125, 125));

    log.assertGot(
        "@k3:120", "[k3:120-k3:121 trimmed]", "122", "[k3:122-k3:123 trimmed]", "124", "125");
  }

  @Test
  void aHoleThatHistoryDoesNotKnowIsAGap() {
    live(120);

    events(123);
    wire.assertAsked("history k3:120 +2");
    wire.fills.remove().filled(history(123));

    log.assertGot("@k3:120", "[k3:120-k3:122 missing]", "123");
  }

  @Test
  void aHoleThatCannotBeAskedForIsAGapAndTheStreamGoesOn() {
    live(120);

    events(123, 125);
    wire.assertAsked("history k3:120 +2");
    wire.fills.remove().failed(Fault.of(FaultCode.METHOD_NOT_FOUND, "Method not found"));
    wire.assertAsked("history k3:123 +1");
    wire.fills.remove().failed(Fault.of(FaultCode.POSITION_LOST, "gone"));
    events(126);

    log.assertGot(
        "@k3:120", "[k3:120-k3:122 missing]", "123", "[k3:123-k3:124 trimmed]", "125", "126");
  }

  @Test
  void historyOfAnotherEpochIsAGapToItsTop() {
    live(120);

    events(123);
    wire.assertAsked("history k3:120 +2");
    wire.fills
        .remove()
        .filled(new HistoryRequest.Answer("prices", new Position("k4", 7), List.of(), false));
    events(8);

    log.assertGot("@k3:120", "[k3:120-k4:7 epoch]", "8");
  }

  @Test
  void whatDoesNotFitWhileAHoleIsFilledIsAskedForAfterwards() {
    live(0);

    feed.event(2, RawJson.number(2));
    wire.assertAsked("history k3:0 +1");
    LongStream.rangeClosed(3, 1_500).forEach(offset -> events(offset));
    wire.fills.remove().filled(history(1_500, 1));
    wire.assertAsked("history k3:1001 +499");
    wire.fills.remove().filled(history(1_500, LongStream.rangeClosed(1_002, 1_500).toArray()));

    log.lines.removeFirst();
    assertThat(log.lines)
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, 1_500).mapToObj(Long::toString).toList());
  }

  @Test
  void aGapThatTheServerAnnouncesIsPassedOn() {
    live(120);

    feed.gap(121, 123, "slow");
    events(124);
    feed.gap(118, 124, "slow");

    log.assertGot("@k3:120", "[k3:120-k3:123 slow]", "124");
  }

  @Test
  void aNewLifeUnderALiveSubscriptionIsAGapAndItsEventsAreNotTakenForOldOnes() {
    live(120);

    feed.newLife(new Position("k4", 0), "epoch");
    events(1);

    log.assertGot("@k3:120", "[k3:120-k4:0 epoch]", "1");
  }

  @Test
  void aGapBehindAHoleWaitsForItsTurn() {
    live(120);

    feed.gap(122, 123, "slow");
    events(124);
    wire.assertAsked("history k3:120 +1");
    log.assertGot("@k3:120");
    wire.fills.remove().filled(history(124, 121));

    log.assertGot("121", "[k3:121-k3:123 slow]", "124");
  }

  // ---- connections that come and go

  @Test
  void subscribingWhileAwayIsSentOnceConnected() {
    feed.attach(log, null);
    feed.offline();
    wire.assertAsked();

    feed.online();
    feed.online();
    wire.assertAsked("subscribe null");
  }

  @Test
  void afterAReconnectItGoesOnBehindTheLastEvent() {
    live(120);
    events(121);

    feed.offline();
    feed.online();
    wire.assertAsked("subscribe k3:121");
    feed.subscribed(recovered(124, 122, 123, 124));
    events(125);

    log.assertGot("@k3:120", "121", "122", "123", "124", "125");
  }

  @Test
  void thePositionOfTheAnswerCountsEvenIfNoEventEverCame() {
    live(120);

    feed.offline();
    feed.online();

    wire.assertAsked("subscribe k3:120");
    feed.subscribed(recovered(121, 121));
    log.assertGot("@k3:120", "121");
  }

  @Test
  void aLongRecoveryComesInPages() {
    live(120);

    feed.offline();
    feed.online();
    wire.assertAsked("subscribe k3:120");
    feed.subscribed(page(122, 121, 122));
    wire.assertAsked("subscribe k3:122");
    events(126);
    feed.subscribed(page(124, 123, 124));
    wire.assertAsked("subscribe k3:124");
    feed.subscribed(recovered(125, 125));
    events(126);

    log.assertGot("@k3:120", "121", "122", "123", "124", "125", "126");
  }

  @Test
  void aPageWithoutProgressIsNotAskedForAtOnce() {
    live(120);

    feed.offline();
    feed.online();
    feed.subscribed(page(120));

    wire.assertAsked("subscribe k3:120", "later 1");
    feed.retry();
    wire.assertAsked("subscribe k3:120");
  }

  @Test
  void aConnectionLostBetweenPagesLosesNothing() {
    live(120);

    feed.offline();
    feed.online();
    feed.subscribed(page(122, 121, 122));
    feed.offline();
    feed.online();
    feed.subscribed(recovered(123, 123));

    wire.assertAsked("subscribe k3:120", "subscribe k3:122", "subscribe k3:122");
    log.assertGot("@k3:120", "121", "122", "123");
  }

  @Test
  void anImpossibleRecoveryIsAGap() {
    live(120);

    feed.offline();
    feed.online();
    wire.assertAsked("subscribe k3:120");
    feed.subscribed(impossible(new Position("k4", 7), "epoch"));
    events(8);

    log.assertGot("@k3:120", "[k3:120-k4:7 epoch]", "8");
  }

  @Test
  void anotherEpochIsAGapWhateverTheServerCallsIt() {
    live(120);

    feed.offline();
    feed.online();
    wire.assertAsked("subscribe k3:120");
    feed.subscribed(
        new Subscribed(
            "prices", new Position("k4", 0), Recovery.NOT_ASKED, List.of(), false, null, 0));
    events(1);

    log.assertGot("@k3:120", "[k3:120-k4:0 epoch]", "1");
  }

  @Test
  void aServerThatRecoversNothingIsAskedForHistory() {
    live(120);

    feed.offline();
    feed.online();
    feed.subscribed(fresh(122));
    wire.assertAsked("subscribe k3:120", "history k3:120 +2");
    wire.fills.remove().filled(history(122, 121, 122));

    log.assertGot("@k3:120", "121", "122");
  }

  @Test
  void aHoleInARecoveryIsAskedForToo() {
    live(120);

    feed.offline();
    feed.online();
    feed.subscribed(recovered(123, 121, 123));
    wire.assertAsked("subscribe k3:120", "history k3:121 +1");
    wire.fills.remove().filled(history(123, 122));

    log.assertGot("@k3:120", "121", "122", "123");
  }

  @Test
  void aHoleIsForgottenWithTheConnectionAndRecoveredWithTheNext() {
    live(120);

    events(122);
    wire.assertAsked("history k3:120 +1");
    TopicFeed.Fill late = wire.fills.remove();
    feed.offline();
    feed.online();
    wire.assertAsked("subscribe k3:120");
    feed.subscribed(recovered(122, 121, 122));
    late.filled(history(122, 121));

    log.assertGot("@k3:120", "121", "122");
  }

  @Test
  void whatWasSeenOnlyBehindAHoleIsForgottenWithTheConnection() {
    live(120);

    events(125);
    wire.assertAsked("history k3:120 +4");
    feed.offline();
    feed.online();
    feed.subscribed(recovered(120));
    wire.assertAsked("subscribe k3:120");
    events(121);

    log.assertGot("@k3:120", "121");
  }

  @Test
  void aLateAnswerWhileAwayIsVoid() {
    live(120);
    feed.offline();

    feed.subscribed(fresh(500));
    feed.refused(Fault.of(FaultCode.FORBIDDEN, "no"));
    events(121);
    feed.gap(121, 122, "slow");
    feed.retry();

    log.assertGot("@k3:120");
  }

  // ---- refusals

  @Test
  void aRefusalEndsEveryReader() {
    Log second = new Log();
    feed.attach(log, null);
    feed.attach(second, null);
    feed.online();
    wire.assertAsked("subscribe null");
    Fault fault = Fault.of(FaultCode.FORBIDDEN, "not yours");

    feed.refused(fault);

    log.assertGot(new Ending.Refused(fault).toString());
    second.assertGot(new Ending.Refused(fault).toString());
    assertThat(feed.unread()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        FaultCode.DEADLINE_PASSED,
        FaultCode.OVERLOADED,
        FaultCode.RATE_LIMITED,
        FaultCode.DRAINING
      })
  void whatMayPassIsTriedAgainLater(int code) {
    feed.attach(log, null);
    feed.online();
    Fault fault = Fault.of(code, "not now");

    feed.refused(fault);
    feed.retry();
    feed.refused(fault);
    wire.assertAsked("subscribe null", "later 1", "subscribe null", "later 2");
    feed.offline();
    feed.retry();
    feed.online();
    feed.refused(fault);
    wire.assertAsked("subscribe null", "later 1");
  }

  // ---- readers

  @Test
  void readersShareOneSubscriptionAndTheLastOneEndsIt() {
    Log second = new Log();
    live(120);
    events(121);

    feed.attach(second, null);
    events(122);
    feed.detach(log);
    events(123);
    wire.assertAsked();
    feed.detach(second);
    feed.detach(second);

    wire.assertAsked("unsubscribe");
    log.assertGot("@k3:120", "121", "122");
    second.assertGot("@k3:121", "122", "123");
  }

  @Test
  void theLastReaderThatLeavesWhileAwayHasNothingToUnsubscribe() {
    live(120);
    feed.offline();
    feed.detach(log);

    wire.assertAsked();
  }

  @Test
  void aPositionToBeginFromIsSent() {
    feed.attach(log, at(100));
    feed.online();
    wire.assertAsked("subscribe k3:100");
    feed.subscribed(recovered(102, 101, 102));

    log.assertGot("@k3:100", "101", "102");
  }

  @Test
  void aReaderThatWantsEarlierEventsCatchesUpFromHistory() {
    Log second = new Log();
    live(120);

    feed.attach(second, at(118));
    wire.assertAsked("history k3:118 +2");
    events(121);
    second.assertGot("@k3:118");
    wire.fills.remove().filled(history(121, 119, 120));
    events(122);

    second.assertGot("119", "120", "121", "122");
    log.assertGot("@k3:120", "121", "122");
  }

  @Test
  void catchingUpBeginsAgainWithTheNextConnection() {
    Log second = new Log();
    live(120);

    feed.attach(second, at(118));
    wire.assertAsked("history k3:118 +2");
    feed.offline();
    feed.online();
    wire.assertAsked("subscribe k3:120");
    feed.subscribed(recovered(121, 121));
    wire.assertAsked("history k3:118 +2");
    wire.fills.removeLast().filled(history(121, 119, 120));

    second.assertGot("@k3:118", "119", "120", "121");
    log.assertGot("@k3:120", "121");
  }

  @Test
  void aReaderWithAPositionThatJoinsBeforeTheAnswerCatchesUpAfterIt() {
    Log second = new Log();
    feed.attach(log, null);
    feed.attach(second, at(118));
    feed.online();
    wire.assertAsked("subscribe null");
    feed.subscribed(fresh(120));
    wire.assertAsked("history k3:118 +2");
    wire.fills.remove().filled(history(120, 119, 120));
    events(121);

    log.assertGot("@k3:120", "121");
    second.assertGot("@k3:118", "119", "120", "121");
  }

  @Test
  void aReaderAheadOfTheFeedGetsNothingTwice() {
    Log second = new Log();
    live(120);

    feed.attach(second, at(122));
    events(121, 122, 123);

    second.assertGot("@k3:122", "123");
    log.assertGot("@k3:120", "121", "122", "123");
  }

  @Test
  void aReaderFromAnotherEpochIsToldSo() {
    Log second = new Log();
    live(120);

    feed.attach(second, new Position("k2", 9));
    events(121);

    second.assertGot("@k2:9", "[k2:9-k3:120 epoch]", "121");
    log.assertGot("@k3:120", "121");
  }

  @Test
  void gapsReachReadersThatCatchUp() {
    Log second = new Log();
    live(120);

    feed.attach(second, at(119));
    wire.assertAsked("history k3:119 +1");
    feed.gap(121, 122, "slow");
    wire.fills.remove().filled(history(122, 120));
    second.assertGot("@k3:119", "120", "[k3:120-k3:122 slow]");

    feed.offline();
    feed.online();
    wire.assertAsked("subscribe k3:122");
    feed.attach(new Log(), at(121));
    feed.subscribed(impossible(new Position("k4", 1), "epoch"));
    second.assertGot("[k3:122-k4:1 epoch]");
  }

  // ---- words

  private void live(long offset) {
    feed.attach(log, null);
    feed.online();
    feed.subscribed(fresh(offset));
    wire.assertAsked("subscribe null");
  }

  private void events(long... offsets) {
    for (long offset : offsets) {
      feed.event(offset, RawJson.number(offset));
    }
  }

  private static Subscribed fresh(long offset) {
    return new Subscribed("prices", at(offset), Recovery.NOT_ASKED, List.of(), false, null, 0);
  }

  private static Subscribed recovered(long top, long... offsets) {
    return new Subscribed("prices", at(top), Recovery.COMPLETE, entries(offsets), false, null, 0);
  }

  private static Subscribed page(long top, long... offsets) {
    return new Subscribed("prices", at(top), Recovery.COMPLETE, entries(offsets), true, null, 0);
  }

  private static Subscribed impossible(Position top, String reason) {
    return new Subscribed("prices", top, Recovery.IMPOSSIBLE, List.of(), false, reason, 0);
  }

  private static HistoryRequest.Answer history(long top, long... offsets) {
    return new HistoryRequest.Answer("prices", at(top), entries(offsets), false);
  }

  private static List<Entry> entries(long... offsets) {
    return LongStream.of(offsets)
        .mapToObj(offset -> new Entry(offset, RawJson.number(offset)))
        .toList();
  }

  private static Position at(long offset) {
    return new Position("k3", offset);
  }
}
