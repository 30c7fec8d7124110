package dev.everwire.examples.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TradingTest {
  @Test
  void tradesAreFollowedAndTheBookStaysTrueThroughLossAndDisconnect() throws Exception {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    Trading.run(lines::add);
    assertThat(lines)
        .containsSubsequence(
            "trades: 2 at 100.5",
            "refused: no market: doge",
            "book as of 1",
            "book: {100=5}",
            "book in doubt, missing: 2",
            "book as of 3",
            "book: {99=7, 100=5, 101=3}",
            "book in doubt, begun anew",
            "book: {100=5, 101=3}")
        .containsSubsequence("trades: again on connection 2", "trades: 1 at 101");
  }
}
