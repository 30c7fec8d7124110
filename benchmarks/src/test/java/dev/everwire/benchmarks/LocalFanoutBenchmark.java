package dev.everwire.benchmarks;

import dev.everwire.client.internal.foreign.SubscriptionBook;
import dev.everwire.client.internal.foreign.UpdateBuffer;
import dev.everwire.client.internal.topic.Ending;
import dev.everwire.client.internal.topic.EventBuffer;
import dev.everwire.client.internal.topic.Piece;
import dev.everwire.client.internal.topic.Reader;
import dev.everwire.client.internal.topic.Room;
import dev.everwire.client.internal.topic.TopicFeed;
import dev.everwire.protocol.Fault;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Subscribed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One event reaches all subscriptions of its topic in a client, and each takes it: of an Everwire
 * server, where it is proved that none is missing, and of somebody else's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LocalFanoutBenchmark {
  private static final String TOPIC = "prices/eur";
  private static final int ROOM = 256;
  private static final long ROOM_BYTES = 1024 * 1024;

  private final RawJson data = RawJson.parse("{\"symbol\":\"EURUSD\",\"value\":1.0842}");
  private final List<EventBuffer> events = new ArrayList<>();
  private final List<UpdateBuffer> updates = new ArrayList<>();
  private final TopicFeed feed = new TopicFeed(TOPIC, new NoWire());
  private final SubscriptionBook book =
      new SubscriptionBook(
          new SubscriptionBook.Rules(50, false, Duration.ofSeconds(10), 10), (topic, why) -> {});
  private long offset;

  @Param({"1", "10", "1000"})
  public int subscribers;

  /** Subscribes them all. */
  @Setup
  public void setUp() {
    book.online(1);
    for (int i = 0; i < subscribers; i++) {
      EventBuffer buffer = new EventBuffer(Room.of(ROOM, ROOM_BYTES), () -> {});
      events.add(buffer);
      feed.attach(new Buffering(buffer), null);
      UpdateBuffer other =
          new UpdateBuffer(ROOM, ROOM_BYTES, UpdateBuffer.WhenFull.DROP_OLDEST, null);
      updates.add(other);
      book.add(TOPIC, new Updating(other));
    }
    feed.online();
    feed.subscribed(
        new Subscribed(
            TOPIC,
            new Position("k3", 0),
            Subscribed.Recovery.NOT_ASKED,
            List.of(),
            false,
            null,
            0));
    book.subscribing(book.toSubscribe(), "1");
    book.subscribed("1", 0);
  }

  /** What the last subscription took. */
  @Benchmark
  public @Nullable Object publishOfEverwire() {
    offset++;
    feed.event(offset, data);
    Object last = null;
    for (EventBuffer buffer : events) {
      last = buffer.poll();
    }
    return last;
  }

  /** As {@link #publishOfEverwire}, in the client for any protocol. */
  @Benchmark
  public @Nullable Object publishOfAnyProtocol() {
    book.update(TOPIC, data);
    Object last = null;
    for (UpdateBuffer buffer : updates) {
      last = buffer.poll();
    }
    return last;
  }

  /** Fills a buffer, as a {@code Subscription} does. */
  private record Buffering(EventBuffer buffer) implements Reader {
    @Override
    public void begin(Position position) {
      buffer.begin(position);
    }

    @Override
    public void confirmed() {}

    @Override
    public void piece(Piece piece) {
      buffer.piece(piece);
    }

    @Override
    public void end(Ending ending) {
      buffer.end(ending);
    }
  }

  /** Fills a buffer, as a {@code ForeignSubscription} does. */
  private record Updating(UpdateBuffer buffer) implements SubscriptionBook.Feed {
    @Override
    public void confirmed() {}

    @Override
    public void resumed(long epoch) {}

    @Override
    public void update(RawJson data) {
      buffer.update(data);
    }

    @Override
    public void end(Ending why) {
      buffer.end(why);
    }
  }

  /** Nothing is missing, so nothing is asked for. */
  private static final class NoWire implements TopicFeed.Wire {
    @Override
    public void subscribe(TopicFeed feed, @Nullable Position since) {}

    @Override
    public void history(TopicFeed feed, Position since, int limit, TopicFeed.Fill fill) {
      throw new AssertionError("missing behind " + since);
    }

    @Override
    public void unsubscribe(TopicFeed feed) {}

    @Override
    public void retryLater(TopicFeed feed, int failures, Fault fault) {
      throw new AssertionError(fault.message());
    }
  }
}
