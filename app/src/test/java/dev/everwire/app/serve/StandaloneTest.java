package dev.everwire.app.serve;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everwire.app.Served;
import dev.everwire.app.TextClient;
import dev.everwire.config.Config;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

final class StandaloneTest {
  @Test
  void thePageSaysWhatRuns() throws Exception {
    try (Served server = start(true)) {
      HttpResponse<String> page = get(server, "/");
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body())
          .contains("ws://127.0.0.1:" + server.port() + "/ws", "/echo", "9.9&lt;", "subtract")
          .doesNotContain("{{", "<script>", "style=", "onclick=");
      assertThat(page.headers().firstValue("content-security-policy"))
          .hasValueSatisfying(policy ->
              assertThat(policy)
                  .startsWith("default-src 'none'; script-src 'self';")
                  .contains("ws://127.0.0.1:" + server.port())
                  .doesNotContain("unsafe"));
      assertThat(page.headers().firstValue("x-content-type-options")).hasValue("nosniff");
      assertThat(get(server, "/chat").body())
          .contains("Chat on 127.0.0.1:" + server.port())
          .doesNotContain("{{");
      var post = HttpRequest.newBuilder(uri(server, "http", "/")).POST(noBody()).build();
      try (HttpClient http = HttpClient.newHttpClient()) {
        assertThat(http.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
      }
    }
  }

  @Test
  void whatThePageIsMadeOfIsFetchedOnceAndAskedForAgain() throws Exception {
    try (Served server = start(false);
        HttpClient http = HttpClient.newHttpClient()) {
      for (String path : List.of("/everwire.js", "/everwire.css", "/everwire.svg")) {
        HttpResponse<String> first = get(server, path);
        assertThat(first.statusCode()).as(path).isEqualTo(200);
        String tag = first.headers().firstValue("etag").orElseThrow();
        HttpRequest again =
            HttpRequest.newBuilder(uri(server, "http", path)).header("if-none-match", tag).build();
        HttpResponse<String> second = http.send(again, BodyHandlers.ofString());
        assertThat(second.statusCode()).as(path).isEqualTo(304);
        assertThat(second.body()).isEmpty();
      }
      assertThat(get(server, "/everwire.js").headers().firstValue("content-type"))
          .hasValue("text/javascript; charset=utf-8");
    }
  }

  @Test
  void administrationIsOpenOnLoopbackAndNowhereElse() throws Exception {
    String stats = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.admin.stats\"}";
    try (Served local = start(false);
        TextClient client = TextClient.to(local.port(), "/ws")) {
      assertThat(client.ask(stats).object("result").integer("connections")).isOne();
    }
    Config open = Served.config().with("listen.host", "0.0.0.0").with("listen.open", true);
    try (Served server = Served.of(open, false, "9.9<");
        TextClient client = TextClient.to(server.port(), "/ws")) {
      assertThat(client.ask(stats).object("error").integer("code")).isEqualTo(-32003);
    }
  }

  @Test
  void strangersAreNotToldHowPeopleShowWhoTheyAre() throws Exception {
    Config open = Served.config().with("listen.host", "0.0.0.0").with("listen.open", true);
    try (Served server = Served.of(open, false, "9.9<")) {
      assertThat(get(server, "/").body())
          .contains("development preset")
          .doesNotContain("anonymous", "administration", "topics open");
    }
  }

  @Test
  void withoutTheDemoThereIsNothingOfIt() throws Exception {
    try (Served server = start(false);
        TextClient client = TextClient.to(server.port(), "/ws")) {
      assertThat(get(server, "/").body()).doesNotContain("/echo", "subtract", "demo", "/chat");
      assertThat(get(server, "/echo").statusCode()).isEqualTo(404);
      assertThat(get(server, "/chat").statusCode()).isEqualTo(404);
      assertThat(
              client
                  .ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"add\",\"params\":[1,2]}")
                  .object("error")
                  .integer("code"))
          .isEqualTo(-32601);
    }
  }

  @Test
  void itIsHealthyAndReady() throws Exception {
    try (Served server = start(false)) {
      assertThat(get(server, "/health").statusCode()).isEqualTo(200);
      assertThat(get(server, "/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void pagesOfOtherOriginsAreRefused() throws Exception {
    try (Served server = start(true)) {
      HttpRequest foreign =
          HttpRequest.newBuilder(uri(server, "http", "/"))
              .header("Origin", "http://evil.example")
              .build();
      try (HttpClient http = HttpClient.newHttpClient()) {
        assertThat(http.send(foreign, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
        var upgrade =
            http.newWebSocketBuilder()
                .header("Origin", "http://evil.example")
                .buildAsync(uri(server, "ws", "/ws"), new WebSocket.Listener() {});
        assertThatThrownBy(upgrade::join)
            .isInstanceOf(CompletionException.class)
            .cause()
            .isInstanceOfSatisfying(
                WebSocketHandshakeException.class,
                e -> assertThat(e.getResponse().statusCode()).isEqualTo(403));
        http.newWebSocketBuilder()
            .header("Origin", "http://127.0.0.1:" + server.port())
            .buildAsync(uri(server, "ws", "/echo"), new WebSocket.Listener() {})
            .join()
            .abort();
      }
    }
  }

  @Test
  void aPortInUseIsOneSentence() throws Exception {
    try (Served server = start(false)) {
      Config second = Served.config().with("listen.port", server.port());
      assertThatThrownBy(() -> Served.of(second, false, "9.9<"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(String.valueOf(server.port()))
          .hasMessageContaining("in use");
    }
  }

  private static Served start(boolean demo) throws IOException {
    return Served.of(Served.config(), demo, "9.9<");
  }

  private static HttpResponse<String> get(Served server, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(uri(server, "http", path)).build(), BodyHandlers.ofString());
    }
  }

  private static URI uri(Served server, String scheme, String path) {
    return URI.create(scheme + "://127.0.0.1:" + server.port() + path);
  }
}
