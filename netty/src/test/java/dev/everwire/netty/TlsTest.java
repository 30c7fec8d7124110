package dev.everwire.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.netty.Certificates.Issued;
import dev.everwire.netty.RawClient.Frame;
import dev.everwire.netty.Station.Visitor;
import dev.everwire.netty.options.Compression;
import dev.everwire.netty.tls.ClientTls;
import dev.everwire.netty.tls.ServerTls;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.RecordingReceiver.Closed;
import dev.everwire.testkit.RecordingReceiver.Message;
import dev.everwire.testkit.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Encrypted connections, from both ends. */
class TlsTest {
  @TempDir private Path folder;
  private Certificates certificates;
  private Issued localhost;
  private final Buffers buffers = new Buffers();
  private @Nullable NettyDialer dialer;

  @BeforeEach
  void issue() throws Exception {
    certificates = new Certificates(folder);
    localhost = certificates.server("server");
  }

  @AfterEach
  void close() {
    if (dialer != null) {
      dialer.close();
    }
    buffers.assertAllFreed();
  }

  @Test
  void aClientThatTrustsTheAuthorityTalksToTheServer() throws Exception {
    try (Station station = serve(ServerTls.pem(localhost.chain(), localhost.key()))) {
      echoes(dial(station, trusting()));
    }
  }

  @Test
  void theKeyMayComeFromAPkcs12File() throws Exception {
    Path store = certificates.pkcs12(localhost, "server.p12");
    try (Station station = serve(ServerTls.pkcs12(store, Certificates.PASSWORD))) {
      echoes(dial(station, trusting()));
    }
  }

  @Test
  void aClientShowsWhoItIsToAServerThatAsks() throws Exception {
    Issued client = certificates.client("client");
    try (Station station = serve(required())) {
      echoes(dial(station, trusting().identity(client.chain(), client.key())));
      echoes(
          dial(
              station,
              trusting()
                  .identity(certificates.pkcs12(client, "client.p12"), Certificates.PASSWORD)));
    }
  }

  @Test
  void aClientWithoutACertificateIsRefusedWhereOneIsRequired() throws Exception {
    try (Station station = serve(required())) {
      Dialled dialled = dial(station, trusting());
      assertThat(dialled.whyNot()).endsWith("failed: it wants a certificate of ours");
    }
  }

