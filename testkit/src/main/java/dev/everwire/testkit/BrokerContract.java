package dev.everwire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.spi.Broker;
import dev.everwire.spi.Broker.HistoryQuery;
import dev.everwire.spi.Broker.Retention;
import dev.everwire.spi.BrokerException;
import dev.everwire.spi.History;
import dev.everwire.spi.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Broker} must do, a test for each duty in its Javadoc. An implementation's own
 * test extends this and says how one is opened.
 */
public abstract class BrokerContract {
  private static final long SECONDS = 20;
  private static final Retention KEEP_ALL = new Retention(1_000_000);
  private static final String TOPIC = "contract/prices";

  private record Told(String topic, String epoch, Publication publication) {
    long offset() {
      return publication.offset();
    }
  }

  private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
  private final AtomicInteger telling = new AtomicInteger();
  private final AtomicInteger overlaps = new AtomicInteger();
  private volatile @Nullable Runnable whileTelling;
  private Broker broker;

  /** A broker that is not started and in which no topic was ever published. */
  protected abstract Broker open() throws Exception;

  @BeforeEach
  void openBroker() throws Exception {
    broker = open();
    broker.start(this::listen);
  }

  @AfterEach
  void closeBroker() {
    broker.close();
  }

  private void listen(String topic, String epoch, Publication publication) {
    boolean ours = topic.equals(TOPIC);
    if (ours && telling.incrementAndGet() > 1) {
      overlaps.incrementAndGet();
    }
    Runnable also = whileTelling;
    if (also != null) {
      also.run();
    }
    told.add(new Told(topic, epoch, publication));
    if (ours) {
      telling.decrementAndGet();
    }
  }

  @Test
  void offsetsBeginAtOneAndGrowByOneInOneEpoch() {
    List<Position> positions = publish(TOPIC, 1, 3, KEEP_ALL);

    assertThat(positions).extracting(Position::offset).containsExactly(1L, 2L, 3L);
    assertThat(positions).extracting(Position::epoch).containsOnly(positions.getFirst().epoch());
  }

  @Test
  void topicsAreCountedApart() {
    publish(TOPIC, 1, 3, KEEP_ALL);

    assertThat(publish("contract/other", 1, 1, KEEP_ALL))
        .extracting(Position::offset)
        .containsExactly(1L);
  }

  @Test
  void subscribingAnswersThePositionOfTheLastPublication() {
    assertThat(await(broker.subscribe("contract/silent")).offset()).isZero();

    Position last = publish(TOPIC, 1, 3, KEEP_ALL).getLast();
    assertThat(await(broker.subscribe(TOPIC))).isEqualTo(last);
  }

  @Test
  void thePositionOfASilentTopicIsTheBeginningOfItsEpoch() {
    Position before = await(broker.subscribe(TOPIC));
    Position first = publish(TOPIC, 1, 1, KEEP_ALL).getFirst();

    assertThat(first).isEqualTo(new Position(before.epoch(), 1));
    assertThat(page(before, 10).publications()).extracting(Publication::offset).containsExactly(1L);
  }

  @Test
  void everyPublicationBehindTheSubscriptionIsToldInOrder() {
    Position from = await(broker.subscribe(TOPIC));
    publish(TOPIC, 1, 50, Retention.NONE);

    List<Told> heard = hear(50);
    assertThat(heard).extracting(Told::offset).containsExactlyElementsOf(offsets(1, 50));
    assertThat(heard).extracting(Told::epoch).containsOnly(from.epoch());
    assertThat(heard)
        .extracting(event -> event.publication().data().toString())
        .startsWith("{\"n\":1}", "{\"n\":2}");
  }

  @Test
  void subscribingTwiceTellsOnce() {
    await(broker.subscribe(TOPIC));
    await(broker.subscribe(TOPIC));
    publish(TOPIC, 1, 2, Retention.NONE);

    assertThat(hear(2)).extracting(Told::offset).containsExactly(1L, 2L);
  }

