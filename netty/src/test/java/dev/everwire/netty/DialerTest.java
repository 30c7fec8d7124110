package dev.everwire.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.netty.internal.dial.RetryAfter;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.RecordingReceiver.Closed;
import dev.everwire.testkit.RecordingReceiver.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client against servers that do not all behave. */
class DialerTest {
  private static final String PASSWORD = "everwire";

  @TempDir private static Path folder;

  private final Buffers buffers = new Buffers();
  private NettyDialer dialer = NettyDialer.builder().allocator(buffers.allocator()).build();

  @AfterEach
  void close() {
    dialer.close();
    buffers.assertAllFreed();
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 101 OK^^, answered with a bad WebSocket handshake: no Upgrade to websocket",
    "HTTP/1.1 101 OK^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: x^^, answered with a bad WebSocket handshake: wrong Sec-WebSocket-Accept",
    "HTTP/1.1 200 OK^Content-Length: 0^^, refused the upgrade with status 200",
    "HTTP/1.1 401 No^Content-Length: 3^^sec, refused the upgrade with status 401",
    "what do you want?^^, did not answer with HTTP",
    "'', closed the connection before the upgrade",
  })
  void aBadAnswerFailsTheDial(String answer, String message) throws Exception {
    try (ServerSocket server = server()) {
      CompletableFuture<Dialer.Failure> failure = dial(address(server)).failure();
      try (Socket socket = server.accept()) {
        PlainServer.readRequest(socket);
        socket.getOutputStream().write(answer.replace("^", "\r\n").getBytes(ISO_8859_1));
      }
      assertThat(failure.get(5, TimeUnit.SECONDS).message())
          .startsWith("127.0.0.1:" + server.getLocalPort())
          .endsWith(message);
    }
  }

  @Test
  void framesRightBehindTheAnswerAreDeliveredAndTheServerEndsTheConnection() throws Exception {
    try (ServerSocket server = server()) {
      Dialled dialled = dial(address(server));
      try (Socket socket = server.accept()) {
        PlainServer.agree(socket, "", 0x81, 2, 'h', 'i', 0x88, 2, 0x03, 0xE8);
        Await.until(() -> dialled.receiver().count() == 1);
        assertThat(dialled.receiver().messages()).containsExactly(Message.text("hi"));
        assertThat(socket.getInputStream().readNBytes(8)).hasSize(8).startsWith(0x88, 0x82);
        Await.pass(Duration.ofMillis(50));
        assertThat(dialled.receiver().isClosed()).isFalse(); // waits for the server
      }
      Await.until(dialled.receiver()::isClosed);
      assertThat(dialled.receiver().closed()).isEqualTo(new Closed(1000, ""));
    }
  }

  @Test
  void aTimeoutLongerThanCanBeCountedIsNoReasonNotToBeTold() throws Exception {
    int port;
    try (ServerSocket server = server()) {
      port = server.getLocalPort();
    }
    Dialled dialled =
        Dialled.with(
            dialer,
            new Dialer.Request(
                URI.create("ws://127.0.0.1:" + port),
                Map.of(),
                List.of(),
                Duration.ofSeconds(Long.MAX_VALUE),
                TransportLimits.CLIENT));

    assertThat(dialled.failure().get(5, TimeUnit.SECONDS).message())
        .isEqualTo("nothing answers at 127.0.0.1:" + port);
  }

  @Test
  void aServerThatMasksIsInBreach() throws Exception {
    try (ServerSocket server = server()) {
      Dialled dialled = dial(address(server));
      try (Socket socket = server.accept()) {
        PlainServer.agree(socket, "", 0x81, 0x81, 0, 0, 0, 0, 'x');
        assertThat(socket.getInputStream().readNBytes(2)).startsWith(0x88);
      }
      Await.until(dialled.receiver()::isClosed);
      assertThat(dialled.receiver().closed()).isEqualTo(new Closed(1002, "frame is masked"));
    }
  }

  @Test
  void namesAreLookedUp() throws Exception {
    try (Station station = Station.open()) {
      Dialled dialled = dial(URI.create("ws://localhost:" + station.port() + "/"));
      dialled.opened().get(5, TimeUnit.SECONDS);
      dialer.close();
    }
    Dialled unknown = dialWithNew(URI.create("ws://no.such.host.invalid/"));
    assertThat(unknown.failure().get(10, TimeUnit.SECONDS).message())
        .isEqualTo("host no.such.host.invalid is not known");
  }

  @Test
  void aTrustedServerIsTalkedToEncrypted() throws Exception {
    SSLContext context = localhost();
    useTls(context);
    try (ServerSocket server =
        context.getServerSocketFactory().createServerSocket(0, 10, loopback())) {
      Dialled dialled = dial(URI.create("wss://localhost:" + server.getLocalPort() + "/"));
      try (Socket socket = server.accept()) {
        PlainServer.agree(socket, "", 0x81, 2, 'h', 'i');
        Transport transport = dialled.opened().get(5, TimeUnit.SECONDS);
        transport.loop().execute(() -> transport.sendText(ByteBuffer.wrap(new byte[] {'x'})));
        assertThat(socket.getInputStream().readNBytes(7)).startsWith(0x81, 0x81);
        Await.until(() -> dialled.receiver().count() == 1);
        transport.loop().execute(transport::abort);
        Await.until(dialled.receiver()::isClosed);
      }
    }
  }

  @Test
  void aServerWithAnotherNameIsNotTalkedTo() throws Exception {
    SSLContext context = localhost();
    useTls(context);
    try (ServerSocket server =
        context.getServerSocketFactory().createServerSocket(0, 10, loopback())) {
      Dialled dialled = dial(URI.create("wss://127.0.0.1:" + server.getLocalPort() + "/"));
      try (Socket socket = server.accept()) {
        assertThatThrownBy(() -> PlainServer.readRequest(socket)).isInstanceOf(IOException.class);
      }
      assertThat(dialled.failure().get(5, TimeUnit.SECONDS).message())
          .contains("TLS with 127.0.0.1");
    }
  }

  @Test
  void aServerNobodyTrustsIsNotTalkedTo() throws Exception {
    try (ServerSocket server =
        localhost().getServerSocketFactory().createServerSocket(0, 10, loopback())) {
      Dialled dialled = dial(URI.create("wss://localhost:" + server.getLocalPort() + "/"));
      try (Socket socket = server.accept()) {
        assertThatThrownBy(() -> PlainServer.readRequest(socket)).isInstanceOf(IOException.class);
      }
      assertThat(dialled.failure().get(5, TimeUnit.SECONDS).message())
          .contains("TLS with localhost");
    }
  }

  @Test
  void closingTheDialerEndsWhatIsUnderWay() throws Exception {
    try (ServerSocket server = server()) {
      Dialled pending = dial(address(server));
      try (Socket socket = server.accept()) {
        PlainServer.readRequest(socket);
        dialer.close();
        dialer.close();
        assertThat(pending.failure().get(5, TimeUnit.SECONDS).message())
            .isEqualTo("the dialer was closed");
      }
      assertThatThrownBy(() -> dial(address(server)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the dialer is closed");
    }
  }

  @Test
  void aLoopOfAnotherDialerIsRefused() {
    try (NettyDialer other = NettyDialer.create()) {
      assertThatThrownBy(() ->
              dialer.dial(
                  Dialled.request(URI.create("ws://127.0.0.1:1/"), Map.of()),
                  other.loop(),
                  new Dialled()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void retryAfterIsSecondsOrADate() {
    assertThat(RetryAfter.parse("120")).isEqualTo(Duration.ofSeconds(120));
    assertThat(RetryAfter.parse("-1")).isEqualTo(Duration.ZERO);
    assertThat(RetryAfter.parse("Wed, 21 Oct 2015 07:28:00 GMT")).isEqualTo(Duration.ZERO);
    assertThat(RetryAfter.parse("Fri, 31 Dec 9999 23:59:59 GMT"))
        .isGreaterThan(Duration.ofDays(365));
    assertThat(RetryAfter.parse("soon")).isNull();
    assertThat(RetryAfter.parse(null)).isNull();
  }

  private Dialled dial(URI uri) {
    return Dialled.with(dialer, uri);
  }

  private Dialled dialWithNew(URI uri) {
    dialer = NettyDialer.builder().allocator(buffers.allocator()).build();
    return dial(uri);
  }

  private void useTls(SSLContext context) {
    dialer.close();
    dialer = NettyDialer.builder().allocator(buffers.allocator()).sslContext(context).build();
  }

  private static ServerSocket server() throws IOException {
    return new ServerSocket(0, 10, loopback());
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  private static URI address(ServerSocket server) {
    return URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/");
  }

  /** Has the key of a server named localhost, made for this run, and trusts it. */
  private SSLContext localhost() throws Exception {
    Path file = folder.resolve("localhost.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    if (!Files.exists(file)) {
      Process process =
          new ProcessBuilder(
                  keytool,
                  "-genkeypair",
                  "-alias",
                  "localhost",
                  "-dname",
                  "CN=localhost",
                  "-keyalg",
                  "EC",
                  "-ext",
                  "san=dns:localhost",
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  PASSWORD,
                  "-keystore",
                  file.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(process.waitFor()).isZero();
    }
    KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("localhost", store.getCertificate("localhost"));
    var trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
