package dev.everwire.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.netty.options.ForwardProxy;
import dev.everwire.netty.tls.ClientTls;
import dev.everwire.netty.tls.ServerTls;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.RecordingReceiver.Message;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients behind forward proxies. */
class ProxyTest {
  private static final String HOST = "no.such.host.invalid"; // nobody here can look it up

  private final Buffers buffers = new Buffers();
  private @Nullable NettyDialer dialer;

  @AfterEach
  void close() {
    if (dialer != null) {
      dialer.close();
    }
    buffers.assertAllFreed();
  }

  @Test
  void anHttpProxyIsAskedForTheName() throws Exception {
    try (Station station = Station.open();
        ProxyServer proxy = ProxyServer.http(station.port())) {
      Dialled dialled = dial(ForwardProxy.http("127.0.0.1", proxy.port()), "ws://" + HOST + "/");
      echoes(dialled);
      assertThat(proxy.asked()).containsExactly(HOST + ":80");
      assertThat(dialled.transport().remoteAddress()).isEqualTo(HOST + ":80");
    }
  }

  @Test
  void aSocks5ProxyIsAskedForTheName() throws Exception {
    try (Station station = Station.open();
        ProxyServer proxy = ProxyServer.socks5(station.port())) {
      echoes(dial(ForwardProxy.socks5("localhost", proxy.port()), "ws://" + HOST + ":81/"));
      assertThat(proxy.asked()).containsExactly(HOST + ":81");
    }
  }

  @Test
  void anAddressStaysAnAddress() throws Exception {
    try (Station station = Station.open();
        ProxyServer proxy = ProxyServer.socks5(station.port())) {
      echoes(dial(ForwardProxy.socks5("127.0.0.1", proxy.port()), "ws://192.0.2.1:81/"));
      assertThat(proxy.asked()).containsExactly("192.0.2.1:81");
    }
  }

  @Test
  void credentialsOpenAnHttpProxy() throws Exception {
    try (Station station = Station.open();
        ProxyServer proxy = ProxyServer.http(station.port()).wanting("me:secret:x")) {
      ForwardProxy with = ForwardProxy.http("127.0.0.1", proxy.port());
      echoes(dial(with.withCredentials("me", "secret:x"), "ws://" + HOST + "/"));
      assertThat(dial(with, "ws://" + HOST + "/").whyNot())
          .isEqualTo(
              "proxy 127.0.0.1:" + proxy.port() + " refused: 407 Proxy Authentication Required");
    }
  }

  @Test
  void credentialsOpenASocks5Proxy() throws Exception {
    try (Station station = Station.open();
        ProxyServer proxy = ProxyServer.socks5(station.port()).wanting("me:secret")) {
      ForwardProxy with = ForwardProxy.socks5("127.0.0.1", proxy.port());
      echoes(dial(with.withCredentials("me", "secret"), "ws://" + HOST + "/"));
      String name = "proxy 127.0.0.1:" + proxy.port();
      assertThat(dial(with.withCredentials("me", "guess"), "ws://" + HOST + "/").whyNot())
          .isEqualTo(name + " refused: wrong user name or password");
      assertThat(dial(with, "ws://" + HOST + "/").whyNot())
          .isEqualTo(name + " wants a user name and a password, or does not speak SOCKS5");
    }
  }

  @Test
  void whatASocks5ProxyRefusesIsNamed() throws Exception {
    try (ProxyServer proxy = ProxyServer.socks5(1).refusing(4)) {
      assertThat(
              dial(ForwardProxy.socks5("127.0.0.1", proxy.port()), "ws://" + HOST + "/").whyNot())
          .isEqualTo("proxy 127.0.0.1:" + proxy.port() + " refused: host unreachable");
    }
  }

  @Test
  void encryptedConnectionsGoThroughBothKinds(@TempDir Path folder) throws Exception {
    var certificates = new Certificates(folder);
    var server = certificates.serverNamed(HOST);
    ClientTls trust = ClientTls.trusting(certificates.authority());
    try (Station station =
            Station.open(listener -> listener.tls(ServerTls.pem(server.chain(), server.key())));
        ProxyServer http = ProxyServer.http(station.port());
        ProxyServer socks = ProxyServer.socks5(station.port())) {
      echoes(dial(ForwardProxy.http("127.0.0.1", http.port()), trust, "wss://" + HOST + "/"));
      echoes(dial(ForwardProxy.socks5("127.0.0.1", socks.port()), trust, "wss://" + HOST + "/"));
      assertThat(http.asked()).containsExactly(HOST + ":443");
      assertThat(socks.asked()).containsExactly(HOST + ":443");
    }
  }

  @Test
  void anEncryptedConnectionThatTheProxyRefusesSaysSo() throws Exception {
    try (ProxyServer proxy = ProxyServer.http(1).wanting("me:secret")) {
      ForwardProxy with = ForwardProxy.http("127.0.0.1", proxy.port());
      assertThat(dial(with, ClientTls.systemTrust(), "wss://" + HOST + "/").whyNot())
          .endsWith("refused: 407 Proxy Authentication Required");
    }
  }

