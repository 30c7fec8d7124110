package dev.everwire.session.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.Offer;
import dev.everwire.protocol.Priority;
import dev.everwire.session.Overflow;
import dev.everwire.session.transport.Encoded;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The transport takes 400 bytes and is long above 100; the queue is bounded by 1 000 and 100. */
final class OutboxTest {
  private static final List<Integer> ANY =
      List.of(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

  private final SlowLink link = new SlowLink(400);
  private final OutboundCounts counts = new OutboundCounts();

  @Test
  void whereThePeerKeepsUpMessagesGoStraightToTheTransport() {
    Outbox outbox = outbox(Overflow.CLOSE);
    assertThat(event(outbox, "one", Priority.LOW)).isEqualTo(Offer.QUEUED);
    assertThat(event(outbox, "two", Priority.CRITICAL)).isEqualTo(Offer.QUEUED);
    assertThat(outbox.queueing()).isFalse();
    link.read(2);
    assertThat(link.left()).containsExactly("one", "two");
  }

  @Test
  void whileTheTransportIsLongAnUrgentMessageOvertakesWhatWaits() {
    Outbox outbox = full(Overflow.CLOSE);
    event(outbox, "low", Priority.LOW);
    event(outbox, "normal", Priority.NORMAL);
    event(outbox, "critical", Priority.CRITICAL);
    outbox.send(bytes("answer"));
    assertThat(outbox.messages()).isEqualTo(link.queuedMessages() + 4);

    drain(outbox);

    assertThat(link.left()).endsWith("answer", "critical", "normal", "low");
    assertThat(outbox.queueing()).isFalse();
  }

  @Test
  void aMessageWhoseTimeHasPassedIsNotSentButCounted() {
    Outbox outbox = full(Overflow.CLOSE);
    outbox.offer(bytes("late"), Priority.HIGH, 50);
    outbox.offer(bytes("in time"), Priority.HIGH, 200);
    link.now = 100;

    drain(outbox);

    assertThat(link.left()).contains("in time").doesNotContain("late");
    assertThat(counts.expired()).isEqualTo(1);
  }

  @Test
  void whatNobodyWantsAnyMoreIsNotSent() {
    Outbox outbox = full(Overflow.CLOSE);
    boolean[] wanted = {true};
    Encoded event = Encoded.text("event".getBytes(StandardCharsets.UTF_8));
    outbox.offer(event, Priority.NORMAL, Outbox.NEVER, () -> wanted[0], false);
    event.release();
    wanted[0] = false;

    drain(outbox);

    assertThat(link.left()).doesNotContain("event");
    assertThat(Released.is(event)).isTrue();
  }

  @Test
  void aboveSevenTenthsOnlyCriticalMessagesAndAnswersPassUntilTheLevelIsLow() {
    Outbox outbox = full(Overflow.CLOSE);
    while (!outbox.degraded()) {
      assertThat(event(outbox, "x".repeat(50), Priority.NORMAL)).isEqualTo(Offer.QUEUED);
    }
    assertThat(outbox.level()).isGreaterThan(0.7);
    assertThat(counts.degradations()).isEqualTo(1);

    assertThat(event(outbox, "high", Priority.HIGH)).isEqualTo(Offer.FULL);
    assertThat(outbox.offer(bytes("a notification"))).isEqualTo(Offer.FULL);
    assertThat(event(outbox, "critical", Priority.CRITICAL)).isEqualTo(Offer.QUEUED);
    assertThat(outbox.send(bytes("answer"))).isEqualTo(Offer.QUEUED);
    assertThat(outbox.takeRelief()).isFalse();

    while (outbox.degraded()) {
      link.read(1);
      outbox.transportWritable(link.queuedBytes() <= 50);
      outbox.flush();
      if (outbox.degraded()) {
        assertThat(outbox.level()).isGreaterThan(0.35);
      }
    }
    assertThat(outbox.takeRelief()).isTrue();
    assertThat(outbox.takeRelief()).isFalse();
    assertThat(event(outbox, "high", Priority.HIGH)).isEqualTo(Offer.QUEUED);
  }

  @Test
  void theLevelIsTheLargerRatioOfBytesAndMessages() {
    Outbox outbox = full(Overflow.CLOSE);
    for (int i = 0; i < 68; i++) {
      event(outbox, "", Priority.NORMAL);
    }
    assertThat(outbox.level()).isEqualTo(0.7);
    event(outbox, "", Priority.NORMAL);
    assertThat(outbox.degraded()).isTrue();
  }

  @Test
  void theOldestOfTheLowestLaneGivesWay() {
    Outbox outbox = full(Overflow.DROP_OLDEST);
    outbox.offer(bytes("first low"), Priority.LOW, Outbox.NEVER);
    while (!outbox.degraded()) {
      outbox.offer(bytes("n".repeat(50)), Priority.NORMAL, Outbox.NEVER);
    }
    long before = outbox.unsentBytes();

    assertThat(outbox.offer(bytes("news"), Priority.NORMAL, Outbox.NEVER)).isEqualTo(Offer.QUEUED);
    assertThat(counts.dropped()).isEqualTo(1);
    assertThat(outbox.unsentBytes()).isLessThanOrEqualTo(before);
    assertThat(outbox.offer(bytes("low"), Priority.LOW, Outbox.NEVER)).isEqualTo(Offer.FULL);

    drain(outbox);
    assertThat(link.left()).contains("news").doesNotContain("first low");
  }

  @Test
  void theNewestIsDroppedAndCountedOrLeftToTheSender() {
    Outbox dropping = degraded(Overflow.DROP_NEWEST);
    assertThat(dropping.offer(bytes("n"), Priority.HIGH, Outbox.NEVER)).isEqualTo(Offer.FULL);
    assertThat(counts.dropped()).isEqualTo(1);

    Outbox rejecting = new Outbox(link, rules(Overflow.REJECT, ANY), 1_000);
    rejecting.transportWritable(false);
    while (!rejecting.degraded()) {
      rejecting.offer(bytes("x".repeat(50)), Priority.NORMAL, Outbox.NEVER);
    }
    assertThat(rejecting.offer(bytes("n"), Priority.HIGH, Outbox.NEVER)).isEqualTo(Offer.FULL);
    assertThat(counts.dropped()).isEqualTo(1);
    assertThat(counts.refused()).isEqualTo(1);
  }

  @Test
  void eventsOfATopicAreNeverDroppedForOthers() {
    Outbox outbox = full(Overflow.DROP_OLDEST);
    while (!outbox.degraded()) {
      event(outbox, "x".repeat(50), Priority.LOW);
    }
    assertThat(outbox.offer(bytes("n"), Priority.HIGH, Outbox.NEVER)).isEqualTo(Offer.FULL);
    assertThat(counts.dropped()).isEqualTo(1);
  }

  @Test
  void aLaneMayHaveABoundOfItsOwn() {
    Outbox outbox = new Outbox(link, rules(Overflow.DROP_OLDEST, List.of(9, 9, 2, 9)), 1_000);
    outbox.transportWritable(false);
    outbox.offer(bytes("low"), Priority.LOW, Outbox.NEVER);
    outbox.offer(bytes("one"), Priority.NORMAL, Outbox.NEVER);
    outbox.offer(bytes("two"), Priority.NORMAL, Outbox.NEVER);
    outbox.offer(bytes("six"), Priority.NORMAL, Outbox.NEVER);

    drain(outbox);
    assertThat(link.left()).containsExactly("two", "six", "low");
  }

  @Test
  void whatMustNotBeLostHasABoundOfItsOwn() {
    Outbox outbox = degraded(Overflow.CLOSE);
    assertThat(outbox.send(bytes("x".repeat(2_000)))).isEqualTo(Offer.QUEUED);
    assertThat(outbox.send(bytes("one more"))).isEqualTo(Offer.FULL);
  }

  @Test
  void oneMessageIsAdmittedWhereNoOtherWaits() {
    Outbox outbox = outbox(Overflow.CLOSE);
    event(outbox, "first", Priority.NORMAL);
    assertThat(event(outbox, "x".repeat(5_000), Priority.NORMAL)).isEqualTo(Offer.QUEUED);
    assertThat(outbox.waitsUntold()).isTrue();
    assertThat(outbox.flush()).isEqualTo(Outbox.Flushed.NO_ROOM);
    link.read(1);
    assertThat(outbox.flush()).isEqualTo(Outbox.Flushed.DONE);
    link.read(1);
    assertThat(link.left()).hasSize(2);
  }

  @Test
  void onlyWhatLastsStopsReadingWhereMessagesMayBeDropped() {
    assertThat(degraded(Overflow.CLOSE).congested()).isTrue();
    Outbox dropping = new Outbox(new SlowLink(400), rules(Overflow.DROP_OLDEST, ANY), 1_000);
    dropping.transportWritable(false);
    while (!dropping.degraded()) {
      dropping.offer(bytes("x".repeat(50)), Priority.NORMAL, Outbox.NEVER);
    }
    assertThat(dropping.congested()).isFalse();
    dropping.send(bytes("x".repeat(600)));
    assertThat(dropping.congested()).isTrue();
  }

  @Test
  void whereOnlyTheTransportQueuesNothingElseWaitsButWhatMustNotBeLost() {
    Outbox outbox = new Outbox(link, QueueRules.transportOnly(), 1_000);
    while (outbox.offer(bytes("x".repeat(50))) == Offer.QUEUED) {}
    assertThat(link.queuedBytes()).isEqualTo(400);
    assertThat(event(outbox, "event", Priority.CRITICAL)).isEqualTo(Offer.FULL);
    assertThat(outbox.send(bytes("answer"))).isEqualTo(Offer.QUEUED);
    assertThat(outbox.controlWaits()).isTrue();
    assertThat(outbox.congested()).isTrue();
  }

  // ---- words

  private QueueRules rules(Overflow overflow, List<Integer> perLane) {
    return new QueueRules(1_000, 100, perLane, overflow, 0.7, 0.35, false, counts);
  }

  private Outbox outbox(Overflow overflow) {
    return new Outbox(link, rules(overflow, ANY), 1_000);
  }

  /** The transport has told that it is long. */
  private Outbox full(Overflow overflow) {
    Outbox outbox = outbox(overflow);
    event(outbox, "x".repeat(60), Priority.NORMAL);
    event(outbox, "x".repeat(60), Priority.NORMAL);
    outbox.transportWritable(false);
    return outbox;
  }

  private Outbox degraded(Overflow overflow) {
    Outbox outbox = full(overflow);
    while (!outbox.degraded()) {
      event(outbox, "x".repeat(50), Priority.NORMAL);
    }
    return outbox;
  }

  /** The peer reads all there is. */
  private void drain(Outbox outbox) {
    while (outbox.messages() > 0) {
      link.read(10);
      outbox.transportWritable(true);
      outbox.flush();
    }
  }

  private static Offer event(Outbox outbox, String text, Priority priority) {
    Encoded event = Encoded.text(text.getBytes(StandardCharsets.UTF_8));
    Offer offer = outbox.offer(event, priority, Outbox.NEVER, null, false);
    event.release();
    return offer;
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
