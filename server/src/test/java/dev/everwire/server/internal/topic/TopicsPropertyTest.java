package dev.everwire.server.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Entry;
import dev.everwire.protocol.wire.Gap;
import dev.everwire.protocol.wire.Subscribed;
import dev.everwire.protocol.wire.TopicEvent;
import dev.everwire.server.TestValues;
import dev.everwire.server.topic.TopicRule;
import dev.everwire.session.transport.Encoded;
import dev.everwire.session.transport.Loop;
import dev.everwire.testkit.MemoryNetwork;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random publications, subscriptions, cuts, losses and new lives: every reader sees offsets without
 * a hole, or is told of it; and what it sees is what was published there.
 */
final class TopicsPropertyTest {
  private static final List<String> TOPICS = List.of("a", "b");
  private static final int SEEDS = 400;
  private static final int STEPS = 300;

  @Test
  void everyHoleIsAnnounced() {
    for (long seed = 0; seed < SEEDS; seed++) {
      new Play(seed, 6, true).run();
    }
  }

  @Test
  void whereNothingIsForgottenOrLostThereAreNoHoles() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Play play = new Play(seed, Integer.MAX_VALUE, false);
      play.run();
      assertThat(play.gaps).as("gaps, seed " + seed).isZero();
    }
  }

  private static final class Play {
    private final long seed;
    private final Random random;
    private final boolean faulty;
    private final MemoryNetwork network = new MemoryNetwork();
    private final UnreliableBroker broker;
    private final TopicHub hub;
    private final List<Reader> readers = new ArrayList<>();
    private final List<Loop> loops;
    private int step;
    private @Nullable AssertionError failure; // inside a loop, which would only log it
    int gaps;

    Play(long seed, int keepLast, boolean faulty) {
      this.seed = seed;
      this.random = new Random(seed);
      this.faulty = faulty;
      this.broker = new UnreliableBroker(keepLast);
      this.hub = new TopicHub(broker, List.of(TopicRule.named("*")), new TestValues(), 128);
      hub.start();
      this.loops = List.of(network.dialer().loop(), network.dialer().loop());
      for (int i = 0; i < 4; i++) {
        readers.add(new Reader(loops.get(i % 2)));
      }
    }

    void run() {
      try {
        for (step = 0; step < STEPS; step++) {
          move();
          failIfFailed();
        }
        settle();
        failIfFailed();
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", step " + step, e);
      }
    }

    private void failIfFailed() {
      if (failure != null) {
        throw failure;
      }
    }

    private void check(Runnable assertions) {
      try {
        assertions.run();
      } catch (AssertionError e) {
        failure = failure == null ? e : failure;
      }
    }

    private void move() {
      String topic = TOPICS.get(random.nextInt(TOPICS.size()));
      Reader reader = readers.get(random.nextInt(readers.size()));
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4 -> broker.publish(topic);
        case 5, 6, 7, 8 -> broker.tell(faulty && random.nextInt(10) == 0);
        case 9, 10, 11 -> broker.operate();
        case 12, 13 -> reader.subscribe(topic);
        case 14 -> reader.unsubscribe(topic);
        case 15 -> reader.cut();
        case 16 -> {
          if (faulty && random.nextInt(8) == 0) {
            broker.forget(topic);
          }
        }
        default -> network.runUntilIdle();
      }
    }

    /** Lets everything arrive, publishes once more, and looks whether everybody is at the top. */
    private void settle() {
      quiet();
      for (int round = 0; round < STEPS; round++) {
        readers.forEach(reader -> TOPICS.forEach(reader::subscribeIfNotLive));
        quiet();
      }
      TOPICS.forEach(broker::publish);
      quiet();
      for (Reader reader : readers) {
        for (String topic : TOPICS) {
          assertThat(reader.positions.get(topic)).isEqualTo(broker.top(topic));
        }
        reader.cut();
      }
      quiet();
      assertThat(hub.interests()).isZero();
      for (Loop loop : loops) {
        assertThat(hub.of(loop).topics()).isZero();
        assertThat(hub.of(loop).members()).isZero();
      }
    }

    private void quiet() {
      network.runUntilIdle();
      while (!broker.idle()) {
        broker.operate();
        broker.tell(false);
        network.runUntilIdle();
      }
    }

    /** A client as the protocol describes it; comes back with its positions. */
    private final class Reader {
      private final Loop loop;
      private final Map<String, Position> positions = new HashMap<>();
      private final Map<String, Attempt> attempts = new HashMap<>();
      private Object connection = new Object();

      Reader(Loop loop) {
        this.loop = loop;
      }

      /** Goes on from where it stands, sometimes from where it stood before, or from now. */
      void subscribe(String topic) {
        Position since = positions.get(topic);
        if (since != null && random.nextInt(4) == 0) {
          since = new Position(since.epoch(), random.nextLong(since.offset() + 1));
        }
        if (faulty && random.nextInt(10) == 0) {
          since = null;
        }
        subscribe(topic, since);
      }

      void subscribeIfNotLive(String topic) {
        Attempt attempt = attempts.get(topic);
        if (attempt == null || attempt.over) {
          subscribe(topic, positions.get(topic));
        }
      }

      private void subscribe(String topic, @Nullable Position since) {
        Object as = connection;
        Attempt attempt = new Attempt(this, topic, since);
        loop.execute(() -> {
          if (as == connection) {
            attempts.put(topic, attempt);
            hub.of(loop).subscribe(as, message -> offer(as, message), topic, since, attempt);
          }
        });
      }

      void unsubscribe(String topic) {
        Object as = connection;
        loop.execute(() -> {
          hub.of(loop).unsubscribe(as, topic);
          if (as == connection) {
            attempts.remove(topic);
          }
        });
      }

      void cut() {
        Object as = connection;
        connection = new Object();
        loop.execute(() -> {
          hub.of(loop).closed(as);
          attempts.clear();
        });
      }

      private Offer offer(Object as, Encoded message) {
        if (as != connection) {
          return Offer.CLOSED;
        }
        check(() -> heard(message));
        return Offer.QUEUED;
      }

      private void heard(Encoded message) {
        RawJson frame = RawJson.parse(new String(message.payload(), StandardCharsets.UTF_8));
        RawJson params = frame.members().get("params");
        if (frame.members().string("method").equals("rpc.event")) {
          TopicEvent event = TopicEvent.read(params);
          live(event.topic());
          accept(event.topic(), new Entry(event.offset(), event.data()));
        } else {
          Gap gap = Gap.read(params);
          live(gap.topic());
          gaps++;
          Position at = positions.get(gap.topic());
          if (gap.epoch() == null) {
            assertThat(gap.from()).isEqualTo(at.offset() + 1);
            assertThat(gap.to()).isGreaterThanOrEqualTo(gap.from());
            positions.put(gap.topic(), new Position(at.epoch(), gap.to()));
          } else {
            assertThat(gap.epoch()).isNotEqualTo(at.epoch());
            positions.put(gap.topic(), new Position(gap.epoch(), gap.to()));
          }
        }
      }

      private void live(String topic) {
        Attempt attempt = attempts.get(topic);
        assertThat(attempt != null && attempt.answered && !attempt.over)
            .as("told of " + topic + " while subscribed")
            .isTrue();
      }

      private void accept(String topic, Entry event) {
        Position at = positions.get(topic);
        assertThat(event.offset()).isEqualTo(at.offset() + 1);
        assertThat(event.data().asString()).isEqualTo(at.epoch() + ":" + event.offset());
        positions.put(topic, new Position(at.epoch(), event.offset()));
      }
    }

    /** One subscription of a reader. */
    private final class Attempt implements Subscription.Answer {
      private final Reader reader;
      private final String topic;
      private final @Nullable Position since;
      private final Object connection;
      private boolean answered;
      private boolean over; // refused, or a page of several

      Attempt(Reader reader, String topic, @Nullable Position since) {
        this.reader = reader;
        this.topic = topic;
        this.since = since;
        this.connection = reader.connection;
      }

      @Override
      public void subscribed(Subscribed answer) {
        if (connection == reader.connection) {
          check(() -> heard(answer));
        }
      }

      private void heard(Subscribed answer) {
        assertThat(answered).isFalse();
        assertThat(reader.attempts.get(topic)).isSameAs(this);
        answered = true;
        over = answer.more();
        if (answer.recovery() == Subscribed.Recovery.COMPLETE) {
          assertThat(since).isNotNull();
          reader.positions.put(topic, since);
          answer.events().forEach(event -> reader.accept(topic, event));
          assertThat(reader.positions.get(topic)).isEqualTo(answer.position());
        } else {
          gaps += answer.recovery() == Subscribed.Recovery.IMPOSSIBLE ? 1 : 0;
          assertThat(answer.events()).isEmpty();
          reader.positions.put(topic, answer.position());
        }
      }

      @Override
      public void refused(Fault fault) {
        answered = true;
        over = true;
      }
    }
  }
}
