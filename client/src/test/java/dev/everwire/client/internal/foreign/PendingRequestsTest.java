package dev.everwire.client.internal.foreign;

import static dev.everwire.client.internal.foreign.PendingRequests.Admission.ADDED;
import static dev.everwire.client.internal.foreign.PendingRequests.Admission.CLOSED;
import static dev.everwire.client.internal.foreign.PendingRequests.Admission.DUPLICATE;
import static dev.everwire.client.internal.foreign.PendingRequests.Admission.FULL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PendingRequestsTest {
  private final PendingRequests<String> pending = new PendingRequests<>(3);
  private final List<String> ends = new ArrayList<>();

  private PendingRequests.Admission add(String id, long deadline) {
    return pending.add(id, deadline, false, outcome -> ends.add(id + " " + outcome));
  }

  @Test
  void anAnswerEndsItsRequestOnce() {
    assertThat(add("a", 100)).isEqualTo(ADDED);
    assertThat(pending.answer("a", "to another's")).isFalse(); // it was not sent yet
    pending.sent("a");
    assertThat(pending.answer("a", "yes")).isTrue();
    assertThat(pending.answer("a", "again")).isFalse();
    assertThat(ends).containsExactly("a Answered[answer=yes]");
    assertThat(pending.size()).isZero();
  }

  @Test
  void anUnknownIdIsIgnored() {
    assertThat(pending.answer("nobody", "x")).isFalse();
    assertThat(ends).isEmpty();
  }

  @Test
  void aDuplicateIdIsToldApartFromAFullStore() {
    add("a", 100);
    assertThat(add("a", 200)).isEqualTo(DUPLICATE);
    add("b", 100);
    pending.sent("b");
    add("c", 100);
    assertThat(add("a", 200)).isEqualTo(DUPLICATE);
    assertThat(add("d", 100)).isEqualTo(FULL);
    pending.answer("b", "x");
    assertThat(add("d", 100)).isEqualTo(ADDED);
    assertThat(ends).hasSize(1); // whoever was not taken is not told
  }

  @Test
  void whatIsPastItsDeadlineExpiresAndTheRestIsKept() {
    add("late", 200);
    add("soon", 100);
    add("same", 100);
    assertThat(pending.untilNext(40)).isEqualTo(60);
    pending.expire(99);
    assertThat(ends).isEmpty();
    pending.expire(100);
    assertThat(ends).containsExactly("soon Expired[]", "same Expired[]");
    assertThat(pending.untilNext(100)).isEqualTo(100);
    assertThat(pending.answer("soon", "too late")).isFalse();
    assertThat(add("soon", 300)).isEqualTo(ADDED);
  }

  @Test
  void timeMayWrap() {
    add("before", Long.MAX_VALUE - 5);
    add("behind", Long.MIN_VALUE + 5);
    pending.expire(Long.MAX_VALUE);
    assertThat(ends).containsExactly("before Expired[]");
  }

  @Test
  void aLostConnectionEndsWhatWasSentOnItAndLeavesWhatWaits() {
    add("sent", 100);
    add("queued", 100);
    pending.sent("sent");
    assertThat(pending.lost("cut")).isEmpty();
    assertThat(ends).containsExactly("sent Lost[maybeExecuted=true, reason=cut]");
    assertThat(pending.waits("queued")).isTrue();
  }

  @Test
  void whatMayBeRepeatedOutlivesAConnection() {
    pending.add("again", 100, true, outcome -> ends.add("again " + outcome));
    pending.sent("again");
    assertThat(pending.lost("cut")).containsExactly("again");
    assertThat(pending.lost("cut")).isEmpty(); // not sent since
    pending.expire(100);
    assertThat(ends).containsExactly("again Expired[]");
  }

  @Test
  void whatWasSentOnceMayHaveRunHoweverItEnds() {
    for (String id : List.of("dropped", "closed")) {
      pending.add(id, 100, true, outcome -> ends.add(id + " " + outcome));
      pending.sent(id);
    }
    pending.lost("cut");
    assertThat(pending.answer("dropped", "of a former connection")).isFalse();
    pending.drop("dropped", "too old");
    pending.close("end");
    assertThat(ends)
        .containsExactly(
            "dropped Lost[maybeExecuted=true, reason=too old]",
            "closed Lost[maybeExecuted=true, reason=end]");
  }

  @Test
  void closingEndsEverythingAndTakesNoMore() {
    add("sent", 100);
    add("queued", 100);
    pending.sent("sent");
    pending.close("closed");
    assertThat(ends)
        .containsExactly(
            "sent Lost[maybeExecuted=true, reason=closed]",
            "queued Lost[maybeExecuted=false, reason=closed]");
    assertThat(add("new", 100)).isEqualTo(CLOSED);
    assertThat(pending.size()).isZero();
  }

  @Test
  void whatIsForgottenIsNotTold() {
    add("a", 100);
    assertThat(pending.forget("a")).isTrue();
    assertThat(pending.forget("a")).isFalse();
    pending.expire(1_000);
    assertThat(ends).isEmpty();
  }

  @Test
  void aWaiterMayAskAgainAtOnce() {
    PendingRequests<String> one = new PendingRequests<>(1);
    one.add("a", 100, false, outcome -> ends.add("then " + one.add("b", 1, false, o -> {})));
    one.sent("a");
    one.answer("a", "x");
    assertThat(ends).containsExactly("then ADDED");
  }

  @Test
  void capacityIsAtLeastOne() {
    assertThatThrownBy(() -> new PendingRequests<String>(0))
        .hasMessage("capacity: 0 (expected: >= 1)");
  }

  /** Against a map that does the same in the simplest way. */
  @Test
  void everyRequestEndsExactlyOnceWhateverHappens() {
    for (int seed = 0; seed < 200; seed++) {
      run(seed);
    }
  }

  private static void run(int seed) {
    Random random = new Random(seed);
    PendingRequests<Integer> store = new PendingRequests<>(5);
    Map<String, Long> model = new LinkedHashMap<>();
    Map<String, Integer> told = new LinkedHashMap<>();
    int added = 0;
    long now = 0;
    for (int step = 0; step < 300; step++) {
      String id = "r" + random.nextInt(8);
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          long deadline = now + random.nextInt(50);
          String name = id + "#" + step;
          var admission =
              store.add(id, deadline, false, outcome -> told.merge(name, 1, Integer::sum));
          assertThat(admission)
              .as("seed %d, step %d", seed, step)
              .isEqualTo(model.containsKey(id) ? DUPLICATE : model.size() >= 5 ? FULL : ADDED);
          if (admission == ADDED) {
            model.put(id, deadline);
            store.sent(id);
            added++;
          }
        }
        case 2 ->
            assertThat(store.answer(id, step))
                .as("seed %d, step %d", seed, step)
                .isEqualTo(model.remove(id) != null);
        case 3 -> {
          now += random.nextInt(20);
          long then = now;
          store.expire(then);
          model.values().removeIf(deadline -> deadline <= then);
        }
        default -> store.sent(id);
      }
      assertThat(store.size()).as("seed %d, step %d", seed, step).isEqualTo(model.size());
    }
    store.close("end");
    assertThat(told)
        .as("seed %d", seed)
        .hasSize(added)
        .allSatisfy((name, times) -> assertThat(times).isEqualTo(1));
  }
}
