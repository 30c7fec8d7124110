package dev.everwire.session.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HandshakeTest {

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          Bearer abc, , abc
          bearer  abc , , abc
          Bearer abc, everwire.bearer.eHl6, abc
          , everwire.bearer.eHl6, xyz
          Basic abc, everwire.bearer.eHl6, xyz
          , everwire.v1.json, -
          , everwire.bearer., -
          , everwire.bearer.%%%, -
          'Bearer ', , -
          , , -
          """)
  void aTokenIsFoundInTheHeaderThenInTheSubprotocols(
      String authorization, String subprotocol, String token) {
    Handshake handshake =
        handshake(
            authorization == null ? Map.of() : Map.of("authorization", authorization),
            subprotocol == null ? List.of() : List.of("other", subprotocol));

    assertThat(handshake.bearerToken()).isEqualTo(token.equals("-") ? null : token);
  }

  @Test
  void theQueryIsLookedAtOnlyWhenAskedAndLast() {
    assertThat(handshake(Map.of(), List.of()).bearerToken()).isNull();
    assertThat(handshake(Map.of(), List.of()).bearerTokenOrQuery("token")).isEqualTo("query");
    assertThat(
            handshake(Map.of("authorization", "Bearer header"), List.of())
                .bearerTokenOrQuery("token"))
        .isEqualTo("header");
  }

  private static Handshake handshake(Map<String, String> headers, List<String> subprotocols) {
    return new Handshake("/ws", Map.of("token", "query"), headers, subprotocols, "peer:1");
  }
}
