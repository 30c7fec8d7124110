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
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A feed against a server that loses and repeats events, answers late or not at all, forgets its
 * history and comes back with a new one. Whatever it does, each reader gets growing offsets, and
 * between two of them nothing is missing that was not told as a gap.
 */
class TopicFeedRandomTest {
  private static final int SEEDS = 2_000;
  private static final int STEPS = 300;

  @Test
  void whateverTheServerDoesNothingIsMissingUntold() {
    for (long seed = 0; seed < SEEDS; seed++) {
      new World(seed).run();
    }
  }

  /** Checks what it gets; each event's data is its own position. */
  private static final class Checker implements Reader {
    private final String name;
    @Nullable Position at;
    int items;
    boolean confirmed;

    Checker(String name) {
      this.name = name;
    }

    @Override
    public void begin(Position position) {
      assertThat(at).as(name).isNull();
      at = position;
    }

    @Override
    public void confirmed() {
      assertThat(at).as(name).isNotNull();
      assertThat(confirmed).as(name).isFalse();
      confirmed = true;
    }

    @Override
    public void piece(Piece piece) {
      Position before = at;
      assertThat(before).as(name).isNotNull();
      at = piece.position();
      switch (piece) {
        case Piece.Item(Position position, RawJson data) -> {
          items++;
          assertThat(position)
              .as(name)
              .isEqualTo(new Position(before.epoch(), before.offset() + 1));
          assertThat(data).as(name).isEqualTo(data(position));
        }
        case Piece.Gap(String reason, Position from, Position to) -> {
          assertThat(from).as(name).isEqualTo(before);
          if (to.epoch().equals(from.epoch())) {
            assertThat(to.offset()).as(name).isGreaterThan(from.offset());
          }
        }
      }
    }

    @Override
    public void end(Ending ending) {
      throw new AssertionError(name + ": " + ending);
    }
  }

  private static final class World implements TopicFeed.Wire {
    private final SplittableRandom random;
    private final String name;
    private final TopicFeed feed = new TopicFeed("t", this);
    private final List<Checker> readers = new ArrayList<>();
    private final Deque<Runnable> answers = new ArrayDeque<>(); // of the present connection
    private final List<Position> held = new ArrayList<>(); // of the present connection
    private boolean connected;
    private boolean subscribed;
    private boolean resting;
    private int epoch = 1;
    private long top;
    private long trimmed; // history begins behind it

    World(long seed) {
      this.random = new SplittableRandom(seed);
      this.name = "seed " + seed;
    }

    void run() {
      int step = 0;
      try {
        for (; step < STEPS; step++) {
          step();
        }
        calmDown();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(name + ", step " + step, e);
      }
      for (Checker reader : readers) {
        assertThat(reader.confirmed).as(name).isTrue();
        assertThat(reader.at).as(name).isEqualTo(new Position("e" + epoch, top));
      }
    }

    private void step() {
      switch (random.nextInt(20)) {
        case 0 -> disconnect();
        case 1, 2 -> connect();
        case 3 -> attach();
        case 4 -> trimmed = Math.max(trimmed, top - random.nextInt(5));
        case 5 -> {
          if (random.nextInt(5) == 0) {
            disconnect();
            epoch++;
            top = random.nextInt(3);
            trimmed = top;
          }
        }
        case 6, 7, 8, 9 -> answerOne();
        case 10 -> rested();
        case 11 -> gap();
        case 12 -> {
          if (!held.isEmpty() && subscribed) {
            Position late = held.remove(random.nextInt(held.size()));
            feed.event(late.offset(), data(late));
          }
        }
        default -> publish();
      }
    }

    /** Everything is answered from now on; one more event shows whatever was lost. */
    private void calmDown() {
      if (readers.isEmpty()) {
        attach();
      }
      connect();
      settle();
      top++;
      feed.event(top, data(position(top)));
      settle();
    }

    private void settle() {
      while (!answers.isEmpty() || resting) {
        answerOne();
        rested();
      }
    }

