package dev.everwire.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FollowingTopicsTest {
  @Test
  void aCutLosesNothingAndWhatIsForgottenIsSaid() throws Exception {
    List<String> lines = new ArrayList<>();
    FollowingTopics.run(lines::add);
    assertThat(lines)
        .containsExactly(
            "1: EURUSD 1.0070",
            "2: EURUSD 1.0071",
            "3: EURUSD 1.0072",
            "4-8: missing, trimmed",
            "6: EURUSD 1.0082",
            "7: EURUSD 1.0083",
            "8: EURUSD 1.0084",
            "9: EURUSD 1.0085");
  }
}
