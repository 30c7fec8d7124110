package dev.everwire.server.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.Priority;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Subscribed;
import dev.everwire.session.transport.Encoded;
import dev.everwire.spi.History;
import dev.everwire.spi.Publication;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One topic, played by hand: publications come in, reads are answered when the test says so. */
final class LoopTopicTest {
  private record Read(Position since, boolean alone, LoopTopic.ReadAnswer answer) {}

  private final ArrayDeque<Read> reads = new ArrayDeque<>();
  private final List<Encoded> made = new ArrayList<>();
  private final LoopTopic topic =
      new LoopTopic(
          "t",
          Priority.NORMAL,
          new LoopTopic.Host() {
            @Override
            public void later(Runnable task) {
              task.run();
            }

            @Override
            public void read(
                LoopTopic asking, Position since, boolean alone, LoopTopic.ReadAnswer answer) {
              reads.add(new Read(since, alone, answer));
            }

            @Override
            public void end(Subscription subscription, Fault fault) {
              subscription.end(fault);
              subscription.topic().remove(subscription);
            }
          });

  /** A subscriber that notes what it gets: {@code 5}, {@code gap 6-8 trimmed}, {@code epoch f}. */
  private final class Reader implements Subscription.Answer {
    final List<String> got = new ArrayList<>();
    final Subscription subscription;
    int room = Integer.MAX_VALUE; // messages its connection still takes

    Reader(@Nullable Position since) {
      subscription = new Subscription(this, this::offer, topic, since, this);
      topic.add(subscription);
    }

    private Offer offer(Encoded message) {
      if (room == 0) {
        return Offer.FULL;
      }
      room--;
      RawJson frame = RawJson.parse(new String(message.payload(), StandardCharsets.UTF_8));
      var params = frame.members().object("params");
      if (frame.members().string("method").equals("rpc.event")) {
        got.add(Long.toString(params.integer("offset")));
      } else if (params.stringOrNull("epoch") != null) {
        got.add("epoch " + params.string("epoch"));
      } else {
        got.add(
            "gap "
                + params.integer("from")
                + "-"
                + params.integer("to")
                + " "
                + params.string("reason"));
      }
      return Offer.QUEUED;
    }

    @Override
    public void subscribed(Subscribed answer) {
      got.add(
          "at "
              + answer.position()
              + (answer.reason() == null ? "" : " " + answer.reason())
              + (answer.events().isEmpty() ? "" : " with " + answer.events().size())
              + (answer.more() ? " more" : ""));
    }

    @Override
    public void refused(Fault fault) {
      got.add("refused " + fault.code());
    }

    List<String> got() {
      List<String> all = List.copyOf(got);
      got.clear();
      return all;
    }
  }

  @AfterEach
  void everyMessageIsReleasedAtTheEnd() {
    topic.close();
    for (Encoded message : made) {
      message.release();
      assertThat(released(message)).as("references left of " + text(message)).isTrue();
    }
    assertThat(reads).as("reads nobody answered").isEmpty();
  }

  @Test
  void beforeThePositionIsKnownPublicationsWait() {
    Reader reader = new Reader(null);
    publish("e", 5, 6, 7);
    assertThat(reader.got()).isEmpty();

    topic.joined(at("e", 5));
    assertThat(reader.got()).containsExactly("at e:5", "6", "7");
  }

  @Test
  void withoutAPositionASubscriberBeginsWithTheNextPublication() {
    topic.joined(at("e", 5));
    Reader reader = new Reader(null);
    publish("e", 6);

    assertThat(reader.got()).containsExactly("at e:5", "6");
  }

  @Test
  void atTheTopNothingHasToBeRead() {
    topic.joined(at("e", 5));

    assertThat(new Reader(at("e", 5)).got()).containsExactly("at e:5");
  }

  @Test
  void whatIsToldTwiceIsSentOnce() {
    topic.joined(at("e", 5));
    Reader reader = new Reader(null);
    publish("e", 4, 5, 6, 6, 5, 7);

    assertThat(reader.got()).containsExactly("at e:5", "6", "7");
  }