    private void connect() {
      if (!connected) {
        connected = true;
        if (!feed.unread()) {
          feed.online();
        }
      }
    }

    private void disconnect() {
      connected = false;
      subscribed = false;
      resting = false;
      answers.clear();
      held.clear();
      feed.offline();
    }

    private void attach() {
      if (readers.size() < 3) {
        Checker reader = new Checker(name + " reader " + readers.size());
        readers.add(reader);
        feed.attach(reader, random.nextBoolean() ? null : position(random.nextLong(top + 1)));
        if (connected) {
          feed.online();
        }
      }
    }

    private void publish() {
      top++;
      if (!subscribed) {
        return;
      }
      if (random.nextInt(6) == 0) {
        held.add(position(top)); // lost on the way, or late
        return;
      }
      feed.event(top, data(position(top)));
      if (random.nextInt(6) == 0) {
        long old = 1 + random.nextLong(top);
        feed.event(old, data(position(old)));
      }
    }

    private void gap() {
      if (subscribed) {
        long from = top + 1;
        top += 1 + random.nextInt(3);
        trimmed = top;
        feed.gap(from, top, "slow");
      }
    }

    private void answerOne() {
      Runnable next = answers.poll();
      if (next != null) {
        next.run();
      }
    }

    private void rested() {
      if (resting) {
        resting = false;
        feed.retry();
      }
    }

    @Override
    public void subscribe(TopicFeed feed, @Nullable Position since) {
      answers.add(() -> answerSubscribe(since));
    }

    private void answerSubscribe(@Nullable Position since) {
      if (random.nextInt(8) == 0) {
        feed.refused(Fault.of(FaultCode.OVERLOADED, "busy"));
        return;
      }
      subscribed = true;
      Position now = position(top);
      if (since == null) {
        feed.subscribed(new Subscribed("t", now, Recovery.NOT_ASKED, List.of(), false, null, 0));
      } else if (!since.epoch().equals(now.epoch()) || since.offset() > top) {
        feed.subscribed(
            new Subscribed("t", now, Recovery.IMPOSSIBLE, List.of(), false, "epoch", 1));
      } else if (since.offset() < trimmed) {
        feed.subscribed(
            new Subscribed("t", now, Recovery.IMPOSSIBLE, List.of(), false, "trimmed", 1));
      } else {
        long to = Math.min(top, since.offset() + 1 + random.nextInt(10));
        boolean more = to < top;
        subscribed = !more;
        feed.subscribed(
            new Subscribed(
                "t", position(to), Recovery.COMPLETE, entries(since.offset(), to), more, null, 0));
      }
    }

    @Override
    public void history(TopicFeed feed, Position since, int limit, TopicFeed.Fill fill) {
      answers.add(() -> answerHistory(since, limit, fill));
    }

    private void answerHistory(Position since, int limit, TopicFeed.Fill fill) {
      if (random.nextInt(8) == 0) {
        fill.failed(Fault.of(FaultCode.INTERNAL, "oops"));
      } else if (since.offset() < trimmed && random.nextBoolean()) {
        fill.failed(Fault.of(FaultCode.POSITION_LOST, "gone"));
      } else {
        long from = Math.max(since.offset(), trimmed);
        long to = Math.min(top, from + Math.min(limit, 1 + random.nextInt(5)));
        fill.filled(new HistoryRequest.Answer("t", position(top), entries(from, to), to < top));
      }
    }

    @Override
    public void unsubscribe(TopicFeed feed) {
      throw new AssertionError("nobody left");
    }

    @Override
    public void retryLater(TopicFeed feed, int failures, Fault fault) {
      resting = true;
    }

    private Position position(long offset) {
      return new Position("e" + epoch, offset);
    }

    private List<Entry> entries(long after, long to) {
      return LongStream.rangeClosed(after + 1, to)
          .mapToObj(offset -> new Entry(offset, data(position(offset))))
          .toList();
    }
  }

  private static RawJson data(Position position) {
    return RawJson.string(position.toString());
  }
}