  @Test
  void aClientThatSomebodyElseSignedIsRefused() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Issued stranger = new Certificates(elsewhere).client("stranger");
    try (Station station = serve(required())) {
      Dialled dialled = dial(station, trusting().identity(stranger.chain(), stranger.key()));
      assertThat(dialled.whyNot()).contains("TLS with 127.0.0.1:").contains("certificate");
    }
  }

  @Test
  void aClientWithoutACertificateMayComeInWhereOneIsOnlyAccepted() throws Exception {
    ServerTls optional =
        ServerTls.pem(localhost.chain(), localhost.key())
            .acceptClientCertificates(certificates.authority());
    try (Station station = serve(optional)) {
      echoes(dial(station, trusting()));
    }
  }

  @Test
  void aServerWithAnotherNameIsNamed() throws Exception {
    Issued other = certificates.serverNamed("other.example");
    try (Station station = serve(ServerTls.pem(other.chain(), other.key()))) {
      assertThat(dial(station, trusting()).whyNot())
          .isEqualTo(
              "TLS with 127.0.0.1:"
                  + station.port()
                  + " failed: its certificate is not for 127.0.0.1");
    }
  }

  @Test
  void aServerWhoseAuthorityIsUnknownIsNamed() throws Exception {
    try (Station station = serve(ServerTls.pem(localhost.chain(), localhost.key()))) {
      assertThat(dial(station, ClientTls.systemTrust()).whyNot())
          .endsWith("failed: its certificate is signed by nobody trusted here");
    }
  }

  @Test
  void aServerWithAnExpiredCertificateIsNamed() throws Exception {
    Instant now = Instant.now();
    Issued old =
        certificates.server("old", now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1)));
    try (Station station = serve(ServerTls.pem(old.chain(), old.key()))) {
      assertThat(dial(station, trusting()).whyNot())
          .endsWith("failed: its certificate has expired");
    }
  }

  @Test
  void aServerThatSpeaksNoTlsIsNamed() throws Exception {
    try (Station station = Station.open()) {
      assertThat(dial(station, trusting()).whyNot()).endsWith("failed: it does not speak TLS");
    }
  }

  @Test
  void trustThatCannotBeReadFailsTheDialAndNamesTheFile() throws Exception {
    try (Station station = serve(ServerTls.pem(localhost.chain(), localhost.key()))) {
      Path nothing = folder.resolve("nothing.pem");
      assertThat(dial(station, ClientTls.trusting(nothing)).whyNot())
          .isEqualTo(nothing + " does not exist");
    }
  }

  @Test
  void aServerWhoseFilesCannotBeReadDoesNotStart() {
    Path nothing = folder.resolve("nothing.pem");
    assertThatThrownBy(() -> serve(ServerTls.pem(nothing, localhost.key())))
        .isInstanceOf(IOException.class)
        .hasMessage(nothing + " does not exist");
  }

  @Test
  void aNewCertificateIsUsedFromTheNextHandshakeOnAndOpenConnectionsGoOn() throws Exception {
    Issued renewed = certificates.server("renewed");
    ServerTls tls =
        ServerTls.pem(localhost.chain(), localhost.key()).checkEvery(Duration.ofMillis(50));
    try (Station station = serve(tls);
        SSLSocket before = handshake(station)) {
      RawClient open = upgraded(before);
      certificates.replace(localhost, renewed);
      Await.until(() -> shows(station, renewed));
      open.send(RawClient.text("still here"));
      assertThat(open.frame()).isEqualTo(new Frame(1, "still here"));
    }
  }

  @Test
  void aBrokenNewCertificateKeepsTheOldOneAndIsSaidOnce() throws Exception {
    ServerTls tls =
        ServerTls.pem(localhost.chain(), localhost.key()).checkEvery(Duration.ofMillis(20));
    try (LogLines log = new LogLines(ServerTls.class);
        Station station = serve(tls)) {
      certificates.write("server.pem", "not a certificate");
      Await.until(() -> !log.lines().isEmpty());
      Await.pass(Duration.ofMillis(200));
      assertThat(log.lines())
          .containsExactly(
              "WARNING certificate not reloaded, the old one stays why="
                  + localhost.chain()
                  + " has no certificate that can be read");
      assertThat(shows(station, localhost)).isTrue();
      assertThatThrownBy(tls::reload)
          .isInstanceOf(IOException.class)
          .hasMessage(localhost.chain() + " has no certificate that can be read");
      assertThat(shows(station, localhost)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothVersionsAreSpokenWithForwardSecrecyAndHttp(String version) throws Exception {
    try (Station station = serve(ServerTls.pem(localhost.chain(), localhost.key()));
        SSLSocket socket = socket(station)) {
      socket.setEnabledProtocols(new String[] {version});
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
      assertThat(socket.getSession().getCipherSuite()).matches("TLS_(ECDHE_.*|AES_.*|CHACHA20_.*)");
      assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
    }
  }

  @Test
  void aClientThatWantsNoHttp1IsRefused() throws Exception {
    try (Station station = serve(ServerTls.pem(localhost.chain(), localhost.key()));
        SSLSocket socket = socket(station)) {
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void plainBytesOnAnEncryptedPortAreClosedWithoutNoise() throws Exception {
    try (LogLines log = new LogLines("dev.everwire.netty");
        Station station = serve(ServerTls.pem(localhost.chain(), localhost.key()));
        RawClient client = new RawClient(station.port())) {
      client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(endsSoon(client)).isTrue();
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void aHandshakeThatDoesNotGoOnIsEndedByTheTotalDeadline() throws Exception {
    ServerTls tls = ServerTls.pem(localhost.chain(), localhost.key());
    try (Station station =
            Station.open(listener -> listener.tls(tls).handshakeTimeout(Duration.ofMillis(300)));
        RawClient client = new RawClient(station.port())) {
      client.send(RawClient.hex("16 03 01 02 00 01")); // the start of a ClientHello, and no more
      assertThat(endsSoon(client)).isTrue();
    }
  }

  @Test
  void aServerThatBeginsNoTlsIsGivenUpInTime() throws Exception {
    try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      NettyDialer own = dialer(trusting());
      var request =
          new Dialer.Request(
              URI.create("wss://127.0.0.1:" + silent.getLocalPort() + "/"),
              Map.of(),
              List.of(),
              Duration.ofMillis(300),
              TransportLimits.CLIENT);
      assertThat(Dialled.with(own, request).whyNot()).endsWith("gave no answer within 300 ms");
    }
  }

  @Test
  void aConnectionCutWithoutAGoodbyeIsAnAbnormalEnd() throws Exception {
    try (Station station = serve(ServerTls.pem(localhost.chain(), localhost.key()));
        TcpProxy link = TcpProxy.to(station.port())) {
      Dialled dialled =
          Dialled.with(dialer(trusting()), URI.create("wss://127.0.0.1:" + link.port() + "/"));
      var opened = dialled.transport();
      Visitor visitor = station.visitor();
      link.cut();
      Await.until(visitor.receiver()::isClosed);
      Await.until(dialled.receiver()::isClosed);
      assertThat(visitor.receiver().closed()).isEqualTo(new Closed(1006, "connection lost"));
      assertThat(dialled.receiver().closed()).isEqualTo(new Closed(1006, "connection lost"));
      assertThat(opened.loop()).isNotNull();
    }
  }

  @Test
  void aGoodbyeOfTlsWithoutACloseFrameIsAnAbnormalEnd() throws Exception {
    try (Station station = serve(ServerTls.pem(localhost.chain(), localhost.key()));
        SSLSocket socket = handshake(station)) {
      upgraded(socket);
      Visitor visitor = station.visitor();
      socket.shutdownOutput(); // close_notify; the TCP connection stays
      Await.until(visitor.receiver()::isClosed);
      assertThat(visitor.receiver().closed().code()).isEqualTo(1006);
      assertThat(socket.getInputStream().read()).isNegative(); // and the server says it too
    }
  }

  @Test
  void nonsenseInsideAnOpenConnectionEndsItWithoutNoise() throws Exception {
    try (LogLines log = new LogLines("dev.everwire.netty");
        Station station = serve(ServerTls.pem(localhost.chain(), localhost.key()));
        var plain = new Socket(InetAddress.getLoopbackAddress(), station.port());
        SSLSocket socket = over(plain, station)) {
      upgraded(socket);
      Visitor visitor = station.visitor();
      plain.getOutputStream().write(RawClient.hex("17 03 03 00 20" + "ab".repeat(32)));
      Await.until(visitor.receiver()::isClosed);
      assertThat(visitor.receiver().closed().code()).isEqualTo(1006);
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void aProxyHeaderStandsAheadOfTls() throws Exception {
    ServerTls tls = ServerTls.pem(localhost.chain(), localhost.key());
    try (Station station =
            Station.open(
                listener -> listener.tls(tls).trustProxies("127.0.0.1").proxyProtocol(true));
        var plain = new Socket(InetAddress.getLoopbackAddress(), station.port())) {
      PlainServer.write(plain, "PROXY TCP4 192.0.2.7 192.0.2.1 5000 443\r\n");
      try (SSLSocket socket = over(plain, station)) {
        upgraded(socket);
        assertThat(station.visitor().transport().remoteAddress()).startsWith("192.0.2.7");
      }
    }
  }

  @Test
  void messagesAreCompressedAndEncrypted() throws Exception {
    ServerTls tls = ServerTls.pem(localhost.chain(), localhost.key());
    Compression all = Compression.DEFAULT.withThreshold(0);
    try (Station station = Station.open(listener -> listener.tls(tls).compression(all));
        NettyDialer own =
            NettyDialer.builder()
                .allocator(buffers.allocator())
                .tls(trusting())
                .compression(all)
                .build()) {
      echoes(Dialled.with(own, URI.create("wss://localhost:" + station.port() + "/")));
    }
  }

  @Test
  void aSecondFullHandshakeOnOneConnectionEndsIt() throws Exception {
    try (Station station = serve(ServerTls.pem(localhost.chain(), localhost.key()));
        SSLSocket socket = socket(station)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"}); // 1.3 has no such thing
      socket.startHandshake();
      upgraded(socket);
      Visitor visitor = station.visitor();
      socket.getSession().invalidate(); // or it would be resumed, which costs little
      socket.startHandshake();
      assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(IOException.class);
      Await.until(visitor.receiver()::isClosed);
      assertThat(visitor.receiver().closed().code()).isEqualTo(1006);
    }
  }

  private ServerTls required() throws IOException {
    return ServerTls.pem(localhost.chain(), localhost.key())
        .requireClientCertificates(certificates.authority());
  }

  private ClientTls trusting() throws IOException {
    return ClientTls.trusting(certificates.authority());
  }

  private static Station serve(ServerTls tls) throws IOException {
    return Station.open(listener -> listener.tls(tls));
  }

  private NettyDialer dialer(ClientTls tls) {
    if (dialer != null) {
      dialer.close();
    }
    NettyDialer made = NettyDialer.builder().allocator(buffers.allocator()).tls(tls).build();
    dialer = made;
    return made;
  }

  private Dialled dial(Station station, ClientTls tls) {
    return Dialled.with(dialer(tls), URI.create("wss://127.0.0.1:" + station.port() + "/"));
  }

  private static void echoes(Dialled dialled) throws Exception {
    Transport transport = dialled.transport();
    transport.loop().execute(() -> transport.sendText(ByteBuffer.wrap(new byte[] {'h', 'i'})));
    Await.until(() -> dialled.receiver().count() == 1);
    assertThat(dialled.receiver().messages()).containsExactly(Message.text("hi"));
  }

  /** Of a client that is not ours. */
  private SSLSocket socket(Station station) throws IOException {
    return (SSLSocket)
        trusting()
            .context()
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), station.port());
  }

  private SSLSocket handshake(Station station) throws IOException {
    SSLSocket socket = socket(station);
    socket.startHandshake();
    return socket;
  }

  private SSLSocket over(Socket plain, Station station) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            trusting()
                .context()
                .getSocketFactory()
                .createSocket(plain, "localhost", station.port(), true);
    socket.startHandshake();
    return socket;
  }

  private static RawClient upgraded(SSLSocket socket) throws IOException {
    var client = new RawClient(socket);
    client.send(RawClient.upgradeRequest());
    assertThat(client.response().status()).isEqualTo(101);
    return client;
  }

  /** Whether a new handshake brings this certificate. */
  private boolean shows(Station station, Issued expected) {
    try (SSLSocket socket = handshake(station)) {
      var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.equals(expected.bundle().getCertificate());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean endsSoon(RawClient client) throws IOException {
    try {
      while (!client.atEnd()) {
        // an alert may come before the end
      }
      return true;
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("reset");
    }
  }
}