  @Test
  void aSubscriberThatComesBackGetsWhatItMissedThenTheBufferedThenTheLive() {
    topic.joined(at("e", 5));
    Reader reader = new Reader(at("e", 3));
    publish("e", 6, 7);
    answer(page("e", 6, false, 4, 5, 6));
    publish("e", 8);

    assertThat(reader.got()).containsExactly("at e:6 with 3", "7", "8");
  }

  @Test
  void whatHistoryHadBeforeTheLoopIsNotSentAgain() {
    topic.joined(at("e", 5));
    Reader reader = new Reader(at("e", 3));
    answer(page("e", 8, false, 4, 5, 6, 7, 8));
    publish("e", 6, 7, 8, 9);

    assertThat(reader.got()).containsExactly("at e:8 with 5", "9");
  }

  @Test
  void aSubscriberThatReadTheNewLifeIsToldOfItWithTheOthers() {
    topic.joined(at("e", 5));
    Reader returning = new Reader(at("d", 3));
    Reader live = new Reader(null);
    answer(new History.Lost(History.Reason.EPOCH, 1, at("f", 2)));
    publish("e", 6);
    publish("f", 1, 2, 3);

    assertThat(returning.got()).containsExactly("at e:5 epoch", "6", "epoch f", "1", "2", "3");
    assertThat(live.got()).containsExactly("at e:5", "6", "epoch f", "1", "2", "3");
  }

  @Test
  void aPageOfSeveralLeavesTheSubscriberOut() {
    topic.joined(at("e", 9));
    Reader reader = new Reader(at("e", 3));
    answer(page("e", 9, true, 4, 5));
    publish("e", 10);

    assertThat(reader.got()).containsExactly("at e:5 with 2 more");
    assertThat(topic.empty()).isTrue();
  }

  @Test
  void aReadThatFailsRefusesTheSubscriber() {
    topic.joined(at("e", 9));
    Reader reader = new Reader(at("e", 3));
    reads.remove().answer().answer(null, true);

    assertThat(reader.got()).containsExactly("refused -32006");
    assertThat(topic.empty()).isTrue();
  }

  @Test
  void aSharedReadThatCameTooEarlyIsMadeAgainAlone() {
    topic.joined(at("e", 5));
    Reader reader = new Reader(at("e", 3));
    reads.remove().answer().answer(page("e", 4, false, 4), false);
    assertThat(reads.peek().alone()).isTrue();
    answer(page("e", 5, false, 4, 5));

    assertThat(reader.got()).containsExactly("at e:5 with 2");
  }

  @Test
  void aHoleIsFilledFromHistoryWithoutAWord() {
    topic.joined(at("e", 5));
    Reader one = new Reader(null);
    Reader two = new Reader(null);
    publish("e", 6, 9, 10);
    assertThat(one.got()).containsExactly("at e:5", "6");
    assertThat(reads.peek().since()).isEqualTo(at("e", 6));

    answer(page("e", 10, false, 7, 8, 9, 10));
    publish("e", 11);
    assertThat(one.got()).containsExactly("7", "8", "9", "10", "11");
    assertThat(two.got()).containsExactly("at e:5", "6", "7", "8", "9", "10", "11");
  }

  @Test
  void aHoleOfSeveralPagesIsFilledPageByPage() {
    topic.joined(at("e", 5));
    Reader reader = new Reader(null);
    publish("e", 10);
    answer(page("e", 10, true, 6, 7));
    assertThat(reads.peek().since()).isEqualTo(at("e", 7));
    answer(page("e", 10, true, 8));
    answer(page("e", 10, false, 9, 10));

    assertThat(reader.got()).containsExactly("at e:5", "6", "7", "8", "9", "10");
  }

