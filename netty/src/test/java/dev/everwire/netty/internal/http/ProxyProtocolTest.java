package dev.everwire.netty.internal.http;

import static dev.everwire.netty.RawClient.hex;
import static dev.everwire.netty.RawClient.upgradeRequest;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyProtocolTest {
  private static final String V2 = "0D0A0D0A000D0A515549540A ";

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          IPv4             | PROXY TCP4 192.0.2.1 10.0.0.9 4711 80        | 192.0.2.1:4711
          IPv6             | PROXY TCP6 2001:db8::1 2001:db8::2 4711 80   | [2001:db8:0:0:0:0:0:1]:4711
          unknown          | PROXY UNKNOWN                                | 127.0.0.1
          """)
  void versionOneSaysWhoConnects(String what, String header, String remoteAddress)
      throws Exception {
    assertThat(remoteAddress((header + "\r\n").getBytes(ISO_8859_1))).startsWith(remoteAddress);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          IPv4             | 21 11 000C C0000201 0A000009 1267 0050       | 192.0.2.1:4711
          IPv6             | 21 21 0024 20010DB8000000000000000000000001 20010DB8000000000000000000000002 1267 0050 | [2001:db8:0:0:0:0:0:1]:4711
          with an extra    | 21 11 0010 C0000201 0A000009 1267 0050 04 0001 00 | 192.0.2.1:4711
          local            | 20 11 000C C0000201 0A000009 1267 0050       | 127.0.0.1
          local, no family | 20 00 0000                                   | 127.0.0.1
          no family        | 21 00 0000                                   | 127.0.0.1
          """)
  void versionTwoSaysWhoConnects(String what, String header, String remoteAddress)
      throws Exception {
    assertThat(remoteAddress(hex(V2 + header))).startsWith(remoteAddress);
  }

  @Test
  void headersOfTheNextHopCountIfItIsTrustedToo() throws Exception {
    String header = "PROXY TCP4 10.0.0.5 10.0.0.9 4711 80\r\n";
    try (var port = port(true);
        var client = new RawClient(port.port())) {
      client.send(
          header
              + upgradeRequest()
                  .replace("\r\n\r\n", "\r\nX-Forwarded-For: 1.1.1.1, 192.0.2.1\r\n\r\n"));
      assertThat(port.handshake().remoteAddress()).isEqualTo("192.0.2.1:0");
    }
  }

  @Test
  void headersOfAClientThatIsNotTrustedDoNotCount() throws Exception {
    String header = "PROXY TCP4 192.0.2.1 10.0.0.9 4711 80\r\n";
    try (var port = port(true);
        var client = new RawClient(port.port())) {
      client.send(
          header + upgradeRequest().replace("\r\n\r\n", "\r\nX-Forwarded-For: 1.1.1.1\r\n\r\n"));
      assertThat(port.handshake().remoteAddress()).isEqualTo("192.0.2.1:4711");
    }
  }

  @Test
  void aHeaderByteByByteIsRead() throws Exception {
    byte[] header = hex(V2 + "21 11 000C C0000201 0A000009 1267 0050");
    try (var port = port(true);
        var client = new RawClient(port.port())) {
      for (byte b : header) {
        client.send(new byte[] {b});
      }
      client.send(upgradeRequest());
      assertThat(client.response().status()).isEqualTo(101);
      assertThat(port.handshake().remoteAddress()).isEqualTo("192.0.2.1:4711");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          none             | GET / HTTP/1.1^Host: h^^
          other protocol   | PROXY TCP5 192.0.2.1 10.0.0.9 1 2^
          no address       | PROXY TCP4 192.0.2.256 10.0.0.9 1 2^
          too few          | PROXY TCP4 192.0.2.1 10.0.0.9 1^
          bad port         | PROXY TCP4 192.0.2.1 10.0.0.9 65536 2^
          version 3        | <0d><0a><0d><0a><00><0d><0a>QUIT<0a><31><11><00><00>
          length too short | <0d><0a><0d><0a><00><0d><0a>QUIT<0a><21><11><00><04><01><02><03><04>
          """)
  void aHeaderThatIsNotValidEndsTheConnection(String what, String header) throws IOException {
    try (var port = port(true);
        var client = new RawClient(port.port())) {
      client.send(Sentences.bytes(header));
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void aHeaderThatIsFarTooLongEndsTheConnection() throws IOException {
    try (var port = port(true);
        var client = new RawClient(port.port())) {
      client.send(hex(V2 + "21 11 FFFF")).send(new byte[ProxyHeader.MAX_EXTRA_BYTES + 300]);
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void aHeaderOfWhoIsNotTrustedIsABadRequest() throws IOException {
    for (byte[] header :
        List.of(
            "PROXY TCP4 192.0.2.1 10.0.0.9 4711 80\r\n".getBytes(ISO_8859_1),
            hex(V2 + "21 11 000C C0000201 0A000009 1267 0050"))) {
      try (var port = port(false);
          var client = new RawClient(port.port())) {
        client.send(header);
        assertThat(client.response().status()).isEqualTo(400);
        assertThat(client.atEnd()).isTrue();
      }
    }
  }

  @Test
  void whoIsNotTrustedSpeaksHttpAtOnce() throws Exception {
    try (var port = port(false);
        var client = new RawClient(port.port())) {
      client.send(upgradeRequest());
      assertThat(client.response().status()).isEqualTo(101);
      assertThat(port.handshake().remoteAddress()).startsWith("127.0.0.1:");
    }
  }

  @Test
  void aHeaderThatDoesNotComeInTimeEndsTheConnection() throws IOException {
    var settings = new HttpSettings(Duration.ofMillis(100), trusted(true), true, null);
    try (var port = new HttpPort(settings);
        var client = new RawClient(port.port())) {
      client.send("PROXY TCP4 192.0.2.1");
      assertThat(client.atEnd()).isTrue();
    }
  }

  private static String remoteAddress(byte[] header) throws Exception {
    try (var port = port(true);
        var client = new RawClient(port.port())) {
      var all = new ByteArrayOutputStream();
      all.writeBytes(header);
      all.writeBytes(upgradeRequest().getBytes(ISO_8859_1));
      client.send(all.toByteArray());
      assertThat(client.response().status()).isEqualTo(101);
      return port.handshake().remoteAddress();
    }
  }

  private static HttpPort port(boolean trusted) {
    return new HttpPort(new HttpSettings(Duration.ofSeconds(10), trusted(trusted), true, null));
  }

  private static TrustedProxies trusted(boolean loopback) {
    return TrustedProxies.of(loopback ? List.of("127.0.0.1", "10.0.0.0/8") : List.of("10.0.0.0/8"));
  }
}
