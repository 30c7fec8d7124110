package dev.everwire.netty.internal.http;

import static dev.everwire.netty.RawClient.hex;
import static dev.everwire.netty.RawClient.text;
import static dev.everwire.netty.RawClient.upgradeRequest;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.netty.RawClient;
import dev.everwire.netty.RawClient.Frame;
import dev.everwire.netty.RawClient.Response;
import dev.everwire.netty.options.Compression;
import dev.everwire.session.transport.Acceptor;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a peer gets for what it sends, over real sockets; in the end nothing is left of any. */
class HttpConnectionTest {
  private static final HttpSettings PLAIN =
      new HttpSettings(Duration.ofSeconds(10), TrustedProxies.NONE, false, null);

  private HttpPort port;

  @BeforeEach
  void open() {
    port = new HttpPort(PLAIN);
  }

  @AfterEach
  void close() {
    port.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          TLS              | <16><03><01><02><00><01>                                         | 400 | request line is not valid
          HTTP/1.0         | GET / HTTP/1.0^^                                                 | 505 | HTTP/1.1 is spoken here
          HTTP/2           | PRI * HTTP/2.0^^SM^^                                             | 505 | HTTP/1.1 is spoken here
          no Host          | GET / HTTP/1.1^^                                                 | 400 | one valid Host is needed
          two Hosts        | GET / HTTP/1.1^Host: h^Host: h^^                                 | 400 | one valid Host is needed
          bare CR          | GET / HTTP/1.1^Host: h^X: a<0d>b^^                               | 400 | header is not valid
          NUL              | GET / HTTP/1.1^Host: h^X: a<00>b^^                               | 400 | header is not valid
          space, colon     | GET / HTTP/1.1^Host: h^X : a^^                                   | 400 | header is not valid
          two lengths      | POST / HTTP/1.1^Host: h^Content-Length: 1^Content-Length: 1^^a   | 400 | Content-Length is not valid
          length, chunks   | POST / HTTP/1.1^Host: h^Content-Length: 1^Transfer-Encoding: chunked^^0^^ | 400 | Content-Length beside Transfer-Encoding
          bad chunk        | POST / HTTP/1.1^Host: h^Transfer-Encoding: chunked^^z^           | 400 | chunk is not valid
          unknown coding   | POST / HTTP/1.1^Host: h^Transfer-Encoding: br, chunked^^0^^      | 501 | transfer coding not implemented
          large body       | POST / HTTP/1.1^Host: h^Content-Length: 65537^^                  | 413 | body too large
          PROXY header     | PROXY TCP4 1.2.3.4 5.6.7.8 1 2^GET / HTTP/1.1^Host: h^^          | 400 | request line is not valid
          upgrade, body    | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Content-Length: 1^^a | 400 | a WebSocket begins with GET and no body
          upgrade, version | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 12^^ | 426 | WebSocket version 13 is spoken here
          upgrade, key     | GET / HTTP/1.1^Host: h^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13^^ | 400 | Sec-WebSocket-Key is not valid
          """)
  void whatIsRefusedIsToldWhyAndClosed(String what, String request, int status, String body)
      throws IOException {
    try (var client = new RawClient(port.port())) {
      client.send(Sentences.bytes(request));
      Response response = client.response();
      assertThat(response.status()).isEqualTo(status);
      assertThat(response.body()).isEqualTo(body);
      assertThat(response.headers())
          .containsEntry("content-type", "text/plain; charset=utf-8")
          .containsEntry("connection", status == 426 ? "close, upgrade" : "close");
      assertThat(client.atEnd()).isTrue();
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n"); // is drained
    }
    port.awaitNoConnections();
  }

  @Test
  void whatFollowsARefusedRequestDoesNotOvertakeTheAnswer() throws IOException {
    try (var client = new RawClient(port.port())) {
      client.send("GET / HTTP/1.1\r\n\r\n" + "x".repeat(2_000_000));
      assertThat(client.response().status()).isEqualTo(400);
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void headersTooLargeAndTooManyAreRefused() throws IOException {
    String head = "GET / HTTP/1.1\r\nHost: h\r\n";
    assertThat(ask(head + "X: " + "y".repeat(9_000) + "\r\n\r\n").status()).isEqualTo(431);
    assertThat(ask(head + "X: y\r\n".repeat(100) + "\r\n").status()).isEqualTo(431);
    assertThat(ask("GET /" + "y".repeat(9_000) + " HTTP/1.1\r\n").status()).isEqualTo(414);
  }

  @Test
  void aRefusalOfTheAcceptorComesOutWithItsHeaders() throws IOException {
    port.upgrade(handshake ->
        switch (handshake.path()) {
          case "/full" -> new Acceptor.Refuse(503, "full", Map.of("Retry-After", "7"));
          case "/who" -> new Acceptor.Refuse(401, "who", Map.of("WWW-Authenticate", "Bearer"));
          case "/json" ->
              new Acceptor.Refuse(403, "{}", Map.of("Content-Type", "application/json"));
          case "/bad" -> new Acceptor.Refuse(403, "x", Map.of("X", "a\r\nb"));
          case "/low" -> Acceptor.Refuse.with(101, "x");
          default -> Acceptor.Refuse.with(404, "nothing here");
        });
    Response full = ask(upgradeRequest().replace("GET /", "GET /full"));
    assertThat(full.status()).isEqualTo(503);
    assertThat(full.headers())
        .containsEntry("retry-after", "7")
        .containsEntry("connection", "close");
    Response who = ask(upgradeRequest().replace("GET /", "GET /who"));
    assertThat(who.status()).isEqualTo(401);
    assertThat(who.headers()).containsEntry("www-authenticate", "Bearer");
    Response json = ask(upgradeRequest().replace("GET /", "GET /json"));
    assertThat(json.headers()).containsEntry("content-type", "application/json");
    Response other = ask(upgradeRequest().replace("GET /", "GET /other"));
    assertThat(other.status()).isEqualTo(404);
    assertThat(other.body()).isEqualTo("nothing here");
    assertThat(ask(upgradeRequest().replace("GET /", "GET /bad")).status()).isEqualTo(500);
    assertThat(ask(upgradeRequest().replace("GET /", "GET /low")).status()).isEqualTo(500);
  }

  @Test
  void aFailingAcceptorSaysNothingOfItsReason() throws IOException {
    port.upgrade(handshake -> {
      throw new IllegalStateException("secret");
    });
    Response response = ask(upgradeRequest());
    assertThat(response.status()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("internal error");
  }

  @Test
  void onlyAnOfferedSubprotocolIsChosen() throws IOException {
    port.upgrade(handshake -> new Acceptor.Accept("b", TransportLimits.SERVER, HttpPort::echo));
    String offer = upgradeRequest().replace("\r\n\r\n", "\r\nSec-WebSocket-Protocol: a, b\r\n\r\n");
    assertThat(ask(offer).headers()).containsEntry("sec-websocket-protocol", "b");
    assertThat(ask(upgradeRequest()).status()).isEqualTo(500);
  }

  @Test
  void compressionIsAgreedOnWhenBothWantIt() throws IOException {
    String offer =
        upgradeRequest()
            .replace("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
    assertThat(ask(offer).headers()).doesNotContainKey("sec-websocket-extensions");
    try (var compressing =
        new HttpPort(
            new HttpSettings(
                Duration.ofSeconds(10), TrustedProxies.NONE, false, Compression.DEFAULT))) {
      assertThat(ask(compressing, offer).headers().get("sec-websocket-extensions"))
          .startsWith("permessage-deflate");
      assertThat(ask(compressing, upgradeRequest()).headers())
          .doesNotContainKey("sec-websocket-extensions");
    }
  }

  @Test
  void anUpgradeByteByByteIsAnUpgrade() throws IOException {
    try (var client = new RawClient(port.port())) {
      for (byte b : upgradeRequest().getBytes(ISO_8859_1)) {
        client.send(new byte[] {b});
      }
      assertThat(client.response().status()).isEqualTo(101);
      client.send(text("hello"));
      assertThat(client.frame()).isEqualTo(new Frame(1, "hello"));
    }
  }

  @Test
  void anUpgradeBehindPlainRequestsAndBeforeFramesInOneReadIsServed() throws IOException {
    try (var client = new RawClient(port.port())) {
      var all = new ByteArrayOutputStream();
      all.writeBytes(Sentences.bytes("GET / HTTP/1.1^Host: h^^POST / HTTP/1.1^Host: h^"));
      all.writeBytes(Sentences.bytes("Content-Length: 3^^abc"));
      all.writeBytes(upgradeRequest().getBytes(ISO_8859_1));
      all.writeBytes(text("early"));
      all.writeBytes(hex("89 80 00000000"));
      client.send(all.toByteArray());
      assertThat(client.response().body()).isEqualTo("hello");
      assertThat(client.response().body()).isEqualTo("hello");
      assertThat(client.response().status()).isEqualTo(101);
      assertThat(client.frame().payload()).isIn("early", "");
      assertThat(client.frame().payload()).isIn("early", "");
    }
  }

  @Test
  void requestsThatDripMeetATotalDeadline() throws IOException {
    try (var hasty = new HttpPort(withTimeout(Duration.ofMillis(300)));
        var head = new RawClient(hasty.port());
        var body = new RawClient(hasty.port());
        var chunks = new RawClient(hasty.port());
        var silent = new RawClient(hasty.port())) {
      head.send("GET / HTTP/1.1\r\nHost: h\r\n");
      body.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\n");
      chunks.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
      Thread.startVirtualThread(() -> {
        try {
          while (true) { // until they are closed
            head.send("X");
            body.send("X");
            chunks.send("1;x\r\nX\r\n");
            Await.pass(Duration.ofMillis(50));
          }
        } catch (IOException e) {
          // as expected
        }
      });
      for (RawClient client : List.of(head, body, chunks)) {
        Response response = client.response();
        assertThat(response.status()).isEqualTo(408);
        assertThat(response.headers()).containsEntry("connection", "close");
        assertThat(client.atEnd()).isTrue();
      }
      assertThat(silent.atEnd()).isTrue();
    }
  }

  @Test
  void theNextRequestHasTheWholeTimeAgain() throws IOException {
    try (var hasty = new HttpPort(withTimeout(Duration.ofMillis(600)));
        var client = new RawClient(hasty.port())) {
      for (int i = 0; i < 4; i++) {
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(client.response().body()).isEqualTo("hello");
        Await.pass(Duration.ofMillis(250)); // together longer than one may take
      }
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void hundredsOfPipelinedRequestsAreAnsweredInOrder() throws IOException {
    var answered = new AtomicInteger();
    port.http((request, reply) -> {
      if (answered.incrementAndGet() % 3 == 0) { // some at once, some later
        Thread.startVirtualThread(() -> reply.accept(HttpReply.text(200, request.path())));
      } else {
        reply.accept(HttpReply.text(200, request.path()));
      }
    });
    try (var client = new RawClient(port.port())) {
      var all = new StringBuilder();
      for (int i = 0; i < 2_000; i++) {
        all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: h\r\n\r\n");
      }
      client.send(all.toString());
      for (int i = 0; i < 2_000; i++) {
        assertThat(client.response().body()).isEqualTo("/" + i);
      }
    }
  }

  @Test
  void aPeerThatDoesNotReadItsAnswersIsNotReadFrom() throws IOException {
    var answered = new AtomicInteger();
    byte[] large = new byte[1_000_000];
    port.http((request, reply) -> {
      answered.incrementAndGet();
      reply.accept(new HttpReply(200, Map.of(), large));
    });
    try (var client = new RawClient(port.port())) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n".repeat(1_000));
      Await.until(() -> answered.get() > 2);
      Await.pass(Duration.ofMillis(300));
      assertThat(answered.get()).isLessThan(20); // what the kernel takes
      assertThat(port.usedBytes()).isLessThan(3_000_000);
    }
  }

  @Test
  void aConnectionThatGoesWhileItsAnswerIsMadeIsForgotten() throws Exception {
    BlockingQueue<Consumer<HttpReply>> replies = new LinkedBlockingQueue<>();
    port.http((request, reply) -> replies.add(reply));
    try (var client = new RawClient(port.port())) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      Consumer<HttpReply> reply = replies.take();
      client.vanish();
      port.awaitNoConnections();
      reply.accept(HttpReply.text(200, "late"));
    }
  }

  @Test
  void whatIsReadTooFarIsFreedWithTheConnection() throws Exception {
    BlockingQueue<Consumer<HttpReply>> replies = new LinkedBlockingQueue<>();
    port.http((request, reply) -> replies.add(reply));
    try (var client = new RawClient(port.port())) {
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n".repeat(100));
      Consumer<HttpReply> reply = replies.take();
      Await.until(() -> port.usedBytes() > 0);
      client.vanish(); // is felt with the next write, as reading is off
      reply.accept(HttpReply.text(200, "late"));
      port.awaitNoConnections();
      assertThat(replies).isEmpty();
    }
  }

  @Test
  void aClientIsAskedForItsBodyOnlyWhenItWaits() throws IOException {
    String head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    assertThat(ask(head + "ok").status()).isEqualTo(200);
    assertThat(ask(head.replace(": 2", ": 99999")).status()).isEqualTo(413);
    try (var client = new RawClient(port.port())) {
      client.send(head);
      assertThat(client.response().status()).isEqualTo(100);
      client.send("o");
      client.send("k");
      assertThat(client.response().status()).isEqualTo(200);
    }
  }

  @Test
  void headGetsTheHeadersOnly() throws IOException {
    List<Integer> statuses = new ArrayList<>();
    port.http((request, reply) ->
        reply.accept(HttpReply.text(Integer.parseInt(request.path().substring(1)), "four")));
    try (var client = new RawClient(port.port())) {
      client.send(
          "HEAD /200 HTTP/1.1\r\nHost: h\r\n\r\nHEAD /404 HTTP/1.1\r\nHost: h\r\n\r\n"
              + "GET /204 HTTP/1.1\r\nHost: h\r\n\r\nGET /304 HTTP/1.1\r\nHost: h\r\n\r\n"
              + "GET /200 HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n");
      for (int i = 0; i < 4; i++) {
        Response response = client.response(false);
        statuses.add(response.status());
        assertThat(response.headers().get("content-length")).isEqualTo(i < 2 ? "4" : null);
      }
      assertThat(client.response().body()).isEqualTo("four");
      assertThat(client.atEnd()).isTrue();
    }
    assertThat(statuses).containsExactly(200, 404, 204, 304);
  }

  @Test
  void headGetsTheHeadersOnlyOfAFailureToo() throws IOException {
    port.http((request, reply) -> {
      throw new IllegalStateException("expected by a test");
    });
    try (var client = new RawClient(port.port())) {
      client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.response(false).status()).isEqualTo(500);
      assertThat(client.atEnd()).isTrue();
    }
  }

  private static HttpSettings withTimeout(Duration timeout) {
    return new HttpSettings(timeout, TrustedProxies.NONE, false, null);
  }

  private Response ask(String request) throws IOException {
    return ask(port, request);
  }

  private static Response ask(HttpPort port, String request) throws IOException {
    try (var client = new RawClient(port.port())) {
      client.send(request);
      return client.response();
    }
  }
}