  @Test
  void whatHistoryNoLongerHasIsAnnouncedAsAGap() {
    topic.joined(at("e", 5));
    Reader reader = new Reader(null);
    publish("e", 9);
    answer(new History.Lost(History.Reason.TRIMMED, 8, at("e", 9)));
    publish("e", 10);

    assertThat(reader.got()).containsExactly("at e:5", "gap 6-8 trimmed", "9", "10");
  }

  @Test
  void aHoleThatCannotBeReadIsAnnouncedAsAGap() {
    topic.joined(at("e", 5));
    Reader reader = new Reader(null);
    publish("e", 9);
    reads.remove().answer().answer(null, true);
    publish("e", 11);
    answer(page("e", 9, false)); // says nothing is newer, which is not true

    assertThat(reader.got())
        .containsExactly("at e:5", "gap 6-8 unavailable", "9", "gap 10-10 unavailable", "11");
  }

  @Test
  void aNewLifeIsAnnouncedBeforeItsFirstEvent() {
    topic.joined(at("e", 5));
    Reader reader = new Reader(null);
    publish("f", 1, 2);

    assertThat(reader.got()).containsExactly("at e:5", "epoch f", "1", "2");
  }

  @Test
  void aNewLifeWhoseBeginningWasMissedIsReadFromItsBeginning() {
    topic.joined(at("e", 5));
    Reader reader = new Reader(null);
    publish("f", 3);
    assertThat(reads.peek().since()).isEqualTo(at("f", 0));
    answer(page("f", 3, false, 1, 2, 3));

    assertThat(reader.got()).containsExactly("at e:5", "epoch f", "1", "2", "3");
  }

  @Test
  void aNewLifeWhileAHoleIsFilled() {
    topic.joined(at("e", 5));
    Reader reader = new Reader(null);
    publish("e", 8);
    publish("f", 1);
    answer(new History.Lost(History.Reason.EPOCH, 1, at("f", 1)));

    assertThat(reader.got()).containsExactly("at e:5", "gap 6-7 trimmed", "8", "epoch f", "1");
  }

  @Test
  void whoSubscribesWhileAHoleIsFilledGetsTheFilling() {
    topic.joined(at("e", 5));
    new Reader(null);
    publish("e", 8);
    Reader late = new Reader(at("e", 5));
    answer(page("e", 8, false, 6, 7, 8));

    assertThat(late.got()).containsExactly("at e:5", "6", "7", "8");
  }

  @Test
  void whoRecoversWhileAHoleIsFilledGetsEverythingOnce() {
    topic.joined(at("e", 5));
    new Reader(null);
    publish("e", 8);
    Read hole = reads.remove();
    Reader returning = new Reader(at("e", 2));
    Read recovery = reads.remove();
    hole.answer().answer(page("e", 8, false, 6, 7, 8), true);
    recovery.answer().answer(page("e", 6, false, 3, 4, 5, 6), true);

    assertThat(returning.got()).containsExactly("at e:6 with 4", "7", "8");
  }

  @Test
  void publicationsThatNeverReachedTheLoopAreRead() {
    topic.joined(at("e", 5));
    Reader reader = new Reader(null);
    topic.missed(at("e", 7));
    publish("e", 8);
    answer(page("e", 8, false, 6, 7, 8));

    assertThat(reader.got()).containsExactly("at e:5", "6", "7", "8");
  }

  @Test
  void aNewLifeThatNeverReachedTheLoopIsAnnouncedAndRead() {
    topic.joined(at("e", 5));
    Reader reader = new Reader(null);
    topic.missed(at("f", 2));
    answer(page("f", 2, false, 1, 2));

    assertThat(reader.got()).containsExactly("at e:5", "epoch f", "1", "2");
  }

