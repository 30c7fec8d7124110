package dev.everwire.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.Certificates.Issued;
import dev.everwire.netty.tls.ClientTls;
import dev.everwire.netty.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handshake says of the certificate that its client has shown. */
class ClientCertificatesTest {
  @TempDir private Path folder;
  private Certificates certificates;
  private Issued localhost;
  private Issued alice;
  private final Buffers buffers = new Buffers();

  @BeforeEach
  void issue() throws Exception {
    certificates = new Certificates(folder);
    localhost = certificates.server("server");
    alice = certificates.client("alice");
  }

  @AfterEach
  void freed() {
    buffers.assertAllFreed();
  }

  @Test
  void aVerifiedCertificateComesWithTheHandshakeItsOwnersFirst() throws Exception {
    for (ServerTls asks : List.of(required(), accepted())) {
      try (Station station = serve(asks);
          NettyDialer dialer = dialer(trusting().identity(alice.chain(), alice.key()))) {
        assertThat(dial(dialer, station).transport().open()).isTrue();
        List<X509Certificate> shown = station.handshake().certificates();
        assertThat(shown.getFirst()).isEqualTo(alice.bundle().getCertificate());
        assertThat(shown.getFirst().getSubjectX500Principal().getName()).isEqualTo("CN=alice");
      }
    }
  }

  @Test
  void aTlsSessionThatIsTakenUpAgainStillSaysWhoItIs() throws Exception {
    try (Station station = serve(required())) {
      var context = trusting().identity(alice.chain(), alice.key()).context();
      for (int i = 0; i < 2; i++) {
        try (SSLSocket socket =
                (SSLSocket)
                    context
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), station.port());
            var client = new RawClient(socket)) {
          client.send(RawClient.upgradeRequest());
          assertThat(client.response().status()).isEqualTo(101);
          assertThat(station.handshake().certificates().getFirst())
              .isEqualTo(alice.bundle().getCertificate());
        }
      }
    }
  }

  @Test
  void anAuthorityThatWasTakenOutOpensNothingAnyMoreAlsoNotForWhoWasHereBefore() throws Exception {
    ServerTls tls = required();
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    try (Station station = serve(tls)) {
      var context = trusting().identity(alice.chain(), alice.key()).context();
      assertThat(comesIn(context, station)).isTrue();
      assertThat(comesIn(context, station)).isTrue();
      String other = Files.readString(new Certificates(elsewhere).authority());
      certificates.write("authority.pem", other);
      tls.reload();
      assertThat(comesIn(context, station)).isFalse();
    }
  }

  private static boolean comesIn(SSLContext context, Station station) {
    try (SSLSocket socket =
            (SSLSocket)
                context
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), station.port());
        var client = new RawClient(socket)) {
      client.send(RawClient.upgradeRequest());
      return client.response().status() == 101;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void whoShowsNoCertificateIsNobody() throws Exception {
    try (Station station = serve(accepted());
        NettyDialer dialer = dialer(trusting())) {
      assertThat(dial(dialer, station).transport().open()).isTrue();
      assertThat(station.handshake().certificates()).isEmpty();
    }
  }

  @Test
  void aCertificateThatNobodyAskedForIsNotTaken() throws Exception {
    try (Station station = serve(ServerTls.pem(localhost.chain(), localhost.key()));
        NettyDialer dialer = dialer(trusting().identity(alice.chain(), alice.key()))) {
      assertThat(dial(dialer, station).transport().open()).isTrue();
      assertThat(station.handshake().certificates()).isEmpty();
    }
  }

  @Test
  void aCertificateThatSomebodyElseSignedEndsTheHandshakeAlsoWhereNoneIsNeeded() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Issued stranger = new Certificates(elsewhere).client("alice");
    for (ServerTls asks : List.of(required(), accepted())) {
      try (Station station = serve(asks);
          NettyDialer dialer = dialer(trusting().identity(stranger.chain(), stranger.key()))) {
        // a client of TLS 1.3 may be told nothing but the end
        assertThat(dial(dialer, station).whyNot()).isNotEmpty();
        try (NettyDialer known = dialer(trusting().identity(alice.chain(), alice.key()))) {
          assertThat(dial(known, station).transport().open()).isTrue();
        }
        assertThat(station.handshake().certificates().getFirst())
            .as("the first that was let in")
            .isEqualTo(alice.bundle().getCertificate());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x-client-cert", "x-forwarded-client-cert", "ssl-client-cert", "client-cert"})
  void noHeaderMakesACertificate(String header) throws Exception {
    String pem = alice.bundle().getCertificatePEM().replace("\r", "").replace("\n", "");
    try (Station plain = Station.open(listener -> listener.trustProxies("127.0.0.1"));
        Station encrypted =
            Station.open(listener -> {
              try {
                return listener.tls(accepted()).trustProxies("127.0.0.1");
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
        NettyDialer dialer = dialer(trusting())) {
      for (String uri :
          List.of("ws://127.0.0.1:" + plain.port(), "wss://127.0.0.1:" + encrypted.port())) {
        var request = Dialled.request(URI.create(uri), Map.of(header, pem));
        assertThat(Dialled.with(dialer, request).transport().open()).isTrue();
      }
      assertThat(plain.handshake().certificates()).isEmpty();
      assertThat(encrypted.handshake().certificates()).isEmpty();
    }
  }

  private ServerTls required() throws IOException {
    return ServerTls.pem(localhost.chain(), localhost.key())
        .requireClientCertificates(certificates.authority());
  }

  private ServerTls accepted() throws IOException {
    return ServerTls.pem(localhost.chain(), localhost.key())
        .acceptClientCertificates(certificates.authority());
  }

  private ClientTls trusting() throws IOException {
    return ClientTls.trusting(certificates.authority());
  }

  private static Station serve(ServerTls tls) throws IOException {
    return Station.open(listener -> listener.tls(tls));
  }

  private NettyDialer dialer(ClientTls tls) {
    return NettyDialer.builder().allocator(buffers.allocator()).tls(tls).build();
  }

  private static Dialled dial(NettyDialer dialer, Station station) {
    return Dialled.with(dialer, URI.create("wss://127.0.0.1:" + station.port() + "/"));
  }
}
