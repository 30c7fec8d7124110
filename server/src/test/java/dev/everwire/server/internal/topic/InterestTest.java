package dev.everwire.server.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.server.TestValues;
import dev.everwire.server.memory.MemoryBroker;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.transport.Loop;
import dev.everwire.spi.Broker.Retention;
import dev.everwire.spi.BrokerException;
import dev.everwire.testkit.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** The node's one subscription of a topic, whatever its loops do. */
final class InterestTest {
  private final MemoryNetwork network = new MemoryNetwork();
  private final ScriptedBroker broker = new ScriptedBroker();
  private final TopicHub hub =
      new TopicHub(broker, List.of(TopicRule.named("**")), new TestValues(), 128);
  private final LoopTopics one = hub.of(network.dialer().loop());
  private final LoopTopics two = hub.of(network.dialer().loop());

  InterestTest() {
    hub.start();
  }

  @Test
  void theFirstLoopSubscribesAndTheLastOneUnsubscribes() {
    CompletableFuture<Position> first = hub.join("t", one);
    CompletableFuture<Position> second = hub.join("t", two);
    broker.subscribes.remove().complete(at("e", 5));
    hub.leave("t", one);
    assertThat(broker.asked).containsExactly("subscribe t");

    hub.leave("t", two);
    assertThat(broker.asked).containsExactly("subscribe t", "unsubscribe t");
    assertThat(first.join()).isEqualTo(at("e", 5));
    assertThat(second.join()).isEqualTo(at("e", 5));
    assertThat(hub.interests()).isZero();
  }

  @Test
  void aLaterLoopIsToldWhereTheStreamIsByNow() {
    hub.join("t", one);
    broker.subscribes.remove().complete(at("e", 5));
    broker.tell("t", "e", 6);
    broker.tell("t", "e", 7);

    assertThat(hub.join("t", two).join()).isEqualTo(at("e", 7));
    assertThat(broker.asked).containsExactly("subscribe t");
  }

  @Test
  void whatWasToldBeforeTheAnswerCounts() {
    CompletableFuture<Position> joined = hub.join("t", one);
    broker.tell("t", "e", 6);
    broker.subscribes.remove().complete(at("e", 5));

    assertThat(joined.join()).isEqualTo(at("e", 6));
  }

  @Test
  void whoLeavesBeforeTheAnswerIsUnsubscribedAfterIt() {
    hub.join("t", one);
    hub.leave("t", one);
    assertThat(broker.asked).containsExactly("subscribe t");

    broker.subscribes.remove().complete(at("e", 5));
    assertThat(broker.asked).containsExactly("subscribe t", "unsubscribe t");
    assertThat(hub.interests()).isZero();
  }

  @Test
  void whoComesBackBeforeTheAnswerUsesTheSameSubscription() {
    CompletableFuture<Position> former = hub.join("t", one);
    hub.leave("t", one);
    CompletableFuture<Position> later = hub.join("t", one);
    broker.subscribes.remove().complete(at("e", 5));

    assertThat(broker.asked).containsExactly("subscribe t");
    assertThat(former).isNotDone();
    assertThat(later.join()).isEqualTo(at("e", 5));
  }

  @Test
  void aSubscribeAfterTheUnsubscribeForgetsWhatWasToldBefore() {
    hub.join("t", one);
    broker.subscribes.remove().complete(at("e", 5));
    hub.leave("t", one);
    CompletableFuture<Position> again = hub.join("t", one);
    broker.subscribes.remove().complete(at("f", 0));

    assertThat(broker.asked).containsExactly("subscribe t", "unsubscribe t", "subscribe t");
    assertThat(again.join()).isEqualTo(at("f", 0));
  }

  @Test
  void aFailureIsToldAndTheNextOneTriesAgain() {
    CompletableFuture<Position> joined = hub.join("t", one);
    broker.subscribes.remove().completeExceptionally(new BrokerException("away"));
    assertThat(joined).isCompletedExceptionally();
    assertThat(hub.interests()).isZero();

    hub.join("t", one);
    assertThat(broker.asked).containsExactly("subscribe t", "subscribe t");
  }

  /** Joins and leaves from several threads; whoever joined last must be told. */
  @Test
  void whoeverIsThereAtTheEndIsTold() throws Exception {
    for (int round = 0; round < 20; round++) {
      try (MemoryBroker memory = new MemoryBroker(new Random(round))) {
        TopicHub live = new TopicHub(memory, List.of(TopicRule.named("**")), new TestValues(), 128);
        live.start();
        List<Thread> threads = new ArrayList<>();
        ConcurrentLinkedQueue<LoopTopics> loops = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 3; i++) {
          Loop loop = network.dialer().loop();
          threads.add(
              Thread.ofPlatform()
                  .start(() -> {
                    LoopTopics topics = live.of(loop);
                    for (int n = 0; n < 200; n++) {
                      live.join("t", topics).join();
                      live.leave("t", topics);
                    }
                    live.join("t", topics).join();
                    loops.add(topics);
                  }));
        }
        for (Thread thread : threads) {
          assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        }
        Position before = live.join("t", one).join();
        memory.publish("t", RawJson.NULL, Retention.NONE).toCompletableFuture().join();

        assertThat(live.join("t", two).join().offset()).isEqualTo(before.offset() + 1);
        loops.forEach(topics -> live.leave("t", topics));
        live.leave("t", one);
        live.leave("t", two);
        assertThat(live.interests()).isZero();
      }
    }
  }

  private static Position at(String epoch, long offset) {
    return new Position(epoch, offset);
  }
}
