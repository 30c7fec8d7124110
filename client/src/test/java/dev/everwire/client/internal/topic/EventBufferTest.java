package dev.everwire.client.internal.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.Overflow;
import dev.everwire.protocol.Position;
import dev.everwire.protocol.json.RawJson;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventBufferTest {
  private final EventBuffer buffer = new EventBuffer(Room.of(3, 1_000), () -> {});

  EventBufferTest() {
    buffer.begin(at(100));
  }

  @Test
  void whatComesIsTakenInOrder() {
    add(101, 102);

    assertThat(buffer.poll()).isEqualTo(item(101));
    assertThat(buffer.poll()).isEqualTo(item(102));
    assertThat(buffer.poll()).isNull();
    assertThat(buffer.began()).isEqualTo(at(100));
    assertThat(buffer.last()).isEqualTo(at(102));
  }

  @Test
  void theOldestGiveWayToOneGap() {
    add(101, 102, 103, 104, 105);

    assertThat(buffer.poll()).isEqualTo(new Piece.Gap("lag", at(100), at(102)));
    assertThat(buffer.poll()).isEqualTo(item(103));

    add(106, 107, 108);
    assertThat(buffer.poll()).isEqualTo(new Piece.Gap("lag", at(103), at(105)));
    assertThat(buffer.poll()).isEqualTo(item(106));
  }

  @Test
  void aGapThatGivesWayIsPartOfTheOneInItsPlace() {
    buffer.piece(new Piece.Gap("trimmed", at(100), at(150)));
    add(151, 152, 153);

    assertThat(buffer.poll()).isEqualTo(new Piece.Gap("lag", at(100), at(150)));
    assertThat(buffer.poll()).isEqualTo(item(151));
  }

  @Test
  void bytesAreBoundedTooButOneEventAlwaysFits() {
    RawJson big = RawJson.string("x".repeat(2_000));
    buffer.piece(new Piece.Item(at(101), big));
    assertThat(buffer.poll()).isEqualTo(new Piece.Item(at(101), big));

    add(102);
    buffer.piece(new Piece.Item(at(103), big));
    assertThat(buffer.poll()).isEqualTo(new Piece.Gap("lag", at(101), at(102)));
    assertThat(buffer.poll()).isEqualTo(new Piece.Item(at(103), big));
  }

  @Test
  void whereNothingMayGiveWayTheStreamEndsBehindWhatWaits() throws InterruptedException {
    AtomicInteger overflows = new AtomicInteger();
    EventBuffer strict =
        new EventBuffer(new Room(2, 1_000, Overflow.DISCONNECT, null), overflows::incrementAndGet);
    strict.begin(at(100));

    for (long offset = 101; offset <= 105; offset++) {
      strict.piece(item(offset));
    }

    assertThat(overflows).hasValue(1);
    assertThat(strict.waiting()).isEqualTo(2);
    assertThat(strict.take()).isEqualTo(item(101));
    assertThat(strict.take()).isEqualTo(item(102));
    assertThat(strict.take()).isNull();
    assertThat(strict.ending()).isEqualTo(new Ending.Overflowed("no room for k3:103"));
  }

  @Test
  void whatWaitsAtTheEndCanStillBeTaken() throws InterruptedException {
    add(101);
    buffer.end(new Ending.Lost("gone"));
    add(102);

    assertThat(buffer.take()).isEqualTo(item(101));
    assertThat(buffer.take()).isNull();
    assertThat(buffer.poll(1_000_000_000)).isNull();
    assertThat(buffer.ending()).isEqualTo(new Ending.Lost("gone"));
  }

  @Test
  void discardThrowsAwayWhatWaits() {
    add(101);

    assertThat(buffer.discard(new Ending.Closed("closed"))).isTrue();
    assertThat(buffer.discard(new Ending.Closed("again"))).isFalse();
    assertThat(buffer.poll()).isNull();
    assertThat(buffer.ending()).isEqualTo(new Ending.Closed("closed"));
  }

  @Test
  void aWaitingReaderIsWokenByAnEventAndByTheEnd() throws Exception {
    CompletableFuture<Piece> first = new CompletableFuture<>();
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            first.complete(buffer.take());
            ended.complete(buffer.take() == null);
          } catch (InterruptedException e) {
            first.completeExceptionally(e);
          }
        });

    add(101);
    assertThat(first.get(5, TimeUnit.SECONDS)).isEqualTo(item(101));
    buffer.end(new Ending.Closed("closed"));
    assertThat(ended.get(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aPollWaitsNoLongerThanItIsAllowedTo() throws InterruptedException {
    assertThat(buffer.poll(1)).isNull();
    add(101);
    assertThat(buffer.poll(0)).isEqualTo(item(101));
  }

  private void add(long... offsets) {
    for (long offset : offsets) {
      buffer.piece(item(offset));
    }
  }

  private static Piece item(long offset) {
    return new Piece.Item(at(offset), RawJson.number(offset));
  }

  private static Position at(long offset) {
    return new Position("k3", offset);
  }
}
