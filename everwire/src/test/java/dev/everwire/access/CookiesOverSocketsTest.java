package dev.everwire.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.Everwire;
import dev.everwire.server.Server;
import dev.everwire.server.access.Authentication;
import dev.everwire.session.transport.Receiver;
import dev.everwire.session.transport.Transport;
import dev.everwire.session.transport.TransportLimits;
import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Principal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A browser brings cookies by itself, also for a foreign page: they show nothing. */
final class CookiesOverSocketsTest {
  private static final String TOKEN = "a-token-that-is-good";

  private final BlockingQueue<Credentials> asked = new LinkedBlockingQueue<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private Server server;

  @BeforeEach
  void start() throws IOException {
    server =
        Everwire.server(0)
            .authentication(Authentication.by(this::decide).withQueryParameter("token"))
            .method("who", call -> call.caller().user().orElse("nobody"))
            .raw("/raw", TransportLimits.SERVER, Deaf::new)
            .start();
  }

  private CompletionStage<Verdict> decide(Credentials credentials) {
    asked.add(credentials);
    String token = credentials.token();
    return CompletableFuture.completedStage(
        token == null
            ? new Verdict.Absent()
            : token.equals(TOKEN)
                ? new Verdict.Accepted(Principal.of("alice", "test"))
                : new Verdict.Refused(Reason.INVALID, "wrong token"));
  }

  @AfterEach
  void close() {
    http.shutdownNow();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TOKEN,
        "token=" + TOKEN,
        "access_token=" + TOKEN + "; authorization=Bearer " + TOKEN,
        "Bearer " + TOKEN,
        "everwire.bearer=" + TOKEN + "; session=" + TOKEN,
      })
  void aCookieWithAGoodTokenShowsNobody(String cookie) throws Exception {
    Map<String, String> cookies = Map.of("Cookie", cookie);
    assertThatThrownBy(() -> open("/raw", cookies).join())
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(401));

    Heard heard = new Heard();
    WebSocket socket = open("/ws", cookies, heard).join();
    assertThat(heard.ask(socket, "who")).contains("-32001").doesNotContain("alice");
    socket.abort();

    assertThat(server.registry().user("alice")).isEmpty();
    for (Credentials credentials : List.copyOf(asked)) {
      assertThat(credentials.token()).isNull();
      assertThat(credentials.headers()).doesNotContainKeys("cookie", "cookie2");
      assertThat(credentials.toString()).doesNotContain(TOKEN);
    }
  }

  @Test
  void aCookieDoesNotStandInForABadTokenNorSpoilAGoodOne() throws Exception {
    assertThatThrownBy(() ->
            open("/ws", Map.of("Cookie", "token=" + TOKEN, "Authorization", "Bearer wrong")).join())
        .hasCauseInstanceOf(WebSocketHandshakeException.class);

    Heard heard = new Heard();
    Map<String, String> both = Map.of("Cookie", "token=x", "Authorization", "Bearer " + TOKEN);
    WebSocket socket = open("/ws", both, heard).join();
    assertThat(heard.ask(socket, "who")).contains("\"alice\"");
    socket.abort();
  }

  private CompletableFuture<WebSocket> open(String path, Map<String, String> headers) {
    return open(path, headers, new Heard());
  }

  private CompletableFuture<WebSocket> open(String path, Map<String, String> headers, Heard heard) {
    WebSocket.Builder builder = http.newWebSocketBuilder();
    headers.forEach(builder::header);
    return builder.buildAsync(URI.create("ws://127.0.0.1:" + server.port() + path), heard);
  }

  private static final class Heard implements WebSocket.Listener {
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      texts.add(text.toString());
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    String ask(WebSocket socket, String method) throws InterruptedException {
      socket.sendText("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"}", true).join();
      return String.valueOf(texts.poll(10, TimeUnit.SECONDS));
    }
  }

  private static final class Deaf implements Receiver {
    Deaf(Transport transport) {}

    @Override
    public void onText(ByteBuffer utf8) {}

    @Override
    public void onBinary(ByteBuffer bytes) {}

    @Override
    public void onWritable(boolean writable) {}

    @Override
    public void onClosed(int code, String reason) {}
  }
}
