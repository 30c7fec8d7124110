package dev.everwire.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.app.Served;
import dev.everwire.app.TextClient;
import dev.everwire.app.serve.RawHttp.Answer;
import dev.everwire.config.Config;
import dev.everwire.netty.NettyListener;
import dev.everwire.server.Server;
import dev.everwire.server.access.Authentication;
import dev.everwire.session.transport.HttpReply;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Authenticator.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What nobody has to switch on, over real sockets. */
final class SecureDefaultsTest {
  private static final String VERSION = "9.8.7-secret";
  private static final String UPGRADE =
      "Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13^"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==^";

  private static Served development;
  private static Served open;
  private static Server guarded;

  @BeforeAll
  static void start() throws IOException {
    development = standalone(Served.config());
    open = standalone(Served.config().with("listen.host", "0.0.0.0").with("listen.open", true));
    guarded =
        Everwire.server()
            .listen(NettyListener.on(0).handshakeTimeout(Duration.ofMillis(400)))
            .drainFor(Duration.ZERO)
            .loopbackNamesOnly()
            .authentication(
                Authentication.by(credentials ->
                    CompletableFuture.completedStage(
                        credentials.token() == null
                            ? new Verdict.Absent()
                            : new Verdict.Refused(Reason.INVALID, "the token is not good"))))
            .http(
                "/broken",
                request -> {
                  throw new IllegalStateException("jdbc:secret at dev.everwire.Internal");
                })
            .http("/nonsense", request -> new HttpReply(200, Map.of("a b", ""), new byte[0]))
            .raw(
                "/raw",
                TransportLimits.SERVER,
                transport -> {
                  throw new IllegalStateException("never opened");
                })
            .start();
  }

  private static Served standalone(Config config) throws IOException {
    return Served.of(config.with("drain.within", "0s"), true, VERSION);
  }

  @AfterAll
  static void stop() {
    development.close();
    open.close();
    guarded.close();
  }

  // ---- every answer

