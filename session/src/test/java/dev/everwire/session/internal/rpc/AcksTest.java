package dev.everwire.session.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.protocol.wire.Ack;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AcksTest {
  private static final long NOTHING = Long.MAX_VALUE;
  private static final long SECOND = 1_000_000_000L;

  private final Acks acks = new Acks();

  @Test
  void whatIsContiguousIsToldAsOneNumberAndTheRestOneByOne() {
    settled(4, 1, 2);
    assertThat(acks.take(3)).isEqualTo(Ack.calls(2, List.of(4L)));
    settled(3);
    assertThat(acks.take(5)).isEqualTo(Ack.calls(4, List.of()));
  }

  @Test
  void aSecondAfterTheFirstWasNoticedItIsTold() {
    assertThat(acks.untilDue(0)).isEqualTo(NOTHING);
    settled(1);
    assertThat(acks.untilDue(5 * SECOND)).isEqualTo(SECOND);
    settled(2);
    assertThat(acks.untilDue(5 * SECOND + 1)).isEqualTo(SECOND - 1);
    assertThat(acks.untilDue(7 * SECOND)).isZero();
    acks.take(3);
    assertThat(acks.untilDue(7 * SECOND)).isEqualTo(NOTHING);
    settled(3);
    assertThat(acks.untilDue(8 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void sixtyFourOrAQuarterOfAMebibyteAreToldAtOnce() {
    settled(LongStream.rangeClosed(1, 63).toArray());
    assertThat(acks.untilDue(0)).isPositive();
    settled(64);
    assertThat(acks.untilDue(0)).isZero();
    acks.take(65);

    acks.settled(65, 256 * 1024 - 1);
    assertThat(acks.untilDue(0)).isPositive();
    acks.settled(66, 1);
    assertThat(acks.untilDue(0)).isZero();
  }

  @Test
  void theInboxIsToldWithTheCallsAndOnlyWhatIsNew() {
    acks.inbox("e1", 7);
    acks.inbox("e1", 6);
    settled(1);
    assertThat(acks.take(2)).isEqualTo(new Ack(1, List.of(), 7));
    assertThat(acks.untilDue(0)).isEqualTo(NOTHING);
    acks.inbox("e1", 7);
    assertThat(acks.untilDue(0)).isEqualTo(NOTHING);
    acks.inbox("e1", 9);
    assertThat(acks.take(2)).isEqualTo(new Ack(1, List.of(), 9));
    acks.inbox("e2", 3);
    assertThat(acks.take(2)).as("of another life").isEqualTo(new Ack(1, List.of(), 3));
  }

  @Test
  void moreThanFitAreLeftToTheNumberThatCoversThem() {
    settled(LongStream.rangeClosed(2, 1_500).toArray());
    Ack ack = acks.take(1);
    assertThat(ack.upTo()).isZero();
    assertThat(ack.also()).hasSize(Ack.MOST_ALSO).startsWith(2L).endsWith(1_001L);
    settled(1);
    assertThat(acks.take(1_501)).isEqualTo(Ack.calls(1_500, List.of()));
  }

  private void settled(long... ids) {
    for (long id : ids) {
      acks.settled(id, 0);
    }
  }
}