  @Test
  void whatComesTogetherWithTheProxysAnswerIsNotLost() throws Exception {
    try (Station station = Station.open();
        ProxyServer proxy =
            ProxyServer.http(station.port())
                .sendingBehindItsAnswer("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\n\r\n")) {
      Dialled dialled = dial(ForwardProxy.http("127.0.0.1", proxy.port()), "ws://" + HOST + "/");
      assertThat(dialled.whyNot()).isEqualTo(HOST + ":80 refused the upgrade with status 503");
      assertThat(dialled.failure().get().retryAfter()).isEqualTo(Duration.ofSeconds(7));
    }
  }

  @Test
  void aProxyThatIsNotThereIsNamed() throws Exception {
    int free;
    try (var socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertThat(dial(ForwardProxy.http("127.0.0.1", free), "ws://" + HOST + "/").whyNot())
        .isEqualTo("proxy 127.0.0.1:" + free + " cannot be reached");
    assertThat(dial(ForwardProxy.socks5(HOST, 1080), "ws://127.0.0.1:1/").whyNot())
        .isEqualTo("host " + HOST + " is not known");
  }

  @Test
  void aProxyThatSpeaksSomethingElseIsNamed() throws Exception {
    try (var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      String name = "proxy 127.0.0.1:" + server.getLocalPort();
      ForwardProxy http = ForwardProxy.http("127.0.0.1", server.getLocalPort());
      Dialled asHttp = dial(http, "ws://" + HOST + "/");
      try (Socket socket = server.accept()) {
        PlainServer.write(socket, "220 mail.example ESMTP\r\n\r\n");
        assertThat(asHttp.whyNot()).isEqualTo(name + " did not answer with HTTP");
      }
      ForwardProxy socks = ForwardProxy.socks5("127.0.0.1", server.getLocalPort());
      Dialled asSocks = dial(socks, "ws://" + HOST + "/");
      try (Socket socket = server.accept()) {
        PlainServer.write(socket, "220 mail.example ESMTP\r\n\r\n");
        assertThat(asSocks.whyNot())
            .isEqualTo(name + " wants a user name and a password, or does not speak SOCKS5");
      }
      Dialled hungUp = dial(socks, "ws://" + HOST + "/");
      server.accept().close();
      assertThat(hungUp.whyNot()).startsWith(name);
    }
  }

  @Test
  void aProxyThatSaysNothingIsGivenUpInTime() throws Exception {
    try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      NettyDialer own = dialer(ForwardProxy.http("127.0.0.1", silent.getLocalPort()), null);
      var request =
          new Dialer.Request(
              URI.create("ws://" + HOST + "/"),
              Map.of(),
              List.of(),
              Duration.ofMillis(300),
              TransportLimits.CLIENT);
      assertThat(Dialled.with(own, request).whyNot())
          .isEqualTo(HOST + ":80 gave no answer within 300 ms");
    }
  }

  @Test
  void someHostsAreDialledDirectly() throws Exception {
    try (Station station = Station.open()) {
      ForwardProxy nowhere = ForwardProxy.http("127.0.0.1", 1).exceptFor("127.0.0.1", ".example");
      echoes(dial(nowhere, "ws://127.0.0.1:" + station.port() + "/"));
      assertThat(nowhere.standsBefore("a.EXAMPLE")).isFalse();
      assertThat(nowhere.standsBefore("example")).isTrue();
      assertThat(nowhere.standsBefore("example.org")).isTrue();
    }
  }

  @Test
  void credentialsAreNotShownAndChecked() {
    ForwardProxy proxy = ForwardProxy.socks5("localhost", 1080);
    assertThat(proxy.withCredentials("me", "secret")).hasToString("socks5://localhost:1080");
    assertThatThrownBy(() -> proxy.withCredentials("", "secret"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> proxy.withCredentials("me", "s".repeat(256)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("sss");
    assertThatThrownBy(() -> ForwardProxy.http("localhost", 8080).withCredentials("a:b", "c"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ForwardProxy.http("localhost", 0))
        .hasMessage("port: 0 (expected: 1-65535)");
    assertThatThrownBy(() -> ForwardProxy.http(" ", 8080))
        .hasMessage("host: blank (expected: a name or an address)");
  }

  private NettyDialer dialer(ForwardProxy proxy, @Nullable ClientTls tls) {
    if (dialer != null) {
      dialer.close();
    }
    var builder = NettyDialer.builder().allocator(buffers.allocator()).proxy(proxy);
    NettyDialer made = (tls == null ? builder : builder.tls(tls)).build();
    dialer = made;
    return made;
  }

  private Dialled dial(ForwardProxy proxy, String uri) {
    return Dialled.with(dialer(proxy, null), URI.create(uri));
  }

  private Dialled dial(ForwardProxy proxy, ClientTls tls, String uri) {
    return Dialled.with(dialer(proxy, tls), URI.create(uri));
  }

  private static void echoes(Dialled dialled) throws Exception {
    Transport transport = dialled.transport();
    transport.loop().execute(() -> transport.sendText(ByteBuffer.wrap(new byte[] {'h', 'i'})));
    Await.until(() -> dialled.receiver().count() == 1);
    assertThat(dialled.receiver().messages()).containsExactly(Message.text("hi"));
  }
}
