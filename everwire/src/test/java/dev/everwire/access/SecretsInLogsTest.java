package dev.everwire.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.link.ConnectFailedException;
import dev.everwire.client.link.ReconnectPolicy;
import dev.everwire.client.link.TokenPlace;
import dev.everwire.server.Server;
import dev.everwire.server.access.Authentication;
import dev.everwire.server.resume.ResumeKey;
import dev.everwire.server.resume.ResumeKeys;
import dev.everwire.server.resume.ResumeSettings;
import dev.everwire.session.CallOptions;
import dev.everwire.spi.auth.Authenticator.Reason;
import dev.everwire.spi.auth.Authenticator.Verdict;
import dev.everwire.spi.auth.Credentials;
import dev.everwire.spi.auth.Principal;
import dev.everwire.spi.auth.Revocation;
import dev.everwire.testkit.Await;
import dev.everwire.testkit.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything that is secret goes through a server and a client, and every logger tells all. */
@Timeout(60)
final class SecretsInLogsTest {
  private static final Pattern RESUME = Pattern.compile("\"(v1\\.[A-Za-z0-9._-]{20,})\"");

  private final byte[] key = "the-key-that-signs-resume-tokens".getBytes(StandardCharsets.UTF_8);
  private final List<String> secrets = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private EveryLogLine log;
  private Server server;

  @BeforeEach
  void start() throws IOException {
    log = new EveryLogLine();
    secrets.add(new String(key, StandardCharsets.UTF_8));
    secrets.add(HexFormat.of().formatHex(key));
    secrets.add(Base64.getEncoder().withoutPadding().encodeToString(key));
    server =
        Everwire.server(0)
            .authentication(Authentication.by(this::decide).withQueryParameter("access_token"))
            .resume(ResumeSettings.DEFAULT.keys(ResumeKeys.of(ResumeKey.of("k1", key))))
            .method("who", call -> call.caller().user().orElse("nobody"))
            .drainFor(Duration.ofMillis(200))
            .start();
  }

  private CompletionStage<Verdict> decide(Credentials credentials) {
    String token = String.valueOf(credentials.token());
    if (token.contains("breaks")) {
      throw new IllegalStateException("the token store cannot be reached");
    }
    return CompletableFuture.completedStage(
        credentials.token() == null
            ? new Verdict.Absent()
            : token.contains("good")
                ? new Verdict.Accepted(
                    Principal.of("alice", "test").withToken("t-1", Instant.now(), null))
                : new Verdict.Refused(
                    token.contains("old") ? Reason.EXPIRED : Reason.INVALID, "not good"));
  }

  @AfterEach
  void close() {
    http.shutdownNow();
    server.close();
    log.close();
  }

  private String secret(String what) {
    String made = what + "-" + Long.toHexString(System.nanoTime()) + "-" + secrets.size();
    secrets.add(made);
    return made;
  }

  @Test
  void noTokenOrKeyStandsInAnyLine() throws Exception {
    ourClients();
    plainPeers();
    ordinaryRequests();
    server.access().revoke(new Revocation.User("alice", Instant.now().plusSeconds(1)));
    server.access().revoke(new Revocation.Token("t-1"));
    server.close();

    List<String> lines = log.lines();
    assertThat(lines)
        .as("what is told in the least")
        .anyMatch(line -> line.startsWith("FINE ") && line.contains("connected connection="))
        .anyMatch(line -> line.contains("refused status=401"))
        .anyMatch(line -> line.contains("authenticator failed"));
    assertThat(secrets).hasSizeGreaterThan(15);
    for (String secret : secrets) {
      assertThat(lines).as(secret).noneMatch(line -> line.contains(secret));
    }
  }

  private void ourClients() throws Exception {
    for (TokenPlace place : TokenPlace.values()) {
      String good = secret("good");
      try (TcpProxy between = TcpProxy.to(server.port());
          Client client =
              Everwire.client(uri(between.port(), ""))
                  .tokens(renew -> good, place)
                  .reconnect(ReconnectPolicy.fixed(Duration.ofMillis(20)))
                  .connect()) {
        assertThat(who(client)).isEqualTo("alice");
        between.cut();
        between.resume();
        assertThat(who(client)).isEqualTo("alice");
      }
      for (String kind : List.of("bad", "old")) {
        String refused = secret(kind);
        assertThatThrownBy(() ->
                Everwire.client(uri(server.port(), "")).tokens(renew -> refused, place).connect())
            .isInstanceOf(ConnectFailedException.class)
            .satisfies(e -> assertThat(e.toString()).doesNotContain(refused));
      }
    }
    // in the URL, where somebody asked for that
    try (Client client =
        Everwire.client(uri(server.port(), "?access_token=" + secret("good"))).connect()) {
      assertThat(who(client)).isEqualTo("alice");
    }
    String lost = secret("bad");
    assertThatThrownBy(() -> Everwire.client(uri(server.port(), "?access_token=" + lost)).connect())
        .satisfies(e -> assertThat(e.toString()).doesNotContain(lost));
    try (TcpProxy nobody = TcpProxy.to(server.port())) {
      nobody.cut();
      String unheard = secret("good");
      assertThatThrownBy(() ->
              Everwire.client(uri(nobody.port(), "?access_token=" + unheard))
                  .connectWithin(Duration.ofMillis(300))
                  .dialTimeout(Duration.ofMillis(100))
                  .connect())
          .satisfies(e -> assertThat(e.toString()).doesNotContain(unheard));
    }
  }

