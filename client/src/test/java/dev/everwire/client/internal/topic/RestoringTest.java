package dev.everwire.client.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.FaultCode;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.wire.Subscribed;
import dev.everwire.protocol.wire.Subscribed.Recovery;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Many topics on a connection that is new. */
class RestoringTest {
  private final List<TopicFeed> asked = new ArrayList<>();
  private boolean answerAtOnce;
  private final Restoring restoring = new Restoring(50);
  private final TopicFeed.Wire wire =
      new TopicFeed.Wire() {
        @Override
        public void subscribe(TopicFeed feed, @Nullable Position since) {
          asked.add(feed);
          if (answerAtOnce) {
            answer(feed);
          }
        }

        @Override
        public void history(TopicFeed feed, Position since, int limit, TopicFeed.Fill fill) {}

        @Override
        public void unsubscribe(TopicFeed feed) {}

        @Override
        public void retryLater(TopicFeed feed, int failures, Fault fault) {}
      };

  @Test
  void fiftyAreAskedForAndTheNextWhenEachOfThemWasAnswered() {
    List<TopicFeed> feeds = feeds(120);

    restoring.begin(feeds);
    assertThat(asked).containsExactlyElementsOf(feeds.subList(0, 50));

    feeds.subList(0, 49).forEach(this::answer);
    assertThat(asked).hasSize(50);

    answer(feeds.get(49));
    assertThat(asked).containsExactlyElementsOf(feeds.subList(0, 100));

    feeds.subList(50, 100).forEach(this::answer);
    assertThat(asked).containsExactlyElementsOf(feeds);
  }

  @Test
  void aRefusalIsAnAnswerAndTheOthersGoOn() {
    List<TopicFeed> feeds = feeds(60);
    restoring.begin(feeds);

    for (TopicFeed feed : feeds.subList(0, 50)) {
      feed.refused(Fault.of(FaultCode.FORBIDDEN, "no"));
      restoring.answered(feed);
    }

    assertThat(asked).hasSize(60);
  }

  @Test
  void whatNobodyReadsAnyMoreIsSkipped() {
    List<TopicFeed> feeds = feeds(110);
    restoring.begin(feeds);
    Reader reader = new Silent();
    feeds.get(109).attach(reader, null);
    for (TopicFeed feed : feeds.subList(60, 110)) {
      feed.end(new Ending.Closed("closed"));
    }

    feeds.subList(0, 50).forEach(this::answer);

    assertThat(asked).containsExactlyElementsOf(feeds.subList(0, 60));
  }

  @Test
  void whatANewReaderAskedForMeanwhileIsNotAskedForAgain() {
    List<TopicFeed> feeds = feeds(52);
    restoring.begin(feeds);
    assertThat(feeds.get(51).online()).isTrue();

    feeds.subList(0, 50).forEach(this::answer);

    assertThat(asked).hasSize(52).doesNotHaveDuplicates();
  }

  @Test
  void aTopicThatWaitsTwiceCountsOnce() {
    List<TopicFeed> feeds = feeds(120);
    for (TopicFeed feed : feeds) {
      restoring.add(feed);
      restoring.add(feed);
    }
    assertThat(asked).hasSize(1);

    answer(feeds.getFirst());
    assertThat(asked).hasSize(51);
    feeds.subList(1, 50).forEach(this::answer);
    assertThat(asked).hasSize(51);
  }

  @Test
  void answersThatComeAtOnceKeepTheOrderAndNeedNoStack() {
    answerAtOnce = true;
    List<TopicFeed> feeds = feeds(20_000);

    restoring.begin(feeds);

    assertThat(asked).containsExactlyElementsOf(feeds);
  }

  @Test
  void withoutAConnectionNothingIsAskedFor() {
    List<TopicFeed> feeds = feeds(60);
    restoring.begin(feeds);
    restoring.stop();

    feeds.subList(0, 50).forEach(restoring::answered);
    assertThat(asked).hasSize(50);

    feeds.forEach(TopicFeed::offline);
    restoring.begin(feeds);
    assertThat(asked).hasSize(100);
  }

  private List<TopicFeed> feeds(int count) {
    List<TopicFeed> feeds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TopicFeed feed = new TopicFeed("t" + i, wire);
      feed.attach(new Silent(), null);
      feeds.add(feed);
    }
    return feeds;
  }

  private void answer(TopicFeed feed) {
    feed.subscribed(
        new Subscribed(
            feed.topic(), new Position("e1", 1), Recovery.NOT_ASKED, List.of(), false, null, 0));
    restoring.answered(feed);
  }

  private static final class Silent implements Reader {
    @Override
    public void begin(Position position) {}

    @Override
    public void confirmed() {}

    @Override
    public void piece(Piece piece) {}

    @Override
    public void end(Ending ending) {}
  }
}