  @Test
  void whatFindsNoRoomToWaitIsReadAgain() {
    topic.joined(at("e", 0));
    Reader reader = new Reader(null);
    long count = WaitingFrames.MAX_BYTES / 1_000 + 10;
    publish("e", 2);
    RawJson large = RawJson.string("x".repeat(1_000));
    for (long offset = 3; offset <= count; offset++) {
      publish(TopicFrame.event("t", at("e", offset), large));
    }
    while (!reads.isEmpty()) {
      long since = reads.peek().since().offset();
      long last = Math.min(since + 100, count);
      answer(page("e", count, last < count, LongStream.rangeClosed(since + 1, last).toArray()));
    }

    List<String> expected = new ArrayList<>(List.of("at e:0"));
    LongStream.rangeClosed(1, count).forEach(offset -> expected.add(Long.toString(offset)));
    assertThat(reader.got()).isEqualTo(expected);
  }

  @Test
  void aGapOfWhichASubscriberHadTheBeginningIsShorterForIt() {
    topic.joined(at("e", 5));
    Reader live = new Reader(null);
    Reader returning = new Reader(at("e", 4));
    answer(page("e", 7, false, 5, 6, 7));
    publish("e", 10);
    answer(new History.Lost(History.Reason.TRIMMED, 10, at("e", 10)));

    assertThat(live.got()).containsExactly("at e:5", "gap 6-9 trimmed", "10");
    assertThat(returning.got()).containsExactly("at e:7 with 3", "gap 8-9 trimmed", "10");
  }

  @Test
  void whoLeftIsToldNothing() {
    topic.joined(at("e", 5));
    Reader stays = new Reader(null);
    Reader leaves = new Reader(null);
    Reader recovering = new Reader(at("e", 1));
    publish("e", 6);
    for (Reader reader : List.of(leaves, recovering)) {
      reader.subscription.end(TopicFaults.unsubscribed());
      topic.remove(reader.subscription);
    }
    publish("e", 7);
    answer(page("e", 7, false, 2, 3, 4, 5, 6, 7));

    assertThat(leaves.got()).containsExactly("at e:5", "6");
    assertThat(recovering.got()).containsExactly("refused -32800");
    assertThat(stays.got()).containsExactly("at e:5", "6", "7");
    assertThat(topic.size()).isOne();
  }

  @Test
  void aFailureRefusesEverybodyWhoWaits() {
    Reader one = new Reader(null);
    Reader two = new Reader(at("e", 3));
    topic.fail(TopicFaults.unavailable());

    assertThat(one.got()).containsExactly("refused -32006");
    assertThat(two.got()).containsExactly("refused -32006");
    assertThat(topic.empty()).isTrue();
  }

  // ---- whoever has no room

  @Test
  void whoHasNoRoomFallsBehindAloneAndCatchesUpFromHistory() {
    topic.joined(at("e", 5));
    Reader slow = new Reader(null);
    Reader other = new Reader(null);
    slow.room = 1;
    publish("e", 6, 7, 8);
    assertThat(slow.got()).containsExactly("at e:5", "6");
    assertThat(other.got()).containsExactly("at e:5", "6", "7", "8");
    assertThat(slow.subscription.behind()).isTrue();
    assertThat(reads).isEmpty();

    relieve(slow);
    assertThat(reads.peek().since()).isEqualTo(at("e", 6));
    publish("e", 9);
    answer(page("e", 8, false, 7, 8));
    answer(page("e", 9, false, 9));
    publish("e", 10);

    assertThat(slow.subscription.behind()).isFalse();
    assertThat(slow.got()).containsExactly("7", "8", "9", "10");
    assertThat(other.got()).containsExactly("9", "10");
  }

  @Test
  void whatHistoryHadBeforeTheLoopIsNotSentTwiceToWhoCatchesUp() {
    topic.joined(at("e", 5));
    Reader slow = new Reader(null);
    slow.room = 0;
    publish("e", 6);
    relieve(slow);
    answer(page("e", 8, false, 6, 7, 8));
    publish("e", 7, 8, 9);

    assertThat(slow.got()).containsExactly("at e:5", "6", "7", "8", "9");
  }

