package dev.everwire.client.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WhileAwayTest {
  private static final Duration AGE = Duration.ofSeconds(1);

  @Test
  void aThousandMessagesOfAMebibyteWaitHalfAMinuteUnlessSaid() {
    assertThat(WhileAway.DEFAULT.queues()).isTrue();
    assertThat(WhileAway.DEFAULT.messages()).isEqualTo(1_000);
    assertThat(WhileAway.DEFAULT.bytes()).isEqualTo(1_048_576);
    assertThat(WhileAway.DEFAULT.age()).isEqualTo(Duration.ofSeconds(30));
    assertThat(WhileAway.DEFAULT.whenFull()).isEqualTo(WhenFull.REFUSE);
    assertThat(WhileAway.FAIL_FAST.queues()).isFalse();
  }

  @Test
  void whoChangesTheAnswerToAFullQueueGetsAnother() {
    WhileAway first = WhileAway.queue(2, 3, AGE);
    assertThat(first.whenFull(WhenFull.DROP_OLDEST).whenFull()).isEqualTo(WhenFull.DROP_OLDEST);
    assertThat(first.whenFull()).isEqualTo(WhenFull.REFUSE);
  }

  @Test
  void aBoundOutOfBoundsIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WhileAway.queue(0, 1, AGE))
        .withMessage("messages: 0 (expected: 1-100000)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WhileAway.queue(1, 0, AGE))
        .withMessage("bytes: 0 (expected: 1-1073741824)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WhileAway.queue(1, 1, Duration.ZERO))
        .withMessage("age: PT0S (expected: 1 ms to a day)");
  }
}
