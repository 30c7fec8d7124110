package dev.everwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everwire.Everwire;
import dev.everwire.client.Client;
import dev.everwire.client.link.ClientEvent;
import dev.everwire.client.link.Status;
import dev.everwire.protocol.json.RawJson;
import dev.everwire.testkit.Await;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's commands and the server they are for, each a process of its own. */
final class AdministrationIT {
  private final List<ClientEvent> events = new CopyOnWriteArrayList<>();

  @TempDir private Path directory;

  @Test
  void peopleAreListedToldAndThrownOut() throws Exception {
    try (Serving server = Serving.on(0);
        Client till = client(server, "till-7");
        Client desk = client(server, "desk-1");
        var prices = till.subscribe("prices/eur", RawJson.class)) {
      Await.until(() -> prices.position().isPresent());

      List<String> rows = admin(server, 0, "sessions");
      assertThat(rows).hasSize(3);
      assertThat(rows.getFirst()).startsWith("SESSION ").contains("CLIENT", "LOST");
      String row = rows.stream().filter(one -> one.contains("till-7")).findFirst().orElseThrow();
      String session = row.substring(0, row.indexOf(' '));
      assertThat(admin(server, 0, "sessions", session))
          .anyMatch(line -> line.matches("agent +everwire-java.*"))
          .anyMatch(line -> line.matches("topics +prices/eur"));
      assertThat(admin(server, 0, "sessions", "--json"))
          .hasSize(2)
          .allMatch(line -> RawJson.parse(line).members().string("id").length() > 1);
      assertThat(admin(server, 0, "topics")).last().asString().matches("prices/eur +1 .*");

      assertThat(admin(server, 0, "alert", "soon", "--severity", "warning", "--session", session))
          .containsExactly("told 1 of 1 sessions, dropped 0, failed 0");
      Await.until(() -> events.stream().anyMatch(ClientEvent.Alert.class::isInstance));

      assertThat(admin(server, 0, "kick", session))
          .containsExactly("closed 1 connection, ended 0 lost sessions");
      Await.until(() -> till.status() instanceof Status.Failed);
      assertThat(desk.status()).isInstanceOf(Status.Ready.class);
      assertThat(admin(server, 1, "kick", session))
          .containsExactly("closed 0 connections, ended 0 lost sessions");
    }
  }

  @Test
  void logLevelsChangeWhileItRunsAndItsConfigurationIsReadAgain() throws Exception {
    try (Serving server = Serving.on(0)) {
      assertThat(admin(server, 0, "log-level", "dev.everwire.server", "debug"))
          .containsExactly("dev.everwire.server: info -> debug");
      admin(server, 0, "topics");
      server.program().err(line -> line.contains("DEBUG"));
      assertThat(admin(server, 0, "reload", "--dry-run")).containsExactly("nothing has changed");
    }
  }

  @Test
  void aChangedConfigurationHoldsWithoutARestartOrNotAtAll() throws Exception {
    Path file = directory.resolve("everwire.yaml");
    Files.writeString(file, "preset: development\n");
    try (Serving server = Serving.on(0, "--config", file.toString())) {
      Files.writeString(
          file,
          "preset: development\nsession:\n  resumeWithin: 5m\norigins: [https://a.example]\n");
      assertThat(admin(server, 1, "reload"))
          .anyMatch(line -> line.matches("session.resumeWithin .* 5m .*needs a restart"))
          .anyMatch(line -> line.matches("origins .*https://a.example.* live"))
          .last()
          .isEqualTo("not applied");

      Files.writeString(file, "preset: development\norigins: [https://a.example]\n");
      assertThat(admin(server, 0, "reload", "--dry-run")).last().isEqualTo("would be applied");
      assertThat(admin(server, 0, "reload")).hasSize(3).last().isEqualTo("applied");
      assertThat(admin(server, 0, "reload")).containsExactly("nothing has changed");
    }
  }

  @Test
  void aDrainEndsTheServerAndWaitEndsWithIt() throws Exception {
    try (Serving server = Serving.on(0);
        Client till = client(server, "till-7")) {
      assertThat(till.status()).isInstanceOf(Status.Ready.class);
      List<String> lines = admin(server, 0, "drain", "--within", "3s", "--wait");
      assertThat(lines).hasSize(2);
      assertThat(lines.getFirst()).isEqualTo("draining 2 connections within 3s");
      assertThat(lines.getLast()).startsWith("gone after ");
      assertThat(server.program().exit()).as("%s", server.program()).isZero();
      assertThat(server.program().errLines()).anyMatch(line -> line.contains("stopped node="));
      assertThat(admin(server, 69, "sessions")).isEmpty();
    }
  }

  @Test
  void theServerMayBeNamedByTheEnvironment() throws Exception {
    try (Serving server = Serving.on(0);
        Program topics = everwireWith("EVERWIRE_URL=" + server.page(), "topics");
        Program refused = everwireWith("EVERWIRE_TOKEN=two words", "topics")) {
      assertThat(topics.exit()).as("%s", topics).isZero();
      assertThat(topics.outLines(1)).first().asString().startsWith("TOPIC ");
      assertThat(refused.exit()).as("%s", refused).isEqualTo(2);
      assertThat(refused.errLines()).noneMatch(line -> line.contains("two words"));
    }
  }

  private Client client(Serving server, String id) {
    return Everwire.client(server.uri("/ws")).clientId(id).onEvent(events::add).connect();
  }

  /** The lines that a command printed, which ended as it should. */
  private static List<String> admin(Serving server, int status, String... words)
      throws IOException, InterruptedException {
    List<String> args = new ArrayList<>(List.of(words));
    args.addAll(List.of("--url", server.page()));
    try (Program program = Program.everwire(args.toArray(String[]::new))) {
      assertThat(program.exit()).as("%s", program).isEqualTo(status);
      return program.outLines(0);
    }
  }

  private static Program everwireWith(String variable, String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("env", variable));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-jar", System.getProperty("everwire.jar", "")));
    command.addAll(List.of(words));
    return Program.start("everwire " + String.join(" ", words), command, new File("."));
  }
}