  @ParameterizedTest(name = "{0} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dev     | GET / HTTP/1.1^Host: localhost^Connection: close^^                                  | 200
          dev     | GET /chat HTTP/1.1^Host: localhost^Connection: close^^                              | 200
          dev     | GET /everwire.js HTTP/1.1^Host: localhost^Connection: close^^                       | 200
          dev     | HEAD / HTTP/1.1^Host: localhost^Connection: close^^                                 | 200
          dev     | POST / HTTP/1.1^Host: localhost^Connection: close^^                                 | 405
          dev     | TRACE / HTTP/1.1^Host: localhost^Connection: close^X-Secret: 1^^                    | 405
          dev     | GET /health HTTP/1.1^Host: localhost^Connection: close^^                            | 200
          dev     | POST /health HTTP/1.1^Host: localhost^Connection: close^^                           | 405
          dev     | GET /ready HTTP/1.1^Host: localhost^Connection: close^^                             | 200
          dev     | GET /ws HTTP/1.1^Host: localhost^Connection: close^^                                | 426
          dev     | GET /nothing HTTP/1.1^Host: localhost^Connection: close^^                           | 404
          dev     | GET /nothing HTTP/1.1^Host: localhost^UPGRADE^                                      | 404
          dev     | GET /../../etc/passwd HTTP/1.1^Host: localhost^Connection: close^^                  | 404
          dev     | GET / HTTP/1.1^Host: evil.example^Connection: close^^                               | 403
          dev     | GET /health HTTP/1.1^Host: evil.example^Connection: close^^                         | 403
          dev     | GET /ready HTTP/1.1^Host: evil.example^Connection: close^^                          | 403
          dev     | GET /ws HTTP/1.1^Host: evil.example^UPGRADE^                                        | 403
          dev     | GET /echo HTTP/1.1^Host: evil.example^UPGRADE^                                      | 403
          dev     | GET / HTTP/1.1^Host: localhost^Origin: https://evil.example^Connection: close^^     | 403
          dev     | GET /health HTTP/1.1^Host: localhost^Origin: https://evil.example^Connection: close^^ | 403
          dev     | GET /ws HTTP/1.1^Host: localhost^Origin: https://evil.example^UPGRADE^              | 403
          dev     | GET /ws HTTP/1.1^Host: localhost^Origin: null^UPGRADE^                              | 403
          dev     | GET /ws HTTP/1.1^Host: localhost^Upgrade: websocket^Connection: Upgrade^^           | 426
          dev     | GET /ws HTTP/1.1^Host: localhost^Upgrade: websocket^Connection: Upgrade^Sec-WebSocket-Version: 13^^ | 400
          dev     | GET / HTTP/1.1^^                                                                    | 400
          dev     | GET / HTTP/1.1^Host: a^Host: b^^                                                    | 400
          dev     | GET / HTTP/1.1^Host: localhost^Origin: http://localhost^Origin: https://evil^^      | 400
          dev     | GET / HTTP/1.1^Host: localhost^Authorization: a^Authorization: b^^                  | 400
          dev     | java.lang.Exception^^                                                               | 400
          dev     | GET /%00 HTTP/1.1^Host: localhost^^                                                 | 400
          dev     | GET / HTTP/1.0^Host: localhost^^                                                    | 505
          dev     | CONNECT a:1 HTTP/1.1^Host: localhost^^                                              | 501
          dev     | POST / HTTP/1.1^Host: localhost^Content-Length: 99999999^^                          | 413
          dev     | POST / HTTP/1.1^Host: localhost^Expect: magic^^                                     | 417
          open    | GET / HTTP/1.1^Host: live.example^Connection: close^^                               | 200
          open    | GET / HTTP/1.1^Host: live.example^Origin: https://evil.example^Connection: close^^  | 403
          guarded | GET /raw HTTP/1.1^Host: localhost^UPGRADE^                                          | 401
          guarded | GET /ws HTTP/1.1^Host: localhost^Authorization: Bearer x^UPGRADE^                   | 401
          guarded | GET /broken HTTP/1.1^Host: localhost^Connection: close^^                            | 500
          guarded | GET /nonsense HTTP/1.1^Host: localhost^Connection: close^^                          | 500
          guarded | GET /ws HTT                                                                         | 408
          """)
  void everyAnswerKeepsBrowsersFromMisusingItAndSaysNothingOfTheInside(
      String server, String request, int status) throws IOException {
    Answer answer = RawHttp.ask(port(server), request.replace("UPGRADE^", UPGRADE + "^"));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.names()).doesNotHaveDuplicates();
    assertThat(answer.all("x-content-type-options")).containsExactly("nosniff");
    assertThat(answer.all("referrer-policy")).containsExactly("no-referrer");
    assertThat(answer.all("x-frame-options")).containsExactly("DENY");
    assertThat(answer.all("cross-origin-resource-policy")).containsExactly("same-origin");
    assertThat(answer.all("content-security-policy"))
        .singleElement()
        .asString()
        .startsWith("default-src 'none'")
        .contains("frame-ancestors 'none'");
    assertThat(answer.all("cache-control"))
        .singleElement()
        .isIn("no-store", "no-cache"); // what the page is made of is asked for again, by its tag
    assertThat(answer.all("strict-transport-security")).as("not without TLS").isEmpty();
    assertThat(answer.names())
        .doesNotContain("server", "via", "x-powered-by", "set-cookie")
        .noneMatch(name -> name.startsWith("access-control-"));
    assertNothingOfTheInside(answer);
  }

  private static int port(String server) {
    return switch (server) {
      case "dev" -> development.port();
      case "open" -> open.port();
      default -> guarded.port();
    };
  }

  private static void assertNothingOfTheInside(Answer answer) {
    String said = String.join("\n", answer.head()) + "\n" + answer.body();
    boolean ours = answer.head().stream().anyMatch(line -> line.contains("javascript"));
    assertThat(ours ? String.join("\n", answer.head()) : said)
        .doesNotContain(
            "Exception", "java.", "dev.everwire", "netty", "\tat ", "jdbc", "secret at");
  }

  @Test
  void theVersionIsSaidOnThisMachineOnly() throws IOException {
    String request = "GET / HTTP/1.1^Host: localhost^Connection: close^^";
    assertThat(RawHttp.ask(development.port(), request).body()).contains(VERSION);
    assertThat(RawHttp.ask(open.port(), request).body())
        .contains("WebSocket connections that survive.")
        .doesNotContain(VERSION, "Version", "<!--version");
    for (String path : List.of("/health", "/ready", "/ws", "/nothing", "/chat")) {
      Answer answer =
          RawHttp.ask(
              development.port(), "GET " + path + " HTTP/1.1^Host: localhost^Connection: close^^");
      assertThat(answer.head() + answer.body()).as(path).doesNotContain(VERSION);
    }
  }

  @Test
  void aStrangersMessagesGetNoVersionAndNothingOfTheInside() throws Exception {
    try (TextClient client = TextClient.to(open.port(), "/ws")) {
      for (String message :
          List.of(
              "{",
              "[]",
              "null",
              "\"\"",
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"no.such\"}",
              "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"rpc.hello\",\"params\":{\"v\":\"x\"}}",
              "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"add\",\"params\":[\"a\",{}]}",
              "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"rpc.admin.stats\"}",
              "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"rpc.discover\"}",
              "{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"rpc.subscribe\",\"params\":{\"topic\":7}}",
              "[".repeat(300))) {
        client.send(message);
        assertThat(client.text())
            .as(message)
            .doesNotContain(VERSION, "Exception", "java.lang", "dev.everwire", "\\tat ");
      }
    }
  }
}
