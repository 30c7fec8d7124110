package dev.everwire.examples.reconnect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReconnectDeskTest {
  @Test
  void whoComesBackWithItsTokenIsRestoredOnce() throws Exception {
    List<String> lines = new ArrayList<>();
    ReconnectDesk.run(lines::add);
    assertThat(lines)
        .containsExactly(
            "desk.7: a token",
            "desk.8: error, the token is another desk's, closed with 1008",
            "desk.7: error, the token is REPLAYED, closed with 1008",
            "desk.7: a token",
            "desk.7: restored",
            "desk.7: error, the token is INVALID, closed with 1008");
  }
}
