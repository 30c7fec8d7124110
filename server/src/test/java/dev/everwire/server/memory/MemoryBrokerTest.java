package dev.everwire.server.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.spi.Broker;
import dev.everwire.spi.Broker.HistoryQuery;
import dev.everwire.spi.Broker.Retention;
import dev.everwire.spi.BrokerException;
import dev.everwire.spi.History;
import dev.everwire.testkit.BrokerContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class MemoryBrokerTest extends BrokerContract {
  private static final Retention KEEP = new Retention(1_000);
  private static final RawJson DATA = RawJson.string("x".repeat(34)); // 100 bytes with overhead

  @Override
  protected Broker open() {
    return new MemoryBroker(new Random(1));
  }

  @Test
  void aNewInstanceBeginsNewEpochs() {
    try (MemoryBroker one = new MemoryBroker(new Random(1));
        MemoryBroker two = new MemoryBroker(new Random(2))) {
      assertThat(now(one.publish("a", DATA, KEEP)).epoch())
          .isNotEqualTo(now(two.publish("a", DATA, KEEP)).epoch());
    }
  }

  @Test
  void overTheBoundOfBytesTheTopicPublishedLongestAgoIsDroppedWhole() {
    try (MemoryBroker broker = bounded(350, 100)) {
      Position a = now(broker.publish("a", DATA, KEEP));
      Position b = now(broker.publish("b", DATA, KEEP));
      now(broker.publish("c", DATA, KEEP));
      now(broker.publish("a", DATA, KEEP));

      assertThat(broker.historyBytes()).isEqualTo(300);
      assertThat(read(broker, "a", a)).isInstanceOf(History.Page.class);
      assertThat(read(broker, "b", b))
          .isInstanceOfSatisfying(
              History.Lost.class,
              lost -> {
                assertThat(lost.reason()).isEqualTo(History.Reason.EPOCH);
                assertThat(lost.top().epoch()).isNotEqualTo(b.epoch());
                assertThat(lost.top().offset()).isZero();
              });
    }
  }

  @Test
  void aTopicWithASubscriptionIsNotDroppedButLosesItsOldestHistory() {
    try (MemoryBroker broker = bounded(350, 100)) {
      now(broker.subscribe("a"));
      Position a = now(broker.publish("a", DATA, KEEP));
      for (int i = 0; i < 10; i++) {
        now(broker.publish("a", DATA, KEEP));
      }
      assertThat(broker.historyBytes()).isEqualTo(300);
      assertThat(read(broker, "a", a))
          .isEqualTo(new History.Lost(History.Reason.TRIMMED, 9, new Position(a.epoch(), 11)));
    }
  }

  @Test
  void whatIsBeingPublishedKeepsItsEpochEvenIfItAloneIsOverTheBound() {
    try (MemoryBroker broker = bounded(50, 100)) {
      Position first = now(broker.publish("a", DATA, KEEP));
      Position second = now(broker.publish("a", DATA, KEEP));

      assertThat(second).isEqualTo(new Position(first.epoch(), 2));
      assertThat(broker.historyBytes()).isZero();
    }
  }

  @Test
  void overTheBoundOfTopicsThoseNeverPublishedGoFirst() {
    try (MemoryBroker broker = bounded(1_000_000, 3)) {
      Position a = now(broker.publish("a", DATA, KEEP));
      Position b = now(broker.publish("b", DATA, KEEP));
      for (int i = 0; i < 10; i++) {
        now(broker.history("guess/" + i, new HistoryQuery(null, 1, 1)));
      }
      assertThat(broker.topics()).isEqualTo(3);
      assertThat(read(broker, "a", a)).isInstanceOf(History.Page.class);
      assertThat(read(broker, "b", b)).isInstanceOf(History.Page.class);
    }
  }

  @Test
  void moreTopicsWithSubscriptionsThanTheBoundAreRefused() {
    try (MemoryBroker broker = bounded(1_000_000, 2)) {
      now(broker.subscribe("a"));
      now(broker.subscribe("b"));

      assertThatThrownBy(() -> now(broker.subscribe("c")))
          .hasCauseInstanceOf(BrokerException.class);
      broker.unsubscribe("a");
      assertThat(now(broker.subscribe("c")).offset()).isZero();
    }
  }

  @Test
  void aSlowListenerHasPublicationsRefusedInsteadOfPilingUp() {
    try (MemoryBroker broker =
        new MemoryBroker(new Random(1), new MemoryBroker.Bounds(1_000_000, 10, 100))) {
      List<String> outcomes = new ArrayList<>();
      broker.start((topic, epoch, publication) -> {
        // While it is told of the first, others publish.
        for (int i = 0; i < 5 && publication.offset() == 1; i++) {
          outcomes.add(
              broker.publish("a", DATA, KEEP).toCompletableFuture().isCompletedExceptionally()
                  ? "refused"
                  : "taken");
        }
      });
      now(broker.subscribe("a"));
      now(broker.publish("a", DATA, KEEP));

      assertThat(outcomes).containsExactly("taken", "taken", "taken", "refused", "refused");
      assertThat(now(broker.publish("a", DATA, KEEP)).offset()).isEqualTo(5);
    }
  }

  @Test
  void aListenerThatThrowsIsToldOfTheNext() {
    try (MemoryBroker broker = new MemoryBroker(new Random(1))) {
      List<Long> told = new ArrayList<>();
      broker.start((topic, epoch, publication) -> {
        told.add(publication.offset());
        if (publication.offset() == 1) {
          throw new IllegalStateException("expected in the log");
        }
      });
      now(broker.subscribe("a"));
      now(broker.publish("a", DATA, KEEP));
      now(broker.publish("a", DATA, KEEP));

      assertThat(told).containsExactly(1L, 2L);
    }
  }

  private static MemoryBroker bounded(long historyBytes, int topics) {
    MemoryBroker broker =
        new MemoryBroker(new Random(1), new MemoryBroker.Bounds(historyBytes, topics, 1_000_000));
    broker.start((topic, epoch, publication) -> {});
    return broker;
  }

  private static History read(Broker broker, String topic, Position since) {
    return now(broker.history(topic, new HistoryQuery(since, 100, 1_000_000)));
  }

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
