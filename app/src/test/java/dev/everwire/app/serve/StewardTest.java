package dev.everwire.app.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.everwire.app.TextClient;
import dev.everwire.app.log.Logs;
import dev.everwire.config.Config;
import dev.everwire.config.Configured;
import dev.everwire.protocol.json.JsonMembers;
import dev.everwire.server.Server;
import dev.everwire.server.admin.Operations;
import dev.everwire.server.admin.Reloaded;
import dev.everwire.testkit.Await;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator can have the program do, on a server made of a file. */
final class StewardTest {
  private static final String BEGIN =
      """
      preset: testing
      topics: [{pattern: "**", publishable: true}]
      drain: {within: 1s}
      """;

  @TempDir private Path directory;
  private Path file;
  private Configured configured;
  private Steward steward;
  private Server server;

  @BeforeEach
  void start() throws Exception {
    file = directory.resolve("everwire.yaml");
    says("");
    ConfigSource source = ConfigSource.of(file, Map.of(), Map.of());
    configured = Configured.of(source.load().config());
    steward = new Steward(source, configured, Logs.ofProcess());
    server = new Standalone(configured, true, "test").start(steward);
    steward.serves(server);
  }

  @AfterEach
  void stop() {
    server.close();
    configured.close();
  }

  @Test
  void aDryRunTellsWhatWouldChangeAndChangesNothing() throws Exception {
    Config before = configured.config();
    says("origins: [https://app.example.com]\n");
    Reloaded reloaded = steward.reload(true);
    assertThat(reloaded.applied()).isFalse();
    assertThat(reloaded.problems()).isEmpty();
    assertThat(reloaded.changes())
        .containsExactly(new Reloaded.Change("origins", "[]", "[https://app.example.com]", true));
    assertThat(configured.config()).isEqualTo(before);
    assertThat(server.live().origins()).isEmpty();
  }

  @Test
  void whatCanChangeHoldsForWhoIsInAfterAReload() throws Exception {
    try (TextClient client = TextClient.to(server.port(), "/ws")) {
      assertThat(add(client).integer("result")).isEqualTo(3);
      says(
          """
          access: {rules: [{actions: [call], resources: [echo], anyone: true}]}
          limits: {connections: {perNode: 7}}
          """);
      Reloaded reloaded = steward.reload(false);
      assertThat(reloaded.problems()).isEmpty();
      assertThat(reloaded.applied()).isTrue();
      assertThat(reloaded.changes())
          .extracting(Reloaded.Change::option)
          .containsExactly("limits.connections.perNode", "access.rules");
      assertThat(server.live().connectionLimits().perNode()).isEqualTo(7);
      assertThat(page()).contains("1 access rule").doesNotContain("all topics open");
      assertThat(add(client).object("error").integer("code")).isEqualTo(-32003);

      says("");
      assertThat(steward.reload(false).applied()).isTrue();
      assertThat(add(client).integer("result")).isEqualTo(3);
    }
  }

  @Test
  void aChangeThatNeedsARestartKeepsAllOthersFromBeingApplied() throws Exception {
    Config before = configured.config();
    says("origins: [https://app.example.com]\nlisten: {backlog: 17}\n");
    for (boolean dry : List.of(true, false)) {
      Reloaded reloaded = steward.reload(dry);
      assertThat(reloaded.applied()).isFalse();
      assertThat(reloaded.problems()).containsExactly("listen.backlog: needs a restart");
      assertThat(reloaded.changes())
          .extracting(Reloaded.Change::option, Reloaded.Change::live)
          .containsExactlyInAnyOrder(tuple("listen.backlog", false), tuple("origins", true));
    }
    assertThat(configured.config()).isEqualTo(before);
    assertThat(server.live().origins()).isEmpty();
  }

  @Test
  void aBrokenFileLeavesTheServerAsItWasAndTellsAllOfIt() throws Exception {
    Config before = configured.config();
    Files.writeString(file, "preset: testing\norigin: []\nheartbeat: {interval: soon}\n");
    Reloaded reloaded = steward.reload(false);
    assertThat(reloaded.applied()).isFalse();
    assertThat(reloaded.changes()).isEmpty();
    assertThat(reloaded.problems()).hasSize(2);
    assertThat(reloaded.problems().getFirst())
        .startsWith(file + ":2:1: ")
        .contains("origin", "did you mean \"origins\"");
    assertThat(reloaded.problems().getLast()).startsWith(file + ":3:23: heartbeat.interval: ");
    assertThat(configured.config()).isEqualTo(before);

    Files.delete(file);
    assertThat(steward.reload(false).problems()).containsExactly(file + ": does not exist");
    try (TextClient client = TextClient.to(server.port(), "/ws")) {
      assertThat(add(client).integer("result")).isEqualTo(3);
    }
    says("");
    assertThat(steward.reload(false).applied()).isTrue();
  }

  @Test
  void nothingIsReloadedBeforeTheServerRuns() {
    Operations early =
        new Steward(ConfigSource.of(file, Map.of(), Map.of()), configured, Logs.ofProcess());
    assertThatThrownBy(() -> early.reload(false)).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void anAdministratorSetsTheLevelOfALogger() {
    String logger = "dev.everwire.test.StewardTest";
    assertThat(steward.logLevel(logger, Level.TRACE)).isNotEqualTo(Level.TRACE);
    assertThat(steward.logLevel(logger, Level.OFF)).isEqualTo(Level.TRACE);
  }

  @Test
  void anAdministratorsDrainEndsTheServer() throws Exception {
    try (TextClient client = TextClient.to(server.port(), "/ws")) {
      JsonMembers answer =
          client.ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.admin.drain\"}");
      assertThat(answer.object("result").integer("connections")).isOne();
      Thread waiting = Thread.ofVirtual().start(() -> awaitClose(server));
      Await.until(() -> !waiting.isAlive());
    }
  }

  private String page() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + "/");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }

  private static void awaitClose(Server server) {
    try {
      server.awaitClose();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static JsonMembers add(TextClient client) throws InterruptedException {
    return client.ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"add\",\"params\":[1,2]}");
  }

  private void says(String more) throws IOException {
    Files.writeString(file, BEGIN + more);
  }
}
