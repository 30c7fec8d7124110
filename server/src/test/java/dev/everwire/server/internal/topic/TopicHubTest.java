package dev.everwire.server.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Frame;
import dev.everwire.protocol.Message;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.codec.JsonRpcCodec;
import dev.everwire.protocol.json.JsonWriter;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Gap;
import dev.everwire.protocol.wire.Subscribed;
import dev.everwire.protocol.wire.TopicEvent;
import dev.everwire.server.TestValues;
import dev.everwire.server.memory.MemoryBroker;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.spi.Broker;
import dev.everwire.spi.History;
import dev.everwire.spi.Publication;
import dev.everwire.testkit.MemoryNetwork;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Fan-out over two loops in manual time. */
final class TopicHubTest {
  private final MemoryNetwork network = new MemoryNetwork();
  private final Loop left = network.dialer().loop();
  private final Loop right = network.dialer().loop();

  private static TopicHub hub(Broker broker) {
    TopicHub hub =
        new TopicHub(
            broker, List.of(TopicRule.named("**").keepLast(1_000_000)), new TestValues(), 3);
    hub.start();
    return hub;
  }

  private final class Reader implements Subscription.Answer {
    final List<Encoded> messages = new ArrayList<>();
    final List<Subscribed> answers = new ArrayList<>();
    final List<Fault> refusals = new ArrayList<>();
    private final TopicHub hub;
    private final Loop loop;

    Reader(TopicHub hub, Loop loop) {
      this.hub = hub;
      this.loop = loop;
    }

    Reader subscribe(String topic, @Nullable Position since) {
      loop.execute(() -> hub.of(loop).subscribe(this, this::offer, topic, since, this));
      network.runUntilIdle();
      return this;
    }

    void unsubscribe(String topic) {
      loop.execute(() -> hub.of(loop).unsubscribe(this, topic));
      network.runUntilIdle();
    }

    void close() {
      loop.execute(() -> hub.of(loop).closed(this));
      network.runUntilIdle();
    }

    private Offer offer(Encoded message) {
      messages.add(message);
      return Offer.QUEUED;
    }

    @Override
    public void subscribed(Subscribed subscribed) {
      answers.add(subscribed);
    }

    @Override
    public void refused(Fault fault) {
      refusals.add(fault);
    }

    List<Long> offsets() {
      return messages.stream().map(message -> event(message).offset()).toList();
    }
  }

  @Test
  void aPublicationIsEncodedOnceForEverybodyOnEveryLoop() {
    MemoryBroker broker = new MemoryBroker(new Random(1));
    TopicHub hub = hub(broker);
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      readers.add(new Reader(hub, i % 2 == 0 ? left : right).subscribe("t", null));
    }
    hub.publish("t", 7);
    network.runUntilIdle();

