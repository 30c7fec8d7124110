package dev.everwire.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.netty.NettyDialer;
import dev.everwire.netty.NettyListener;
import dev.everwire.server.Server;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What docs/tls-and-proxies.md says is so. */
@Timeout(60)
class TransportDocumentTest {
  private static final String PASSWORD = "everwire";

  @TempDir private static Path folder;
  private static Path store;
  private static Path chain;
  private static Path key;

  /** One key for everybody, with a certificate that vouches for itself. */
  @BeforeAll
  static void makeKey() throws Exception {
    store = folder.resolve("localhost.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
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
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore loaded = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    chain = pem("own.pem", "CERTIFICATE", loaded.getCertificate("own").getEncoded());
    key = pem("own.key", "PRIVATE KEY", loaded.getKey("own", PASSWORD.toCharArray()).getEncoded());
  }

  @Test
  void everyJavaExampleIsOneThatIsCompiledHere() throws IOException {
    Path home = Path.of(System.getProperty("everwire.home")).normalize();
    assertThat(DocumentsTest.shown(home.resolve("docs/tls-and-proxies.md")))
        .isNotEmpty()
        .isEqualTo(
            DocumentsTest.regions(
                home.resolve("it/src/test/java/dev/everwire/it/docs/TransportExamples.java")));
  }

  @Test
  void anEncryptedServerIsCalled() throws Exception {
    try (Server server = TransportExamples.encrypted(0, chain, key);
        Client client = TransportExamples.trusting(secure(server), chain)) {
      assertThat(client.call("hello", List.of(), String.class)).isEqualTo("hello");
    }
  }

  @Test
  void bothEndsShowWhoTheyAre() throws Exception {
    try (Server server = serve(TransportExamples.onlyForKnown(0, store, PASSWORD, chain))) {
      assertThat(hello(secure(server), () -> TransportExamples.known(chain, chain, key)))
          .isEqualTo("hello");
    }
  }

  @Test
  void aCertificateSaysWhoCalls() throws Exception {
    NettyListener asking = TransportExamples.onlyForKnown(0, store, PASSWORD, chain);
    try (Server server = TransportExamples.byCertificate(asking).start();
        Client client =
            Everwire.client(secure(server))
                .ownDialer(() -> TransportExamples.known(chain, chain, key))
                .connect()) {
      assertThat(client.call("whoami", List.of(), String.class)).isEqualTo("localhost");
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aSocketFileIsThereForAProxy() throws Exception {
    Path socket = folder.resolve("live.sock");
    try (Server server = serve(TransportExamples.behindNginx(socket));
        SocketChannel proxy = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      assertThat(server.host()).isEqualTo("unix:" + socket);
      assertThat(proxy.connect(UnixDomainSocketAddress.of(socket))).isTrue();
    }
    assertThat(socket).doesNotExist();
  }

  @Test
  void aProxyMaySayWhoConnects() throws Exception {
    try (Server server = serve(TransportExamples.behindHaproxy(0));
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String request =
          "PROXY TCP4 192.0.2.7 192.0.2.1 5000 80\r\nGET /none HTTP/1.1\r\nHost: x\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(12);
      assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 404");
    }
  }

  @Test
  void aClientAsksItsProxy() throws Exception {
    try (var proxy = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        NettyDialer http =
            TransportExamples.throughHttp("127.0.0.1", proxy.getLocalPort(), "me", "secret");
        NettyDialer socks = TransportExamples.throughSocks("127.0.0.1", proxy.getLocalPort())) {
      assertThat(firstBytes(proxy, http, 7)).asString().isEqualTo("CONNECT");
      assertThat(firstBytes(proxy, socks, 3)).containsExactly(5, 1, 0);
    }
  }

  @Test
  void ioUringServesOrSaysWhyNot() throws Exception {
    try (Server server = serve(TransportExamples.onIoUring(0))) {
      URI uri = URI.create("ws://localhost:" + server.port() + "/ws");
      assertThat(hello(uri, NettyDialer::create)).isEqualTo("hello");
    } catch (IOException e) {
      assertThat(e).hasMessageStartingWith("io_uring cannot be had on this machine");
    }
  }

  private static Server serve(NettyListener listener) throws IOException {
    return Everwire.server().listen(listener).method("hello", call -> "hello").start();
  }

  private static String hello(URI uri, Supplier<NettyDialer> dialer) throws Exception {
    try (Client client = Everwire.client(uri).ownDialer(dialer).connect()) {
      return client.call("hello", List.of(), String.class);
    }
  }

  private static URI secure(Server server) {
    return URI.create("wss://localhost:" + server.port() + "/ws");
  }

  /** What a proxy hears first of a client that dials. */
  private static byte[] firstBytes(ServerSocket proxy, NettyDialer dialer, int count)
      throws Exception {
    var request =
        new Dialer.Request(
            URI.create("ws://far.example/ws"),
            Map.of(),
            List.of(),
            Duration.ofSeconds(10),
            TransportLimits.CLIENT);
    Dialer.Attempt attempt = dialer.dial(request, dialer.loop(), new Nothing());
    try (Socket heard = proxy.accept()) {
      return heard.getInputStream().readNBytes(count);
    } finally {
      attempt.cancel();
    }
  }

  /** Nobody answers. */
  private static final class Nothing implements Dialer.Result {
    @Override
    public Receiver opened(Transport transport, @Nullable String subprotocol) {
      throw new AssertionError("nobody is there");
    }

    @Override
    public void failed(Dialer.Failure failure) {}
  }

  private static Path pem(String name, String what, byte[] der) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
  }
}
