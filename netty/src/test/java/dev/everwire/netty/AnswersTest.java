package dev.everwire.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.options.Compression;
import dev.everwire.session.transport.Dialer;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.RecordingReceiver.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client makes of the answers to its handshake, and what it does not even ask. */
class AnswersTest {
  private final Buffers buffers = new Buffers();
  private NettyDialer dialer = NettyDialer.builder().allocator(buffers.allocator()).build();

  @AfterEach
  void close() {
    dialer.close();
    buffers.assertAllFreed();
  }

  /** {@code ACCEPT} stands for a right Sec-WebSocket-Accept line. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Upgrade: websocket^Connection: Upgrade^ | wrong Sec-WebSocket-Accept",
        "Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Accept: x^ | wrong Sec-WebSocket-Accept",
        "Upgrade: websocket^Connection: Upgrade^ACCEPTACCEPT | repeated Sec-WebSocket-Accept",
        "Connection: Upgrade^ACCEPT | no Upgrade to websocket",
        "Upgrade: h2c^Connection: Upgrade^ACCEPT | no Upgrade to websocket",
        "Upgrade: h2c, websocket^Connection: Upgrade^ACCEPT | no Upgrade to websocket",
        "Upgrade: websocket^ACCEPT | no Connection: Upgrade",
        "Upgrade: websocket^Connection: close^ACCEPT | no Connection: Upgrade",
        "Upgrade: websocket^Connection: Upgrade^ACCEPTSec-WebSocket-Protocol: two.v1^ | a subprotocol that was not offered",
        "Upgrade: websocket^Connection: Upgrade^ACCEPTSec-WebSocket-Protocol: ONE.v1^ | a subprotocol that was not offered",
        "Upgrade: websocket^Connection: Upgrade^ACCEPTSec-WebSocket-Protocol: one.v1, one.v1^ | a subprotocol that was not offered",
        "Upgrade: websocket^Connection: Upgrade^ACCEPTSec-WebSocket-Protocol: one.v1^Sec-WebSocket-Protocol: one.v1^ | repeated Sec-WebSocket-Protocol",
        "Upgrade: websocket^Connection: Upgrade^ACCEPTSec-WebSocket-Extensions: permessage-deflate^ | the server answered an extension that was not offered",
      })
  void aHandshakeThatDoesNotFitIsRefusedWithItsReason(String headers, String why) throws Exception {
    assertThat(answered("HTTP/1.1 101 Yes^" + headers + "^"))
        .endsWith(" answered with a bad WebSocket handshake: " + why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.0 101 Yes^Upgrade: websocket^Connection: Upgrade^ACCEPT^ | did not answer with HTTP/1.1",
        "HTTP/1.0 200 OK^^ | did not answer with HTTP/1.1",
        "HTTP/1.1 302 Found^Location: ws://elsewhere/^Content-Length: 0^^ | refused the upgrade with status 302 (redirects are not followed)",
        "HTTP/1.1 204 No Content^^ | refused the upgrade with status 204",
        "HTTP/1.1 403 Forbidden^Content-Length: 0^^ | refused the upgrade with status 403",
        "SSH-2.0-OpenSSH_9.2p1^^ | did not answer with HTTP",
        "HTTP/1.1 0101 Yes^Upgrade: websocket^Connection: Upgrade^ACCEPT^ | did not answer with HTTP",
      })
  void otherAnswersAreNamed(String answer, String what) throws Exception {
    assertThat(answered(answer)).endsWith(" " + what);
  }

  @Test
  void anAnswerWithTooManyOrTooLongHeadersIsRefused() throws Exception {
    assertThat(answered("HTTP/1.1 101 Yes^" + "X: y^".repeat(101) + "^"))
        .endsWith("answered with more than 100 headers");
    assertThat(answered("HTTP/1.1 101 Yes^X: " + "y".repeat(8200) + "^^"))
        .endsWith("answered with more than 8 KiB of headers");
    assertThat(answered("HTTP/1.1 101 " + "y".repeat(8200) + "^^"))
        .endsWith("answered with more than 8 KiB of headers");
  }

  @Test
  void aFewInterimAnswersArePassedOverAndAFloodIsRefused() throws Exception {
    try (ServerSocket server = server();
        Socket socket = open(server, "HTTP/1.1 103 Early^Link: x^^".repeat(8))) {
      assertThat(socket.isConnected()).isTrue();
    }
    assertThat(answered("HTTP/1.1 100 Continue^^".repeat(9)))
        .endsWith("answered with too many interim responses");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 4\r\n", "Transfer-Encoding: chunked\r\n"})
  void whatFollowsTheAnswerIsFramesWhateverItSaysOfABody(String header) throws Exception {
    try (ServerSocket server = server()) {
      Dialled dialled = Dialled.with(dialer, address(server));
      try (Socket socket = server.accept()) {
        PlainServer.agree(socket, header, 0x81, 2, 'h', 'i');
        Await.until(() -> dialled.receiver().count() == 1);
        assertThat(dialled.receiver().messages()).containsExactly(Message.text("hi"));
      }
    }
  }

  @Test
  void anOfferedSubprotocolAndExtensionAreAgreedOn() throws Exception {
    dialer.close();
    dialer =
        NettyDialer.builder()
            .allocator(buffers.allocator())
            .compression(Compression.DEFAULT)
            .build();
    try (ServerSocket server = server()) {
      Dialled dialled = Dialled.with(dialer, address(server));
      try (Socket socket = server.accept()) {
        String request = PlainServer.readRequest(socket);
        assertThat(PlainServer.header(request, "sec-websocket-extensions"))
            .startsWith("permessage-deflate");
        PlainServer.write(
            socket,
            PlainServer.AGREED
                + "Sec-WebSocket-Protocol: one.v1\r\n"
                + "Sec-WebSocket-Extensions: permessage-deflate;"
                + " server_no_context_takeover; client_no_context_takeover\r\n"
                + "Sec-WebSocket-Accept: "
                + PlainServer.acceptKey(request)
                + "\r\n\r\n");
        assertThat(dialled.transport().open()).isTrue();
        assertThat(dialled.subprotocol()).isEqualTo("one.v1");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Upgrade, header upgrade belongs to the handshake and cannot be given",
    "Connection, header connection belongs to the handshake and cannot be given",
    "SEC-WebSocket-Key, header sec-websocket-key belongs to the handshake and cannot be given",
    "Sec-WebSocket-Protocol, header sec-websocket-protocol belongs to the handshake and cannot be given",
    "Content-Length, header content-length belongs to the handshake and cannot be given",
    "Transfer-Encoding, header transfer-encoding belongs to the handshake and cannot be given",
    "bad name, a header of the request is not valid",
  })
  void aHeaderThatCannotBeGivenFailsTheDial(String name, String why) throws Exception {
    Dialled dialled =
        Dialled.with(dialer, Dialled.request(URI.create("ws://127.0.0.1:1/"), Map.of(name, "x")));
    assertThat(dialled.whyNot()).isEqualTo(why);
  }

  @Test
  void aHeaderCannotBringAnotherOne() throws Exception {
    URI uri = URI.create("ws://127.0.0.1:1/");
    assertThat(dial(uri, Map.of("X-Name", "a\r\nCookie: b")).whyNot())
        .isEqualTo("a header of the request is not valid");
    assertThat(dial(uri, Map.of("Host", "a\r\nCookie: b")).whyNot())
        .isEqualTo("header host is not valid (expected: host or host:port)");
  }

  @Test
  void theHostHeaderIsTheUrlsUnlessGiven() throws Exception {
    try (ServerSocket server = server()) {
      assertThat(hostAsked(server, Map.of())).isEqualTo("127.0.0.1:" + server.getLocalPort());
      assertThat(hostAsked(server, Map.of("Host", "example.org:8080")))
          .isEqualTo("example.org:8080");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ws://user:secret@127.0.0.1:1/ | the URL has user information, which is not sent (expected: an Authorization header)",
        "ws://127.0.0.1:1/#part | the URL has a fragment (expected: none)",
        "ws://127.0.0.1:99999/ | port: 99999 (expected: 1-65535)",
        "ws://127.0.0.1:0/ | port: 0 (expected: 1-65535)",
        "ws://xn--bcher-kva.invalid/ | host xn--bcher-kva.invalid is not known",
      })
  void aUrlThatLeadsNowhereIsNamed(URI uri, String why) throws Exception {
    assertThat(dial(uri, Map.of()).whyNot()).isEqualTo(why);
  }

  @Test
  void everyAddressOfANameIsTriedUntilOneAnswers() throws Exception {
    try (ServerSocket server = server()) { // 127.0.0.1 only; localhost may be ::1 as well
      Dialled dialled =
          Dialled.with(dialer, URI.create("ws://localhost:" + server.getLocalPort() + "/"));
      try (Socket socket = server.accept()) {
        PlainServer.agree(socket, "");
        assertThat(dialled.transport().remoteAddress())
            .isEqualTo("127.0.0.1:" + server.getLocalPort());
      }
    }
  }

  @Test
  void anAnswerThatDripsIsGivenUpInTime() throws Exception {
    try (ServerSocket server = server()) {
      var request =
          new Dialer.Request(
              address(server), Map.of(), List.of(), Duration.ofMillis(400), TransportLimits.CLIENT);
      Dialled dialled = Dialled.with(dialer, request);
      try (Socket socket = server.accept()) {
        PlainServer.readRequest(socket);
        drip(socket, dialled);
        assertThat(dialled.whyNot()).endsWith("gave no answer within 400 ms");
      }
    }
  }

  private static void drip(Socket socket, Dialled dialled) {
    try {
      PlainServer.write(socket, "HTTP/1.1 101 Yes\r\nX: ");
      while (!dialled.failure().isDone()) {
        PlainServer.write(socket, "y");
        Await.pass(Duration.ofMillis(20));
      }
    } catch (IOException e) {
      // the client has gone
    }
  }

  private String hostAsked(ServerSocket server, Map<String, String> headers) throws Exception {
    dial(address(server), headers);
    try (Socket socket = server.accept()) {
      return PlainServer.header(PlainServer.readRequest(socket), "host");
    }
  }

  private Dialled dial(URI uri, Map<String, String> headers) {
    return Dialled.with(dialer, Dialled.request(uri, headers));
  }

  /** What the dial fails with when the server answers so. */
  private String answered(String answer) throws Exception {
    try (ServerSocket server = server()) {
      Dialled dialled = Dialled.with(dialer, address(server));
      try (Socket socket = server.accept()) {
        answer(socket, answer);
        return dialled.whyNot();
      }
    }
  }

  /** A connection that opens although something came before the answer. */
  private Socket open(ServerSocket server, String before) throws Exception {
    Dialled dialled = Dialled.with(dialer, address(server));
    Socket socket = server.accept();
    answer(socket, before + "HTTP/1.1 101 Yes^Upgrade: WebSocket^Connection: x, upgrade^ACCEPT^");
    assertThat(dialled.transport().open()).isTrue();
    return socket;
  }

  private static void answer(Socket socket, String answer) throws IOException {
    String accept =
        "Sec-WebSocket-Accept: " + PlainServer.acceptKey(PlainServer.readRequest(socket)) + "\r\n";
    PlainServer.write(socket, answer.replace("^", "\r\n").replace("ACCEPT", accept));
  }

  private static ServerSocket server() throws IOException {
    return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  private static URI address(ServerSocket server) {
    return URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/");
  }
}
