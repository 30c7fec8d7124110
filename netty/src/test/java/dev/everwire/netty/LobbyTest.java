package dev.everwire.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.testkit.Await;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many may stand before the server without having come in. */
class LobbyTest {
  private static final int MOST = 3;

  private Station station;
  private final List<RawClient> waiting = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    station = Station.open(listener -> listener.maxHttpConnections(MOST));
  }

  @AfterEach
  void close() throws IOException {
    for (RawClient client : waiting) {
      client.close();
    }
    station.close();
  }

  @Test
  void oneMoreIsClosedAndThereIsRoomAgainWhenOneHasGone() throws Exception {
    for (int i = 0; i < MOST; i++) {
      waiting.add(new RawClient(station.port()).send("GET / HT"));
    }
    Await.until(() -> !answered());
    waiting.removeFirst().close();
    Await.until(this::answered);
  }

  @Test
  void aWebSocketDoesNotCount() throws Exception {
    for (int i = 0; i < 2 * MOST; i++) {
      waiting.add(RawClient.upgraded(station.port()));
    }
    assertThat(answered()).isTrue();
  }

  @Test
  void whoWasAnsweredAndStaysCounts() throws Exception {
    for (int i = 0; i < MOST; i++) {
      RawClient client = new RawClient(station.port()).send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.response().status()).isEqualTo(200);
      waiting.add(client);
    }
    assertThat(answered()).isFalse();
  }

  @Test
  void thereIsRoomForOne() {
    assertThatThrownBy(() -> NettyListener.on(0).maxHttpConnections(0))
        .hasMessage("maxHttpConnections: 0 (expected: >= 1)");
  }

  private boolean answered() {
    try (RawClient client = new RawClient(station.port())) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      return client.response().status() == 200;
    } catch (IOException e) {
      return false; // closed, perhaps with a reset
    }
  }
}
