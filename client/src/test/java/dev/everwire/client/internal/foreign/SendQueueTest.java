package dev.everwire.client.internal.foreign;

import static dev.everwire.client.internal.foreign.SendQueue.Admission.CLOSED;
import static dev.everwire.client.internal.foreign.SendQueue.Admission.FULL;
import static dev.everwire.client.internal.foreign.SendQueue.Admission.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SendQueueTest {
  private final SendQueue<String> queue = queue(3, false);
  private final List<SendQueue.Waiting<String>> gaveWay = new ArrayList<>();
  private long clock;

  private static SendQueue<String> queue(int messages, boolean dropOldest) {
    SendQueue<String> queue = new SendQueue<>(dropOldest, Duration.ofNanos(50));
    queue.bounds(messages, 100);
    return queue;
  }

  private SendQueue.Waiting<String> waiting(String message, int bytes, String lane) {
    clock++;
    return new SendQueue.Waiting<>(message, bytes, lane, clock);
  }

  private SendQueue.Admission add(SendQueue<String> to, String message, int bytes, String lane) {
    return to.add(waiting(message, bytes, lane), gaveWay);
  }

  private static String all(SendQueue<String> from, Set<String> open) {
    StringBuilder all = new StringBuilder();
    for (var next = from.poll(open::contains); next != null; next = from.poll(open::contains)) {
      all.append(next.message());
    }
    return all.toString();
  }

  @Test
  void whatWaitsIsBoundedInNumberAndBytesAndOneAlwaysFits() {
    assertThat(add(queue, "a", 500, "")).isEqualTo(QUEUED);
    assertThat(add(queue, "b", 1, "")).isEqualTo(FULL);
    assertThat(all(queue, Set.of())).isEqualTo("a");
    add(queue, "c", 1, "");
    add(queue, "d", 1, "");
    add(queue, "e", 1, "");
    assertThat(add(queue, "f", 1, "")).isEqualTo(FULL);
    assertThat(queue.bytes()).isEqualTo(3);
    assertThat(all(queue, Set.of())).isEqualTo("cde");
    assertThat(queue.bytes()).isZero();
    assertThat(gaveWay).isEmpty();
  }

  @Test
  void theOldestGiveWayIfThatIsThePolicyAndWhoeverAddedIsTold() {
    SendQueue<String> dropping = queue(2, true);
    add(dropping, "a", 1, "");
    add(dropping, "b", 1, "slow");
    add(dropping, "c", 1, "");
    assertThat(gaveWay).extracting(SendQueue.Waiting::message).containsExactly("a");
    add(dropping, "d", 1, "");
    assertThat(gaveWay).extracting(SendQueue.Waiting::message).containsExactly("a", "b");
    assertThat(all(dropping, Set.of())).isEqualTo("cd");
  }

  @Test
  void aLaneThatHasToWaitHoldsUpNoOtherAndKeepsItsOrder() {
    add(queue, "1", 1, "slow");
    add(queue, "2", 1, "slow");
    add(queue, "a", 1, "");
    assertThat(all(queue, Set.of())).isEqualTo("a");
    assertThat(all(queue, Set.of("slow"))).isEqualTo("12");
  }

  @Test
  void aLimiterIsAskedOnlyForWhatWaits() {
    Set<String> asked = new HashSet<>();
    add(queue, "1", 1, "slow");
    assertThat(queue.poll(asked::add)).isNotNull();
    assertThat(
            queue.poll(lane -> {
              throw new AssertionError(lane);
            }))
        .isNull();
    assertThat(asked).containsExactly("slow");
  }

  @Test
  void whatNobodyWaitsForIsNotWrittenAndTakesNoRoom() {
    var forgotten = waiting("a", 1, "");
    queue.add(forgotten, gaveWay);
    add(queue, "b", 1, "");
    add(queue, "c", 1, "");
    forgotten.forget();
    assertThat(add(queue, "d", 1, "")).isEqualTo(QUEUED);
    assertThat(all(queue, Set.of())).isEqualTo("bcd");
  }

  @Test
  void whatCouldNotBeWrittenIsTheNextAgain() {
    add(queue, "a", 1, "");
    add(queue, "b", 1, "");
    var first = queue.poll(lane -> true);
    assertThat(first).isNotNull();
    if (first != null) {
      queue.putBack(first);
    }
    assertThat(all(queue, Set.of())).isEqualTo("ab");
  }

  @Test
  void whatIsTooOldIsTakenOut() {
    add(queue, "a", 1, ""); // at 1, too old at 51
    clock = 10;
    add(queue, "b", 1, "slow");
    assertThat(queue.untilNext(20, 0)).isEqualTo(31);
    assertThat(queue.oldestAge(20)).isEqualTo(19);
    assertThat(queue.expired(51, 0)).extracting(SendQueue.Waiting::message).containsExactly("a");
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.oldestAge(51)).isEqualTo(40);
  }

  @Test
  void agesMayBeCountedFromLater() {
    add(queue, "a", 1, ""); // at 1
    assertThat(queue.untilNext(60, 60)).isEqualTo(50);
    assertThat(queue.expired(109, 60)).isEmpty();
    assertThat(queue.expired(110, 60)).hasSize(1);
  }

  @Test
  void pressureIsOnFromHalfToAQuarterOfTheBound() {
    SendQueue<String> eight = queue(8, false);
    List<Boolean> seen = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      add(eight, "x", 1, "");
      seen.add(eight.pressed());
    }
    while (eight.poll(lane -> true) != null) {
      seen.add(eight.pressed());
    }
    assertThat(seen)
        .containsExactly(false, false, false, false, true, true, true, true, false, false);
  }

  @Test
  void aQueueWithoutRoomTakesNothingAndKeepsWhatItHas() {
    add(queue, "a", 1, "");
    queue.bounds(0, 0);
    assertThat(add(queue, "b", 1, "")).isEqualTo(CLOSED);
    assertThat(queue.take(message -> message.equals("a"))).hasSize(1);
    assertThat(queue.size()).isZero();
  }

  @Test
  void aClosedQueueGivesBackWhatWaitsAndTakesNoMore() {
    add(queue, "a", 1, "");
    assertThat(queue.close()).extracting(SendQueue.Waiting::message).containsExactly("a");
    assertThat(add(queue, "b", 1, "")).isEqualTo(CLOSED);
    assertThat(queue.untilNext(0, 0)).isEqualTo(Long.MAX_VALUE);
    assertThat(queue.oldestAge(0)).isZero();
  }
}