  @Test
  void oneUnsubscribeEndsRepeatedSubscriptionsAndANewOneBeginsAgain() {
    await(broker.subscribe(TOPIC));
    await(broker.subscribe(TOPIC));
    broker.unsubscribe(TOPIC);
    publish(TOPIC, 1, 2, Retention.NONE);
    Position again = await(broker.subscribe(TOPIC));
    assertThat(again.offset()).isEqualTo(2);
    publish(TOPIC, 3, 1, Retention.NONE);

    // What was published in between may have been on its way, but nothing may be told twice.
    List<Long> heard = new ArrayList<>();
    while (!heard.contains(3L)) {
      heard.add(hear(1).getFirst().offset());
    }
    assertThat(heard).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void unsubscribingWhatWasNotSubscribedDoesNothing() {
    broker.unsubscribe(TOPIC);

    assertThat(publish(TOPIC, 1, 1, Retention.NONE).getFirst().offset()).isEqualTo(1);
  }

  @Test
  void historyAnswersTheRunBehindAPosition() {
    List<Position> positions = publish(TOPIC, 1, 5, KEEP_ALL);

    History.Page page = page(positions.get(1), 10);

    assertThat(page.publications()).extracting(Publication::offset).containsExactly(3L, 4L, 5L);
    assertThat(page.publications().getFirst().data()).isEqualTo(RawJson.parse("{\"n\":3}"));
    assertThat(page.top()).isEqualTo(positions.getLast());
    assertThat(page.more()).isFalse();
  }

  @Test
  void historyFromTheTopIsEmpty() {
    Position top = publish(TOPIC, 1, 5, KEEP_ALL).getLast();

    assertThat(page(top, 10)).isEqualTo(new History.Page(List.of(), top, false));
  }

  @Test
  void historyWithoutAPositionAnswersAllThatIsKept() {
    publish(TOPIC, 1, 5, new Retention(3));

    assertThat(page(null, 10).publications())
        .extracting(Publication::offset)
        .containsExactly(3L, 4L, 5L);
  }

  @Test
  void historyOfASilentTopicIsEmpty() {
    History.Page page = page(null, 10);

    assertThat(page.publications()).isEmpty();
    assertThat(page.top().offset()).isZero();
    assertThat(page.more()).isFalse();
  }

  @Test
  void historyIsCutAtTheLimitAndSaysSo() {
    List<Position> positions = publish(TOPIC, 1, 5, KEEP_ALL);

    History.Page first = page(positions.getFirst(), 3);
    assertThat(first.publications()).extracting(Publication::offset).containsExactly(2L, 3L, 4L);
    assertThat(first.more()).isTrue();

    History.Page second = page(positions.get(3), 3);
    assertThat(second.publications()).extracting(Publication::offset).containsExactly(5L);
    assertThat(second.more()).isFalse();
  }

  @Test
  void historyIsCutAtTheBytesButNeverBeforeTheFirst() {
    Position first = publish(TOPIC, 1, 5, KEEP_ALL).getFirst();

    History.Page two = (History.Page) history(new HistoryQuery(first, 10, 14));
    assertThat(two.publications()).extracting(Publication::offset).containsExactly(2L, 3L);
    assertThat(two.more()).isTrue();

    History.Page one = (History.Page) history(new HistoryQuery(first, 10, 1));
    assertThat(one.publications()).extracting(Publication::offset).containsExactly(2L);
    assertThat(one.more()).isTrue();
  }

  @Test
  void whatIsNoLongerKeptIsSaidToBeTrimmed() {
    List<Position> positions = publish(TOPIC, 1, 5, new Retention(2));
    Position top = positions.getLast();

    assertThat(history(new HistoryQuery(positions.get(1), 10, 1_000)))
        .isEqualTo(new History.Lost(History.Reason.TRIMMED, 4, top));
    assertThat(page(positions.get(2), 10).publications())
        .extracting(Publication::offset)
        .containsExactly(4L, 5L);
  }

  @Test
  void whereNothingIsKeptOnlyTheTopCanBeContinuedFrom() {
    List<Position> positions = publish(TOPIC, 1, 2, Retention.NONE);
    Position top = positions.getLast();

    assertThat(history(new HistoryQuery(positions.getFirst(), 10, 1_000)))
        .isEqualTo(new History.Lost(History.Reason.TRIMMED, 3, top));
    assertThat(page(top, 10).publications()).isEmpty();
  }

  @Test
  void theNewestRetentionRules() {
    publish(TOPIC, 1, 5, KEEP_ALL);
    publish(TOPIC, 6, 1, new Retention(2));

    assertThat(page(null, 10).publications())
        .extracting(Publication::offset)
        .containsExactly(5L, 6L);
  }

  @Test
  void aPositionOfAnotherEpochIsLost() {
    Position top = publish(TOPIC, 1, 3, KEEP_ALL).getLast();

    assertThat(history(new HistoryQuery(new Position("other-epoch", 2), 10, 1_000)))
        .isEqualTo(new History.Lost(History.Reason.EPOCH, 1, top));
  }

  @Test
  void aPositionAheadOfTheTopIsLost() {
    Position top = publish(TOPIC, 1, 3, KEEP_ALL).getLast();

    assertThat(history(new HistoryQuery(new Position(top.epoch(), 4), 10, 1_000)))
        .isEqualTo(new History.Lost(History.Reason.EPOCH, 1, top));
  }

  @Test
  void concurrentPublicationsGetOffsetsWithoutHolesAndAreToldInTheirOrder() throws Exception {
    int publishers = 4;
    int each = 250;
    int count = publishers * each;
    await(broker.subscribe(TOPIC));
    LinkedBlockingQueue<Position> positions = new LinkedBlockingQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < publishers; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int n = 0; n < each; n++) {
                  positions.add(await(broker.publish(TOPIC, RawJson.number(n), KEEP_ALL)));
                }
              }));
    }
    List<Told> heard = hear(count);
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(SECONDS))).isTrue();
    }

    List<Long> all = offsets(1, count);
    assertThat(positions).extracting(Position::offset).containsExactlyInAnyOrderElementsOf(all);
    assertThat(heard).extracting(Told::offset).containsExactlyElementsOf(all);
    assertThat(overlaps).as("times the listener was told twice at once").hasValue(0);
    assertThat(page(null, count).publications())
        .isEqualTo(heard.stream().map(Told::publication).toList());
  }

  @Test
  void theListenerIsToldWhileNoLockIsHeld() {
    await(broker.subscribe(TOPIC));
    LinkedBlockingQueue<Object> answers = new LinkedBlockingQueue<>();
    whileTelling =
        () -> {
          whileTelling = null;
          Thread other =
              Thread.ofPlatform()
                  .start(() -> {
                    answers.add(await(broker.subscribe("contract/other")));
                    answers.add(history(new HistoryQuery(null, 10, 1_000)));
                    answers.add(await(broker.publish(TOPIC, RawJson.NULL, KEEP_ALL)));
                  });
          join(other);
        };
    publish(TOPIC, 1, 1, KEEP_ALL);

    assertThat(hear(2)).extracting(Told::offset).containsExactly(1L, 2L);
    assertThat(answers).hasSize(3);
  }

  @Test
  void afterTheEndEverythingIsRefused() {
    publish(TOPIC, 1, 1, KEEP_ALL);
    broker.close();
    broker.close();

    refused(broker.publish(TOPIC, RawJson.NULL, KEEP_ALL));
    refused(broker.subscribe(TOPIC));
    refused(broker.history(TOPIC, new HistoryQuery(null, 1, 1)));
    broker.unsubscribe(TOPIC);
  }

  // ---- words

  /** Publishes {@code {"n":first}} and so on, one after the other. */
  private List<Position> publish(String topic, int first, int count, Retention retention) {
    List<Position> positions = new ArrayList<>();
    for (int n = first; n < first + count; n++) {
      positions.add(await(broker.publish(topic, RawJson.parse("{\"n\":" + n + "}"), retention)));
    }
    return positions;
  }

  private History.Page page(@Nullable Position since, int limit) {
    History history = history(new HistoryQuery(since, limit, 1_000_000));
    assertThat(history).isInstanceOf(History.Page.class);
    return (History.Page) history;
  }

  private History history(HistoryQuery query) {
    return await(broker.history(TOPIC, query));
  }

  /** The next publications that the listener was told of, on topics of any name. */
  private List<Told> hear(int count) {
    List<Told> heard = new ArrayList<>();
    try {
      while (heard.size() < count) {
        Told next = told.poll(SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("publication " + (heard.size() + 1) + " of " + count).isNotNull();
        heard.add(next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    return heard;
  }

  private static List<Long> offsets(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private static void refused(CompletionStage<?> stage) {
    assertThatThrownBy(() -> stage.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(BrokerException.class);
  }

  private static void join(Thread thread) {
    try {
      assertThat(thread.join(Duration.ofSeconds(SECONDS))).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("the broker did not answer", e);
    }
  }
}
