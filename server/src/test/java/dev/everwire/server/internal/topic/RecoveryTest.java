package dev.everwire.server.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.protocol.wire.Entry;
import dev.everwire.protocol.wire.Gap;
import dev.everwire.protocol.wire.Subscribed;
import dev.everwire.spi.History;
import dev.everwire.spi.Publication;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class RecoveryTest {
  private static final String TOPIC = "t";
  private static final boolean FRESH = true;
  private static final boolean SHARED = false;

  /**
   * Positions are written {@code e:5}, runs of offsets {@code 3-5}, buffered frames {@code e:5
   * e:6}; {@code f:0} is the announcement of epoch f.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing was missed                         | e:5 | e:7 | 6-7 | e:7  |             | e:7 | 6-7 | e:7  |
          the buffer repeats what history has        | e:5 | e:7 | 6-9 | e:9  | e:8 e:9     | e:9 | 6-9 | e:9  |
          the buffer goes on where history ends      | e:5 | e:7 | 6-8 | e:8  | e:8 e:9     | e:9 | 6-8 | e:8  | e:9
          the buffer begins right behind history     | e:5 | e:7 | 6-7 | e:7  | e:8 e:9     | e:9 | 6-7 | e:7  | e:8 e:9
          history is ahead of the loop               | e:5 | e:7 | 6-9 | e:9  | e:8         | e:8 | 6-9 | e:9  |
          the subscriber is ahead of the loop        | e:9 | e:7 |     | e:9  | e:8         | e:8 |     | e:9  |
          from the beginning                         | e:0 | e:0 |     | e:0  | e:1         | e:1 |     | e:0  | e:1
          a new life began behind the run            | e:5 | e:7 | 6-8 | e:8  | e:8 f:0 f:1 | f:1 | 6-8 | e:8  | f:0 f:1
          """)
  void recovers(
      String what,
      String since,
      String start,
      String run,
      String top,
      String buffered,
      String now,
      String events,
      String position,
      String replayed) {
    Recovery recovery = new Recovery(TOPIC, position(since), position(start));
    List<TopicFrame> frames = frames(buffered);
    frames.forEach(recovery::buffer);

    var outcome = recovery.prove(page(run, position(top), false), FRESH, position(now));

    Subscribed expected =
        new Subscribed(
            TOPIC,
            position(position),
            Subscribed.Recovery.COMPLETE,
            entries(events),
            false,
            null,
            0);
    List<TopicFrame> replay =
        frames.stream()
            .filter(frame -> words(replayed).contains(frame.after().toString()))
            .toList();
    assertThat(outcome).isEqualTo(new Recovery.Outcome.Live(expected, replay));
  }

  static Stream<Arguments> lost() {
    return Stream.of(
        Arguments.of("the loop is a life behind", epoch("f:3", 1), "", "e:7", "epoch", 1, "e:7"),
        Arguments.of("the loop followed", epoch("f:3", 1), "f:0 f:1", "f:1", "epoch", 1, "f:3"),
        Arguments.of("trimmed", trimmed("e:9", 8), "", "e:7", "trimmed", 8, "e:9"),
        Arguments.of("the loop went on", trimmed("e:9", 8), "e:10", "e:10", "trimmed", 8, "e:10"),
        Arguments.of("a third life began", epoch("f:3", 1), "g:0 g:1", "g:1", "epoch", 1, "g:1"),
        Arguments.of("a hole in the run", run("e:9", 6, 8, 9), "", "e:7", "limit", 6, "e:9"),
        Arguments.of("a run too short", run("e:9", 6, 7), "", "e:7", "limit", 6, "e:9"),
        Arguments.of("a run behind the loop", run("e:6", 6), "", "e:7", "limit", 6, "e:7"),
        Arguments.of("a run of another life", run("f:6", 6), "", "e:7", "limit", 6, "e:7"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void lost(
      String what,
      History history,
      String buffered,
      String now,
      String reason,
      long first,
      String live) {
    Recovery recovery = new Recovery(TOPIC, position("e:5"), position("e:7"));
    frames(buffered).forEach(recovery::buffer);

    assertThat(recovery.prove(history, FRESH, position(now)))
        .isEqualTo(
            new Recovery.Outcome.Live(
                new Subscribed(
                    TOPIC,
                    position(live),
                    Subscribed.Recovery.IMPOSSIBLE,
                    List.of(),
                    false,
                    reason,
                    first),
                List.of()));
  }

  @Test
  void whoKnowsALaterLifeThanTheLoopGoesOnWithTheLoop() {
    Recovery recovery = new Recovery(TOPIC, position("f:1"), position("e:7"));

    assertThat(recovery.prove(run("f:2", 2), SHARED, position("e:7")))
        .isEqualTo(new Recovery.Outcome.ReadAgain());
    assertThat(recovery.prove(run("f:2", 2), FRESH, position("e:7")))
        .isInstanceOfSatisfying(
            Recovery.Outcome.Live.class,
            live -> {
              assertThat(live.answer().reason()).isEqualTo("epoch");
              assertThat(live.answer().position()).isEqualTo(position("e:7"));
            });
  }

  @Test
  void aPageOfSeveralEndsAtItsLastEvent() {
    Recovery recovery = new Recovery(TOPIC, position("e:5"), position("e:70"));

    assertThat(recovery.prove(page("6-9", position("e:70"), true), FRESH, position("e:70")))
        .isEqualTo(
            new Recovery.Outcome.Page(
                new Subscribed(
                    TOPIC,
                    position("e:9"),
                    Subscribed.Recovery.COMPLETE,
                    entries("6-9"),
                    true,
                    null,
                    0)));
  }

  @Test
  void aSharedReadThatFallsShortIsMadeAgain() {
    Recovery recovery = new Recovery(TOPIC, position("e:5"), position("e:7"));

    assertThat(recovery.prove(run("e:6", 6), SHARED, position("e:7")))
        .isEqualTo(new Recovery.Outcome.ReadAgain());
    assertThat(recovery.prove(epoch("f:1", 1), SHARED, position("e:7")))
        .isEqualTo(new Recovery.Outcome.ReadAgain());
    assertThat(recovery.prove(run("e:7", 6, 7), SHARED, position("e:7")))
        .isInstanceOf(Recovery.Outcome.Live.class);
    assertThat(recovery.prove(trimmed("e:7", 7), SHARED, position("e:7")))
        .isInstanceOf(Recovery.Outcome.Live.class);
  }

  @Test
  void aBufferThatOverflowsMakesRecoveryImpossible() {
    Recovery recovery = new Recovery(TOPIC, position("e:5"), position("e:7"));
    overflow(recovery, 8);
    long last = 8 + Recovery.MAX_FRAMES;
    Position now = new Position("e", last);

    assertThat(recovery.prove(run("e:8", 6, 7, 8), FRESH, now))
        .isInstanceOfSatisfying(
            Recovery.Outcome.Live.class,
            live -> {
              assertThat(live.answer().recovery()).isEqualTo(Subscribed.Recovery.IMPOSSIBLE);
              assertThat(live.answer().reason()).isEqualTo("limit");
              assertThat(live.answer().first()).isEqualTo(6);
              assertThat(live.answer().position()).isEqualTo(now);
              assertThat(live.replay()).isEmpty();
            });
  }

  @Test
  void aBufferThatOverflowedIsNotMissedWhereHistoryHasEverything() {
    Recovery recovery = new Recovery(TOPIC, position("e:5"), position("e:7"));
    overflow(recovery, 8);
    long last = 8 + Recovery.MAX_FRAMES;

    var outcome =
        recovery.prove(
            page("6-" + last, new Position("e", last), false), FRESH, new Position("e", last));
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Recovery.Outcome.Live.class,
            live -> assertThat(live.answer().recovery()).isEqualTo(Subscribed.Recovery.COMPLETE));
  }

  @Test
  void theBufferIsBoundedInBytes() {
    Recovery recovery = new Recovery(TOPIC, position("e:5"), position("e:5"));
    RawJson large = RawJson.string("x".repeat((int) Recovery.MAX_BYTES));
    recovery.buffer(TopicFrame.event(TOPIC, position("e:6"), large));

    assertThat(recovery.prove(run("e:5"), FRESH, position("e:6")))
        .isInstanceOfSatisfying(
            Recovery.Outcome.Live.class,
            live -> assertThat(live.answer().reason()).isEqualTo("limit"));
  }

  private static void overflow(Recovery recovery, long first) {
    for (long i = 0; i <= Recovery.MAX_FRAMES; i++) {
      recovery.buffer(TopicFrame.event(TOPIC, new Position("e", first + i), RawJson.NULL));
    }
  }

  // ---- words

  private static Position position(String text) {
    String[] parts = text.split(":");
    return new Position(parts[0], Long.parseLong(parts[1]));
  }

  private static List<String> words(String text) {
    return text == null || text.isBlank() ? List.of() : Arrays.asList(text.trim().split(" +"));
  }

  private static List<TopicFrame> frames(String text) {
    List<TopicFrame> frames = new ArrayList<>();
    for (String word : words(text)) {
      Position at = position(word);
      frames.add(
          at.offset() == 0
              ? TopicFrame.gap(new Gap(TOPIC, 0, 0, "epoch", at.epoch()), at)
              : TopicFrame.event(TOPIC, at, RawJson.number(at.offset())));
    }
    return frames;
  }

  private static List<Long> offsets(String run) {
    if (run == null || run.isBlank()) {
      return List.of();
    }
    String[] ends = run.trim().split("-");
    return LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[1]))
        .boxed()
        .toList();
  }

  private static List<Entry> entries(String run) {
    return offsets(run).stream().map(offset -> new Entry(offset, RawJson.number(offset))).toList();
  }

  private static History.Page page(String run, Position top, boolean more) {
    return new History.Page(
        offsets(run).stream()
            .map(offset -> new Publication(offset, RawJson.number(offset)))
            .toList(),
        top,
        more);
  }

  private static History run(String top, long... offsets) {
    return new History.Page(
        LongStream.of(offsets)
            .mapToObj(offset -> new Publication(offset, RawJson.number(offset)))
            .toList(),
        position(top),
        false);
  }

  private static History epoch(String top, long first) {
    return new History.Lost(History.Reason.EPOCH, first, position(top));
  }

  private static History trimmed(String top, long first) {
    return new History.Lost(History.Reason.TRIMMED, first, position(top));
  }
}
