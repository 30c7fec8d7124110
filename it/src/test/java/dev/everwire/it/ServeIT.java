package dev.everwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How {@code serve} begins and ends. */
final class ServeIT {
  /** Far above what it takes: machines that build are busy. */
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(10);

  private static final Duration DRAIN = Duration.ofSeconds(10);

  @Test
  void itSaysWhatItIsAndAnswersSoonAfterItsStart() throws Exception {
    long begin = System.nanoTime();
    try (Serving server = Serving.on(0);
        HttpClient http = HttpClient.newHttpClient()) {
      var health = HttpRequest.newBuilder(URI.create(server.page() + "/health")).build();
      assertThat(http.send(health, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      System.out.println("serve: first answer " + took.toMillis() + " ms after its start");
      assertThat(took).isLessThan(STARTED_WITHIN);
      assertThat(server.program().outLines(2))
          .containsExactly(
              "development preset: anonymous, all topics open, administration open, in-memory",
              server.page());
    }
  }

  @Test
  void onSigtermARunningCallIsAnsweredThenTheConnectionIsClosedWith1001() throws Exception {
    try (Serving server = Serving.on(0, "--drain", DRAIN.toSeconds() + "s");
        HttpClient http = HttpClient.newHttpClient()) {
      Heard heard = new Heard();
      WebSocket socket = http.newWebSocketBuilder().buildAsync(server.uri("/ws"), heard).join();
      send(socket, "{\"jsonrpc\":\"2.0\",\"id\":\"slow\",\"method\":\"slow\",\"params\":[1500]}");
      send(socket, "{\"jsonrpc\":\"2.0\",\"id\":\"running\",\"method\":\"echo\"}");
      assertThat(heard.next()).contains("\"running\"");
      server.program().terminate();
      assertThat(heard.next()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"slow\",\"result\":1500}");
      assertThat(heard.next()).isEqualTo("closed 1001");
      assertThat(server.program().exit(DRAIN)).isIn(0, 130, 143);
    }
  }

  @Test
  void onSigtermACallThatTakesTooLongIsNotWaitedFor() throws Exception {
    try (Serving server = Serving.on(0, "--drain", "500ms");
        HttpClient http = HttpClient.newHttpClient()) {
      Heard heard = new Heard();
      WebSocket socket = http.newWebSocketBuilder().buildAsync(server.uri("/ws"), heard).join();
      send(socket, "{\"jsonrpc\":\"2.0\",\"id\":\"slow\",\"method\":\"slow\",\"params\":[60000]}");
      send(socket, "{\"jsonrpc\":\"2.0\",\"id\":\"running\",\"method\":\"echo\"}");
      assertThat(heard.next()).contains("\"running\"");
      server.program().terminate();
      assertThat(heard.next()).isEqualTo("closed 1001");
      assertThat(server.program().exit(DRAIN)).isIn(0, 130, 143);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2 | Unknown option | serve --prot 8081
          2 | --port | serve --port eighty
          2 | listen.open true | serve --host 0.0.0.0 --port 0
          69 | nothing answers | call ws://127.0.0.1:1/ws add [1,2]
          2 | not valid JSON | call ws://127.0.0.1:1/ws add [1,
          """)
  void aMistakeIsOneSentenceAndAnExitStatus(int status, String part, String words)
      throws Exception {
    try (Program program = Program.everwire(words.split(" "))) {
      assertThat(program.exit()).as("%s", program).isEqualTo(status);
      assertThat(program.errLines()).hasSize(1).allMatch(line -> line.contains(part));
      assertThat(program.outLines(0)).isEmpty();
    }
  }

  @Test
  void aPortInUseIsOneSentence() throws Exception {
    try (Serving server = Serving.on(0);
        Program second = Program.everwire("serve", "--port", "" + server.port())) {
      assertThat(second.exit()).as("%s", second).isEqualTo(69);
      assertThat(second.errLines()).hasSize(1).allMatch(line -> line.contains("in use"));
      assertThat(second.outLines(0)).isEmpty();
    }
  }

  @Test
  void withOpenItListensOnEveryAddress() throws Exception {
    try (Program program =
        Program.everwire("serve", "--host", "0.0.0.0", "--port", "0", "--open")) {
      assertThat(program.outLines(2).get(0)).contains("open to other machines");
    }
  }

  private static void send(WebSocket socket, String text) {
    socket.sendText(text, true).join();
  }

  /** What a connection heard, in order; its end last. */
  private static final class Heard implements WebSocket.Listener {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    String next() throws InterruptedException {
      String line = lines.poll(20, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("nothing more was heard");
      }
      return line;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      lines.add(data.toString()); // short enough to come whole
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      lines.add("closed " + code);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      lines.add("failed " + error);
    }
  }
}
