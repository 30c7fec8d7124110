package dev.everwire.server.internal.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OriginsTest {
  private final Origins local = new Origins(List.of(), List.of(), true);
  private final Origins open = new Origins(List.of(), List.of(), false);

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          localhost:8080,
          LocalHost,
          127.0.0.1:8080,
          127.1.2.3:8080,
          [::1]:8080,
          localhost:8080, http://localhost:8080
          localhost, http://localhost
          localhost:443, https://localhost
          localhost, https://localhost
          [::1]:8080, http://[::1]:8080
          """)
  void onLoopbackTheseComeIn(String host, String origin) {
    assertThat(local.refusal(headers(host, origin))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          ,
          evil.example:8080,
          localhost.evil.example,
          127.0.0.1.evil.example:8080,
          1270.0.0.1,
          [::2]:8080,
          localhost:8080@evil.example,
          evil.example:8080, http://evil.example:8080
          localhost:8080, http://evil.example
          localhost:8080, http://localhost:9090
          localhost:8080, http://localhost
          localhost:8080, http://127.0.0.1:8080
          localhost:8080, null
          localhost:8080, ''
          localhost:8080, file://
          localhost:8080, chrome-extension://abc
          localhost:8080, http://localhost:8080.evil.example
          """)
  void onLoopbackTheseDoNot(String host, String origin) {
    assertThat(local.refusal(headers(host, origin))).endsWith(".");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          , , true
          example.org, , true
          example.org, https://example.org, true
          example.org:8080, http://example.org:8080, true
          example.org, https://evil.example, false
          example.org, null, false
          , http://example.org, false
          """)
  void onOtherAddressesOnlyTheOriginCounts(String host, String origin, boolean comesIn) {
    assertThat(open.refusal(headers(host, origin)) == null).isEqualTo(comesIn);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          https://app.example.com, https://app.example.com, true
          https://app.example.com, https://APP.example.com, true
          https://app.example.com, https://app.example.com:443, true
          https://app.example.com:443, https://app.example.com, true
          http://app.example.com:80, http://app.example.com, true
          https://app.example.com, http://app.example.com, false
          https://app.example.com, https://app.example.com:8443, false
          https://app.example.com, https://app.example.com.evil.example, false
          https://app.example.com, https://evil.example, false
          https://app.example.com, null, false
          null, null, true
          app://inside, app://inside, true
          *, https://evil.example, true
          *, null, true
          """)
  void listedOriginsComeInToo(String listed, String origin, boolean comesIn) {
    var origins = new Origins(List.of("https://other.example", listed), List.of(), false);

    assertThat(origins.refusal(headers("here.example", origin)) == null).isEqualTo(comesIn);
    assertThat(origins.refusal(headers("here.example", "https://here.example"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "app.example.com", "https://", "https://a/b", "https://*.a", "://a"})
  void whatCannotBeAnOriginIsNotListed(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Origins(List.of(text), List.of(), false))
        .withMessageContaining("(expected: like https://app.example.com)");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          live.example.com, , true
          LIVE.example.com:8443, , true
          [2001:DB8::1]:80, , true
          192.0.2.7, , true
          live.example.com, https://live.example.com, true
          live.example.com, https://evil.example, false
          evil.example, https://evil.example, false
          live.example.com.evil.example, , false
          evil.example, , false
          localhost, , false
          , , false
          """)
  void aServerThatIsToldItsNamesAnswersForNoOther(String host, String origin, boolean comesIn) {
    List<String> names = List.of("Live.Example.com", "[2001:db8::1]", "192.0.2.7");
    Origins named = new Origins(List.of(), names, false);
    assertThat(named.refusal(headers(host, origin)) == null).isEqualTo(comesIn);
    assertThat(named.with(List.of("https://app.example")).refusal(headers(host, origin)) == null)
        .isEqualTo(comesIn);

    Origins both = new Origins(List.of(), names, true);
    assertThat(both.refusal(headers("localhost:80", null))).isNull();
    assertThat(both.refusal(headers("live.example.com", null))).isNull();
    assertThat(both.refusal(headers("evil.example", null))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:80", "https://a", "a/b", "*.a", "a b", "u@a", "[::1"})
  void whatCannotBeAHostIsNotListed(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Origins(List.of(), List.of(text), false))
        .withMessage("host: \"" + text + "\" (expected: like live.example.com, without a port)");
  }

  private static Map<String, String> headers(String host, String origin) {
    Map<String, String> headers = new HashMap<>();
    if (host != null) {
      headers.put("host", host);
    }
    if (origin != null) {
      headers.put("origin", origin);
    }
    return headers;
  }
}
