package dev.everwire.it.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.everwire.netty.NettyListener;
import dev.everwire.netty.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a server behind a proxy takes for its client, which here is 127.0.0.2. */
final class ForwardedIT {
  private static final String PROXY = "127.0.0.1";
  private static final String CLIENT = "127.0.0.2";

  @TempDir private Path directory;
  private final JdkPeer clients = new JdkPeer();

  @BeforeEach
  void thereIsASecondLoopbackAddress() {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(CLIENT, 0));
    } catch (IOException e) {
      assumeTrue(false, "needs a second loopback address, as on Linux");
    }
  }

  @AfterEach
  void close() {
    clients.close();
  }

  @ParameterizedTest
  @EnumSource
  void aTrustedProxysWordCounts(Proxy.Brand brand) throws Exception {
    try (Local server = new Local(NettyListener.on(0).loops(1).trustProxies(PROXY));
        Proxy proxy = brand.before(server.port(), directory)) {
      Link link = connect(proxy.uri("/who"));
      assertThat(host(who(link))).isEqualTo(CLIENT);
      assertThat(server.asked()).singleElement().matches(asked -> host(asked).equals(CLIENT));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTheClientItselfClaimsDoesNot(Proxy.Brand brand) throws Exception {
    try (Local server = new Local(NettyListener.on(0).loops(1).trustProxies(PROXY));
        Proxy proxy = brand.before(server.port(), directory)) {
      Ask ask = Ask.of(proxy.uri("/who"));
      assertThat(host(who(connect(ask.header("X-Forwarded-For", "203.0.113.9")))))
          .isEqualTo(CLIENT);
      assertThat(host(who(connect(ask.header("Forwarded", "for=203.0.113.9"))))).isEqualTo(CLIENT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anybodyElsesWordDoesNot(Proxy.Brand brand) throws Exception {
    try (Local server = new Local(NettyListener.on(0).loops(1).trustProxies("192.0.2.0/24"));
        Proxy proxy = brand.before(server.port(), directory)) {
      assertThat(host(who(connect(proxy.uri("/who"))))).isEqualTo(PROXY);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aProxyBeforeAUnixDomainSocketIsServed(Proxy.Brand brand) throws Exception {
    Path socket = directory.resolve("everwire.sock");
    try (Local server =
            new Local(NettyListener.unix(socket, "rw-rw-rw-").loops(1).trustProxies("unix:"));
        Proxy proxy = brand.before(socket, directory)) {
      assertThat(server.port()).isZero();
      Link link = connect(proxy.uri("/who"));
      assertThat(host(who(link))).isEqualTo(CLIENT);
      Link echo = connect(proxy.uri("/echo"));
      byte[] bytes = new byte[1024 * 1024];
      echo.binary(bytes);
      assertThat(echo.next())
          .isInstanceOfSatisfying(
              Heard.Binary.class, back -> assertThat(back.bytes()).isEqualTo(bytes));
      EchoContract.leave(echo);
    }
    assertThat(Files.exists(socket)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"send-proxy-v2", "send-proxy"})
  void aProxyHeaderTellsAddressAndPort(String version) throws Exception {
    try (Local server =
            new Local(NettyListener.on(0).loops(1).trustProxies(PROXY).proxyProtocol(true));
        Proxy proxy = passing(server.port(), version)) {
      String who = who(connect(proxy.uri("/who")));
      assertThat(host(who)).isEqualTo(CLIENT);
      assertThat(port(who)).isNotZero();
      Link echo = connect(proxy.uri("/echo"));
      echo.text("hello");
      assertThat(echo.next()).isEqualTo(new Heard.Text("hello"));
      EchoContract.leave(echo);
    }
  }

  @Test
  void aProxyHeaderStandsAheadOfTls() throws Exception {
    Certificate certificate = Certificate.make(directory);
    ServerTls tls = ServerTls.pem(certificate.chain(), certificate.key());
    NettyListener listener =
        NettyListener.on(0).loops(1).trustProxies(PROXY).proxyProtocol(true).tls(tls);
    try (Local server = new Local(listener);
        Proxy proxy = passing(server.port(), "send-proxy-v2")) {
      URI secure = URI.create(proxy.uri("/who").toString().replace("ws:", "wss:"));
      Link link = connect(Ask.of(secure).trust(certificate.chain()));
      assertThat(host(who(link))).isEqualTo(CLIENT);
    }
  }

  @Test
  void withoutTheHeaderATrustedProxyIsNotServed() throws Exception {
    try (Local server =
            new Local(NettyListener.on(0).loops(1).trustProxies(PROXY).proxyProtocol(true));
        Proxy proxy = passing(server.port(), "")) {
      assertThatExceptionOfType(Exception.class).isThrownBy(() -> connect(proxy.uri("/who")));
    }
  }

  private Proxy passing(int port, String version) throws Exception {
    return Proxy.Brand.HAPROXY.start(
        directory,
        "bind :443\n",
        Map.of("127.0.0.1:8443", "127.0.0.1:" + port, "send-proxy-v2", version));
  }

  private Link connect(URI uri) throws Exception {
    return connect(Ask.of(uri));
  }

  private Link connect(Ask ask) throws Exception {
    return clients.connect(ask, InetAddress.getByName(CLIENT));
  }

  private static String who(Link link) throws Exception {
    link.text("who?");
    return link.next() instanceof Heard.Text(String address) ? address : "nothing";
  }

  private static String host(String address) {
    return address.substring(0, Math.max(0, address.lastIndexOf(':')));
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }
}
