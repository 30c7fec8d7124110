package dev.everwire.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RequestResponseTest {
  @Test
  void callsAreAnsweredRefusedSentAgainAndWaitForTheNextConnection() throws Exception {
    List<String> lines = new ArrayList<>();
    RequestResponse.run(lines::add);
    assertThat(lines)
        .containsExactly(
            "placed: Order[id=o-1, sku=tea, quantity=2]",
            "refused: quantity: 0 (expected: >= 1)",
            "placed: Order[id=o-2, sku=glass, quantity=1]",
            "found: Order[id=o-2, sku=glass, quantity=1]",
            "orders: 2");
  }
}