    Encoded one = readers.getFirst().messages.getFirst();
    for (Reader reader : readers) {
      assertThat(reader.messages).hasSize(1);
      assertThat(reader.messages.getFirst()).isSameAs(one);
    }
    assertThat(event(one)).isEqualTo(new TopicEvent("t", 1, RawJson.number(7)));
    assertThat(released(one)).isTrue();
  }

  @Test
  void everySubscriberOnEveryLoopSeesTheOrderOfTheOffsets() throws Exception {
    MemoryBroker broker = new MemoryBroker(new Random(1));
    TopicHub hub = hub(broker);
    Reader one = new Reader(hub, left).subscribe("t", null);
    Reader two = new Reader(hub, right).subscribe("t", null);
    int each = 500;
    List<Thread> publishers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      publishers.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int n = 0; n < each; n++) {
                  hub.publish("t", n);
                }
              }));
    }
    network.runUntil(
        () -> one.messages.size() == 3 * each && two.messages.size() == 3 * each,
        Duration.ofSeconds(20));
    for (Thread publisher : publishers) {
      publisher.join();
    }

    List<Long> all = LongStream.rangeClosed(1, 3 * each).boxed().toList();
    assertThat(one.offsets()).isEqualTo(all);
    assertThat(two.offsets()).isEqualTo(all);
  }

  @Test
  void whenEverybodyIsGoneNothingIsLeft() {
    MemoryBroker broker = new MemoryBroker(new Random(1));
    TopicHub hub = hub(broker);
    Reader one = new Reader(hub, left).subscribe("a", null).subscribe("b", null);
    Reader two = new Reader(hub, right).subscribe("a", null);
    Reader recovering = new Reader(hub, left).subscribe("a", new Position("other", 3));
    assertThat(hub.interests()).isEqualTo(2);

    one.close();
    two.close();
    recovering.close();
    assertThat(hub.interests()).isZero();
    for (Loop loop : List.of(left, right)) {
      assertThat(hub.of(loop).topics()).isZero();
      assertThat(hub.of(loop).members()).isZero();
    }
    hub.publish("a", 1);
    network.runUntilIdle();
    assertThat(one.messages).isEmpty();
  }

  @Test
  void afterUnsubscribingNothingOfTheTopicIsSent() {
    MemoryBroker broker = new MemoryBroker(new Random(1));
    TopicHub hub = hub(broker);
    Reader reader = new Reader(hub, left).subscribe("a", null).subscribe("b", null);
    hub.publish("a", 1); // on its way to the loop
    left.execute(() -> hub.of(left).unsubscribe(reader, "a"));
    hub.publish("a", 2);
    hub.publish("b", 3);
    network.runUntilIdle();

    assertThat(reader.messages.stream().map(TopicHubTest::event))
        .extracting(event -> event.topic() + event.offset())
        .containsExactly("a1", "b1");
    reader.unsubscribe("b");
    assertThat(hub.interests()).isZero();
  }

  @Test
  void subscribingAgainReplacesTheFormerSubscription() {
    MemoryBroker broker = new MemoryBroker(new Random(1));
    TopicHub hub = hub(broker);
    Reader reader = new Reader(hub, left).subscribe("t", null);
    Position first = hub.publish("t", 1);
    network.runUntilIdle();
    reader.subscribe("t", new Position(first.epoch(), 0));
    hub.publish("t", 2);
    network.runUntilIdle();

    assertThat(reader.offsets()).containsExactly(1L, 2L);
    assertThat(reader.answers.getLast().events()).hasSize(1);
    assertThat(hub.of(left).topics()).isOne();
    reader.close();
    assertThat(hub.interests()).isZero();
  }

  @Test
  void aLaterSubscriptionRefusesTheOneThatStillWaits() {
    ScriptedBroker broker = new ScriptedBroker();
    TopicHub hub = hub(broker);
    Reader reader = new Reader(hub, left).subscribe("t", null).subscribe("t", null);
    broker.subscribes.remove().complete(new Position("e", 5));
    network.runUntilIdle();

    assertThat(reader.refusals).extracting(Fault::code).containsExactly(-32800);
    assertThat(reader.answers).hasSize(1);
  }

  @Test
  void oneTooManySubscriptionsIsRefused() {
    TopicHub hub = hub(new MemoryBroker(new Random(1)));
    Reader reader =
        new Reader(hub, left)
            .subscribe("a", null)
            .subscribe("b", null)
            .subscribe("c", null)
            .subscribe("d", null);
    assertThat(reader.refusals)
        .containsExactly(
            new Fault(-32006, "too many subscriptions", RawJson.parse("{\"retryable\":false}")));

    reader.subscribe("c", null);
    reader.unsubscribe("a");
    reader.subscribe("d", null);
    assertThat(reader.refusals).hasSize(1);
  }

  @Test
  void thoseWhoComeBackTogetherShareOneRead() {
    ScriptedBroker broker = new ScriptedBroker();
    TopicHub hub = hub(broker);
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      readers.add(new Reader(hub, i % 2 == 0 ? left : right).subscribe("t", new Position("e", 3)));
    }
    broker.subscribes.remove().complete(new Position("e", 5));
    network.runUntilIdle();
    assertThat(broker.asked).containsExactly("subscribe t", "history t e:3");

    broker
        .reads
        .remove()
        .complete(
            new History.Page(
                List.of(
                    new Publication(4, RawJson.number(4)), new Publication(5, RawJson.number(5))),
                new Position("e", 5),
                false));
    network.runUntilIdle();
    for (Reader reader : readers) {
      assertThat(reader.answers).hasSize(1);
      assertThat(reader.answers.getFirst().position()).isEqualTo(new Position("e", 5));
      assertThat(reader.answers.getFirst().events()).hasSize(2);
    }
  }

  @Test
  void aBrokerThatDoesNotAnswerInTimeIsRefusalAndLeavesNothing() {
    ScriptedBroker broker = new ScriptedBroker();
    TopicHub hub = hub(broker);
    Reader waiting = new Reader(hub, left).subscribe("t", null);
    Reader recovering = new Reader(hub, right).subscribe("u", new Position("e", 3));
    broker.subscribes.removeLast().complete(new Position("e", 5));
    network.advance(Duration.ofSeconds(11));

    assertThat(waiting.refusals).extracting(Fault::code).containsExactly(-32006);
    assertThat(recovering.refusals).extracting(Fault::code).containsExactly(-32006);
    broker.subscribes.remove().complete(new Position("e", 5));
    broker.reads.remove().complete(new History.Page(List.of(), new Position("e", 5), false));
    network.runUntilIdle();
    assertThat(waiting.answers).isEmpty();
    assertThat(recovering.answers).isEmpty();
    assertThat(hub.interests()).isZero();
  }

  @Test
  void aLoopThatFallsBehindReadsWhatFoundNoRoom() {
    MemoryBroker broker =
        new MemoryBroker(new Random(1), new MemoryBroker.Bounds(1L << 30, 10, 1L << 30));
    TopicHub hub = hub(broker);
    Reader reader = new Reader(hub, left).subscribe("t", null);
    RawJson large = RawJson.string("x".repeat(100_000));
    int count = (int) (LoopTopics.MAX_BACKLOG_BYTES / 100_000) + 50;
    for (int i = 0; i < count; i++) {
      hub.publish("t", large); // the loop does not run meanwhile
    }
    network.runUntilIdle();
    hub.publish("t", 1);
    network.runUntilIdle();

    assertThat(reader.offsets()).isEqualTo(LongStream.rangeClosed(1, count + 1).boxed().toList());
  }

  @Test
  void framesAreWhatTheCodecWouldWrite() {
    Position at = new Position("e", 7);
    RawJson data = RawJson.parse("{\"a\":[1,\"\u00e9\"]}");
    JsonWriter event = new JsonWriter();
    JsonRpcCodec codec = new JsonRpcCodec(200, 100);
    codec.write(
        new Message.Notification("rpc.event", new TopicEvent("a/b", 7, data).write()), event);
    JsonWriter gap = new JsonWriter();
    Gap lost = new Gap("a/b", 3, 6, "trimmed");
    codec.write(new Message.Notification("$/gap", lost.write()), gap);

    assertThat(TopicFrame.event("a/b", at, data).message().payload()).isEqualTo(event.toBytes());
    assertThat(TopicFrame.gap(lost, at).message().payload()).isEqualTo(gap.toBytes());
  }

  // ---- words

  private static TopicEvent event(Encoded message) {
    Frame frame = new JsonRpcCodec(200, 100).read(ByteBuffer.wrap(message.payload()));
    Message.Notification event = (Message.Notification) ((Frame.Single) frame).message();
    assertThat(event.method()).isEqualTo("rpc.event");
    return TopicEvent.read(event.params());
  }

  private static boolean released(Encoded message) {
    try {
      message.retain();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
