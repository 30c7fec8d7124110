package dev.everwire.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.Status;
import dev.everwire.protocol.json.RawJson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An administrator of the server has something to say. */
class ClientAlertTest {
  private final ClientFixture fixture = new ClientFixture();

  @AfterEach
  void nothingIsLeft() {
    fixture.close();
  }

  @Test
  void anAlertIsHeard() {
    fixture.live(fixture.builder());
    alert("{\"severity\":\"warning\",\"message\":\"back at 22:00\",\"data\":{\"until\":22}}");
    assertThat(fixture.events(ClientEvent.Alert.class))
        .containsExactly(
            new ClientEvent.Alert(1, "warning", "back at 22:00", RawJson.parse("{\"until\":22}")));
  }

  @Test
  void membersOfALaterVersionChangeNothing() {
    fixture.live(fixture.builder());
    alert("{\"severity\":\"info\",\"message\":\"x\",\"colour\":\"red\"}");
    assertThat(fixture.events(ClientEvent.Alert.class))
        .containsExactly(new ClientEvent.Alert(1, "info", "x", null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"severity\":7}",
        "{\"severity\":\"\"}",
        "{\"severity\":\"info\",\"message\":{}}"
      })
  void anAlertThatCannotBeReadCostsNothing(String params) {
    Client client = fixture.live(fixture.builder());
    alert(params);
    assertThat(fixture.events(ClientEvent.Alert.class)).isEmpty();
    assertThat(client.status()).isEqualTo(new Status.Ready(false));
  }

  private void alert(String params) {
    fixture.server.say("{\"jsonrpc\":\"2.0\",\"method\":\"$/alert\",\"params\":" + params + "}");
  }
}
