package dev.everwire.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.NettyListener;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GuardTest {
  private final Guard local = new Guard(NettyListener.on(0), true);
  private final Guard open = new Guard(NettyListener.on(0), false);

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
