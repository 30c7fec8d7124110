package dev.everwire.netty.internal.http;

import static dev.everwire.netty.RawClient.hex;
import static dev.everwire.netty.RawClient.text;
import static dev.everwire.netty.RawClient.upgradeRequest;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.RawClient;
import dev.everwire.netty.RawClient.Frame;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP inside TLS: who ends, how, and from when the time counts. */
class EncryptedTest {
  private SslContext server;
  private SSLContext client;

  @BeforeEach
  void makeKeys() throws Exception {
    var bundle =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=localhost")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    server =
        SslContextBuilder.forServer(bundle.getKeyPair().getPrivate(), bundle.getCertificatePath())
            .build();
    client = SSLContext.getInstance("TLS");
    client.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
  }

  @Test
  void aRefusedRequestIsToldWhyAndClosed() throws Exception {
    try (var port = port(Duration.ofSeconds(10), TrustedProxies.NONE, false);
        var peer = new RawClient(encrypted(plain(port)))) {
      peer.send("GET / HTTP/1.1\r\n\r\n" + "x".repeat(500_000));
      assertThat(peer.response().status()).isEqualTo(400);
      assertThat(peer.atEnd()).isTrue();
    }
  }

  @Test
  void anUpgradeIsServedWithWhatFollowsIt() throws Exception {
    try (var port = port(Duration.ofSeconds(10), TrustedProxies.NONE, false);
        var peer = new RawClient(encrypted(plain(port)))) {
      peer.send(upgradeRequest() + new String(text("early"), ISO_8859_1));
      assertThat(peer.response().status()).isEqualTo(101);
      assertThat(peer.frame()).isEqualTo(new Frame(1, "early"));
    }
  }

  @Test
  void aProxyHeaderComesBeforeTls() throws Exception {
    TrustedProxies loopback = TrustedProxies.of(List.of("127.0.0.1"));
    try (var port = port(Duration.ofSeconds(10), loopback, true);
        Socket socket = plain(port)) {
      socket
          .getOutputStream()
          .write(hex("0D0A0D0A000D0A515549540A 21 11 000C C0000201 0A000009 1267 0050"));
      try (var peer = new RawClient(encrypted(socket))) {
        peer.send(upgradeRequest());
        assertThat(peer.response().status()).isEqualTo(101);
        assertThat(port.handshake().remoteAddress()).isEqualTo("192.0.2.1:4711");
      }
    }
  }

  @Test
  void theTimeOfTheTlsHandshakeCounts() throws Exception {
    try (var port = port(Duration.ofMillis(200), TrustedProxies.NONE, false);
        var silent = new RawClient(plain(port))) {
      assertThat(silent.atEnd()).isTrue();
    }
  }

  private HttpPort port(Duration timeout, TrustedProxies trusted, boolean proxyProtocol) {
    return new HttpPort(new HttpSettings(timeout, trusted, proxyProtocol, null), server);
  }

  private static Socket plain(HttpPort port) throws Exception {
    return new Socket(InetAddress.getLoopbackAddress(), port.port());
  }

  private Socket encrypted(Socket plain) throws Exception {
    return client.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
  }
}
