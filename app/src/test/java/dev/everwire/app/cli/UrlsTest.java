package dev.everwire.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UrlsTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          ws://h:1/ws, ws://h:1/ws
          wss://h/a?b=c%20d, wss://h/a?b=c%20d
          ws://h, ws://h/ws
          ws://h/, ws://h/
          http://h:1, ws://h:1/ws
          http://h:1/, ws://h:1/ws
          https://h/, wss://h/ws
          HTTPS://h/live, wss://h/live
          localhost:8080, ws://localhost:8080/ws
          localhost, ws://localhost/ws
          [::1]:8080, ws://[::1]:8080/ws
          """)
  void conversationsHaveADefaultPath(String typed, String dialled) {
    assertThat(Urls.conversation(typed)).hasToString(dialled);
  }

  @ParameterizedTest
  @CsvSource({"ws://h:1, ws://h:1/", "ws://h:1/echo, ws://h:1/echo", "wss://h/?x=1, wss://h/?x=1"})
  void exactOnesAreLeftAlone(String typed, String dialled) {
    assertThat(Urls.exact(typed)).hasToString(dialled);
  }
}