  private void plainPeers() throws Exception {
    Heard heard = new Heard();
    WebSocket socket = socket(heard);
    String hello = "\"method\":\"rpc.hello\",\"params\":{\"v\":1,\"auth\":{\"token\":\"%s\"}}";
    String answer = heard.ask(socket, hello.formatted(secret("good")));
    Matcher resume = RESUME.matcher(answer);
    assertThat(resume.find()).as(answer).isTrue();
    secrets.add(resume.group(1));
    heard.ask(socket, "\"method\":\"rpc.auth\",\"params\":{\"token\":\"" + secret("good") + "\"}");
    heard.ask(socket, "\"method\":\"rpc.auth\",\"params\":{\"token\":\"" + secret("bad") + "\"}");
    heard.ask(socket, "\"method\":\"rpc.auth\",\"params\":{\"token\":[\"" + secret("bad") + "\"]}");
    heard.ask(socket, "\"method\":\"rpc.auth\",\"params\":{\"token\":\"" + secret("bad") + "\"");
    heard.ask(socket, "\"method\":\"no.such\",\"params\":{\"token\":\"" + secret("bad") + "\"}");
    socket.abort();
    for (String bad : List.of("bad", "old", "breaks")) {
      Heard more = new Heard();
      WebSocket other = socket(more);
      more.ask(other, hello.formatted(secret(bad)));
      other.abort();
    }
    String forged = resume.group(1).substring(0, resume.group(1).length() - 4) + "AAAA";
    secrets.add(forged);
    Heard comesBack = new Heard();
    WebSocket again = socket(comesBack);
    comesBack.ask(
        again,
        "\"method\":\"rpc.hello\",\"params\":{\"v\":1,\"resume\":{\"session\":\"s\",\"token\":\""
            + forged
            + "\"}}");
    again.abort();
  }

  private void ordinaryRequests() throws Exception {
    for (String path : List.of("/ws", "/nothing", "/health")) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:"
                          + server.port()
                          + path
                          + "?access_token="
                          + secret("bad")))
              .header("Authorization", "Bearer " + secret("bad"))
              .header("Cookie", "session=" + secret("bad"))
              .header("Origin", "https://evil.example")
              .build();
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(403);
    }
    for (String token : List.of("bad", "breaks")) {
      CompletableFuture<WebSocket> refused =
          http.newWebSocketBuilder()
              .header("Authorization", "Bearer " + secret(token))
              .buildAsync(uri(server.port(), ""), new Heard());
      assertThatThrownBy(refused::join).isInstanceOf(CompletionException.class);
    }
    String offered = secret("bad");
    String encoded =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(offered.getBytes(StandardCharsets.UTF_8));
    secrets.add(encoded);
    CompletableFuture<WebSocket> refused =
        http.newWebSocketBuilder()
            .subprotocols("everwire.v1.json", "everwire.bearer." + encoded)
            .buildAsync(uri(server.port(), ""), new Heard());
    assertThatThrownBy(refused::join).isInstanceOf(CompletionException.class);
  }

  private WebSocket socket(Heard heard) {
    WebSocket socket = http.newWebSocketBuilder().buildAsync(uri(server.port(), ""), heard).join();
    return socket;
  }

  private static URI uri(int port, String query) {
    return URI.create("ws://127.0.0.1:" + port + "/ws" + query);
  }

  private static String who(Client client) {
    Object user =
        client.call("who", null, Object.class, CallOptions.within(Duration.ofSeconds(20)));
    return String.valueOf(user);
  }

  private static final class Heard implements WebSocket.Listener {
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private volatile boolean over;
    private int id;

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      texts.add(text.toString());
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      over = true;
      return CompletableFuture.completedStage(null);
    }

    /** The answer, or nothing if the connection ends. */
    String ask(WebSocket socket, String request) throws Exception {
      id++;
      socket.sendText("{\"jsonrpc\":\"2.0\",\"id\":" + id + "," + request + "}", true).join();
      Await.until(() -> over || !texts.isEmpty());
      return String.valueOf(texts.poll(1, TimeUnit.MILLISECONDS));
    }
  }
}
