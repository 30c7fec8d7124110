package dev.everwire.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.netty.RawClient.Response;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.HttpRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server's port as it speaks plain HTTP. */
class HttpTest {
  private Station station;

  @BeforeEach
  void open() throws IOException {
    station = Station.open();
  }

  @AfterEach
  void close() {
    station.close();
  }

  @Test
  void aRequestIsHandedOverDecoded() throws Exception {
    BlockingQueue<HttpRequest> seen = new LinkedBlockingQueue<>();
    station.http((request, reply) -> {
      seen.add(request);
      reply.accept(HttpReply.json(201, "{}"));
    });
    Response response =
        ask(
            "POST /a%20b?x=1%262&x=3 HTTP/1.1\r\nHost: h\r\nX-One: 1\r\nX-One: 2\r\n"
                + "Content-Length: 5\r\n\r\nhello");
    assertThat(response.status()).isEqualTo(201);
    assertThat(response.body()).isEqualTo("{}");
    assertThat(response.headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("connection", "keep-alive")
        .containsKey("date")
        .doesNotContainKey("server");
    HttpRequest request = seen.poll(5, TimeUnit.SECONDS);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/a b");
    assertThat(request.query()).containsExactly(Map.entry("x", "1&2"));
    assertThat(request.headers()).containsEntry("x-one", "1").containsEntry("host", "h");
    assertThat(new String(request.body(), StandardCharsets.UTF_8)).isEqualTo("hello");
  }

  @Test
  void aConnectionServesManyRequests() throws IOException {
    try (var client = new RawClient(station.port())) {
      for (int i = 0; i < 5; i++) {
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(client.response().body()).isEqualTo("hello");
      }
      client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      assertThat(client.response().headers()).containsEntry("connection", "close");
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderFromAnyThread() throws IOException {
    station.http((request, reply) ->
        Thread.startVirtualThread(() -> reply.accept(HttpReply.text(200, request.path()))));
    try (var client = new RawClient(station.port())) {
      var all = new StringBuilder();
      for (int i = 0; i < 20; i++) {
        all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: h\r\n\r\n");
      }
      client.send(all.toString());
      for (int i = 0; i < 20; i++) {
        assertThat(client.response().body()).isEqualTo("/" + i);
      }
    }
  }

  @Test
  void headHasTheLengthAndNoBody() throws IOException {
    try (var client = new RawClient(station.port())) {
      client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.response(false).headers()).containsEntry("content-length", "5");
      client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(client.response().body()).isEqualTo("hello");
    }
  }

  @Test
  void aChunkedBodyIsJoined() throws IOException {
    station.http((request, reply) -> reply.accept(new HttpReply(200, Map.of(), request.body())));
    Response response =
        ask(
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    assertThat(response.body()).isEqualTo("abcde");
  }

  @Test
  void aClientThatWaitsToBeAskedForTheBodyIsAsked() throws IOException {
    try (var client = new RawClient(station.port())) {
      client.send(
          "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.response().status()).isEqualTo(100);
      client.send("ok");
      assertThat(client.response().status()).isEqualTo(200);
    }
  }

  @Test
  void aReplyWithoutContentHasNoLength() throws IOException {
    station.http((request, reply) -> reply.accept(new HttpReply(204, Map.of(), new byte[0])));
    Response response = ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(response.status()).isEqualTo(204);
    assertThat(response.headers()).doesNotContainKey("content-length");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          no request line     | hello^^                                                     | 400
          no version          | GET /^^                                                     | 400
          no host             | GET / HTTP/1.1^^                                            | 400
          bad escape          | GET /%zz HTTP/1.1^Host: h^^                                 | 400
          header without name | GET / HTTP/1.1^Host: h^: x^^                                | 400
          length is no number | POST / HTTP/1.1^Host: h^Content-Length: x^^                 | 400
          length too large    | POST / HTTP/1.1^Host: h^Content-Length: 65537^^             | 413
          length and chunks   | POST / HTTP/1.1^Host: h^Content-Length: 3^Transfer-Encoding: chunked^^ | 400
          """)
  void aBadRequestIsRefusedAndTheConnectionEnds(String what, String request, int status)
      throws IOException {
    try (var client = new RawClient(station.port())) {
      client.send(request.replace("^", "\r\n"));
      Response response = client.response();
      assertThat(response.status()).isEqualTo(status);
      assertThat(response.body()).hasSizeLessThan(40);
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void whatIsTooLongIsRefused() throws IOException {
    assertThat(ask("GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: h\r\n\r\n").status())
        .isEqualTo(414);
    assertThat(ask("GET / HTTP/1.1\r\nHost: h\r\nX: " + "x".repeat(9000) + "\r\n\r\n").status())
        .isEqualTo(431);
    String many = "X-Header: 0123456789\r\n".repeat(500);
    assertThat(ask("GET / HTTP/1.1\r\nHost: h\r\n" + many + "\r\n").status()).isEqualTo(431);
    String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
    assertThat(
            ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + chunk.repeat(5))
                .status())
        .isEqualTo(413);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          old version   | GET / HTTP/1.1  | Sec-WebSocket-Version: 8^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==  | 426
          no version    | GET / HTTP/1.1  | Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==                           | 426
          no key        | GET / HTTP/1.1  | Sec-WebSocket-Version: 13                                             | 400
          short key     | GET / HTTP/1.1  | Sec-WebSocket-Version: 13^Sec-WebSocket-Key: dGhl                     | 400
          key not coded | GET / HTTP/1.1  | Sec-WebSocket-Version: 13^Sec-WebSocket-Key: ???????????????????????? | 400
          not GET       | POST / HTTP/1.1 | Sec-WebSocket-Version: 13^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== | 400
          not HTTP/1.1  | GET / HTTP/1.0  | Sec-WebSocket-Version: 13^Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== | 505
          """)
  void aBadUpgradeIsRefused(String what, String line, String headers, int status)
      throws IOException {
    Response response =
        ask(
            line
                + "\r\nHost: h\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                + headers.replace("^", "\r\n")
                + "\r\n\r\n");
    assertThat(response.status()).isEqualTo(status);
    if (status == 426) {
      assertThat(response.headers()).containsEntry("sec-websocket-version", "13");
    }
  }

  @Test
  void aGoodUpgradeIsAnsweredAsTheStandardSays() throws IOException {
    Response response = ask(RawClient.upgradeRequest());
    assertThat(response.headers())
        .containsOnly(
            Map.entry("upgrade", "websocket"),
            Map.entry("connection", "Upgrade"),
            Map.entry("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
  }

  @Test
  void anUpgradeToSomethingElseIsAnOrdinaryRequest() throws IOException {
    assertThat(
            ask("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n").body())
        .isEqualTo("hello");
  }

  @Test
  void aFailureSaysNothingOfItsReason() throws IOException {
    station.http((request, reply) -> {
      throw new IllegalStateException("secret");
    });
    Response response = ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(response.status()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("internal error");
  }

  @Test
  void aReplyThatIsNotHttpIsNotSent() throws IOException {
    station.http((request, reply) ->
        reply.accept(new HttpReply(200, Map.of("x", "a\r\nb: c"), new byte[0])));
    assertThat(ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status()).isEqualTo(500);
  }

  @Test
  void aSecondReplyIsAnError() throws IOException {
    station.http((request, reply) -> {
      reply.accept(HttpReply.text(200, "first"));
      assertThatThrownBy(() -> reply.accept(HttpReply.text(200, "second")))
          .isInstanceOf(IllegalStateException.class);
    });
    assertThat(ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").body()).isEqualTo("first");
  }

  @Test
  void aRequestThatDoesNotComeInTimeIsGivenUp() throws IOException {
    try (Station hasty = Station.open(options -> options.handshakeTimeout(Duration.ofMillis(100)));
        var silent = new RawClient(hasty.port());
        var slow = new RawClient(hasty.port());
        var half = new RawClient(hasty.port())) {
      slow.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
      half.send("GET / HT");
      assertThat(slow.response().status()).isEqualTo(408);
      assertThat(slow.atEnd()).isTrue();
      assertThat(half.response().status()).isEqualTo(408);
      assertThat(half.atEnd()).isTrue();
      assertThat(silent.atEnd()).isTrue();
    }
  }

  @Test
  void aPortInUseIsSaidInOneSentence() {
    int port = station.port();
    assertThatThrownBy(() -> NettyListener.on(port).listen(station))
        .isInstanceOf(IOException.class)
        .hasMessage("port " + port + " on 127.0.0.1 is already in use");
    assertThatThrownBy(() -> NettyListener.on("192.0.2.1", 0).listen(station))
        .isInstanceOf(IOException.class)
        .hasMessage("192.0.2.1 is not an address of this machine");
    assertThatThrownBy(() -> NettyListener.on("no.such.host.invalid", 0).listen(station))
        .isInstanceOf(IOException.class)
        .hasMessage("host no.such.host.invalid is not known");
  }

  @Test
  void optionsAreChecked() {
    assertThatThrownBy(() -> NettyListener.on(70_000))
        .hasMessage("port: 70000 (expected: 0-65535)");
    assertThatThrownBy(() -> NettyListener.on(0).loops(0)).hasMessage("loops: 0 (expected: >= 1)");
    assertThatThrownBy(() -> NettyListener.on(0).backlog(0))
        .hasMessage("backlog: 0 (expected: >= 1)");
    assertThatThrownBy(() -> NettyListener.on(0).handshakeTimeout(Duration.ZERO))
        .hasMessage("handshakeTimeout: PT0S (expected: > 0)");
    assertThatThrownBy(() -> NettyDialer.builder().loops(0))
        .hasMessage("loops: 0 (expected: >= 1)");
  }

  private Response ask(String request) throws IOException {
    try (var client = new RawClient(station.port())) {
      client.send(request);
      return client.response();
    }
  }
}
