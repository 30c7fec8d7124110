package dev.everwire.client.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.Overflow;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What waits, and what gives way. */
class BacklogTest {
  private static final KeyPointer KEY = KeyPointer.of("/s");

  @Test
  void theNewestGiveWayAndAGapStandsBehindWhatWaits() {
    Backlog backlog = backlog(new Room(3, 1_000, Overflow.DROP_NEWEST, null));
    add(backlog, 101, 102, 103, 104, 105);

    assertThat(backlog.size()).isEqualTo(4);
    assertThat(backlog.dropped()).isEqualTo(2);
    assertThat(drain(backlog)).containsExactly("101", "102", "103", "[103-105 lag]");

    add(backlog, 106);
    assertThat(drain(backlog)).containsExactly("106");
  }

  @Test
  void whatFitsAgainComesBehindTheGap() {
    Backlog backlog = backlog(new Room(3, 1_000, Overflow.DROP_NEWEST, null));
    add(backlog, 101, 102, 103, 104);
    assertThat(text(backlog.remove())).isEqualTo("101");

    add(backlog, 105); // room for one, but the gap needs it
    assertThat(text(backlog.remove())).isEqualTo("102");
    add(backlog, 106);

    assertThat(drain(backlog)).containsExactly("103", "[103-105 lag]", "106");
  }

  @Test
  void withRoomForOneTheNewestGiveWayToo() {
    Backlog backlog = backlog(new Room(1, 1, Overflow.DROP_NEWEST, null));
    add(backlog, 101, 102, 103);
    assertThat(text(backlog.remove())).isEqualTo("101");
    add(backlog, 104);

    assertThat(drain(backlog)).containsExactly("[101-103 lag]", "104");
  }

  @Test
  void ofEachKeyTheLatestWaitsAtItsOwnPlace() {
    Backlog backlog = backlog(new Room(3, 10_000, Overflow.LATEST_PER_KEY, KEY));
    backlog.add(quote(101, "EUR"));
    backlog.add(quote(102, "USD"));
    backlog.add(quote(103, "EUR"));
    backlog.add(quote(104, "EUR"));

    assertThat(backlog.conflated()).isEqualTo(2);
    assertThat(backlog.dropped()).isZero();
    assertThat(drain(backlog)).containsExactly("102", "104");
  }

  @Test
  void tooManyKeysMakeTheOldestGiveWay() {
    Backlog backlog = backlog(new Room(2, 10_000, Overflow.LATEST_PER_KEY, KEY));
    backlog.add(quote(101, "EUR"));
    backlog.add(quote(102, "USD"));
    backlog.add(quote(103, "GBP"));
    backlog.add(quote(104, "USD"));

    assertThat(drain(backlog)).containsExactly("[100-101 lag]", "103", "104");
    assertThat(backlog.dropped()).isEqualTo(1);
    assertThat(backlog.conflated()).isEqualTo(1);
  }

  @Test
  void whatHasNoKeyIsNeitherReplacedNorReplaces() {
    Backlog backlog = backlog(new Room(10, 10_000, Overflow.LATEST_PER_KEY, KEY));
    backlog.add(item(101));
    backlog.add(item(102));
    backlog.add(new Piece.Gap("trimmed", at(102), at(110)));
    backlog.add(new Piece.Gap("epoch", at(110), at(112)));

    assertThat(drain(backlog))
        .containsExactly("101", "102", "[102-110 trimmed]", "[110-112 epoch]");
  }

  @Test
  void clearedItHoldsNothing() {
    for (Overflow whenFull : Overflow.values()) {
      Backlog backlog =
          backlog(new Room(2, 1_000, whenFull, whenFull == Overflow.LATEST_PER_KEY ? KEY : null));
      add(backlog, 101, 102);
      assertThat(backlog.add(item(103))).isEqualTo(whenFull != Overflow.DISCONNECT);
      backlog.clear();
      assertThat(backlog.size()).isZero();
      assertThat(backlog.remove()).isNull();
    }
  }

  /**
   * Whatever comes and however it is read: offsets grow, no more waits than may, what is missing
   * lies in a gap, or was replaced by a later event of its key.
   */
  @Test
  void nothingIsMissingUntold() {
    for (long seed = 0; seed < 3_000; seed++) {
      try {
        run(new SplittableRandom(seed));
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static void run(SplittableRandom random) {
    boolean keyed = random.nextBoolean();
    Overflow whenFull =
        keyed
            ? Overflow.LATEST_PER_KEY
            : random.nextBoolean() ? Overflow.DROP_OLDEST : Overflow.DROP_NEWEST;
    int events = random.nextInt(1, 6);
    Backlog backlog = backlog(new Room(events, 500, whenFull, keyed ? KEY : null));
    Map<String, Long> latest = new HashMap<>();
    List<Piece> got = new ArrayList<>();
    long offset = 100;
    for (int step = 0; step < 60; step++) {
      if (random.nextInt(3) > 0) {
        offset++;
        String key = "k" + random.nextInt(4);
        latest.put(key, offset);
        assertThat(backlog.add(quote(offset, key))).isTrue();
      } else {
        Piece next = backlog.remove();
        if (next != null) {
          got.add(next);
        }
      }
      assertThat(backlog.size()).isLessThanOrEqualTo(Math.max(2, events) + 1);
    }
    for (Piece next = backlog.remove(); next != null; next = backlog.remove()) {
      got.add(next);
    }
    check(got, offset, latest, keyed);
  }

  private static void check(List<Piece> got, long top, Map<String, Long> latest, boolean keyed) {
    long at = 100;
    List<Long> told = new ArrayList<>();
    for (Piece piece : got) {
      assertThat(piece.position().offset()).isGreaterThan(at);
      if (piece instanceof Piece.Gap gap) {
        assertThat(gap.from().offset()).isGreaterThanOrEqualTo(at);
        for (long o = gap.from().offset() + 1; o <= gap.position().offset(); o++) {
          told.add(o);
        }
      } else {
        told.add(piece.position().offset());
      }
      at = piece.position().offset();
    }
    assertThat(at).isEqualTo(top);
    if (keyed) {
      assertThat(told).containsAll(latest.values());
    } else {
      assertThat(told).hasSize((int) (top - 100));
    }
  }

  private static Backlog backlog(Room room) {
    Backlog backlog = new Backlog(room);
    backlog.begin(at(100));
    return backlog;
  }

  private static void add(Backlog backlog, long... offsets) {
    for (long offset : offsets) {
      assertThat(backlog.add(item(offset))).isTrue();
    }
  }

  private static List<String> drain(Backlog backlog) {
    List<String> pieces = new ArrayList<>();
    for (Piece next = backlog.remove(); next != null; next = backlog.remove()) {
      pieces.add(text(next));
    }
    return pieces;
  }

  private static String text(@Nullable Piece piece) {
    return switch (piece) {
      case null -> "nothing";
      case Piece.Item(Position position, RawJson data) -> Long.toString(position.offset());
      case Piece.Gap(String reason, Position from, Position to) ->
          "[" + from.offset() + "-" + to.offset() + " " + reason + "]";
    };
  }

  private static Piece quote(long offset, String key) {
    return new Piece.Item(
        at(offset), RawJson.parse("{\"s\":\"" + key + "\",\"p\":" + offset + "}"));
  }

  private static Piece item(long offset) {
    return new Piece.Item(at(offset), RawJson.number(offset));
  }

  private static Position at(long offset) {
    return new Position("k3", offset);
  }
}