  @Test
  void onlyWhatHistoryNoLongerHasIsAGapForWhoCatchesUp() {
    topic.joined(at("e", 5));
    Reader slow = new Reader(null);
    slow.room = 0;
    publish("e", 6, 7, 8, 9);
    relieve(slow);
    answer(new History.Lost(History.Reason.TRIMMED, 8, at("e", 9)));
    answer(page("e", 9, false, 8, 9));
    publish("e", 10);

    assertThat(slow.got()).containsExactly("at e:5", "gap 6-7 trimmed", "8", "9", "10");
  }

  @Test
  void whoRunsOutOfRoomWhileItCatchesUpGoesOnFromThere() {
    topic.joined(at("e", 5));
    Reader slow = new Reader(null);
    slow.room = 0;
    publish("e", 6, 7, 8);
    slow.room = 1;
    slow.subscription.relieved();
    answer(page("e", 8, false, 6, 7, 8));
    assertThat(slow.got()).containsExactly("at e:5", "6");
    relieve(slow);
    assertThat(reads.peek().since()).isEqualTo(at("e", 6));
    answer(page("e", 8, false, 7, 8));

    assertThat(slow.got()).containsExactly("7", "8");
    assertThat(slow.subscription.behind()).isFalse();
  }

  @Test
  void aSharedReadThatCameTooEarlyIsMadeAgainForWhoCatchesUp() {
    topic.joined(at("e", 5));
    Reader slow = new Reader(null);
    slow.room = 0;
    publish("e", 6);
    relieve(slow);
    reads.remove().answer().answer(page("e", 5, false), false);
    assertThat(reads.peek().alone()).isTrue();
    answer(page("e", 6, false, 6));

    assertThat(slow.got()).containsExactly("at e:5", "6");
  }

  @Test
  void whoCannotCatchUpIsToldOfAGap() {
    topic.joined(at("e", 5));
    Reader slow = new Reader(null);
    slow.room = 0;
    publish("e", 6, 7);
    relieve(slow);
    reads.remove().answer().answer(null, true);
    publish("e", 8);

    assertThat(slow.got()).containsExactly("at e:5", "gap 6-7 unavailable", "8");
  }

  @Test
  void aNewLifeIsAnnouncedToWhoCatchesUp() {
    topic.joined(at("e", 5));
    Reader slow = new Reader(null);
    slow.room = 0;
    publish("e", 6);
    publish("f", 1, 2);
    relieve(slow);
    assertThat(reads.peek().since()).isEqualTo(at("f", 0));
    answer(page("f", 2, false, 1, 2));
    publish("f", 3);

    assertThat(slow.got()).containsExactly("at e:5", "epoch f", "1", "2", "3");
  }

  @Test
  void whoLeavesWhileItCatchesUpIsToldNothing() {
    topic.joined(at("e", 5));
    Reader slow = new Reader(null);
    slow.room = 0;
    publish("e", 6);
    relieve(slow);
    slow.subscription.end(TopicFaults.unsubscribed());
    topic.remove(slow.subscription);
    answer(page("e", 6, false, 6));

    assertThat(slow.got()).containsExactly("at e:5");
    assertThat(slow.subscription.stands()).isFalse();
  }

  // ---- words

  private static void relieve(Reader reader) {
    reader.room = Integer.MAX_VALUE;
    reader.subscription.relieved();
  }

  private void publish(String epoch, long... offsets) {
    for (long offset : offsets) {
      publish(TopicFrame.event("t", at(epoch, offset), RawJson.number(offset)));
    }
  }

  private void publish(TopicFrame frame) {
    made.add(frame.message());
    topic.published(frame);
  }

  private void answer(History history) {
    reads.remove().answer().answer(history, true);
  }

  private static History.Page page(String epoch, long top, boolean more, long... offsets) {
    return new History.Page(
        LongStream.of(offsets)
            .mapToObj(offset -> new Publication(offset, RawJson.number(offset)))
            .toList(),
        at(epoch, top),
        more);
  }

  private static Position at(String epoch, long offset) {
    return new Position(epoch, offset);
  }

  private static boolean released(Encoded message) {
    try {
      message.retain();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private static String text(Encoded message) {
    return new String(message.payload(), StandardCharsets.UTF_8);
  }
}
