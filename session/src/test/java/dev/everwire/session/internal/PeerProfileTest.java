package dev.everwire.session.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PeerProfileTest {
  @Test
  void onlyWhatIsKnownHereIsKept() {
    PeerProfile told = PeerProfile.of(List.of("a0", PeerProfile.META, "a1"), Map.of("frame", 5L));
    assertThat(told.caps()).containsExactly(PeerProfile.META);
    assertThat(told.maxMessageBytes()).isEqualTo(5);
  }
}
