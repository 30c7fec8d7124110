package dev.everwire.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ObserverTest {
  private static final Observed EVENT = new Observed.HeartbeatMissed(1);

  private static void fails(Observed what) {
    throw new IllegalStateException("observer");
  }

  @Test
  void anObserverThatFailsHarmsNobody() {
    Observer.guarded(ObserverTest::fails).on(EVENT);
    Observer.guarded(
            what -> {
              throw new AssertionError("observer");
            })
        .on(EVENT);
    Observer.NONE.on(EVENT);
  }

  @Test
  void severalAreToldInTheirOrderWhateverTheyThrow() {
    List<Integer> told = new ArrayList<>();
    Observer first = what -> told.add(1);
    first.and(ObserverTest::fails).and(what -> told.add(3)).on(EVENT);
    assertThat(told).containsExactly(1, 3);
  }
}
